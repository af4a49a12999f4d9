"""What follows from a fact, once it is committed. Run by the worker, at least once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from platform_core.activity.reactions import reaction
from platform_core.participation.events import SpaceChanged

from . import letters, projectors
from .events import (
    AnswerAccepted,
    AnswerUnaccepted,
    PostDeleted,
    Posted,
    PostEdited,
    PostRestored,
    PostsSplit,
    TopicChanged,
    TopicMerged,
    TopicMoved,
    TopicOpened,
    TopicReceived,
)
from .models import Post, Topic
from .tasks import send_letter

if TYPE_CHECKING:
    from platform_core.activity.models import Activity

SEEN_BY = {"visibility", "name"}


@reaction(
    "agora.index_topic",
    to=[
        TopicOpened, Posted, PostEdited, PostDeleted, PostRestored, TopicChanged, TopicMoved, TopicMerged,
        TopicReceived, AnswerAccepted, AnswerUnaccepted,
    ],
    atomic=False,
)  # fmt: skip
def index_topic(activity: Activity) -> None:
    projectors.tell(activity.subject_id)


@reaction("agora.index_split", to=[PostsSplit], atomic=False)
def index_split(activity: Activity) -> None:
    """The topic that lost posts, and the one that they made."""
    projectors.tell(activity.subject_id)
    projectors.tell(cast("PostsSplit", activity.event).into_id)


@reaction("agora.index_space", to=[SpaceChanged], atomic=False)
def index_space(activity: Activity) -> None:
    """Other people may find its topics now."""
    if SEEN_BY.isdisjoint(cast("SpaceChanged", activity.event).fields):
        return
    for pk in Topic.objects.filter(space_id=int(activity.subject_id)).values_list("pk", flat=True):
        projectors.tell(pk)


@reaction("agora.mail_post", to=[TopicOpened, Posted, PostEdited], atomic=False)
def mail_post(activity: Activity) -> None:
    """A job for each person whom it concerns; told twice, each letter goes out once. An edit concerns only who is named
    anew."""
    event = cast("TopicOpened | Posted | PostEdited", activity.event)
    post = Post.objects.select_related("topic", "reply_to").filter(pk=event.post_id).first()
    if post is None:
        return
    concerned = letters.hearers(post, named=event.mentioned)
    for person_id, why in concerned.items():
        if why == letters.NAMED or not isinstance(event, PostEdited):
            send_letter.enqueue(post.pk, person_id, why)
