"""News for the tests, published as the editors do."""

from __future__ import annotations

import json
from typing import Any

from knowledge_base.content import news_index
from knowledge_base.models import Audience, Change, Component, NewsKind, NewsPage


def component(slug: str = "propostes") -> Component:
    news_index()
    return Component.objects.get(slug=slug)


def news(
    title: str = "Noves sessions",
    *,
    text: str = "Hi ha places.",
    audience: Audience = Audience.PUBLIC,
    components: tuple[Component, ...] = (),
    changes: tuple[tuple[str, str], ...] = (),
    live: bool = True,
    **facts: Any,
) -> NewsPage:
    """A page of news; `changes` are pairs of the kind of body ("" for everybody) and the words."""
    body = json.dumps([{"type": "text", "value": f"<p>{text}</p>"}])
    facts.setdefault("summary", f"En resum: {title}.")
    page = NewsPage(title=title, body=body, audience=audience, live=live, **facts)
    page.changes = [Change(for_kind=kind, text=f"<p>{words}</p>") for kind, words in changes]
    news_index().add_child(instance=page)
    page.components = list(components)
    page.save()
    if live:
        page.save_revision().publish()
    return page


def release(version: str = "0.31.2", **facts: Any) -> NewsPage:
    facts.setdefault("title", f"Versió {version}")
    return news(kind=NewsKind.RELEASE, version=version, **facts)
