"""Somebody says something against a decision about what they wrote or about themself; somebody else decides again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agora.events import AppealAnswered, Appealed
from agora.models import Appeal, Hiding
from agora.models.moderation import LONGEST_APPEAL
from platform_core.activity.domain import lock_streams, record
from platform_core.base.errors import Refusal
from platform_core.base.markup import tame
from platform_core.participation.public import can_moderate, lift

from .moderation import show

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.participation.models import Sanction

APPEALED_WITHIN = timedelta(days=30)
"""After a decision."""


def appeal(*, person: User, decision: Hiding | Sanction, text: str) -> Appeal:
    """Say why a decision should be another one. Once, and within APPEALED_WITHIN of it.

    Raises Refusal when it is too late, was said before, or there is nothing left to decide.
    """
    text = _clean(text, field="text")
    hiding, sanction = (decision, None) if isinstance(decision, Hiding) else (None, decision)
    if not is_concerned(person, decision):
        raise Refusal(_("This decision is not about you."))
    if is_over(decision):
        raise Refusal(_("This decision has been taken back already."))
    if is_too_late(decision):
        raise Refusal(
            _("One can say something against a decision during %(days)s days.") % {"days": APPEALED_WITHIN.days}
        )
    space = decision.space
    try:
        with transaction.atomic():
            made = Appeal.objects.create(hiding=hiding, sanction=sanction, space=space, person=person, text=text)
            record(Appealed(appeal_id=made.pk), actor=person, subject=space, streams=_streams(made))
    except IntegrityError as known:
        raise Refusal(_("You have said it already; somebody will answer you.")) from known
    return made


def answer_appeal(*, actor: User, appeal: Appeal, is_upheld: bool, answer: str) -> Appeal:
    """Decide again. When the person is right, what was decided is taken back in the same moment.

    Raises Refusal for who does not moderate, for who took the decision, and when somebody else answered meanwhile.
    """
    answer = _clean(answer, field="answer")
    with transaction.atomic():
        fresh = Appeal.objects.select_for_update(of=("self",)).select_related(
            "space", "hiding__post__topic__space", "sanction__space"
        ).get(pk=appeal.pk)  # fmt: skip
        if fresh.answered_at is not None:
            raise Refusal(_("Somebody else has answered this meanwhile."))
        if not can_answer(actor, fresh):
            raise Refusal(_("Somebody else than who decided must answer: another moderator, or the coordination."))
        fresh.answered_at, fresh.answered_by = timezone.now(), actor
        fresh.is_upheld, fresh.answer = is_upheld, answer
        fresh.save(update_fields=["answered_at", "answered_by", "is_upheld", "answer"])
        if is_upheld:
            _take_back(fresh, actor=actor)
        lock_streams(_streams(fresh))
        record(
            AppealAnswered(appeal_id=fresh.pk, is_upheld=is_upheld),
            actor=actor,
            subject=fresh.space,
            streams=_streams(fresh),
        )
    return fresh


def can_answer(actor: User, appeal: Appeal) -> bool:
    """Who moderates the community, took no part in the decision, and is not who complains."""
    return can_moderate(actor, appeal.space) and is_impartial(actor, appeal)


def is_impartial(actor: User, appeal: Appeal) -> bool:
    """Of somebody who moderates the community: whether they neither decided nor complain."""
    return actor.pk not in {appeal.decided_by_id, appeal.person_id}


def is_concerned(person: User, decision: Hiding | Sanction) -> bool:
    """Whether a decision is about the person: their post, or themself."""
    return (decision.post.author_id if isinstance(decision, Hiding) else decision.person_id) == person.pk


def may_appeal(person: User, decision: Hiding | Sanction) -> bool:
    """Whether the person may still say something against a decision, if they have not done so."""
    return is_concerned(person, decision) and not is_over(decision) and not is_too_late(decision)


def is_too_late(decision: Hiding | Sanction) -> bool:
    at = decision.at if isinstance(decision, Hiding) else decision.given_at
    return timezone.now() > at + APPEALED_WITHIN


def is_over(decision: Hiding | Sanction) -> bool:
    return (decision.ended_at if isinstance(decision, Hiding) else decision.lifted_at) is not None


def _take_back(appeal: Appeal, *, actor: User) -> None:
    if appeal.hiding is not None:
        show(actor=actor, post=appeal.hiding.post)
    elif appeal.sanction is not None:
        lift(actor=actor, sanction=appeal.sanction, because=_("What you said against it was right."))


def _streams(appeal: Appeal) -> list[str]:
    return [f"moderation:{appeal.space_id}", f"user:{appeal.person_id}"]


def _clean(text: str, *, field: str) -> str:
    text = tame(text.replace("\x00", "").replace("\r\n", "\n")).strip()
    if not text:
        raise Refusal(_("Write something first."), field=field)
    if len(text) > LONGEST_APPEAL:
        raise Refusal(_("This text is too long: at most %(most)s characters.") % {"most": LONGEST_APPEAL}, field=field)
    return text
