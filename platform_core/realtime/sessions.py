"""Who is at the other end of a socket: the session of the browser, read once, at the handshake."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import parse_cookie

from platform_core.accounts.models import User
from platform_core.accounts.public import current_code, has_second_factor

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Visitor:
    user_id: int | None
    session: str
    """The digest of the session's key; empty for somebody without one."""
    expires: float
    """When the session ends, seconds since the epoch."""


NOBODY = Visitor(None, "", float("inf"))


def digest(session_key: str) -> str:
    """What processes call a session among themselves: the key itself signs in whoever has it."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def visitor(headers: Iterable[tuple[bytes, bytes]]) -> Visitor:
    """Who sends these headers, as Django's own middleware would say. Queries the session and the person."""
    cookies: dict[str, str] = {}
    for name, value in headers:
        if name == b"cookie":
            cookies |= parse_cookie(value.decode("latin1"))
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return NOBODY
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    request: Any = SimpleNamespace(session=session)
    user = get_user(request)
    if not user.is_authenticated or person(user.pk) is None:
        return NOBODY
    return Visitor(user.pk, digest(session.session_key), session.get_expiry_date().timestamp())


def person(user_id: int | None) -> User | None:
    """The person, unless a page would not let them in: inactive, code of ethics or second factor pending."""
    user = User.objects.filter(pk=user_id, is_active=True).first() if user_id is not None else None
    if user is None or (not user.has_accepted_code and current_code() is not None):
        return None
    if settings.STAFF_SECOND_FACTOR_REQUIRED and user.is_staff and not has_second_factor(user):
        return None
    return user
