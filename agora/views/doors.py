"""Who comes in where: the community, topic and post of an address, for the person who asks. 404 for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import Http404

from agora import queries
from agora.models import Post, Topic
from platform_core.participation.public import spaces_entered_by

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest

    from platform_core.accounts.models import User
    from platform_core.base.errors import Refusal
    from platform_core.participation.models import Space

PAGES = ["GET", "HEAD", "POST"]


def me(request: HttpRequest) -> User:
    """Who is signed in: the views that ask have sent visitors away already."""
    return cast("User", request.user)


def space_of(request: HttpRequest, slug: str) -> Space:
    """A community that the person may enter."""
    found: Space | None = spaces_entered_by(request.user).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def reading_of(request: HttpRequest, slug: str, pk: int) -> queries.Reading:
    try:
        return queries.reading(request.user, pk, slug=slug)
    except Topic.DoesNotExist as missing:
        raise Http404 from missing


def post_of(request: HttpRequest, read: queries.Reading, number: int) -> Post:
    try:
        return queries.post_for(request.user, read, number)
    except Post.DoesNotExist as missing:
        raise Http404 from missing


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Put what the domain says beside the field that it is about."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))


def is_fragment(request: HttpRequest) -> bool:
    """Whether a module of ours asks for a part of the page."""
    return request.headers.get("X-Fragment") == "1"


def number_in(text: str, *, otherwise: int) -> int:
    """A whole number of an address; `otherwise` for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else otherwise


LONGEST_NUMBER = 9
