"""What the knowledge base puts into the activity log."""

from __future__ import annotations

from dataclasses import dataclass

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


@event_type("knowledge_base.answer_rated", version=1)
@dataclass(frozen=True, kw_only=True)
class AnswerRated(Event):
    """Somebody said whether an answer helped. The comment, which may name people, stays in its own table."""

    helped: bool
    changed_mind: bool
    has_comment: bool
