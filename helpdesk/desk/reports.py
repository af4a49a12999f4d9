"""The reports that other apps lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from training.public import BoardLink, link_from_board

from .permissions import is_desk

if TYPE_CHECKING:
    from uuid import UUID


def _address(course_key: UUID) -> str:
    return f"{reverse('desk:training_return')}?curs={course_key}"


TRAINING_RETURN = BoardLink(
    label=_("Tickets before and after"), icon="report-analytics", address=_address, visible=is_desk
)


def declare() -> None:
    link_from_board(TRAINING_RETURN)
