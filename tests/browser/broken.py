"""A server whose pages break, to see what people see then: `python -m tests.browser.broken PORT`."""

from __future__ import annotations

import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.wsgi import get_wsgi_application
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from platform_core.config.settings.embedded import *  # noqa: F403  the settings are one namespace by Django's design

ROOT_URLCONF = "tests.browser.broken"
BROKEN, AWAY = "/trencada/", "/base-de-dades/"


def broken(_request: HttpRequest) -> HttpResponse:
    raise KeyError("something that we must mend")


def away(_request: HttpRequest) -> HttpResponse:
    raise OperationalError("the database is away")


urlpatterns = [path(BROKEN[1:], broken), path(AWAY[1:], away)]
handler500 = "platform_core.config.failures.server_error"


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words: object) -> None:
        pass


if __name__ == "__main__":
    make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application(), handler_class=Quiet).serve_forever()
