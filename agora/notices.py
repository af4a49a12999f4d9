"""The letters of moderation: what was decided about somebody, what they said against it, and what waits for who
moderates. Each goes to a person once, with the reason in it; what was written stays on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.background.public import once
from platform_core.base.mail import message
from platform_core.participation.public import Sanction, SanctionKind, can_enter, can_moderate, moderators_of

from .domain import can_answer
from .models import Appeal, Flag, Hiding
from .templatetags.agora import in_full

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from platform_core.participation.models import Space


@dataclass(frozen=True)
class Words:
    """A letter in the language of its reader: what it is about, what is to be known of it, and where it is."""

    subject: str
    paragraphs: list[str]
    path: str


def decision_path(decision: Hiding | Sanction) -> str:
    kind = "missatge" if isinstance(decision, Hiding) else "mesura"
    return reverse("agora:decision", args=[kind, decision.pk])


def send(*, notice: str, pk: int, person_id: int) -> None:
    """The letter of this name about thing `pk`, once for a person; nothing when there is nothing left to tell.

    Raises what the mailer raises: then it counts as not sent.
    """
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        return
    with translation.override(person.language):
        words = LETTERS[notice](pk, person)
    if words is None:
        return
    with once(f"agora.notice:{notice}:{pk}:{person_id}") as first:
        if first:
            _send(person, words)


def _send(person: User, words: Words) -> None:
    context: dict[str, Any] = {
        "person": person,
        "paragraphs": words.paragraphs,
        "url": f"{settings.WAGTAILADMIN_BASE_URL}{words.path}",
    }
    message(
        to=person.email, subject=words.subject, template="agora/mail/notice", context=context, language=person.language
    ).send()


def who_moderates(space: Space, *, except_for: Iterable[int | None] = ()) -> list[int]:
    """The people to be told that something waits: the moderators of the community."""
    skipped = {pk for pk in except_for if pk}
    return [pk for pk in moderators_of(space).values_list("person", flat=True) if pk not in skipped]


def _hidden(pk: int, person: User) -> Words | None:
    found = Hiding.objects.select_related("post__topic__space").filter(pk=pk, ended_at=None).first()
    if found is None or not can_enter(person, found.space):
        return None
    title = {"title": found.post.topic.title, "space": found.space.name}
    about = (
        _("Several people have flagged what you wrote in “%(title)s” (%(space)s). It is hidden until somebody looks.")
        if found.is_automatic
        else _("Who moderates %(space)s has hidden what you wrote in “%(title)s”.")
    )
    return Words(
        _("What you wrote in “%(title)s” is hidden") % title,
        [about % title, _reason(found.get_reason_display(), found.note), _appeal_it()],
        decision_path(found),
    )


def _sanctioned(pk: int, person: User) -> Words | None:
    found = Sanction.objects.select_related("space").filter(pk=pk, lifted_at=None).first()
    if found is None or not can_enter(person, found.space):
        return None
    space = {"space": found.space.name}
    if found.until is None:
        subject, about = (
            _("A warning in %(space)s"),
            _("Who moderates %(space)s tells you that this is not done there."),
        )
    else:
        space["until"] = in_full(found.until)
        subject = _("You cannot write in %(space)s until %(until)s")
        about = _("Who moderates %(space)s has suspended you until %(until)s: you can read, and not write.")
    return Words(subject % space, [about % space, found.reason, _appeal_it()], decision_path(found))


def _lifted(pk: int, person: User) -> Words | None:
    found = Sanction.objects.select_related("space").filter(pk=pk).exclude(lifted_at=None).first()
    # What another suspension took the place of is told by that one's letter.
    if found is None or not can_enter(person, found.space) or _is_replaced(found):
        return None
    space = {"space": found.space.name}
    about = (
        _("The warning that you had in %(space)s has been taken back.")
        if found.kind == SanctionKind.WARNING
        else _("You can write in %(space)s again.")
    )
    return Words(about % space, [about % space, found.lifted_because], found.space.get_absolute_url())


def _is_replaced(sanction: Sanction) -> bool:
    return Sanction.objects.in_force().filter(space=sanction.space_id, person=sanction.person_id).exists()


def _answered(pk: int, person: User) -> Words | None:
    found = (
        Appeal.objects.select_related("space", "hiding__post__topic__space", "sanction__space").filter(pk=pk).first()
    )
    if found is None or found.answered_at is None or not can_enter(person, found.space):
        return None
    subject = (
        _("You were right: the decision in %(space)s has been taken back")
        if found.is_upheld
        else _("The decision in %(space)s stands")
    )
    return Words(subject % {"space": found.space.name}, [found.answer], decision_path(found.decision))


def _flag_waits(pk: int, person: User) -> Words | None:
    found = Flag.objects.select_related("post__topic__space").filter(pk=pk, handled_at=None).first()
    if found is None or not can_moderate(person, found.post.topic.space):
        return None
    names = {"title": found.post.topic.title, "space": found.post.topic.space.name}
    return Words(
        _("Somebody flags a post of “%(title)s”") % names,
        [_("In %(space)s:") % names + " " + _reason(found.get_reason_display(), found.note)],
        reverse("agora:moderation", args=[found.post.topic.space.slug]),
    )


def _appeal_waits(pk: int, person: User) -> Words | None:
    found = Appeal.objects.select_related("space", "hiding", "sanction", "person").filter(pk=pk).first()
    if found is None or found.answered_at is not None or not can_answer(person, found):
        return None
    names = {"space": found.space.name}
    return Words(
        _("Somebody says that a decision in %(space)s should be another one") % names,
        [_("Read it and decide again: whoever took the decision cannot answer it.")],
        reverse("agora:moderation", args=[found.space.slug]),
    )


def _reason(label: str, note: str) -> str:
    return f"{label}. {note}" if note else f"{label}."


def _appeal_it() -> str:
    return _("If you think that it should be otherwise, say so on this page: somebody else will decide again.")


LETTERS: dict[str, Callable[[int, User], Words | None]] = {
    "hidden": _hidden,
    "sanctioned": _sanctioned,
    "lifted": _lifted,
    "answered": _answered,
    "flag_waits": _flag_waits,
    "appeal_waits": _appeal_waits,
}
