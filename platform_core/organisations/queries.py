"""What is known of organisations, one function an audience. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.core import signing
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from platform_core.accounts.models import User

from .models import Invitation, Membership, MembershipRole, Organisation

if TYPE_CHECKING:
    from collections.abc import Iterable

INVITATION_SALT = "organisations.invitation"


def person_with_email(email: str) -> User | None:
    """Who signs in with an address, or has proved that it is theirs."""
    return (
        User.objects.filter(email__iexact=email).first()
        or User.objects.filter(emailaddress__email__iexact=email, emailaddress__verified=True).first()
    )


def has_email(person: User, email: str) -> bool:
    """Whether an address is the person's own."""
    if person.email.casefold() == email.casefold():
        return True
    return bool(EmailAddress.objects.filter(user=person, email__iexact=email, verified=True).exists())


def current_members(organisation: Organisation) -> QuerySet[Membership]:
    """Who works in it today, with the person, referents first and then by name."""
    found: QuerySet[Membership] = organisation.memberships.current().select_related("person")
    return found.order_by("role", "person__name", "person__email", "pk")


def past_members(organisation: Organisation) -> QuerySet[Membership]:
    """The seats that are over, the latest first; for those who manage members."""
    found: QuerySet[Membership] = organisation.memberships.filter(until__lte=timezone.localdate())
    return found.select_related("person").order_by("-until", "-pk")


def pending_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    found: QuerySet[Invitation] = organisation.invitations.pending()
    return found.select_related("invited_by")


def other_referents(membership: Membership) -> QuerySet[Membership]:
    """The referents of the same organisation today, with an open account, besides the person of this seat."""
    found: QuerySet[Membership] = Membership.objects.current().referents()
    return found.filter(organisation_id=membership.organisation_id, person__is_active=True).exclude(
        person_id=membership.person_id
    )


def possible_successors(membership: Membership) -> QuerySet[Membership]:
    """The other members of the same organisation today, with an open account."""
    found: QuerySet[Membership] = Membership.objects.current().filter(
        organisation_id=membership.organisation_id, person__is_active=True
    )
    return found.exclude(person_id=membership.person_id).select_related("person").order_by("role", "person__name", "pk")


def memberships_of(person: User) -> QuerySet[Membership]:
    """Where a person works today, for their own eyes."""
    found: QuerySet[Membership] = Membership.objects.current().filter(person=person)
    return found.select_related("organisation").order_by("since", "pk")


def past_memberships_of(person: User) -> QuerySet[Membership]:
    found: QuerySet[Membership] = Membership.objects.filter(person=person, until__lte=timezone.localdate())
    return found.select_related("organisation").order_by("-until", "-pk")


def invitations_for(person: User) -> QuerySet[Invitation]:
    """Invitations that wait for this person's answer, by the addresses that are theirs."""
    mine = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    found: QuerySet[Invitation] = Invitation.objects.pending().select_related("organisation", "invited_by")
    return found.filter(Q(email__iexact=person.email) | Q(email__in=[address.lower() for address in mine]))


def counts_of_members(organisations: Iterable[int]) -> dict[int, tuple[int, int]]:
    """(referents, members) of each organisation today, in one query."""
    rows = (
        Membership.objects.current()
        .filter(organisation__in=list(organisations))
        .values("organisation")
        .annotate(members=Count("pk"), referents=Count("pk", filter=Q(role=MembershipRole.REFERENT)))
    )
    return {row["organisation"]: (row["referents"], row["members"]) for row in rows}


def invitation_token(invitation: Invitation) -> str:
    """What goes in the link of the mail: signed, so that nobody can make one up or walk through them."""
    return signing.dumps(invitation.pk, salt=INVITATION_SALT)


def invitation_of_token(token: str) -> Invitation | None:
    """The invitation of a link, pending or not; None for a link that we did not write."""
    try:
        pk = signing.loads(token, salt=INVITATION_SALT)
    except signing.BadSignature:
        return None
    return Invitation.objects.select_related("organisation", "invited_by").filter(pk=pk).first()
