"""The last page: something broke here, or the database is away."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error as broken

RETRY_AFTER = 30
"""Seconds after which a browser or a program may ask again (RFC 9110, 10.2.3)."""


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database cannot be used, which passes by itself; 500 for what we must mend.

    Django calls it as `handler500`, wherever in the middleware or the views it happened. The pages ask nothing of the
    database, the session or the reader's language.
    """
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        page = render_to_string("unavailable.html")
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"})
    return broken(request)
