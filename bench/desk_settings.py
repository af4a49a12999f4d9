"""The product on the database of DATABASE_URL with the library's own pages beside it, as the desk is measured with."""

import os
import tempfile

import environ

from platform_core.config.settings.embedded import *  # noqa: F403  the settings are one namespace by Django's design
from platform_core.config.settings.embedded import INSTALLED_APPS, MIDDLEWARE, STORAGES

ROOT_URLCONF = "bench.desk_urls"
DATABASES = {"default": {**environ.Env.db_url_config(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 60}}
INSTALLED_APPS = [*INSTALLED_APPS, "bootstrap4form", "rest_framework"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MEDIA_ROOT = tempfile.mkdtemp(prefix="agora-bench-")
HELPDESK_SUBMIT_A_TICKET_PUBLIC = True
HELPDESK_PUBLIC_TICKET_QUEUE = "suport"
HELPDESK_PUBLIC_TICKET_PRIORITY = 3
HELPDESK_PUBLIC_TICKET_DUE_DATE = ""
# Theirs asks Django to sign in at "login"; ours knows who asks already.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name.lower()]
