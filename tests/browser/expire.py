"""The promises of a ticket are over, as if hours had passed: `python -m tests.browser.expire S-42`.

It runs beside the product that the browser tests have started, on the same DATA; raising the alarm is the product's.
"""

from __future__ import annotations

import sys
from datetime import timedelta


def main(reference: str) -> None:
    import django  # noqa: PLC0415  the settings come first

    django.setup()
    from django.db import transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from helpdesk.desk.models import Case, Clock  # noqa: PLC0415
    from platform_core.background.models import ScheduledJob  # noqa: PLC0415

    now = timezone.now()
    over = now - timedelta(minutes=5)
    with transaction.atomic():
        case = int(reference.removeprefix("S-"))
        Clock.objects.filter(case=case, is_running=True).update(warn_at=over, due_at=over)
        Case.objects.filter(pk=case).update(due_at=over)
        # The next look at the clocks is due, so that the test does not wait for it.
        ScheduledJob.objects.filter(name="desk_alarms").update(next_run=now)


if __name__ == "__main__":
    main(sys.argv[1])
