"""Posts as HTML, drawn once for all readers who see them alike.

A topic's page is mostly its posts, and most readers see most posts the same. So the drawing of a post is kept in this
process under everything that it is made of: what changes is drawn anew, and nobody gets what was drawn for others
unless it says exactly the same.
"""

from __future__ import annotations

from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from .models import ReactionKind

if TYPE_CHECKING:
    from django.http import HttpRequest

    from .queries import Line, Reading

MOST_KEPT = 2000
"""Drawings, of some 5 kB each; the oldest makes room."""
TOKEN = token_urlsafe(32)
"""The place where each reader's own token is put: by chance, and only inside the field that Django draws (a `<` in what
people write is escaped), so that nobody can have the token of their readers put into their own words."""
FIELD = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
ICONS = {
    ReactionKind.LIKE: "thumb-up",
    ReactionKind.THANKS: "heart-handshake",
    ReactionKind.IDEA: "bulb",
    ReactionKind.SMILE: "mood-smile",
}

_kept: dict[tuple[Any, ...], str] = {}


def draw(request: HttpRequest, read: Reading, line: Line, *, token: str | None = None) -> SafeString:
    """A post as its reader sees it. `token`: the CSRF token of a page that has one already."""
    key = (get_language(), timezone.localdate(), request.user.is_authenticated, *_of_reading(read), *_of_line(line))
    drawn = _kept.get(key)
    if drawn is None:
        drawn = draw_anew(read, line, is_signed_in=request.user.is_authenticated)
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = drawn
    if TOKEN in drawn:
        drawn = drawn.replace(FIELD.format(TOKEN), FIELD.format(token or get_token(request)))
    return mark_safe(drawn)  # noqa: S308  a template's


def draw_anew(read: Reading, line: Line, *, is_signed_in: bool) -> str:
    """The same from the template, with TOKEN where the reader's token goes."""
    drawn: str = get_template("agora/parts/post.html").render(
        {
            "read": read,
            "topic": read.topic,
            "space": read.topic.space,
            "line": line,
            "reactions": [(kind, kind.label, ICONS[kind]) for kind in ReactionKind],
            "user": {"is_authenticated": is_signed_in},
            "csrf_token": TOKEN,
        }
    )
    return drawn


def _of_reading(read: Reading) -> tuple[Any, ...]:
    topic = read.topic
    return (
        topic.pk, topic.space.slug, topic.kind, read.may_react, read.may_post, read.may_accept, read.moderates,
    )  # fmt: skip


def _of_line(line: Line) -> tuple[Any, ...]:
    """Every column of the post, what it refers to, and all that the reader has with it."""
    post, bridge = line.post, line.bridge
    reply, moved = post.reply_to, post.moved_to
    return (
        *(post.__dict__[field.attname] for field in post._meta.concrete_fields),
        post.author.name if post.author else None,
        (reply.number, reply.author.name if reply.author else None) if reply else None,
        moved.topic.get_absolute_url() if moved else None,
        (bridge.pk, bridge.case_id, bridge.brings_answer) if bridge else None,
        line.html, line.place, tuple(line.reactions), line.my_vote, line.is_bookmarked, line.is_new, line.is_accepted,
        line.is_by_asker, line.is_mine, line.may_edit, line.may_restore, line.may_flag, line.may_file, line.shows_words,
        line.hiding_id,
    )  # fmt: skip
