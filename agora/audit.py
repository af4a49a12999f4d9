"""What those who moderate a community have done, in sentences: the audit trail, read from the activity log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.accounts.models import User
from platform_core.activity.events import Event, EventError
from platform_core.activity.models import StreamEntry
from platform_core.participation import events as people
from platform_core.participation.public import JoinRequest, Sanction

from . import events as facts
from .models import Appeal, Flag, Hiding, Post, Topic
from .templatetags.agora import called

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from platform_core.activity.models import Activity
    from platform_core.participation.models import Space

PAGE_SIZE = 50


@dataclass(frozen=True)
class Act:
    """Who did what; `detail` is the reason that they gave, `url` where it was done."""

    who: str
    text: str
    detail: str
    url: str
    at: datetime


@dataclass(frozen=True)
class Page:
    acts: list[Act]
    following: int | None
    """The cursor that the next page begins before."""


@dataclass(frozen=True)
class _Things:
    """What the sentences of a page name, looked up together."""

    posts: dict[int, Post]
    topics: dict[int, Topic]
    people: dict[int, User]
    rows: dict[type, dict[int, Any]]

    def author(self, post_id: int) -> str:
        post = self.posts.get(post_id)
        return called(post.author if post else None)

    def person(self, pk: int) -> str:
        return called(self.people.get(pk))

    def title(self, activity: Activity) -> str:
        topic = self.topics.get(int(activity.subject_id))
        return topic.title if topic else _("a topic")


def page(space: Space, *, before: int | None = None) -> Page:
    """The newest first, those before a cursor. Nine queries at most, whatever their number."""
    entries = StreamEntry.objects.filter(stream=f"moderation:{space.pk}")
    if before is not None:
        entries = entries.filter(cursor__lt=before)
    found = list(entries.select_related("activity__actor").order_by("-cursor")[: PAGE_SIZE + 1])
    following = found[PAGE_SIZE - 1].cursor if len(found) > PAGE_SIZE else None
    told = [(one.activity, event) for one in found[:PAGE_SIZE] if (event := _event(one.activity)) is not None]
    things = _look_up(told)
    return Page([_act(activity, event, things) for activity, event in told], following)


def _act(activity: Activity, event: Event, things: _Things) -> Act:
    text, detail = SENTENCES[type(event)](event, activity, things)
    topic = things.topics.get(int(activity.subject_id)) if activity.subject_type == "agora.topic" else None
    number = getattr(event, "number", 1)
    who = _("The system") if activity.actor_kind == activity.ActorKind.SYSTEM else called(activity.actor)
    return Act(who, text, detail, topic.url_of(number) if topic else "", activity.at)


def _event(activity: Activity) -> Event | None:
    try:
        event = activity.event
    except EventError:  # written by a newer program, which may be running beside this one
        return None
    return event if type(event) in SENTENCES else None


def _look_up(told: list[tuple[Activity, Event]]) -> _Things:
    def ids(name: str) -> set[int]:
        return {pk for _activity, event in told if (pk := getattr(event, name, None)) is not None}

    topics = {int(one.subject_id) for one, _event in told if one.subject_type == "agora.topic"}
    return _Things(
        posts=Post.objects.select_related("author").in_bulk(ids("post_id")),
        topics=Topic.objects.select_related("space").in_bulk(topics),
        people=User.objects.in_bulk(ids("person_id")),
        rows={
            Hiding: Hiding.objects.in_bulk(ids("hiding_id")),
            Sanction: Sanction.objects.in_bulk(ids("sanction_id")),
            Flag: Flag.objects.in_bulk(ids("flag_id")),
            Appeal: Appeal.objects.select_related("person").in_bulk(ids("appeal_id")),
            JoinRequest: JoinRequest.objects.select_related("person").in_bulk(ids("request_id")),
        },
    )


# ---- a sentence for each kind of act: (what, the reason given) ----


def _of_post(text: Any) -> Callable[[Any, Activity, _Things], tuple[str, str]]:
    """A sentence with the number of a post, its author and its topic."""

    def sentence(event: Any, activity: Activity, things: _Things) -> tuple[str, str]:
        named = {"number": event.number, "author": things.author(event.post_id), "title": things.title(activity)}
        return str(text) % named, ""

    return sentence


def _of_topic(text: Any) -> Callable[[Any, Activity, _Things], tuple[str, str]]:
    def sentence(_event: Any, activity: Activity, things: _Things) -> tuple[str, str]:
        return str(text) % {"title": things.title(activity)}, ""

    return sentence


def _flagged(event: facts.Flagged, activity: Activity, things: _Things) -> tuple[str, str]:
    text, _detail = _of_post(_("flagged post %(number)s, by %(author)s, in “%(title)s”"))(event, activity, things)
    flag = things.rows[Flag].get(event.flag_id)
    return text, _reason(flag)


def _flags_answered(event: facts.FlagsAnswered, activity: Activity, things: _Things) -> tuple[str, str]:
    text = (
        _("saw that the flags of post %(number)s, by %(author)s, in “%(title)s” were right")
        if event.is_upheld
        else _("saw nothing wrong in post %(number)s, by %(author)s, in “%(title)s”")
    )
    return _of_post(text)(event, activity, things)


def _hidden(event: facts.PostHidden, activity: Activity, things: _Things) -> tuple[str, str]:
    text = (
        _("hid the topic “%(title)s”, by %(author)s")
        if event.takes_topic
        else _("hid post %(number)s, by %(author)s, in “%(title)s”")
    )
    words, _detail = _of_post(text)(event, activity, things)
    return words, _reason(things.rows[Hiding].get(event.hiding_id))


def _sanctioned(event: people.Sanctioned, _activity: Activity, things: _Things) -> tuple[str, str]:
    sanction = things.rows[Sanction].get(event.sanction_id)
    text = _("suspended %(person)s") if sanction and sanction.until else _("warned %(person)s")
    return text % {"person": things.person(event.person_id)}, sanction.reason if sanction else ""


def _lifted(event: people.SanctionLifted, _activity: Activity, things: _Things) -> tuple[str, str]:
    sanction = things.rows[Sanction].get(event.sanction_id)
    is_suspension = bool(sanction and sanction.until)
    text = _("lifted the suspension of %(person)s") if is_suspension else _("took back the warning of %(person)s")
    return text % {"person": things.person(event.person_id)}, sanction.lifted_because if sanction else ""


def _appealed(_event: facts.Appealed, _activity: Activity, _things: _Things) -> tuple[str, str]:
    return _("said that a decision should be another one"), ""


def _appeal_answered(event: facts.AppealAnswered, _activity: Activity, things: _Things) -> tuple[str, str]:
    appeal = things.rows[Appeal].get(event.appeal_id)
    text = (
        _("took back a decision about %(person)s after what they said")
        if event.is_upheld
        else _("let a decision about %(person)s stand after what they said")
    )
    return text % {"person": called(appeal.person if appeal else None)}, appeal.answer if appeal else ""


def _left(event: people.Left, _activity: Activity, things: _Things) -> tuple[str, str]:
    return _("took %(person)s out of the community") % {"person": things.person(event.person_id)}, ""


def _role(event: people.RoleChanged, _activity: Activity, things: _Things) -> tuple[str, str]:
    text = _("appointed %(person)s as moderator") if event.after == "moderator" else _("made %(person)s a member again")
    return text % {"person": things.person(event.person_id)}, ""


def _request(event: people.JoinRequestAnswered, _activity: Activity, things: _Things) -> tuple[str, str]:
    request = things.rows[JoinRequest].get(event.request_id)
    text = _("let %(person)s in") if event.is_approved else _("did not let %(person)s in")
    return text % {"person": called(request.person if request else None)}, request.reason if request else ""


def _pinned(event: facts.TopicPinned, activity: Activity, things: _Things) -> tuple[str, str]:
    text = _("pinned “%(title)s”") if event.is_pinned else _("unpinned “%(title)s”")
    return text % {"title": things.title(activity)}, ""


def _reason(row: Flag | Hiding | None) -> str:
    if row is None:
        return ""
    return f"{row.get_reason_display()}. {row.note}".strip() if row.note else str(row.get_reason_display())


SENTENCES: dict[type, Callable[[Any, Activity, _Things], tuple[str, str]]] = {
    facts.Flagged: _flagged,
    facts.FlagsAnswered: _flags_answered,
    facts.PostHidden: _hidden,
    facts.PostShown: _of_post(gettext_lazy("let post %(number)s, by %(author)s, in “%(title)s” stand again")),
    facts.PostEdited: _of_post(gettext_lazy("edited post %(number)s, by %(author)s, in “%(title)s”")),
    facts.PostDeleted: _of_post(gettext_lazy("deleted post %(number)s, by %(author)s, in “%(title)s”")),
    facts.PostRestored: _of_post(gettext_lazy("put back post %(number)s, by %(author)s, in “%(title)s”")),
    facts.TopicChanged: _of_topic(gettext_lazy("changed the title, kind or tags of “%(title)s”")),
    facts.TopicClosed: _of_topic(gettext_lazy("closed “%(title)s”")),
    facts.TopicReopened: _of_topic(gettext_lazy("opened “%(title)s” again")),
    facts.TopicPinned: _pinned,
    facts.TopicMoved: _of_topic(gettext_lazy("moved “%(title)s” from one community to another")),
    facts.PostsSplit: _of_topic(gettext_lazy("took posts of “%(title)s” to a topic of their own")),
    facts.TopicMerged: _of_topic(gettext_lazy("merged “%(title)s” with another topic")),
    facts.Appealed: _appealed,
    facts.AppealAnswered: _appeal_answered,
    people.Sanctioned: _sanctioned,
    people.SanctionLifted: _lifted,
    people.Left: _left,
    people.RoleChanged: _role,
    people.JoinRequestAnswered: _request,
}
