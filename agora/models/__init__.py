"""Topics and posts of the communities, and what each person has there."""

from .own import Bookmark, Draft, Follow, FollowLevel, ReadMark
from .polls import Poll, PollOption, PollVote
from .post import Picture, Post, PostRevision
from .topic import Tag, Topic, TopicKind
from .voices import AnswerVote, MeToo, Reaction, ReactionKind

__all__ = [
    "AnswerVote",
    "Bookmark",
    "Draft",
    "Follow",
    "FollowLevel",
    "MeToo",
    "Picture",
    "Poll",
    "PollOption",
    "PollVote",
    "Post",
    "PostRevision",
    "Reaction",
    "ReactionKind",
    "ReadMark",
    "Tag",
    "Topic",
    "TopicKind",
]
