"""The settings of the tests. DATABASE_URL and REDIS_URL come from `make test`, which starts the servers."""

import os
import tempfile
from pathlib import Path

import environ

from .base import *  # noqa: F403  the settings are one namespace by Django's design
from .base import CACHES
from .sqlite import sqlite_database

DATA = Path(os.environ.get("DATA") or tempfile.mkdtemp(prefix="agora-test-"))
SECRET_KEY = "tests-only-not-a-secret"  # noqa: S105  public on purpose
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]

if url := os.environ.get("DATABASE_URL"):
    DATABASES = {"default": environ.Env.db_url_config(url)}
else:
    # A real file, so that the tests meet the same locks as the product.
    DATABASES = {"default": {**sqlite_database(DATA / "none.sqlite3"), "TEST": {"NAME": DATA / "test.sqlite3"}}}

CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CACHES = {**CACHES, "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "media"
PUBLIC_PAGES_KEPT = 0  # each test has pages of its own; those of the kept pages set it
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# `manage.py demo_world` fills only a database that may be filled with made-up people.
DEMO_WORLD_ALLOWED = True
