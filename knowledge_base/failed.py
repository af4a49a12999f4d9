"""Searched for and not found: what readers ask and nothing answers, for the editors to write."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from platform_core.accounts.roles import is_coordinator, is_editor
from platform_core.base.errors import Refusal

from .domain import add_wording
from .models.failed_searches import LONGEST_TEXT, FailedSearch

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from platform_core.accounts.models import User
    from platform_core.accounts.roles import Someone

    from .models import QuestionPage

KEPT = timedelta(days=365)
"""After this long without being asked again, a line goes."""

PERSONAL = re.compile(r"\S*@\S*|(?:\+?\d[\s.-]?){6,}")
"""An e-mail address or a long number (a telephone, an account): nothing that an answer could be about."""


def can_see_failed(viewer: Someone) -> bool:
    """Editors, who write what is missing, and coordinators, who decide on it."""
    return is_editor(viewer) or is_coordinator(viewer)


def failed_searches() -> QuerySet[FailedSearch, Any]:
    """The most asked first."""
    return FailedSearch.objects.order_by("-times", "-last_at", "pk")


def note_failed(*, text: str, language: str) -> None:
    """Count a search that found nothing. Addresses and long numbers are left out; identity numbers are the caller's."""
    words = _normalised(text)
    if not words:
        return
    now = timezone.now()
    with transaction.atomic():
        line, is_new = FailedSearch.objects.get_or_create(
            text=words, language=language[:8], defaults={"last_at": now, "times": 1}
        )
        if is_new:
            FailedSearch.objects.filter(last_at__lt=now - KEPT).delete()
        else:
            FailedSearch.objects.filter(pk=line.pk).update(times=F("times") + 1, last_at=now)


def settle_failed(*, actor: Someone, pk: int) -> None:
    """Somebody has seen to it: the line goes, and comes back with the next search that fails. Raises Refusal for who
    may not; a line that is gone already is no error."""
    if not can_see_failed(actor):
        raise Refusal("")
    FailedSearch.objects.filter(pk=pk).delete()


def answer_failed(*, actor: User, pk: int, question: QuestionPage) -> None:
    """What was searched for becomes a way to ask this question, so that the next who searches for it finds it; the line
    goes. Raises Refusal for who may not, and as `add_wording`; a line that is gone already is no error."""
    if not can_see_failed(actor):
        raise Refusal("")
    with transaction.atomic():
        if line := FailedSearch.objects.select_for_update().filter(pk=pk).first():
            add_wording(actor=actor, question=question, text=line.text)
            line.delete()


def _normalised(text: str) -> str:
    """In lower case, without what is not printed nor personal, with single spaces; at most LONGEST_TEXT characters."""
    printed = "".join(char if char.isprintable() else " " for char in text[: LONGEST_TEXT * 4])
    words = " ".join(PERSONAL.sub(" ", printed).casefold().split())[:LONGEST_TEXT].strip()
    return words if any(char.isalnum() for char in words) else ""
