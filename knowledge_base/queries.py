"""What readers and editors see of the knowledge base. Reads only; no query a row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone
from wagtail.models import Page

from platform_core.search.public import find

from .deflection import ANSWER_KINDS, PAGE_KINDS
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
QUARTER = timedelta(days=90)
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
    return _each_once(find(text, viewer=viewer, kinds=[KIND], language=language, limit=2 * limit), language)[:limit]


def suggest(text: str, *, viewer: Someone, language: str, limit: int = 3) -> list[Hit]:
    """While somebody still writes a ticket: the closest answers of any kind; none before SHORTEST characters."""
    if len(text.strip()) < SHORTEST:
        return []
    found = find(text, viewer=viewer, kinds=ANSWER_KINDS, language=language, limit=2 * limit)
    return _each_once(found, language)[:limit]


def _each_once(hits: list[Hit], language: str) -> list[Hit]:
    """Of a page and its translations that were found, one: in the reader's language, else the best.

    One query, none when all are in one language. It keeps the place of the best of them.
    """
    pages = [hit for hit in hits if hit.kind in PAGE_KINDS]
    if len({hit.language for hit in pages}) <= 1:
        return hits
    ids = [int(hit.object_id) for hit in pages]
    keys = dict(Page.objects.filter(pk__in=ids).values_list("pk", "translation_key"))
    found: dict[object, Hit] = {}
    for hit in hits:
        key = keys.get(int(hit.object_id), hit.object_id) if hit.kind in PAGE_KINDS else (hit.kind, hit.object_id)
        if key not in found or (found[key].language != language and hit.language == language):
            found[key] = hit
    return list(found.values())


def topics_of(index: FaqIndexPage, *, viewer: Someone) -> list[Topic]:
    """The topics that have something for the viewer, in the editors' order and the language of `index` where they are
    in it. Two queries, and one more for a language that is not Catalan."""
    language = index.locale.language_code
    counts = Counter(
        in_language(visible_to(viewer), viewer=viewer, language=language).values_list("topic_path", flat=True)
    )
    pages = TopicPage.objects.live().select_related("locale").order_by("path")
    sources = pages.filter(locale__language_code=settings.LANGUAGE_CODE)
    if language == settings.LANGUAGE_CODE:
        return [Topic(page, counts[page.path]) for page in sources if counts[page.path]]
    theirs = {page.translation_key: page for page in pages.filter(locale__language_code=language)}
    found = []
    for source in sources:
        shown = theirs.get(source.translation_key, source)
        count = counts[source.path] + (counts[shown.path] if shown is not source else 0)
        found.append(Topic(shown, count))
    return [topic for topic in found if topic.count]


def questions_of(topic: TopicPage, *, viewer: Someone) -> list[QuestionPage]:
    """Those of the topic that the viewer may read, each in the topic's language if it is there, else in Catalan.

    One query; two for a topic that is not in the Catalan tree.
    """
    return list(_beside(topic, viewer=viewer))


def in_language(questions: QuerySet[QuestionPage], *, viewer: Someone, language: str) -> QuerySet[QuestionPage]:
    """Of each question one page: in the language where there is one that the viewer may read, else in Catalan."""
    source = Q(locale__language_code=settings.LANGUAGE_CODE)
    if language == settings.LANGUAGE_CODE:
        return questions.filter(source)
    translations = visible_to(viewer).filter(
        translation_key=OuterRef("translation_key"), locale__language_code=language
    )
    return questions.filter(Q(locale__language_code=language) | source & ~Exists(translations))


def _beside(topic: TopicPage, *, viewer: Someone) -> QuerySet[QuestionPage]:
    questions = visible_to(viewer)
    if topic.locale.language_code == settings.LANGUAGE_CODE:
        found = questions.filter(topic_path=topic.path)
    else:
        same = TopicPage.objects.filter(translation_key=topic.translation_key)
        questions = questions.filter(topic_path__in=list(same.values_list("path", flat=True)))
        found = in_language(questions, viewer=viewer, language=topic.locale.language_code)
    return found.select_related("locale").order_by("path")


def latest(*, viewer: Someone, language: str, limit: int) -> list[QuestionPage]:
    """The questions that changed last, each in the language where it is in it. One query, and the viewer's roles."""
    found = in_language(visible_to(viewer), viewer=viewer, language=language).select_related("locale")
    return list(found.filter(last_published_at__isnull=False).order_by("-last_published_at", "-pk")[:limit])


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
    beside = _beside(question.topic, viewer=viewer).exclude(pk=question.pk)
    return list(beside[:MOST_RELATED])


def rating_of(question: QuestionPage, *, reader: Reader) -> Rating | None:
    """What the reader said of the answer before."""
    if not (reader.user.is_authenticated or reader.browser):
        return None
    return Rating.objects.filter(question=question, **reader.key).first()


def rated_questions() -> QuerySet[QuestionPage]:
    """For editors: every question that somebody rated, with `yes`, `no`, `comments` and `last_rated`; worst first.

    `yes_now` and `no_now` are of the last QUARTER, `yes_before` and `no_before` of the one before it.
    """
    now = timezone.now()
    recent = Q(ratings__changed_at__gt=now - QUARTER)
    before = Q(ratings__changed_at__gt=now - 2 * QUARTER) & ~recent
    rated: QuerySet[QuestionPage] = (
        QuestionPage.objects.filter(ratings__isnull=False)
        .annotate(
            yes=Count("ratings", filter=Q(ratings__helped=True)),
            no=Count("ratings", filter=Q(ratings__helped=False)),
            comments=Count("ratings", filter=~Q(ratings__comment="")),
            last_rated=Max("ratings__changed_at"),
            yes_now=Count("ratings", filter=recent & Q(ratings__helped=True)),
            no_now=Count("ratings", filter=recent & Q(ratings__helped=False)),
            yes_before=Count("ratings", filter=before & Q(ratings__helped=True)),
            no_before=Count("ratings", filter=before & Q(ratings__helped=False)),
        )
        .order_by("-no", "yes", "pk")
    )
    return rated


def comments() -> QuerySet[Rating]:
    """For editors: what people wrote, the newest first."""
    return Rating.objects.exclude(comment="").select_related("question").order_by("-changed_at", "-pk")
