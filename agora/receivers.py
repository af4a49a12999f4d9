"""What follows from a fact, once it is committed. Run by the worker, at least once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from helpdesk.desk.events import StateChanged
from helpdesk.desk.models import State
from platform_core.activity.reactions import reaction
from platform_core.participation.events import Sanctioned, SanctionLifted, SpaceChanged

from . import domain, letters, notices, projectors
from .events import (
    AnswerAccepted,
    AnswerUnaccepted,
    AppealAnswered,
    Appealed,
    Flagged,
    PostDeleted,
    Posted,
    PostEdited,
    PostHidden,
    PostRestored,
    PostShown,
    PostsSplit,
    TopicChanged,
    TopicMerged,
    TopicMoved,
    TopicOpened,
    TopicReceived,
)
from .models import Appeal, Flag, Post, Topic
from .tasks import send_letter, send_notice

if TYPE_CHECKING:
    from platform_core.activity.models import Activity

SEEN_BY = {"visibility", "name"}


@reaction(
    "agora.index_topic",
    to=[
        TopicOpened, Posted, PostEdited, PostDeleted, PostRestored, TopicChanged, TopicMoved, TopicMerged,
        TopicReceived, AnswerAccepted, AnswerUnaccepted, PostHidden, PostShown,
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


@reaction("agora.mail_flag", to=[Flagged], atomic=False)
def mail_flag(activity: Activity) -> None:
    """To the moderators of the community, for the first open flag of a post: the others are found beside it."""
    event = cast("Flagged", activity.event)
    open_ones = Flag.objects.filter(post=event.post_id, handled_at=None).order_by("pk")
    flag = open_ones.select_related("post__topic__space").first()
    if flag is not None and flag.pk == event.flag_id:
        for person_id in notices.who_moderates(flag.post.topic.space):
            send_notice.enqueue("flag_waits", flag.pk, person_id)


@reaction("agora.mail_hidden", to=[PostHidden], atomic=False)
def mail_hidden(activity: Activity) -> None:
    """To who wrote it, unless they hid it themselves."""
    event = cast("PostHidden", activity.event)
    author_id = Post.objects.filter(pk=event.post_id).values_list("author", flat=True).first()
    if author_id and author_id != activity.actor_id:
        send_notice.enqueue("hidden", event.hiding_id, author_id)


@reaction("agora.mail_sanction", to=[Sanctioned, SanctionLifted], atomic=False)
def mail_sanction(activity: Activity) -> None:
    event = cast("Sanctioned | SanctionLifted", activity.event)
    notice = "sanctioned" if isinstance(event, Sanctioned) else "lifted"
    send_notice.enqueue(notice, event.sanction_id, event.person_id)


@reaction("agora.mail_appeal", to=[Appealed, AppealAnswered], atomic=False)
def mail_appeal(activity: Activity) -> None:
    """What somebody says goes to who may answer it, and the answer to them."""
    event = cast("Appealed | AppealAnswered", activity.event)
    appeal = Appeal.objects.select_related("space", "hiding", "sanction").filter(pk=event.appeal_id).first()
    if appeal is None:
        return
    if isinstance(event, AppealAnswered):
        send_notice.enqueue("answered", appeal.pk, appeal.person_id)
        return
    for person_id in notices.who_moderates(appeal.space, except_for=[appeal.decided_by_id]):
        send_notice.enqueue("appeal_waits", appeal.pk, person_id)


@reaction("agora.bring_answer", to=[StateChanged], atomic=False)
def bring_answer(activity: Activity) -> None:
    """A ticket is solved: if it began as a post, whose author agreed, its answer goes back to where it was asked."""
    if cast("StateChanged", activity.event).after in (State.RESOLVED, State.CLOSED):
        domain.bring_answer(case_id=int(activity.subject_id))


@reaction("agora.tell_desk", to=[AnswerAccepted], atomic=False)
def tell_desk(activity: Activity) -> None:
    """The desk asked the community, and the community knows."""
    event = cast("AnswerAccepted", activity.event)
    domain.tell_desk_of_answer(topic_id=int(activity.subject_id), post_id=event.post_id)
