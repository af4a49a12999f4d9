"""What follows from a fact, once it is committed: the letters. Run by the worker, at least once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.conf import settings

from platform_core.accounts.models import User
from platform_core.activity.reactions import reaction

from . import mail
from .events import HandedOver, MemberAdded, MemberInvited, MembershipEnded
from .handover import describe
from .models import Invitation, Organisation
from .queries import invitation_token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from platform_core.activity.models import Activity


@reaction("organisations.mail_invitation", to=[MemberInvited], atomic=False)
def mail_invitation(activity: Activity) -> None:
    """The link to accept. Nothing goes out for an invitation that was cancelled or accepted meanwhile."""
    event = cast("MemberInvited", activity.event)
    invitation = Invitation.objects.select_related("organisation", "invited_by").filter(pk=event.invitation_id).first()
    if invitation is None or not invitation.is_pending():
        return
    mail.send(
        letter="invitation",
        to=invitation.email,
        language=invitation.invited_by.language if invitation.invited_by else settings.LANGUAGE_CODE,
        context={
            "organisation": invitation.organisation,
            "role": event.role,
            "inviter": invitation.invited_by,
            "expires_at": invitation.expires_at,
            "token": invitation_token(invitation),
        },
    )


@reaction("organisations.mail_welcome", to=[MemberAdded], atomic=False)
def mail_welcome(activity: Activity) -> None:
    """Who accepted an invitation knows already."""
    event = cast("MemberAdded", activity.event)
    if not event.by_invitation:
        _tell(activity, event.person_id, "welcome", role=event.role)


@reaction("organisations.mail_farewell", to=[MembershipEnded], atomic=False)
def mail_farewell(activity: Activity) -> None:
    event = cast("MembershipEnded", activity.event)
    _tell(activity, event.person_id, "farewell", until=event.until)


@reaction("organisations.mail_handed_over", to=[HandedOver], atomic=False)
def mail_handed_over(activity: Activity) -> None:
    event = cast("HandedOver", activity.event)
    _tell(activity, event.person_id, "handed_over", moved=event, other=_person(event.successor_id))


@reaction("organisations.mail_taken_over", to=[HandedOver], atomic=False)
def mail_taken_over(activity: Activity) -> None:
    event = cast("HandedOver", activity.event)
    _tell(activity, event.successor_id, "taken_over", moved=event, other=_person(event.person_id))


def _tell(activity: Activity, person_id: int, letter: str, *, moved: HandedOver | None = None, **facts: object) -> None:
    person = _person(person_id)
    organisation = Organisation.objects.filter(pk=activity.subject_id).first()
    if person is None or not person.is_active or organisation is None:
        return
    context = {"person": person, "organisation": organisation, "actor": activity.actor, **facts}
    if moved:
        context["moved"] = _Lines(moved)
    mail.send(letter=letter, to=person.email, language=person.language, context=context)


class _Lines:
    """What moved, in words, made when the template asks: by then the reader's language is on."""

    def __init__(self, event: HandedOver) -> None:
        self.event = event

    def __iter__(self) -> Iterator[str]:
        return (
            describe(name, count) for name, count in zip(self.event.transfers, self.event.counts, strict=True) if count
        )


def _person(pk: int) -> User | None:
    return User.objects.filter(pk=pk).first()
