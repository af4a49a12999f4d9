"""How topics are told to the search. One with an accepted answer is another kind of thing than one that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from platform_core.base.markup import plain_text
from platform_core.participation.public import Visibility, token_of
from platform_core.search.public import PUBLIC, Draft, Projector, refresh, register

from .models import Topic
from .permissions import topics_visible_to
from .queries import READABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from platform_core.accounts.roles import Someone

OPEN, ANSWERED = "agora.topic", "agora.answered"
LONGEST = 5000
"""Characters of one post that can be found."""
MOST_POSTS = 200
"""The first of a topic that can be found; what is asked and answered stands there."""


def project_open(object_id: str) -> Draft | None:
    return _draft(object_id, is_answered=False)


def project_answered(object_id: str) -> Draft | None:
    return _draft(object_id, is_answered=True)


def _draft(object_id: str, *, is_answered: bool) -> Draft | None:
    topics = Topic.objects.filter(hidden_at=None, merged_into=None, accepted__isnull=not is_answered)
    topic = topics.select_related("space", "accepted").filter(pk=object_id).first()
    if topic is None:
        return None
    posts = topic.posts.filter(READABLE).order_by("number")[:MOST_POSTS]
    texts = [plain_text(post.text, length=LONGEST) for post in posts]
    if topic.accepted is not None and topic.accepted.is_readable:
        texts.insert(0, plain_text(topic.accepted.text, length=LONGEST))
    is_public = topic.space.visibility == Visibility.PUBLIC
    return Draft(
        title=topic.title,
        body="\n".join(texts),
        keywords=" ".join(topic.tags.values_list("name", flat=True)),
        # With its number: who looks for the answer begins where it stands, whatever they have read of it.
        path=topic.url_of(1) if is_answered else topic.get_absolute_url(),
        group=topic.space.name,
        audience=frozenset({PUBLIC if is_public else token_of(topic.space_id)}),
        updated_at=topic.last_post_at,
        boost=0.9 if is_answered else 0.7,
    )


def _ids(*, is_answered: bool) -> Iterator[str]:
    topics = Topic.objects.filter(hidden_at=None, merged_into=None, accepted__isnull=not is_answered)
    return (str(pk) for pk in topics.values_list("pk", flat=True).iterator())


def ids_open() -> Iterable[str]:
    return _ids(is_answered=False)


def ids_answered() -> Iterable[str]:
    return _ids(is_answered=True)


def visible(viewer: Someone, wanted: Collection[str]) -> set[str]:
    return {str(pk) for pk in topics_visible_to(viewer).filter(pk__in=wanted).values_list("pk", flat=True)}


def tell(topic_id: int | str) -> None:
    """How a topic is now; it is of one kind or the other, or of none."""
    for kind in (OPEN, ANSWERED):
        refresh(kind=kind, object_id=str(topic_id))


register(Projector(kind=OPEN, project=project_open, ids=ids_open, visible=visible, label=_("Topic"), icon="messages"))
register(
    Projector(
        kind=ANSWERED, project=project_answered, ids=ids_answered, visible=visible, label=_("Answered topic"),
        icon="circle-check",
    )
)  # fmt: skip
