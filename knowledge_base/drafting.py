"""An answer that another app proposes: a page that nobody but the editors sees until they publish it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import nh3
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from platform_core.activity.domain import record
from platform_core.base.errors import Refusal
from platform_core.base.markup import render_markdown

from .events import AnswerDrafted
from .models import Audience, Confidence, QuestionPage, TopicPage
from .permissions import can_read

if TYPE_CHECKING:
    from collections.abc import Collection

    from platform_core.accounts.models import User
    from platform_core.accounts.roles import Someone

LONGEST_TITLE = 255
LONGEST_ANSWER = 50_000
"""Characters."""

# What an answer's own text may be made of (blocks.WITH_LISTS); the rest becomes paragraphs.
_TAGS = {"p", "br", "b", "strong", "i", "em", "a", "code", "ol", "ul", "li"}
_AS_PARAGRAPH = re.compile(r"<(/?)(?:h[1-6]|pre|tr|blockquote)(?=[\s>])[^>]*>")
_IN_PARAGRAPH = re.compile(r"(?:<p>\s*)+")
_OUT_OF_PARAGRAPH = re.compile(r"(?:</p>\s*)+")


@dataclass(frozen=True)
class Proposed:
    """A proposed answer as somebody may see it: `url` leads to where they may read or edit it, "" for nowhere."""

    pk: int
    title: str
    is_live: bool
    url: str


def draft_answer(*, author: User, topic: str, title: str, question: str = "", answer: str) -> int:
    """Write a draft under the topic with this slug, for the editors to review; returns its id.

    `question`, what was asked in detail, comes before the `answer`; both are Markdown. The draft is for who is signed
    in and waits for confirmation until an editor says otherwise. Raises Refusal for an empty or overlong title or
    answer, and for a topic that is not there.
    """
    title = " ".join(title.replace("\x00", "").split())
    answer, question = answer.replace("\x00", "").strip(), question.replace("\x00", "").strip()
    _guard(title, answer + question, has_answer=bool(answer))
    parent = TopicPage.objects.live().filter(slug=topic).order_by("path").first()
    if parent is None:
        raise Refusal(_("Choose one of the topics."), field="topic")
    blocks = [{"type": "text", "value": as_rich_text(text)} for text in (question, answer) if text]
    page = QuestionPage(
        title=title,
        answer=json.dumps(blocks),
        audience=Audience.SIGNED_IN,
        confidence=Confidence.TO_CONFIRM,
        locale=parent.locale,
        owner=author,
        live=False,
    )
    with transaction.atomic():
        parent.add_child(instance=page)
        page.save_revision(user=author, log_action=True)
        record(AnswerDrafted(topic=topic), actor=author, subject=page)
    return int(page.pk)


def as_rich_text(markdown: str) -> str:
    """Markdown as the HTML that the editors' field keeps: paragraphs, lists, bold, italic, code and links."""
    html = _AS_PARAGRAPH.sub(r"<\1p>", render_markdown(markdown))
    html = _OUT_OF_PARAGRAPH.sub("</p>", _IN_PARAGRAPH.sub("<p>", html))
    return nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, link_rel=None)


def proposed(ids: Collection[int], *, viewer: Someone) -> dict[int, Proposed]:
    """Of proposed answers, what there is to show of each; those that were deleted are missing. Few queries a page."""
    pages = QuestionPage.objects.in_bulk(list(ids))
    return {pk: Proposed(pk, page.title, page.live, _where(page, viewer)) for pk, page in pages.items()}


def _where(page: QuestionPage, viewer: Someone) -> str:
    if page.live and can_read(viewer, page):
        return page.get_absolute_url()
    if viewer.is_authenticated and page.permissions_for_user(viewer).can_edit():
        return reverse("wagtailadmin_pages:edit", args=[page.pk])
    return ""


def _guard(title: str, text: str, *, has_answer: bool) -> None:
    if not any(char.isascii() and char.isalnum() for char in title):  # its address is made of them
        raise Refusal(_("Write the question in one sentence."), field="title")
    if len(title) > LONGEST_TITLE:
        raise Refusal(
            _("This title is too long: at most %(most)d characters.") % {"most": LONGEST_TITLE}, field="title"
        )
    if not has_answer:
        raise Refusal(_("Write the answer."), field="answer")
    if len(text) > LONGEST_ANSWER:
        raise Refusal(_("This is too long: at most %(most)d characters.") % {"most": LONGEST_ANSWER}, field="answer")
