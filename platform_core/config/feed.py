"""What has happened lately, in words: a sentence for each kind of event that the home page tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agora import events as talk
from agora.models import Topic
from agora.permissions import topics_visible_to
from agora.templatetags.agora import called
from helpdesk.desk import events as desk
from helpdesk.desk.models import Case, Side
from helpdesk.desk.permissions import visible_to
from platform_core.accounts.models import User
from platform_core.accounts.queries import own_stream
from platform_core.activity.events import Event, EventError
from platform_core.activity.models import Activity
from platform_core.organisations import events as facts
from platform_core.organisations.handover import describe
from platform_core.organisations.public import Organisation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from django.db.models import QuerySet

LENGTH = 6


@dataclass(frozen=True)
class Item:
    text: str
    at: datetime
    organisation: Organisation | None
    url: str = ""

    def unlinked(self) -> Item:
        return replace(self, organisation=None)


@dataclass(frozen=True)
class _Words:
    """The names that the sentences of a page need, looked up together."""

    people: dict[int, User]
    organisations: dict[int, Organisation]
    topics: dict[int, Topic]
    cases: dict[int, Case]
    viewer_id: int | None

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
    return [own_stream(person.pk), *(f"org:{pk}" for pk in organisations)]


def told_types() -> list[str]:
    """The kinds of event that the feed has a sentence for."""
    return [kind.event_name for kind in (*SENTENCES, *TOPIC_SENTENCES)]


def noticed_types() -> list[str]:
    """The kinds of event that a person is told of when others do it to them."""
    return [*told_types(), *(kind.event_name for kind in TICKET_SENTENCES)]


def of_person(person: User, organisations: list[int]) -> list[Item]:
    """The latest of some organisations and of a person. At most four queries, however long it is."""
    entries = Activity.objects.filter(entries__stream_id__in=streams_of(person, organisations), type__in=told_types())
    items = _latest(entries.distinct(), person)
    # Whoever has just left an organisation still reads that they did, without a link to what they no longer see.
    return [item if item.organisation and item.organisation.pk in organisations else item.unlinked() for item in items]


def of_service() -> list[Item]:
    """The latest of all organisations, for who works for the service. The creation of each one is no news."""
    names = [kind.event_name for kind in SENTENCES if kind is not facts.OrganisationCreated]
    return _latest(Activity.objects.filter(type__in=names), None)


def _latest(found: QuerySet[Activity], viewer: User | None) -> list[Item]:
    recent = list(found.select_related("actor").order_by("-at", "-id")[:LENGTH])
    items = told(recent, viewer)
    return [items[activity.pk] for activity in recent if activity.pk in items]


def told(activities: Iterable[Activity], viewer: User | None) -> dict[int, Item]:
    """What is said of each activity, by its id. What is said of topics and tickets is for `viewer`, and only of those
    that they may read. At most four queries.
    """
    pairs = [(activity, event) for activity in activities if (event := _event(activity)) is not None]
    people = {getattr(event, name, None) for _activity, event in pairs for name in ("person_id", "successor_id")}
    words = _Words(
        people=User.objects.in_bulk([pk for pk in people if pk]),
        organisations=Organisation.objects.in_bulk(
            [int(activity.subject_id) for activity, event in pairs if type(event) in SENTENCES]
        ),
        topics=_topics(
            [int(activity.subject_id) for activity, event in pairs if type(event) in TOPIC_SENTENCES], viewer
        ),
        cases=_cases(
            [int(activity.subject_id) for activity, event in pairs if type(event) in TICKET_SENTENCES], viewer
        ),
        viewer_id=viewer.pk if viewer else None,
    )
    items = {activity.pk: _item(event, activity, words) for activity, event in pairs}
    return {pk: item for pk, item in items.items() if item is not None}


def _item(event: Event, activity: Activity, words: _Words) -> Item | None:
    if type(event) in TOPIC_SENTENCES:
        return _of_topic(event, activity, words)
    if type(event) in TICKET_SENTENCES:
        return _of_ticket(event, activity, words)
    return _of_organisation(event, activity, words)


def _of_organisation(event: Event, activity: Activity, words: _Words) -> Item:
    return Item(
        text=SENTENCES[type(event)](event, activity, words),
        at=activity.at,
        organisation=words.organisations.get(int(activity.subject_id)),
    )


def _of_topic(event: Event, activity: Activity, words: _Words) -> Item | None:
    """None of a topic that the person may not read (any more)."""
    topic = words.topics.get(int(activity.subject_id))
    if topic is None:
        return None
    names = {"actor": called(activity.actor), "title": topic.title}
    sentence = TOPIC_SENTENCES[type(event)]
    if isinstance(event, talk.Posted) and words.viewer_id not in event.mentioned:
        sentence = ANSWERED
    number = getattr(event, "number", 1)
    return Item(str(sentence) % names, activity.at, None, url=topic.url_of(number))


def _of_ticket(event: Event, activity: Activity, words: _Words) -> Item | None:
    """None of a ticket that the person may not see (any more)."""
    case = words.cases.get(int(activity.subject_id))
    if case is None:
        return None
    by_desk = getattr(event, "side", None) == Side.DESK
    stranger = _("The service") if by_desk else _("Somebody")  # who wrote by mail and has no account
    names = {"actor": str(activity.actor or stranger), "reference": case.reference, "title": case.ticket.title}
    return Item(str(TICKET_SENTENCES[type(event)]) % names, activity.at, None, url=case.get_absolute_url())


def _topics(ids: list[int], viewer: User | None) -> dict[int, Topic]:
    if not ids or viewer is None:
        return {}
    return dict(topics_visible_to(viewer).select_related("space").in_bulk(ids))


def _cases(ids: list[int], viewer: User | None) -> dict[int, Case]:
    if not ids or viewer is None:
        return {}
    return dict(visible_to(viewer).select_related("ticket").in_bulk(ids))


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


TOPIC_SENTENCES: dict[type[Event], Any] = {
    talk.TopicOpened: gettext_lazy("%(actor)s names you in “%(title)s”."),
    talk.Posted: gettext_lazy("%(actor)s names you in “%(title)s”."),
    talk.PostEdited: gettext_lazy("%(actor)s names you in “%(title)s”."),
    talk.AnswerAccepted: gettext_lazy("%(actor)s says that your answer in “%(title)s” is the good one."),
}
"""Those that reach a person's own stream: who is named or answered, and whose answer is accepted."""

ANSWERED = gettext_lazy("%(actor)s answers you in “%(title)s”.")

TICKET_SENTENCES: dict[type[Event], Any] = {
    desk.Replied: gettext_lazy("%(actor)s writes in %(reference)s: %(title)s."),
}

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
