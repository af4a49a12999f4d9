"""Who may read a question. Each rule twice: of one page, and as a queryset; a test proves them equal.

What one may not read does not exist for them: 404, no count, no search result, no file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Length, Substr
from wagtail.models import Page, ReferenceIndex

from platform_core.organisations.public import is_staff

from .models import Audience, QuestionPage, TopicPage

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from platform_core.accounts.roles import Someone


def audiences_of(viewer: Someone) -> list[Audience]:
    """The audiences that a viewer belongs to. At most one query for each user object (their roles)."""
    if not viewer.is_authenticated or not viewer.is_active:
        return [Audience.PUBLIC]
    if is_staff(viewer):
        return list(Audience)
    return [Audience.PUBLIC, Audience.SIGNED_IN]


def can_read(viewer: Someone, question: QuestionPage) -> bool:
    """Published, in a published topic, and for somebody like the viewer."""
    return bool(question.live and question.audience in audiences_of(viewer) and question.topic.live)


def visible_to(viewer: Someone) -> QuerySet[QuestionPage]:
    """The questions that the viewer may read, with words of their own, in any language.

    Each has `topic_path`, the tree path of its topic.
    """
    questions: QuerySet[QuestionPage] = (
        QuestionPage.objects.live()
        .filter(alias_of=None)
        .annotate(topic_path=Substr("path", 1, Length(F("path")) - QuestionPage.steplen))
    )
    topics = TopicPage.objects.live().filter(path=OuterRef("topic_path"))
    return questions.filter(Exists(topics), audience__in=audiences_of(viewer))


Opens = Callable[["Someone", "Model"], bool]
_opens: list[Opens] = []


def opens_files(rule: Opens) -> Opens:
    """Add a rule of another app: whether a viewer may open a file of the editors' library because something of that
    app, which they may read, uses it."""
    if rule not in _opens:
        _opens.append(rule)
    return rule


def can_open(viewer: Someone, file: Model) -> bool:
    """Whether the viewer may open a file of the editors' library: editors all, readers what their questions use."""
    if viewer.is_authenticated and viewer.is_active and viewer.has_perm("wagtailadmin.access_admin"):
        return True
    used_by = ReferenceIndex.get_references_to(file).values_list("object_id", flat=True)
    pages = [int(pk) for pk in used_by.filter(base_content_type__model=Page._meta.model_name).distinct()]
    if pages and visible_to(viewer).filter(pk__in=pages).exists():
        return True
    return any(rule(viewer, file) for rule in _opens)
