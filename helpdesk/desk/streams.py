"""What a browser may follow of the desk: `desk`, all of it for the desk; `ticket:<id>`, the public part of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from platform_core.realtime.public import register

from .models import Case
from .permissions import is_desk, visible_to

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.activity.models import Activity

LONGEST_ID = 18  # digits: fits a 64-bit id


def declare() -> None:
    register("desk", may_subscribe=_is_desk, present=_present)
    register("ticket", may_subscribe=_sees, present=_present)


def _is_desk(user: User | None, key: str) -> bool:
    return user is not None and key == "" and is_desk(user)


def _sees(user: User | None, key: str) -> bool:
    if user is None or not (key.isascii() and key.isdigit() and len(key) <= LONGEST_ID):
        return False
    return visible_to(user).filter(pk=int(key)).exists()


def _present(activity: Activity) -> dict[str, Any]:
    """Which case and when, nothing of what was written: the page asks for that, as that person."""
    pk = activity.subject_id
    return {"subject": f"desk.case:{pk}", "reference": Case(pk=pk).reference, "at": activity.at.isoformat()}
