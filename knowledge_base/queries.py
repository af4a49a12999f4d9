"""What readers and editors see of the knowledge base. Reads only; no query a row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q

from platform_core.search.public import find

from .models import QuestionPage, Rating, TopicPage
from .permissions import visible_to
from .projectors import KIND

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from platform_core.accounts.roles import Someone
    from platform_core.search.public import Hit

    from .domain import Reader
    from .models import FaqIndexPage

MOST_RELATED = 5
SHORTEST = 3
"""Characters of a text before anything is suggested."""


@dataclass(frozen=True)
class Topic:
    """A topic and how many of its questions the viewer may read."""

    page: TopicPage
    count: int


@dataclass(frozen=True)
class TopicName:
    """A topic as other apps name it: `slug` is what they keep, `label` what people read, in Catalan."""

    slug: str
    label: str


def topic_names() -> list[TopicName]:
    """Every published topic, in the editors' order. One query."""
    return [TopicName(*names) for names in TopicPage.objects.live().order_by("path").values_list("slug", "title")]


def search(text: str, *, viewer: Someone, language: str, limit: int) -> list[Hit]:
    """The questions that answer `text` best, of those that the viewer may read; none for a text without a word.

    `language` is the reader's ("ca", "es", "en"). Three queries at most.
    """
    return find(text, viewer=viewer, kinds=[KIND], language=language, limit=limit)


def suggest(text: str, *, viewer: Someone, language: str, limit: int = 3) -> list[Hit]:
    """The same while somebody still writes: nothing before SHORTEST characters."""
    return search(text, viewer=viewer, language=language, limit=limit) if len(text.strip()) >= SHORTEST else []


def topics_of(index: FaqIndexPage, *, viewer: Someone) -> list[Topic]:
    """The topics that have something for the viewer, in the editors' order. Two queries."""
    counts = Counter(visible_to(viewer).values_list("topic_path", flat=True))
    pages = TopicPage.objects.live().child_of(index).order_by("path")
    return [Topic(page, counts[page.path]) for page in pages if counts[page.path]]


def questions_of(topic: TopicPage, *, viewer: Someone) -> list[QuestionPage]:
    return list(visible_to(viewer).filter(topic_path=topic.path).order_by("path"))


def related_to(question: QuestionPage, *, viewer: Someone) -> list[QuestionPage]:
    """What the editors chose, as far as the viewer may read it; without a choice, others of the same topic.

    At most two queries.
    """
    chosen = [item.question_id for item in question.related_questions.all()]
    if chosen:
        found = visible_to(viewer).in_bulk(chosen)
        return [found[pk] for pk in chosen if pk in found]
    if not question.path:  # a draft that is looked at before it was ever kept
        return []
    beside = visible_to(viewer).filter(topic_path=question.topic.path).exclude(pk=question.pk)
    return list(beside.order_by("path")[:MOST_RELATED])


def rating_of(question: QuestionPage, *, reader: Reader) -> Rating | None:
    """What the reader said of the answer before."""
    if not (reader.user.is_authenticated or reader.browser):
        return None
    return Rating.objects.filter(question=question, **reader.key).first()


def rated_questions() -> QuerySet[QuestionPage]:
    """For editors: every question that somebody rated, with `yes`, `no`, `comments` and `last_rated`; worst first."""
    rated: QuerySet[QuestionPage] = (
        QuestionPage.objects.filter(ratings__isnull=False)
        .annotate(
            yes=Count("ratings", filter=Q(ratings__helped=True)),
            no=Count("ratings", filter=Q(ratings__helped=False)),
            comments=Count("ratings", filter=~Q(ratings__comment="")),
            last_rated=Max("ratings__changed_at"),
        )
        .order_by("-no", "yes", "pk")
    )
    return rated


def comments() -> QuerySet[Rating]:
    """For editors: what people wrote, the newest first."""
    return Rating.objects.exclude(comment="").select_related("question").order_by("-changed_at", "-pk")
