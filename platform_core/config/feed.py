"""What has happened lately, in words: a sentence for each kind of event that the home page tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.activity.events import Event, EventError
from platform_core.activity.models import Activity
from platform_core.organisations import events as facts
from platform_core.organisations.handover import describe
from platform_core.organisations.public import Organisation

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

LENGTH = 6


@dataclass(frozen=True)
class Item:
    text: str
    at: datetime
    organisation: Organisation | None

    def unlinked(self) -> Item:
        return replace(self, organisation=None)


@dataclass(frozen=True)
class _Words:
    """The names that the sentences of a page need, looked up together."""

    people: dict[int, User]
    organisations: dict[int, Organisation]

    def person(self, pk: int | None) -> str:
        return str(self.people[pk]) if pk in self.people else _("somebody")

    def organisation(self, activity: Activity) -> str:
        found = self.organisations.get(int(activity.subject_id))
        return str(found) if found else _("an organisation")

    def actor(self, activity: Activity) -> str:
        if activity.actor:
            return str(activity.actor)
        return _("Somebody") if activity.actor_erased else _("The service")


def streams_of(person: User, organisations: list[int]) -> list[str]:
    """Where a person's news are told: their organisations, and what happens to them anywhere."""
    return [f"user:{person.pk}", *(f"org:{pk}" for pk in organisations)]


def told_types() -> list[str]:
    """The kinds of event that the feed has a sentence for."""
    return [kind.event_name for kind in SENTENCES]


def of_person(person: User, organisations: list[int]) -> list[Item]:
    """The latest of some organisations and of a person. At most three queries, however long it is."""
    entries = Activity.objects.filter(entries__stream_id__in=streams_of(person, organisations))
    items = _items(entries.distinct())
    # Whoever has just left an organisation still reads that they did, without a link to what they no longer see.
    return [item if item.organisation and item.organisation.pk in organisations else item.unlinked() for item in items]


def of_service() -> list[Item]:
    """The latest of all organisations, for who works for the service. The creation of each one is no news."""
    names = [kind.event_name for kind in SENTENCES if kind is not facts.OrganisationCreated]
    return _items(Activity.objects.filter(type__in=names))


def _items(found: Any) -> list[Item]:
    recent = list(found.filter(type__in=told_types()).select_related("actor").order_by("-at", "-id")[:LENGTH])
    told = [(activity, event) for activity in recent if (event := _event(activity)) is not None]
    people = {getattr(event, name, None) for _activity, event in told for name in ("person_id", "successor_id")}
    words = _Words(
        people=User.objects.in_bulk([pk for pk in people if pk]),
        organisations=Organisation.objects.in_bulk([int(activity.subject_id) for activity, _event in told]),
    )
    return [
        Item(
            text=SENTENCES[type(event)](event, activity, words),
            at=activity.at,
            organisation=words.organisations.get(int(activity.subject_id)),
        )
        for activity, event in told
    ]


def _event(activity: Activity) -> Event | None:
    try:
        return activity.event
    except EventError:  # written by a newer program, which may be running beside this one
        return None


def _created(_event: facts.OrganisationCreated, activity: Activity, words: _Words) -> str:
    return _("%(organisation)s has a page of its own.") % {"organisation": words.organisation(activity)}


def _renamed(event: facts.OrganisationRenamed, _activity: Activity, _words: _Words) -> str:
    return _("%(before)s is now called %(after)s.") % {"before": event.before, "after": event.after}


def _changed(event: facts.OrganisationChanged, activity: Activity, words: _Words) -> str:
    organisation = {"organisation": words.organisation(activity)}
    if "joined_on" in event.fields:
        return _("%(organisation)s takes part in Participa311.") % organisation
    return _("The details of %(organisation)s have been corrected.") % organisation


def _added(event: facts.MemberAdded, activity: Activity, words: _Words) -> str:
    names = {
        "person": words.person(event.person_id),
        "actor": words.actor(activity),
        "organisation": words.organisation(activity),
        "role": str(event.role.label).lower(),
    }
    if event.by_invitation:
        return _("%(person)s accepted the invitation to %(organisation)s.") % names
    return _("%(actor)s added %(person)s to %(organisation)s as %(role)s.") % names


def _invited(event: facts.MemberInvited, activity: Activity, words: _Words) -> str:
    names = {
        "actor": words.actor(activity),
        "organisation": words.organisation(activity),
        "role": str(event.role.label).lower(),
    }
    return _("%(actor)s invited somebody to %(organisation)s as %(role)s.") % names


def _revoked(_event: facts.InvitationRevoked, activity: Activity, words: _Words) -> str:
    names = {"actor": words.actor(activity), "organisation": words.organisation(activity)}
    return _("%(actor)s cancelled an invitation to %(organisation)s.") % names


def _role(event: facts.RoleChanged, activity: Activity, words: _Words) -> str:
    names = {
        "person": words.person(event.person_id),
        "organisation": words.organisation(activity),
        "role": str(event.after.label).lower(),
    }
    return _("%(person)s is now %(role)s of %(organisation)s.") % names


def _ended(event: facts.MembershipEnded, activity: Activity, words: _Words) -> str:
    names = {"person": words.person(event.person_id), "organisation": words.organisation(activity)}
    return _("%(person)s leaves %(organisation)s.") % names


def _handed_over(event: facts.HandedOver, _activity: Activity, words: _Words) -> str:
    moved = [describe(name, count) for name, count in zip(event.transfers, event.counts, strict=True) if count]
    names = {
        "person": words.person(event.person_id),
        "successor": words.person(event.successor_id),
        "moved": ", ".join(line for line in moved if line),
    }
    return _("%(person)s handed over to %(successor)s: %(moved)s.") % names


SENTENCES: dict[type[Event], Callable[[Any, Activity, _Words], str]] = {
    facts.OrganisationCreated: _created,
    facts.OrganisationRenamed: _renamed,
    facts.OrganisationChanged: _changed,
    facts.MemberAdded: _added,
    facts.MemberInvited: _invited,
    facts.InvitationRevoked: _revoked,
    facts.RoleChanged: _role,
    facts.MembershipEnded: _ended,
    facts.HandedOver: _handed_over,
}
