"""Questions for the tests, published as the editors do, and told to the search by the worker."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from knowledge_base.content import prepare
from knowledge_base.models import Audience, QuestionPage, TopicPage
from platform_core.background.worker import Worker

if TYPE_CHECKING:
    from knowledge_base.models import FaqIndexPage


def index() -> FaqIndexPage:
    return prepare()


def topic(title: str = "Logotip", **facts: Any) -> TopicPage:
    page = TopicPage(title=title, **facts)
    index().add_child(instance=page)
    page.save_revision().publish()
    return page


def question(
    title: str = "On es canvia el logotip?",
    *,
    of: TopicPage | None = None,
    text: str = "A la configuració de l'aparença.",
    audience: Audience = Audience.PUBLIC,
    live: bool = True,
    **facts: Any,
) -> QuestionPage:
    """A question of `of` (or of a topic of its own) whose answer is one paragraph."""
    parent = of or TopicPage.objects.first() or topic()
    answer = json.dumps([{"type": "text", "value": f"<p>{text}</p>"}])
    page = QuestionPage(title=title, answer=answer, audience=audience, live=live, **facts)
    parent.add_child(instance=page)
    if live:
        page.save_revision().publish()
    return page


def deliver() -> None:
    """What the worker does meanwhile: among it, telling the search."""
    Worker().drain()
