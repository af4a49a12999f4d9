"""What the knowledge base puts into the activity log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from platform_core.activity.events import Event, event_type


@event_type("knowledge_base.question_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class QuestionChanged(Event):
    """A question was published (anew), withdrawn, moved or deleted; `is_live` says whether readers may find it now."""

    is_live: bool


@event_type("knowledge_base.topic_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class TopicChanged(Event):
    """The same for a topic: what its questions are called by and where they are may be other than before."""

    is_live: bool


@event_type("knowledge_base.front_page_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class FrontPageChanged(Event):
    """The same for the front page of the questions or of the news."""

    is_live: bool


@event_type("knowledge_base.answer_rated", version=1)
@dataclass(frozen=True, kw_only=True)
class AnswerRated(Event):
    """Somebody said whether an answer helped. The comment, which may name people, stays in its own table."""

    helped: bool
    changed_mind: bool
    has_comment: bool


@event_type("knowledge_base.answer_drafted", version=1)
@dataclass(frozen=True, kw_only=True)
class AnswerDrafted(Event):
    """Another app proposed an answer; the editors have not published it yet."""

    topic: str


@event_type("knowledge_base.ticket_spared", version=1)
@dataclass(frozen=True, kw_only=True)
class TicketSpared(Event):
    """Somebody who was writing a ticket said that an answer solved it. Who, and what they wrote, is not kept."""

    kind: str
    object_id: str


@event_type("knowledge_base.answer_checked", version=1)
@dataclass(frozen=True, kw_only=True)
class AnswerChecked(Event):
    """Somebody saw that an answer still holds; `releases` are the notes whose doubts this cleared."""

    review_by: date
    releases: tuple[int, ...]


@event_type("knowledge_base.answer_doubted", version=1)
@dataclass(frozen=True, kw_only=True)
class AnswerDoubted(Event):
    """A release touches what an answer speaks of: it is to be checked."""

    release_id: int
    release_version: str


@event_type("knowledge_base.news_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class NewsChanged(Event):
    """A page of news was published (anew), withdrawn, moved or deleted."""

    is_live: bool


@event_type("knowledge_base.news_subscribed", version=1)
@dataclass(frozen=True, kw_only=True)
class NewsSubscribed(Event):
    """Somebody wants a letter for each page of news."""


@event_type("knowledge_base.news_unsubscribed", version=1)
@dataclass(frozen=True, kw_only=True)
class NewsUnsubscribed(Event):
    """Somebody wants no more of them."""
