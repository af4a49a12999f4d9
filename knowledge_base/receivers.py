"""Wagtail tells of its pages by signals; here they become events, and the events keep the search as the pages are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.signals import post_delete
from wagtail.signals import page_published, page_unpublished, post_page_move

from platform_core.activity.domain import record
from platform_core.activity.reactions import reaction
from platform_core.search.public import refresh

from .events import QuestionChanged, TopicChanged
from .models import QuestionPage, TopicPage
from .projectors import KIND

if TYPE_CHECKING:
    from platform_core.activity.models import Activity

EVENTS: dict[type, type[QuestionChanged | TopicChanged]] = {QuestionPage: QuestionChanged, TopicPage: TopicChanged}


def tell(instance: Any, *, is_live: bool, actor: Any = None) -> None:
    if event := EVENTS.get(type(instance)):
        with transaction.atomic():
            record(event(is_live=is_live), actor=actor, subject=instance)


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
