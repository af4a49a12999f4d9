"""Who may come in. What one may not see does not exist: 404, for who is signed in; a visitor is asked to sign in."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404

from helpdesk.desk.permissions import is_desk

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from platform_core.accounts.models import User


def desk_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For who works at the desk."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_desk(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def me(request: HttpRequest) -> User:
    """Who is signed in: the doors have sent visitors away already."""
    return cast("User", request.user)
