"""What several pages of the training need: the course of an address, who asks, and what stands around a lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404

from knowledge_base.public import nearest_first, reading_language

from .. import queries
from ..permissions import visible_to

if TYPE_CHECKING:
    from django.http import HttpRequest

    from platform_core.accounts.models import User

    from ..models import CoursePage
    from ..outline import Item, Outline
    from ..queries import Learning


def course_or_404(request: HttpRequest, key: UUID) -> CoursePage:
    """A course that the viewer may read, by its name for ever, in their language if it is there."""
    found = visible_to(request.user).filter(translation_key=key)
    course = nearest_first(found, language=reading_language()).first()
    if course is None:
        raise Http404
    return course


def person_of(request: HttpRequest) -> User:
    """Who is signed in; the views say so by `login_required`."""
    return request.user  # type: ignore[return-value]  # not an AnonymousUser here


def around(page: CoursePage, outline: Outline, item: Item, learning: Learning | None) -> dict[str, Any]:
    """What stands around a lesson or quiz: the outline, and what comes before and after it."""
    section = outline.section_of(item)
    before, after = outline.beside(item)
    base = page.get_absolute_url()
    return {
        "page": page,
        "outline": outline,
        "item": item,
        "section": section,
        "section_number": outline.sections.index(section) + 1,
        "item_number": section.items.index(item) + 1,
        "parts": queries.parts_of(outline, base=base, learning=learning, here=item),
        "learning": learning,
        "is_done": bool(learning and item.key in learning.done),
        "before_url": f"{base}{before.path}/" if before else "",
        "after_url": f"{base}{after.path}/" if after else "",
        "before": before,
        "after": after,
        "course_url": base,
    }
