from __future__ import annotations

from datetime import timedelta

from platform_core.background.public import scheduled

from . import domain


@scheduled("files_scan_pending", every=timedelta(minutes=1))
def scan_pending() -> None:
    """What was uploaded while the malware scanner was away is scanned when it is back."""
    domain.scan_pending()
