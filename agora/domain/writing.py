"""The ground of every verb: the lock, the words, the numbers, and the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from agora.models import Picture, Post, Topic
from platform_core.accounts.models import User
from platform_core.activity.domain import lock_streams, record
from platform_core.base.errors import Refusal
from platform_core.base.markup import references_in, render_markdown, tame
from platform_core.participation.public import can_enter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from platform_core.activity.events import Event

LONGEST_TEXT = 30_000
LONGEST_TITLE = 200
IMAGES = "/agora/fitxer/"
"""Where pictures of posts are: with a number behind it, one of them (agora.views.pictures)."""

MOST_MENTIONED = 20
"""People that one post may name and have told; the rest are only names."""


class Changed(Refusal):
    """Somebody changed it after it was read. `post` is what it says now; nothing has been written."""

    def __init__(self, post: Post) -> None:
        super().__init__(
            _("This post has changed since you opened it. What you wrote is still here: compare, and save again."),
            field="text",
        )
        self.post = post


def render(text: str) -> str:
    """Markdown of a post as the HTML that is kept."""
    return render_markdown(text, references=True, images=IMAGES)


def clean_text(text: str) -> str:
    """Words as they are kept. Raises Refusal when there are none, or far too many."""
    text = tame(text.replace("\x00", "").replace("\r\n", "\n")).strip()
    if not text:
        raise Refusal(_("Write something first."), field="text")
    if len(text) > LONGEST_TEXT:
        raise Refusal(
            _("This post is too long: %(count)s characters, and we can take %(most)s.")
            % {"count": len(text), "most": LONGEST_TEXT},
            field="text",
        )
    return text


def clean_title(title: str) -> str:
    """A title in one line. Raises Refusal when it is empty or too long."""
    title = " ".join(tame(title.replace("\x00", "")).split())
    if not title:
        raise Refusal(_("Write a title: it is what the others read in the list."), field="title")
    if len(title) > LONGEST_TITLE:
        raise Refusal(_("The title is too long: at most %(most)s characters.") % {"most": LONGEST_TITLE}, field="title")
    return title


def locked(topic: Topic | int) -> Topic:
    """The topic as it is now, locked until the transaction ends. Every verb that writes in a topic takes this lock."""
    pk = topic if isinstance(topic, int) else topic.pk
    found: Topic = Topic.objects.select_for_update(of=("self",)).select_related("space").get(pk=pk)
    return found


def locked_post(post: Post) -> tuple[Topic, Post]:
    """The post as it is now, and its topic, both locked. Raises Refusal when it is elsewhere by now."""
    topic = locked(post.topic_id)
    fresh: Post = Post.objects.select_for_update(of=("self",)).select_related("author").get(pk=post.pk)
    if fresh.topic_id != topic.pk or fresh.was_moved:
        raise Refusal(_("This post has been moved to another topic meanwhile."))
    fresh.topic = topic
    return topic, fresh


def write_post(
    topic: Topic,
    *,
    author: User | None,
    text: str,
    at: datetime,
    reply_to: Post | None = None,
    submission: UUID | None = None,
) -> Post:
    """Append a post to a locked topic under the next number, and save the topic's counts."""
    post = Post(
        topic=topic, number=topic.last_number + 1, author=author, text=text, html=render(text), created_at=at,
        reply_to=reply_to, submission=submission,
    )  # fmt: skip
    post.save(force_insert=True)
    keep_pictures(post)
    topic.last_number = post.number
    topic.post_count += 1
    topic.last_post_at, topic.last_author = at, author
    topic.save(update_fields=["last_number", "post_count", "last_post_at", "last_author"])
    return post


def recount(topic: Topic) -> None:
    """The counts of a locked topic, after posts came, went or were hidden. Three queries."""
    readable = Post.objects.filter(topic=topic, deleted_at=None, hidden_at=None, was_moved=False)
    topic.post_count = readable.count()
    last = readable.select_related("author").order_by("-number").first()
    if last is not None:
        topic.last_post_at, topic.last_author = last.created_at, last.author
    topic.last_number = Post.objects.filter(topic=topic).aggregate(last=Max("number"))["last"] or topic.last_number
    topic.save(update_fields=["last_number", "post_count", "last_post_at", "last_author"])


def keep_pictures(post: Post) -> None:
    """The pictures that a post shows are its own from now on: its readers see them."""
    shown = {int(number) for number in _numbers_of_pictures(post.html)}
    if shown:
        Picture.objects.filter(pk__in=shown, space_id=post.topic.space_id, author_id=post.author_id, post=None).update(
            post=post
        )


def _numbers_of_pictures(html: str) -> Iterable[str]:
    for piece in html.split(f'src="{IMAGES}')[1:]:
        yield piece.partition("/")[0]


def mentioned_in(topic: Topic, html: str, *, by: User | None) -> list[int]:
    """The ids of the people, except the writer, whom a text names and who may read it; at most MOST_MENTIONED."""
    named = {int(reference[1:]) for reference in references_in(html) if reference.startswith("@")}
    named.discard(by.pk if by else 0)
    people = User.objects.filter(pk__in=sorted(named)[: 3 * MOST_MENTIONED], is_active=True)
    return sorted(person.pk for person in people if can_enter(person, topic.space))[:MOST_MENTIONED]


def tell(topic: Topic, *events: Event, actor: User | None, also: Iterable[str] = ()) -> None:
    """Record what was done, last in the transaction: who reads the topic and who looks at its community hear of it."""
    streams = [f"topic:{topic.pk}", f"space:{topic.space_id}", *also]
    if len(events) > 1:
        lock_streams(streams)
    for event in events:
        record(event, actor=actor, subject=topic, streams=streams)


def tell_topic(topic: Topic, event: Event, *, actor: User | None) -> None:
    """As `tell`, of what changes nothing in the list of topics."""
    record(event, actor=actor, subject=topic, streams=[f"topic:{topic.pk}"])


def log_of(topic: Topic) -> str:
    """The stream of what those who moderate its community have done: the audit trail."""
    return f"moderation:{topic.space_id}"


def logged(topic: Topic, *, actor: User, author_id: int | None) -> list[str]:
    """Where else to tell what somebody did: in the audit trail, when it was done to another person's words."""
    return [] if actor.pk == author_id else [log_of(topic)]


def to_people(ids: Iterable[int]) -> list[str]:
    """The streams of people who must be told themselves."""
    return [f"user:{pk}" for pk in ids]
