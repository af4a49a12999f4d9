"""The least that Django can do: one view, no middleware, no database. What a server can serve at most."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.urls import path

from bench.empty import empty

if not settings.configured:
    settings.configure(
        SECRET_KEY=os.urandom(32).hex(),
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="bench.bare",
        MIDDLEWARE=[],
        INSTALLED_APPS=[],
    )

urlpatterns = [path("empty", empty)]
wsgi = get_wsgi_application()
asgi = get_asgi_application()
