"""Whom and what one may name while writing. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from helpdesk.desk.permissions import visible_to
from platform_core.base.markup import handle
from platform_core.participation.public import members_of

from .permissions import topics_visible_to

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.participation.models import Space

MOST = 8
LONGEST_QUERY = 60
LONGEST_ID = 17


def people(space: Space, text: str) -> list[dict[str, str]]:
    """Members with a word of their name that begins so, as {"label", "insert"}. One query."""
    text = " ".join(text.replace("-", " ").replace("\x00", "").split())[:LONGEST_QUERY]
    named = Q(person__name__istartswith=text) | Q(person__name__icontains=f" {text}") if text else Q()
    members = members_of(space).filter(named, person__is_active=True).exclude(person__name="")
    found = members.order_by("person__name", "person").values_list("person", "person__name")[:MOST]
    return [{"label": name, "insert": f"@{handle(name, pk)}"} for pk, name in found]


def things(viewer: User, text: str) -> list[dict[str, str]]:
    """Topics and tickets by their reference or words of their title, as {"label", "insert"}. Two queries at most."""
    text = " ".join(text.replace("\x00", "").split())[:LONGEST_QUERY]
    number = text.upper().removeprefix("T-").removeprefix("S-")
    is_number = number.isascii() and number.isdigit() and len(number) <= LONGEST_ID
    if not text:
        return []
    by_number = Q(pk=int(number)) if is_number else Q()
    found: list[dict[str, str]] = []
    if not text.upper().startswith("S-"):
        topics = topics_visible_to(viewer).filter(by_number if is_number else Q(title__icontains=text))
        for pk, title in topics.order_by("-last_post_at").values_list("pk", "title")[:MOST]:
            found.append({"label": f"T-{pk} · {title}", "insert": f"#T-{pk}"})
    if not text.upper().startswith("T-"):
        cases = visible_to(viewer).filter(by_number if is_number else Q(ticket__title__icontains=text))
        for pk, title in cases.order_by("-pk").values_list("pk", "ticket__title")[:MOST]:
            found.append({"label": f"S-{pk} · {title}", "insert": f"#S-{pk}"})
    return found[:MOST]
