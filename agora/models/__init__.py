"""Topics and posts of the communities, and what each person has there."""

from .bridges import CommunityQuestion, PostTicket, TopicAnswer
from .moderation import Appeal, Flag, Hiding, Reason
from .own import Bookmark, Draft, Follow, FollowLevel, ReadMark
from .polls import Poll, PollOption, PollVote
from .post import Picture, Post, PostRevision
from .topic import Tag, Topic, TopicKind
from .voices import AnswerVote, MeToo, Reaction, ReactionKind

__all__ = [
    "AnswerVote",
    "Appeal",
    "Bookmark",
    "CommunityQuestion",
    "Draft",
    "Flag",
    "Follow",
    "FollowLevel",
    "Hiding",
    "MeToo",
    "Picture",
    "Poll",
    "PollOption",
    "PollVote",
    "Post",
    "PostRevision",
    "PostTicket",
    "Reaction",
    "ReactionKind",
    "ReadMark",
    "Reason",
    "Tag",
    "Topic",
    "TopicAnswer",
    "TopicKind",
]
