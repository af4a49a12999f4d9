"""The weekly letter to who looks after answers that are to be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.accounts.models import User
from platform_core.background.public import once
from platform_core.base.mail import message

from .shelf import to_check

if TYPE_CHECKING:
    from .models import QuestionPage


def send_due() -> None:
    """This week's letter to each owner that has not got it and has something to check. Idempotent."""
    year, week, _day = timezone.localdate().isocalendar()
    theirs: dict[int, list[QuestionPage]] = {}
    for question in to_check().filter(answer_owner__is_active=True):
        theirs.setdefault(question.answer_owner_id, []).append(question)
    for person in User.objects.filter(pk__in=theirs).order_by("pk"):
        with once(f"knowledge_base.reminder:{person.pk}:{year}-{week}") as first:
            if first:
                _post(person, theirs[person.pk])


def _post(person: User, questions: list[QuestionPage]) -> None:
    message(
        to=person.email,
        subject=_("Answers of yours to check"),
        template="knowledge_base/mail/to_check",
        context={
            "person": person,
            "questions": questions,
            "report_url": f"{settings.WAGTAILADMIN_BASE_URL}{reverse('knowledge_base_shelf')}",
        },
        language=person.language,
    ).send()
