"""What the desk ties a ticket to: other tickets like it, and the answer that is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.desk import permissions
from helpdesk.desk.events import AnswerMade, TicketsLinked, TicketsUnlinked
from helpdesk.desk.models import Case, CaseLink, MadeAnswer
from knowledge_base.public import draft_answer
from platform_core.base.errors import Refusal
from platform_core.base.identity_numbers import redact

from .writing import locked, tell

if TYPE_CHECKING:
    from platform_core.accounts.models import User

MOST_LINKS = 50


def link(*, actor: User, case: Case, other: Case) -> None:
    """Put two tickets together, for the desk alone: each shows the other. Twice changes nothing.

    Raises Refusal when the actor is not of the desk, for a ticket with itself, and beyond MOST_LINKS.
    """
    _guard_desk(actor)
    if case.pk == other.pk:
        raise Refusal(_("This is the same ticket. Write the reference of another one."), field="other")
    first, second = sorted((case.pk, other.pk))
    with transaction.atomic():
        for pk in (first, second):  # always the older one first, so that two people never wait for each other
            locked(Case(pk=pk))
        if CaseLink.objects.filter(first=first, second=second).exists():
            return
        for one in (case, other):
            if len(linked_ids(one)) >= MOST_LINKS:
                words = _("%(reference)s has too many linked tickets. Unlink one first.")
                raise Refusal(words % {"reference": one.reference}, field="other")
        CaseLink.objects.create(first_id=first, second_id=second, linked_by=actor)
        tell(case, TicketsLinked(other_id=other.pk), actor=actor, is_public=False)
        tell(other, TicketsLinked(other_id=case.pk), actor=actor, is_public=False)


def unlink(*, actor: User, case: Case, other: Case) -> None:
    """Take two tickets apart again; nothing happens when they were not together. Raises Refusal as `link`."""
    _guard_desk(actor)
    first, second = sorted((case.pk, other.pk))
    with transaction.atomic():
        if not CaseLink.objects.filter(first=first, second=second).delete()[0]:
            return
        tell(case, TicketsUnlinked(other_id=other.pk), actor=actor, is_public=False)
        tell(other, TicketsUnlinked(other_id=case.pk), actor=actor, is_public=False)


def make_answer(*, actor: User, case: Case, topic: str, title: str, question: str, answer: str) -> MadeAnswer:
    """Propose to the editors an answer that comes from a ticket. A second time gives the first one back.

    Identity numbers are covered, whatever the form let through. Raises Refusal when the actor is not of the desk, and
    as `knowledge_base.public.draft_answer`.
    """
    _guard_desk(actor)
    with transaction.atomic():
        case = locked(case)
        if made := MadeAnswer.objects.filter(case=case).first():
            return made
        pk = draft_answer(
            author=actor, topic=topic, title=redact(title), question=redact(question), answer=redact(answer)
        )
        made = MadeAnswer.objects.create(case=case, question_id=pk, made_by=actor)
        tell(case, AnswerMade(question_id=pk), actor=actor, is_public=False)
    return made


def linked_ids(case: Case) -> list[int]:
    """The tickets that one is together with, in the order in which they were put there. One query."""
    pairs = CaseLink.objects.filter(Q(first=case) | Q(second=case)).order_by("pk").values_list("first", "second")
    return [second if first == case.pk else first for first, second in pairs]


def _guard_desk(actor: User) -> None:
    if not permissions.can_work(actor):
        raise Refusal(_("Only the desk may do this."))
