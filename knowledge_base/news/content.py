"""The example news of the demo world. Everything asks first whether it is already there."""

from __future__ import annotations

import json
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from ..content import news_index
from ..models import Change, Component, NewsPage

EXAMPLES = Path(__file__).parents[1] / "data" / "news_examples_ca.json"


def load_examples() -> int:
    """Publish the examples where there is no news at all; returns how many. Each says that it is one."""
    index = news_index()
    with transaction.atomic():
        if NewsPage.objects.exists():
            return 0
        examples = json.loads(EXAMPLES.read_text())
        for facts in reversed(examples):
            _translate(_publish(index, facts), facts)
    return len(examples)


def _publish(index: Any, facts: dict[str, Any]) -> NewsPage:
    page = NewsPage(
        title=facts["title"],
        kind=facts["kind"],
        version=facts["version"],
        date=timezone.localdate() - timedelta(days=facts["days"]),
        summary=facts["summary"],
        audience=facts["audience"],
        body=_body(facts["text"]),
        is_example=True,
        locale=index.locale,
    )
    page.changes = [
        Change(for_kind=kind, text=f"<p>{escape(text, quote=False)}</p>", sort_order=number)
        for number, (kind, text) in enumerate(facts["changes"])
    ]
    index.add_child(instance=page)
    page.components.set(Component.objects.filter(slug__in=facts["components"]))
    page.save()
    page.save_revision().publish()
    return page


def _translate(page: NewsPage, facts: dict[str, Any]) -> None:
    words = facts.get("es")
    if not words:
        return
    translation = page.copy_for_translation(Locale.objects.get(language_code="es"), copy_parents=True)
    translation.title, translation.slug, translation.summary = words["title"], words["slug"], words["summary"]
    translation.body = _body(words["text"])
    changes = list(translation.changes.all())
    for change, text in zip(changes, words["changes"], strict=True):
        change.text = f"<p>{escape(text, quote=False)}</p>"
    translation.changes = changes
    translation.save_revision().publish()


def _body(paragraphs: list[str]) -> str:
    text = "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)
    return json.dumps([{"type": "text", "value": text}])
