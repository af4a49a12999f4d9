"""Who is at the other end of a socket: the session of the browser, read at the handshake and with each right."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.http import parse_cookie

from platform_core.accounts.models import User
from platform_core.accounts.public import current_code, has_second_factor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.sessions.backends.base import SessionBase


@dataclass(frozen=True, slots=True)
class Visitor:
    user_id: int | None
    key: str
    """The session's key; empty for somebody without one. It stays in this process."""
    session: str
    """Its digest, by which processes name it."""
    expires: float
    """When the session ends, seconds since the epoch."""


NOBODY = Visitor(None, "", "", float("inf"))


class SignedOut(Exception):
    """The session that opened a socket has ended, or its person may not use the service any more."""


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
    user = _person(session)
    if user is None:
        return NOBODY
    key = str(session.session_key)
    # Not what the session itself says, which is as long again from now on: only a page's answer makes it so.
    kept = Session.objects.filter(pk=key).values_list("expire_date", flat=True).first()
    return Visitor(user.pk, key, digest(key), (kept or session.get_expiry_date()).timestamp())


def person(who: Visitor) -> User | None:
    """The person of a handshake, as they are now; None for nobody. Raises SignedOut."""
    if who.user_id is None:
        return None
    user = _person(import_module(settings.SESSION_ENGINE).SessionStore(who.key))
    if user is None or user.pk != who.user_id:
        raise SignedOut
    return user


def _person(session: SessionBase) -> User | None:
    """Whose session it is, unless a page would not let them in: inactive, code of ethics or second factor pending."""
    request: Any = SimpleNamespace(session=session)
    user = get_user(request)
    if not isinstance(user, User) or not user.is_active:
        return None
    if not user.has_accepted_code and current_code() is not None:
        return None
    if settings.STAFF_SECOND_FACTOR_REQUIRED and user.is_staff and not has_second_factor(user):
        return None
    return user
