"""Shelf life: which answers are to be checked, and why. Reads only; no query a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import Doubt, QuestionPage

if TYPE_CHECKING:
    from django.db.models import QuerySet


class Shelf(models.TextChoices):
    DOUBTED = "doubted", _("A release touches it")
    OVERDUE = "overdue", _("Overdue")
    SOON = "soon", _("Soon")
    ORPHANED = "orphaned", _("Nobody looks after it")
    BEHIND = "behind", _("Its translation lags behind")


def with_facts() -> QuerySet[QuestionPage]:
    """Every published answer with `doubt_version` (the latest release in doubt, or None) and `behind` (whether it is
    a translation that is older than its source); what is due first comes first."""
    doubts = Doubt.objects.filter(question=OuterRef("pk"), cleared_at=None).order_by("-raised_at", "-pk")
    sources = QuestionPage.objects.live().filter(
        translation_key=OuterRef("translation_key"),
        locale__language_code=settings.LANGUAGE_CODE,
        last_published_at__gt=OuterRef("last_published_at"),
    )
    questions: QuerySet[QuestionPage] = (
        QuestionPage.objects.live()
        .filter(alias_of=None)
        .annotate(
            doubt_version=Subquery(doubts.values("release__version")[:1]),
            behind=Exists(sources.exclude(pk=OuterRef("pk"))),
        )
    )
    return questions.select_related("answer_owner", "locale").order_by("review_by", "pk")


def of(shelf: str) -> QuerySet[QuestionPage]:
    """The answers on one shelf; all of them for any other word."""
    today = timezone.localdate()
    soon = today + settings.ANSWER_REVIEW_NOTICE
    orphaned = Q(answer_owner=None) | Q(answer_owner__is_active=False)
    shelves = {
        Shelf.DOUBTED: Q(doubt_version__isnull=False),
        Shelf.OVERDUE: Q(review_by__lt=today),
        Shelf.SOON: Q(review_by__gte=today, review_by__lte=soon),
        Shelf.ORPHANED: orphaned,
        Shelf.BEHIND: Q(behind=True),
    }
    return with_facts().filter(shelves[Shelf(shelf)]) if shelf in Shelf.values else with_facts()


def reasons(question: QuestionPage) -> list[str]:
    """Why one of `with_facts` is to be checked, in words; nothing for one that is well."""
    found = []
    if version := getattr(question, "doubt_version", None):
        found.append(gettext("to be checked since version %(version)s") % {"version": version})
    if question.is_overdue:
        found.append(gettext("overdue"))
    elif question.review_by <= timezone.localdate() + settings.ANSWER_REVIEW_NOTICE:
        found.append(gettext("soon"))
    if question.answer_owner is None or not question.answer_owner.is_active:
        found.append(gettext("nobody looks after it"))
    if getattr(question, "behind", False):
        found.append(gettext("its source has changed since"))
    return found


def to_check() -> QuerySet[QuestionPage]:
    """What its owner is reminded of: overdue, soon, or in doubt."""
    soon = timezone.localdate() + settings.ANSWER_REVIEW_NOTICE
    return with_facts().filter(Q(review_by__lte=soon) | Q(doubt_version__isnull=False))


def translations_missing() -> dict[str, int]:
    """For each other language, how many published answers have no published translation into it."""
    sources = QuestionPage.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE)
    total = sources.count()
    made = QuestionPage.objects.live().filter(alias_of=None, translation_key__in=sources.values("translation_key"))
    return {
        code: total - made.filter(locale__language_code=code).count()
        for code, _name in settings.LANGUAGES
        if code != settings.LANGUAGE_CODE
    }
