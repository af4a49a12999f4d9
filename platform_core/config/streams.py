"""The streams that a browser may follow and that no single app could declare: their facts belong to several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platform_core.organisations.permissions import visible_to
from platform_core.realtime.public import register
from platform_core.realtime.streams import what_and_about

if TYPE_CHECKING:
    from platform_core.accounts.models import User


def declare() -> None:
    """`org:<id>`: what happens in an organisation, for whoever may see it."""
    register("org", may_subscribe=_sees_organisation, present=what_and_about)


def _sees_organisation(user: User | None, key: str) -> bool:
    if user is None or not (key.isascii() and key.isdigit() and len(key) < 19):  # noqa: PLR2004  fits a 64-bit id
        return False
    return visible_to(user).filter(pk=int(key)).exists()
