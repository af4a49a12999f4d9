"""One process, no services: SQLite, an in-memory layer for the sockets, mail to the terminal."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403  the settings are one namespace by Django's design
from .base import CACHES, ROOT
from .sqlite import sqlite_database

DATA = Path(os.environ.get("DATA") or ROOT / ".data").resolve()

if any(place.exists() and not place.is_dir() for place in (DATA, *DATA.parents)):
    raise ImproperlyConfigured(f"DATA={DATA} is not a folder. Choose another: DATA=folder make run")

DEBUG = False
SECRET_KEY = "embedded-only-not-a-secret-production-refuses-to-start-with-this"  # noqa: S105  public on purpose
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "0.0.0.0"]  # noqa: S104  a host name, not a bind address

DATABASES = {"default": sqlite_database(DATA / "agora.sqlite3")}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CACHES = {**CACHES, "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {"BACKEND": "platform_core.files.storage.PrivateStorage", "OPTIONS": {"location": DATA / "private"}},
    "staticfiles": {"BACKEND": "platform_core.base.storage.StaticStorage"},
}
MEDIA_ROOT = DATA / "media"
CLAMD_ADDRESS = os.environ.get("CLAMD_ADDRESS", "")
PACKAGES_ORIGIN = os.environ.get("PACKAGES_ORIGIN", "").rstrip("/")
MAIL_CA_FILE = os.environ.get("MAIL_CA_FILE", "")
SEARCH_ES_URL = os.environ.get("SEARCH_ES_URL", "")
SEARCH_ES_CA_FILE = os.environ.get("SEARCH_ES_CA_FILE", "")
STATIC_ROOT = DATA / "static"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"
DEFAULT_FROM_EMAIL = "Suport Participa311 <suport@desk.test>"
# `manage.py demo_world` fills only a database that may be filled with made-up people.
DEMO_WORLD_ALLOWED = True

# The address that links in mails begin with.
WAGTAILADMIN_BASE_URL = f"http://localhost:{os.environ.get('PORT') or 8000}"
