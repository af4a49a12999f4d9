"""The product as the page servers are measured with: everything on, the database of DATABASE_URL or an SQLite file."""

import os

import environ

from platform_core.config.settings.embedded import *  # noqa: F403  the settings are one namespace by Django's design

ROOT_URLCONF = "bench.urls"
if url := os.environ.get("DATABASE_URL"):
    DATABASES = {"default": {**environ.Env.db_url_config(url), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
