"""A command beside the sockets' processes: `python -m tests.platform_core.realtime.announce USER_ID NUMBER`."""

from __future__ import annotations

import sys

from tests.platform_core.realtime.live_server import set_up


def main() -> None:
    set_up()
    from django.db import transaction  # noqa: PLC0415  Django must be set up

    from platform_core.accounts.models import User  # noqa: PLC0415
    from platform_core.activity.domain import record  # noqa: PLC0415
    from tests.factories.activity import Happened  # noqa: PLC0415

    person, number = User.objects.get(pk=int(sys.argv[1])), int(sys.argv[2])
    with transaction.atomic():
        record(Happened(number=number), actor=None, subject=person, streams=["test:a"])


if __name__ == "__main__":
    main()
