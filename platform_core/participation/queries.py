"""What is read of spaces. Permissions are the caller's to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from platform_core.accounts.models import User
from platform_core.organisations.models import Membership

from .models import (
    CalendarKey,
    JoinRequest,
    Meeting,
    MeetingRegistration,
    Sanction,
    Space,
    SpaceInvitation,
    SpaceMember,
    SpaceRole,
    Visibility,
)
from .permissions import meetings_visible_to, spaces_entered_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from platform_core.accounts.roles import Someone

PAGE_SIZE = 50
LONGEST_QUERY = 100
LONGEST_ID = 18  # digits: fits a 64-bit id
KEPT_IN_CALENDAR = timedelta(days=92)


@dataclass(frozen=True)
class Standing:
    """How a person stands to a space."""

    seat: SpaceMember | None = None
    request: JoinRequest | None = None
    invitation: SpaceInvitation | None = None

    def must_accept(self, space: Space) -> bool:
        """Whether a member has to accept the charter, the first one or a new one, before they write."""
        return bool(self.seat and space.charter and self.seat.charter_version != space.charter_version)


def standing_of(user: Someone, space: Space) -> Standing:
    """At most three queries; none for a visitor."""
    if not user.is_authenticated:
        return Standing()
    mine = {"space": space, "person": user}
    seat = SpaceMember.objects.current().filter(**mine).first()
    if seat is not None:
        return Standing(seat=seat)
    request = JoinRequest.objects.filter(**mine, answered_at=None).first()
    return Standing(request=request, invitation=SpaceInvitation.objects.pending().filter(**mine).first())


def sanctions_of(user: Someone, space: Space) -> list[Sanction]:
    """What the person has to know when they come in: the suspension in force, and what they have not read yet."""
    if not user.is_authenticated:
        return []
    told = Q(seen_at=None) | Q(until__gt=timezone.now())
    mine = Sanction.objects.filter(told, space=space, person=user, lifted_at=None).order_by("-given_at", "-pk")
    return list(mine)


def members_of(space: Space) -> QuerySet[SpaceMember]:
    """Its members today, with their person."""
    found: QuerySet[SpaceMember] = space.members.current()
    return found.select_related("person").order_by("person__name", "pk")


def moderators_of(space: Space) -> QuerySet[SpaceMember]:
    return members_of(space).filter(role=SpaceRole.MODERATOR)


def counts_of_members(spaces: Iterable[int]) -> dict[int, int]:
    """How many members each space has today, in one query."""
    rows = SpaceMember.objects.current().filter(space__in=list(spaces)).values_list("space").annotate(Count("pk"))
    return dict(rows)


def memberships_in_spaces(person: User) -> dict[int, SpaceMember]:
    """The person's seats today, by space."""
    return {seat.space_id: seat for seat in SpaceMember.objects.current().filter(person=person)}


class Entry(NamedTuple):
    """A line of the directory: the seat, and where the person works today."""

    seat: SpaceMember
    places: list[Membership]


class Directory(NamedTuple):
    entries: list[Entry]
    following: str
    """The key of the next page, or ""."""


def directory(space: Space, *, text: str = "", after: str = "") -> Directory:
    """The members by name, a page at a time; `text` is in their name, their organisation, its comarca or what they have
    run. Two queries.
    """
    seats = members_of(space)
    text = " ".join(text.replace("\0", "").split())[:LONGEST_QUERY]
    if text:
        works = Membership.objects.current().filter(person=OuterRef("person"))
        there = works.filter(Q(organisation__name__icontains=text) | Q(organisation__comarca__icontains=text))
        seats = seats.filter(Q(person__name__icontains=text) | Q(experience__icontains=text) | Exists(there))
    name, _tilde, pk = after.replace("\0", "").rpartition("~")
    if pk.isascii() and pk.isdigit() and len(pk) <= LONGEST_ID:
        seats = seats.filter(Q(person__name__gt=name) | Q(person__name=name, pk__gt=int(pk)))
    work = Membership.objects.current().select_related("organisation").order_by("organisation__name")
    found = list(
        seats.prefetch_related(Prefetch("person__memberships", queryset=work, to_attr="work_today"))[: PAGE_SIZE + 1]
    )
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    entries = [Entry(seat, seat.person.work_today) for seat in found[:PAGE_SIZE]]  # type: ignore[attr-defined]
    return Directory(entries, f"{last.person.name}~{last.pk}" if last else "")


def waiting_requests(space: Space) -> QuerySet[JoinRequest]:
    return JoinRequest.objects.filter(space=space, answered_at=None).select_related("person").order_by("pk")


def pending_invitations(space: Space) -> QuerySet[SpaceInvitation]:
    found: QuerySet[SpaceInvitation] = SpaceInvitation.objects.pending()
    return found.filter(space=space).select_related("person", "invited_by").order_by("-pk")


class Places(NamedTuple):
    """Of a meeting: how many come, how many wait, and what the person has."""

    taken: int
    waiting: int
    mine: MeetingRegistration | None


def places_of(meetings: Iterable[Meeting], person: Someone) -> dict[int, Places]:
    """Of several meetings, in two queries."""
    ids = [meeting.pk for meeting in meetings]
    standing = MeetingRegistration.objects.filter(meeting__in=ids, cancelled_at=None)
    counts = {
        pk: (taken, waiting)
        for pk, taken, waiting in standing.order_by()
        .values_list("meeting")
        .annotate(taken=Count("pk", filter=Q(is_waiting=False)), queue=Count("pk", filter=Q(is_waiting=True)))
    }
    mine = {one.meeting_id: one for one in standing.filter(person_id=person.pk)} if person.is_authenticated else {}
    return {pk: Places(*counts.get(pk, (0, 0)), mine.get(pk)) for pk in ids}


def meetings_of(space: Space) -> tuple[list[Meeting], list[Meeting]]:
    """Those to come, the next first, and the fifty that were last."""
    now = timezone.now()
    meetings = Meeting.objects.filter(space=space).select_related("space")
    return (
        list(meetings.filter(ends_at__gt=now).order_by("starts_at", "pk")),
        list(meetings.filter(ends_at__lte=now).order_by("-starts_at", "-pk")[:PAGE_SIZE]),
    )


def who_comes(meeting: Meeting) -> QuerySet[MeetingRegistration]:
    """Those with a place and then those who wait, in their order."""
    standing = MeetingRegistration.objects.filter(meeting=meeting, cancelled_at=None)
    return standing.select_related("person").order_by("is_waiting", "pk")


def person_of_calendar(key: str) -> User | None:
    """Whose calendar has this secret address."""
    found = CalendarKey.objects.select_related("person").filter(key=key, person__is_active=True).first()
    return found.person if found else None


def meetings_for(person: User) -> QuerySet[Meeting]:
    """Those of the communities that a person is a member of, from three months ago on."""
    mine = SpaceMember.objects.current().filter(person=person).values("space")
    since = timezone.now() - KEPT_IN_CALENDAR
    found = meetings_visible_to(person).filter(space__in=mine, starts_at__gt=since)
    return found.select_related("space").order_by("starts_at", "pk")


def tokens_of_spaces(viewer: Someone) -> list[str]:
    """What the search calls the spaces that a person may enter and not everybody may."""
    closed_to_others = spaces_entered_by(viewer).exclude(visibility=Visibility.PUBLIC)
    return [token_of(pk) for pk in closed_to_others.values_list("pk", flat=True)]


def token_of(space_id: int) -> str:
    return f"space:{space_id}"
