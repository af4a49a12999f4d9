"""The product on the database of DATABASE_URL with django-machina's pages beside it, as topics are measured with."""

import os
import tempfile

import environ
from machina import MACHINA_MAIN_STATIC_DIR, MACHINA_MAIN_TEMPLATE_DIR

from platform_core.config.settings.embedded import *  # noqa: F403  the settings are one namespace by Django's design
from platform_core.config.settings.embedded import CACHES, INSTALLED_APPS, MIDDLEWARE, STORAGES, TEMPLATES

ROOT_URLCONF = "bench.agora_urls"
DATABASES = {"default": {**environ.Env.db_url_config(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 60}}
INSTALLED_APPS = [
    *INSTALLED_APPS, "mptt", "haystack", "widget_tweaks", "machina", "machina.apps.forum",
    "machina.apps.forum_conversation", "machina.apps.forum_conversation.forum_attachments",
    "machina.apps.forum_conversation.forum_polls", "machina.apps.forum_feeds", "machina.apps.forum_moderation",
    "machina.apps.forum_search", "machina.apps.forum_tracking", "machina.apps.forum_member",
    "machina.apps.forum_permission",
]  # fmt: skip
MIDDLEWARE = [
    *(name for name in MIDDLEWARE if "whitenoise" not in name.lower()),
    "machina.apps.forum_permission.middleware.ForumPermissionMiddleware",
]
ours = TEMPLATES[0]
TEMPLATES = [
    {
        **ours,
        "DIRS": [*ours["DIRS"], MACHINA_MAIN_TEMPLATE_DIR],
        "OPTIONS": {
            **ours["OPTIONS"],
            "context_processors": [
                *ours["OPTIONS"]["context_processors"], "machina.core.context_processors.metadata",
            ],
        },
    }
]  # fmt: skip
CACHES = {**CACHES, "machina_attachments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
STATICFILES_DIRS = [MACHINA_MAIN_STATIC_DIR]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver"]
MEDIA_ROOT = tempfile.mkdtemp(prefix="agora-bench-")
# As many posts a page as ours, and what a member of ours may do.
MACHINA_TOPIC_POSTS_NUMBER_PER_PAGE = 20
MACHINA_USER_DISPLAY_NAME_METHOD = "get_full_name"
MACHINA_DEFAULT_AUTHENTICATED_USER_FORUM_PERMISSIONS = [
    "can_see_forum", "can_read_forum", "can_start_new_topics", "can_reply_to_topics", "can_edit_own_posts",
    "can_post_without_approval", "can_vote_in_polls", "can_download_file",
]  # fmt: skip
