"""A topic as one person reads it, in a number of queries that does not grow with its posts. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import RawSQL

from helpdesk.desk.permissions import is_desk
from platform_core.accounts.roles import is_editor
from platform_core.activity.models import Stream
from platform_core.organisations.models import Membership
from platform_core.participation.public import rights_in

from .models import (
    Hiding,
    PollOption,
    PollVote,
    Post,
    PostTicket,
    Reaction,
    ReactionKind,
    ReadMark,
    Topic,
    TopicAnswer,
    TopicKind,
)
from .permissions import posts_visible_to
from .references import shown_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Field, QuerySet
    from django.utils.safestring import SafeString

    from platform_core.accounts.roles import Someone

# In SQL, because Django takes longer to write these little queries than the database to answer them.
OWN: dict[str, tuple[str, Field[Any, Any]]] = {
    "mark": ("SELECT number FROM agora_readmark WHERE person_id = %s AND topic_id = %s", IntegerField()),
    "level": ("SELECT level FROM agora_follow WHERE person_id = %s AND topic_id = %s", CharField()),
    "said_me_too": ("SELECT 1 FROM agora_metoo WHERE person_id = %s AND topic_id = %s", IntegerField()),
    "draft_text": ("SELECT text FROM agora_draft WHERE person_id = %s AND key = %s", TextField()),
    "draft_version": ("SELECT version FROM agora_draft WHERE person_id = %s AND key = %s", IntegerField()),
}
"""What a reader has with a topic: a query for who they are and which it is, and what it gives. One row at most."""

OWN_OF_POST: dict[str, tuple[str, Field[Any, Any]]] = {
    "kept": ("SELECT 1 FROM agora_bookmark WHERE person_id = %s AND post_id = agora_post.id", IntegerField()),
    "my_vote": ("SELECT value FROM agora_answervote WHERE person_id = %s AND post_id = agora_post.id", IntegerField()),
}
"""The same of a post."""

PAGE_SIZE = 20
READABLE = Q(deleted_at=None, hidden_at=None, was_moved=False)


@dataclass(frozen=True)
class Reading:
    """A topic and where its reader stands in it."""

    topic: Topic
    person_id: int | None
    takes_part: bool
    moderates: bool
    cursor: int
    """Of its stream, read before everything else: what happens meanwhile is told twice rather than never."""
    mark: int | None
    """The number up to which they have read; None for who has not been here."""
    level: str
    said_me_too: bool
    draft: tuple[str, int]
    is_desk: bool
    is_editor: bool

    @property
    def may_post(self) -> bool:
        """As permissions.can_post."""
        topic = self.topic
        return self.takes_part and not topic.merged_into_id and (not topic.is_closed or self.moderates)

    @property
    def may_react(self) -> bool:
        """As permissions.can_react."""
        return self.takes_part and not self.topic.merged_into_id

    @property
    def may_accept(self) -> bool:
        """As permissions.can_accept."""
        return self.topic.is_question and self.may_react and (self.moderates or self._is_mine)

    @property
    def may_make_answer(self) -> bool:
        """As permissions.can_make_answer, of a topic that has none yet."""
        return self._could_make_answer and self.made_answer is None

    @property
    def made_answer(self) -> TopicAnswer | None:
        """For who could have made it."""
        return getattr(self.topic, "made_answer", None) if self._could_make_answer else None

    @property
    def _could_make_answer(self) -> bool:
        return self.topic.accepted_id is not None and (self.moderates or self.is_editor)

    @property
    def may_rename(self) -> bool:
        """As permissions.can_rename."""
        if self.topic.merged_into_id:
            return False
        return self.moderates or (self._is_mine and self.takes_part and not self.topic.is_closed)

    @property
    def _is_mine(self) -> bool:
        return self.person_id is not None and self.topic.author_id == self.person_id


@dataclass(frozen=True)
class Told:
    """The reactions of one kind to a post."""

    kind: ReactionKind
    count: int
    is_mine: bool


@dataclass(frozen=True)
class Line:
    """A post with all that its reader sees around it."""

    post: Post
    html: SafeString
    place: str
    """For whom its author works: "Puigcerver del Vallès"; empty for nobody."""
    reactions: Sequence[Told]
    my_vote: int
    is_bookmarked: bool
    is_new: bool
    is_accepted: bool
    is_by_asker: bool
    is_mine: bool
    may_edit: bool
    may_restore: bool
    may_flag: bool
    shows_words: bool
    may_file: bool
    bridge: PostTicket | None
    """The ticket that the post became: for its author and the desk."""
    hiding_id: int | None
    """Of its author, where they read why it is hidden."""


@dataclass(frozen=True)
class Page:
    """The posts from number `first` on, at most PAGE_SIZE. `answer` is the accepted one when it stands elsewhere."""

    lines: list[Line]
    answer: Line | None
    first: int
    last: int
    end: int

    @property
    def previous(self) -> int | None:
        return self.first - PAGE_SIZE if self.first > 1 else None

    @property
    def next(self) -> int | None:
        return self.last + 1 if self.last < self.end else None

    @property
    def number(self) -> int:
        return (self.first - 1) // PAGE_SIZE + 1

    @property
    def count(self) -> int:
        return max(1, -(-self.end // PAGE_SIZE))


def reading(viewer: Someone, pk: int, *, slug: str | None = None) -> Reading:
    """A topic that the viewer may read, as `can_read` says. Raises Topic.DoesNotExist. Two queries, and their roles."""
    person_id = viewer.pk if viewer.is_authenticated and viewer.is_active else None
    topics = Topic.objects.select_related("space")  # what few topics have is read where it is asked for
    if slug is not None:
        topics = topics.filter(space__slug=slug)
    head = Subquery(Stream.objects.filter(name=f"topic:{pk}").values("head")[:1])
    found: Any = topics.annotate(head=head, **_own(person_id, pk)).get(pk=pk)  # with what is named here
    rights = rights_in(viewer, found.space)
    if not rights.enters or (found.hidden_at is not None and not rights.moderates):
        raise Topic.DoesNotExist
    return Reading(
        topic=found,
        person_id=person_id,
        takes_part=rights.takes_part,
        moderates=rights.moderates,
        cursor=found.head or 0,
        mark=found.mark,
        level=found.level or "",
        said_me_too=bool(found.said_me_too),
        draft=(found.draft_text or "", found.draft_version or 0),
        is_desk=is_desk(viewer),
        is_editor=is_editor(viewer),
    )


def _own(person_id: int | None, pk: int) -> dict[str, Any]:
    """What is the person's own, as parts of the same query; a visitor has nothing."""
    if person_id is None:
        return {name: Value(None, output_field=field) for name, (_statement, field) in OWN.items()}
    return {
        name: RawSQL(statement, [person_id, f"topic:{pk}" if name.startswith("draft") else pk], field)  # noqa: S611
        for name, (statement, field) in OWN.items()
    }


def first_unread(read: Reading) -> int:
    """The number of the first post that the reader has not read, or of the last one. At most one query."""
    if read.mark is None or read.mark >= read.topic.last_number:
        return 1 if read.mark is None else read.topic.last_number
    posts = Post.objects.filter(READABLE, topic=read.topic, number__gt=read.mark)
    found = posts.exclude(author=read.person_id).order_by("number").values_list("number", flat=True).first()
    return found or read.topic.last_number


def page(viewer: Someone, read: Reading, number: int) -> Page:
    """The page of the topic that has post `number`. At most seven queries, whatever the number of posts."""
    topic = read.topic
    number = min(max(number, 1), max(topic.last_number, 1))
    first = (number - 1) // PAGE_SIZE * PAGE_SIZE + 1
    last = min(first + PAGE_SIZE - 1, topic.last_number)
    wanted = Q(number__gte=first, number__lte=last)
    if first == 1 and topic.accepted_id:
        wanted |= Q(pk=topic.accepted_id)
    found = lines(viewer, read, Post.objects.filter(wanted, topic=topic))
    inside = [line for line in found if first <= line.post.number <= last]
    accepted = next((line for line in found if line.is_accepted), None)
    return Page(inside, accepted if first == 1 else None, first, last, topic.last_number)


def lines(viewer: Someone, read: Reading, posts: QuerySet[Post]) -> list[Line]:
    """Posts of the topic as the reader sees them, by number."""
    found = _with_own(posts, read)
    _fetch_named(found)
    hidings = _hidings_of_mine(found, read)
    tickets = _tickets(found, read)
    told = _reactions(found, read.person_id)
    places = places_of({post.author_id for post in found if post.author_id})
    shows = [post.is_readable or (read.moderates and not post.was_moved and not post.emptied_at) for post in found]
    may_flag = read.person_id is not None and not read.moderates
    html = shown_to(
        viewer, read.topic.space, [post.html if shown else "" for post, shown in zip(found, shows, strict=True)]
    )
    return [
        Line(
            post=post,
            html=words,
            place=places.get(post.author_id or 0, ""),
            reactions=told.get(post.pk, []),
            my_vote=getattr(post, "my_vote", None) or 0,
            is_bookmarked=bool(getattr(post, "kept", None)),
            is_new=read.mark is not None and post.number > read.mark and post.author_id != read.person_id,
            is_accepted=post.pk == read.topic.accepted_id,
            is_by_asker=post.number > 1 and read.topic.is_question and post.author_id == read.topic.author_id,
            is_mine=post.author_id is not None and post.author_id == read.person_id,
            may_edit=shown and post.deleted_at is None and _may_change(read, post),
            may_restore=post.deleted_at is not None and not post.was_moved and _may_restore(read, post),
            may_flag=may_flag and post.is_readable and post.author_id != read.person_id,
            shows_words=shown,
            may_file=post.is_readable and post.author_id is not None and _may_file(read, post),
            bridge=tickets.get(post.pk),
            hiding_id=hidings.get(post.pk),
        )
        for post, words, shown in zip(found, html, shows, strict=True)
    ]


SHOWN = [*(field.name for field in Post._meta.concrete_fields), "author__name"]
"""Of a post everything, of who wrote it what others read."""


def _with_own(posts: QuerySet[Post], read: Reading) -> list[Post]:
    """The posts by number, with what the reader has with each. Few joins: this is what a page waits for."""
    posts = posts.select_related("author").only(*SHOWN).order_by("number")
    if read.person_id is None:
        return list(posts)
    names = OWN_OF_POST if read.topic.is_question else ("kept",)
    own = {name: RawSQL(OWN_OF_POST[name][0], [read.person_id], OWN_OF_POST[name][1]) for name in names}  # noqa: S611
    return list(posts.annotate(**own))


def _fetch_named(posts: list[Post]) -> None:
    """The posts that these answer and those that took their place. One query each, where there are any."""
    if answered := {post.reply_to_id for post in posts if post.reply_to_id}:
        replies = Post.objects.select_related("author").only("number", "author__name").in_bulk(answered)
        for post in posts:
            post.reply_to = replies.get(post.reply_to_id or 0)
    if elsewhere := {post.moved_to_id for post in posts if post.moved_to_id}:
        moved = Post.objects.select_related("topic__space").only("topic__space__slug").in_bulk(elsewhere)
        for post in posts:
            post.moved_to = moved.get(post.moved_to_id or 0)


def _hidings_of_mine(posts: list[Post], read: Reading) -> dict[int, int]:
    """Where the reader finds why a post of theirs is hidden, by the id of the post. One query, where there is one."""
    mine = [post.pk for post in posts if post.hidden_at and read.person_id and post.author_id == read.person_id]
    return dict(Hiding.objects.filter(post__in=mine, ended_at=None).values_list("post", "pk")) if mine else {}


def line_of(viewer: Someone, read: Reading, number: int) -> Line | None:
    """One post of the topic."""
    return next(iter(lines(viewer, read, Post.objects.filter(topic=read.topic, number=number))), None)


def _may_change(read: Reading, post: Post) -> bool:
    """As permissions.can_edit, of a post whose words are seen."""
    if read.moderates:
        return True
    is_mine = post.author_id is not None and post.author_id == read.person_id
    return is_mine and not read.topic.is_closed and read.takes_part


def _may_file(read: Reading, post: Post) -> bool:
    """As permissions.can_file, of a readable post."""
    return read.person_id is not None and (post.author_id == read.person_id or read.is_desk)


def _tickets(posts: Iterable[Post], read: Reading) -> dict[int, PostTicket]:
    """The tickets of posts, by the id of the post; nobody else learns that there is one. One query for who may file."""
    mine = [post.pk for post in posts if _may_file(read, post)]
    return {ticket.post_id: ticket for ticket in PostTicket.objects.filter(post__in=mine)} if mine else {}


def _may_restore(read: Reading, post: Post) -> bool:
    """As permissions.can_restore."""
    is_mine = post.author_id is not None and post.author_id == read.person_id == post.deleted_by_id
    return read.moderates or (is_mine and read.takes_part)


def _reactions(posts: Iterable[Post], person_id: int | None) -> dict[int, list[Told]]:
    is_mine = Case(When(person=person_id, then=Value(1)), default=Value(0), output_field=IntegerField())
    counted = Reaction.objects.filter(post__in=[post.pk for post in posts]).values_list("post", "kind")
    found: dict[int, list[Told]] = {}
    for pk, kind, count, mine in counted.annotate(Count("pk"), mine=Max(is_mine)).order_by("post", "kind"):
        found.setdefault(pk, []).append(Told(ReactionKind(kind), count, bool(mine)))
    return found


def places_of(people: Iterable[int]) -> dict[int, str]:
    """Where each person works today, by their id. One query."""
    seats = Membership.objects.current().filter(person__in=list(people)).order_by("-pk")
    return dict(seats.values_list("person", "organisation__name"))


# ---- polls, history, people ----


@dataclass(frozen=True)
class Choice:
    option: PollOption
    percent: int
    is_mine: bool = field(default=False)


def choices_of(read: Reading) -> list[Choice]:
    """The options of the topic's poll, with the reader's own. One query; none when it is no poll."""
    if read.topic.kind != TopicKind.POLL or not hasattr(read.topic, "poll"):
        return []
    chosen = Exists(PollVote.objects.filter(option=OuterRef("pk"), person=read.person_id))
    options = list(PollOption.objects.filter(poll=read.topic.poll).annotate(mine=chosen).order_by("position"))
    voters = max(1, read.topic.poll.voters)
    return [Choice(option, round(100 * option.votes / voters), option.mine) for option in options]


def post_for(viewer: Someone, read: Reading, number: int) -> Post:
    """A post of the topic whose words the viewer may see. Raises Post.DoesNotExist."""
    found: Post = posts_visible_to(viewer).select_related("author", "deleted_by").get(topic=read.topic, number=number)
    found.topic = read.topic
    return found


def unread_counts(person_id: int, topics: Iterable[int]) -> dict[int, int]:
    """How many posts of others each topic has that the person has not read; only of those that they have opened."""
    mark = ReadMark.objects.filter(person=person_id, topic=OuterRef("topic")).values("number")[:1]
    posts = Post.objects.filter(READABLE, topic__in=list(topics)).exclude(author=person_id)
    unread = posts.annotate(mark=Subquery(mark)).filter(number__gt=F("mark"))
    return dict(unread.order_by().values_list("topic").annotate(Count("pk")))
