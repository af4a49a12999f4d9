"""Wagtail tells of its pages by signals; here they become events, and the events keep the search as the pages are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.signals import post_delete
from wagtail.signals import page_published, page_unpublished, post_page_move

from platform_core.activity.domain import record
from platform_core.activity.reactions import reaction
from platform_core.search.public import refresh

from . import domain
from .caching import STREAM
from .events import FrontPageChanged, NewsChanged, QuestionChanged, TopicChanged
from .models import FaqIndexPage, NewsIndexPage, NewsPage, QuestionPage, TopicPage
from .news import projectors as news_projectors
from .news.queries import forget_latest
from .projectors import KIND
from .tasks import tell_subscribers

if TYPE_CHECKING:
    from platform_core.activity.models import Activity

EVENTS: dict[type, type[QuestionChanged | TopicChanged | NewsChanged | FrontPageChanged]] = {
    FaqIndexPage: FrontPageChanged,
    NewsIndexPage: FrontPageChanged,
    QuestionPage: QuestionChanged,
    TopicPage: TopicChanged,
    NewsPage: NewsChanged,
}


def tell(instance: Any, *, is_live: bool, actor: Any = None) -> None:
    if event := EVENTS.get(type(instance)):
        with transaction.atomic():
            record(event(is_live=is_live), actor=actor, subject=instance, streams=[STREAM])


def on_published(instance: Any, revision: Any = None, **_kwargs: Any) -> None:
    tell(instance, is_live=True, actor=revision.user if revision else None)


def on_unpublished(instance: Any, **_kwargs: Any) -> None:
    tell(instance, is_live=False)


def on_moved(instance: Any, **_kwargs: Any) -> None:
    page = instance.specific
    tell(page, is_live=page.live)


def on_deleted(instance: Any, **_kwargs: Any) -> None:
    tell(instance, is_live=False)


for _model in EVENTS:
    page_published.connect(on_published, sender=_model, dispatch_uid=f"{_model} published")
    page_unpublished.connect(on_unpublished, sender=_model, dispatch_uid=f"{_model} unpublished")
    post_page_move.connect(on_moved, sender=_model, dispatch_uid=f"{_model} moved")
    post_delete.connect(on_deleted, sender=_model, dispatch_uid=f"{_model} deleted")


@reaction("knowledge_base.index_question", to=[QuestionChanged])
def index_question(activity: Activity) -> None:
    refresh(kind=KIND, object_id=activity.subject_id)


@reaction("knowledge_base.index_topic", to=[TopicChanged])
def index_topic(activity: Activity) -> None:
    topic = TopicPage.objects.filter(pk=activity.subject_id).first()
    if topic is None:
        return  # its questions went with it, and each of them said so
    for pk in QuestionPage.objects.descendant_of(topic).values_list("pk", flat=True):
        refresh(kind=KIND, object_id=str(pk))


@reaction("knowledge_base.mirror_topic", to=[TopicChanged])
def mirror_topic(activity: Activity) -> None:
    topic = TopicPage.objects.live().filter(pk=activity.subject_id, alias_of=None).select_related("locale").first()
    if topic is not None and topic.is_source:
        domain.mirror(topic=topic)


@reaction("knowledge_base.index_news", to=[NewsChanged])
def index_news(activity: Activity) -> None:
    forget_latest()
    refresh(kind=news_projectors.KIND, object_id=activity.subject_id)


@reaction("knowledge_base.tell_subscribers", to=[NewsChanged])
def letters_of_news(activity: Activity) -> None:
    """A letter for each subscriber, each a job of its own; a translation has no letter besides its source's."""
    page = NewsPage.objects.live().filter(pk=activity.subject_id, alias_of=None).select_related("locale").first()
    if page is not None and page.is_source:
        tell_subscribers.enqueue(page.pk)


@reaction("knowledge_base.doubt_answers", to=[NewsChanged])
def doubt_answers(activity: Activity) -> None:
    page = NewsPage.objects.live().filter(pk=activity.subject_id, alias_of=None).select_related("locale").first()
    if page is not None and page.is_source:
        domain.doubt_answers(release=page)
