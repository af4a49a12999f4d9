"""What happens in topics, as the activity log keeps it. The subject of each is the topic.

What is said is not in them: whoever hears of an event asks for the words, as the person that they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from platform_core.activity.events import Event, event_type

from .models import ReactionKind, Reason, TopicKind


@event_type("agora.topic_opened", version=1)
@dataclass(frozen=True, kw_only=True)
class TopicOpened(Event):
    kind: TopicKind
    space_id: int
    post_id: int
    mentioned: list[int]


@event_type("agora.posted", version=1)
@dataclass(frozen=True, kw_only=True)
class Posted(Event):
    """`mentioned` are people who may read it; `reply_to_id` is the post that it answers."""

    post_id: int
    number: int
    reply_to_id: int | None
    mentioned: list[int]
    posts: int


@event_type("agora.post_edited", version=1)
@dataclass(frozen=True, kw_only=True)
class PostEdited(Event):
    """`version` is the new one. `mentioned` are only those who were not named before."""

    post_id: int
    number: int
    version: int
    mentioned: list[int]


@event_type("agora.post_deleted", version=1)
@dataclass(frozen=True, kw_only=True)
class PostDeleted(Event):
    post_id: int
    number: int
    posts: int


@event_type("agora.post_restored", version=1)
@dataclass(frozen=True, kw_only=True)
class PostRestored(Event):
    post_id: int
    number: int
    posts: int


@event_type("agora.reacted", version=1)
@dataclass(frozen=True, kw_only=True)
class Reacted(Event):
    """`count` is how many there are of this kind now; `is_on` whether the person has just put or taken theirs."""

    post_id: int
    number: int
    kind: ReactionKind
    is_on: bool
    count: int


@event_type("agora.me_too", version=1)
@dataclass(frozen=True, kw_only=True)
class MeTooSaid(Event):
    is_on: bool
    count: int


@event_type("agora.answer_voted", version=1)
@dataclass(frozen=True, kw_only=True)
class AnswerVoted(Event):
    """`value` is the person's vote now, 0 for none."""

    post_id: int
    number: int
    value: int
    score: int


@event_type("agora.answer_accepted", version=1)
@dataclass(frozen=True, kw_only=True)
class AnswerAccepted(Event):
    post_id: int
    number: int


@event_type("agora.answer_unaccepted", version=1)
@dataclass(frozen=True, kw_only=True)
class AnswerUnaccepted(Event):
    post_id: int
    number: int


@event_type("agora.topic_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class TopicChanged(Event):
    fields: list[str]


@event_type("agora.topic_closed", version=1)
@dataclass(frozen=True, kw_only=True)
class TopicClosed(Event):
    pass


@event_type("agora.topic_reopened", version=1)
@dataclass(frozen=True, kw_only=True)
class TopicReopened(Event):
    pass


@event_type("agora.topic_pinned", version=1)
@dataclass(frozen=True, kw_only=True)
class TopicPinned(Event):
    is_pinned: bool


@event_type("agora.topic_moved", version=1)
@dataclass(frozen=True, kw_only=True)
class TopicMoved(Event):
    before_id: int
    after_id: int


@event_type("agora.posts_split", version=1)
@dataclass(frozen=True, kw_only=True)
class PostsSplit(Event):
    """Some posts left for a topic of their own."""

    into_id: int
    numbers: list[int]


@event_type("agora.topic_merged", version=1)
@dataclass(frozen=True, kw_only=True)
class TopicMerged(Event):
    """All posts went to the end of another topic: to the number that they had plus `offset`."""

    into_id: int
    offset: int


@event_type("agora.topic_received", version=1)
@dataclass(frozen=True, kw_only=True)
class TopicReceived(Event):
    """The other side of a merge."""

    from_id: int
    posts: int


@event_type("agora.poll_voted", version=1)
@dataclass(frozen=True, kw_only=True)
class PollVoted(Event):
    """`votes` is the count of each option, by its id, and `voters` how many people have voted."""

    votes: dict[str, int]
    voters: int


# ---- moderation: only who moderates, and the person concerned, hear of flags and appeals ----


@event_type("agora.flagged", version=1)
@dataclass(frozen=True, kw_only=True)
class Flagged(Event):
    flag_id: int
    post_id: int
    number: int
    reason: Reason


@event_type("agora.flags_answered", version=1)
@dataclass(frozen=True, kw_only=True)
class FlagsAnswered(Event):
    post_id: int
    number: int
    is_upheld: bool


@event_type("agora.post_hidden", version=1)
@dataclass(frozen=True, kw_only=True)
class PostHidden(Event):
    """`is_automatic`: several readers flagged it, and nobody who moderates has looked yet."""

    hiding_id: int
    post_id: int
    number: int
    posts: int
    is_automatic: bool
    takes_topic: bool


@event_type("agora.post_shown", version=1)
@dataclass(frozen=True, kw_only=True)
class PostShown(Event):
    """It stands again."""

    hiding_id: int
    post_id: int
    number: int
    posts: int


@event_type("agora.appealed", version=1)
@dataclass(frozen=True, kw_only=True)
class Appealed(Event):
    appeal_id: int


@event_type("agora.appeal_answered", version=1)
@dataclass(frozen=True, kw_only=True)
class AppealAnswered(Event):
    appeal_id: int
    is_upheld: bool


# ---- bridges: what leads to the desk is told to nobody else ----


@event_type("agora.post_filed", version=1)
@dataclass(frozen=True, kw_only=True)
class PostFiled(Event):
    """A post became a ticket for its author."""

    bridge_id: int


@event_type("agora.community_asked", version=1)
@dataclass(frozen=True, kw_only=True)
class CommunityAsked(Event):
    """The desk wants to ask a community about a ticket, which is the subject."""

    question_id: int
    space_id: int


@event_type("agora.community_question_answered", version=1)
@dataclass(frozen=True, kw_only=True)
class CommunityQuestionAnswered(Event):
    question_id: int
    is_agreed: bool


@event_type("agora.faq_drafted", version=1)
@dataclass(frozen=True, kw_only=True)
class FaqDrafted(Event):
    """Of a topic's accepted answer."""

    question_id: int
