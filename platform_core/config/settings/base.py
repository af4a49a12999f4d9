"""What every installation shares. `embedded`, `production` and `test` start from here."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from .accounts import *  # noqa: F403  the settings are one namespace by Django's design

ROOT = Path(__file__).resolve().parents[3]

INSTALLED_APPS = [
    "platform_core.config.apps.CompositionConfig",
    "platform_core.base",
    "platform_core.background",
    "platform_core.activity",
    "platform_core.accounts.apps.AccountsConfig",
    "platform_core.organisations",
    "platform_core.officehours",
    "platform_core.files",
    "platform_core.realtime",
    "platform_core.search",
    "platform_core.participation",
    "knowledge_base",
    "agora",
    "training",
    # Ours before the library's, so that our templates, static files and translations win.
    "helpdesk.desk.apps.DeskConfig",
    "helpdesk.desk.apps.UpstreamHelpdeskConfig",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "platform_core.accounts.decidim",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "platform_core.accounts.apps.WagtailUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "channels",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.humanize",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    "django.contrib.sitemaps",
    "platform_core.config.apps.StaticConfig",
    "django.forms",
]

MIDDLEWARE = [
    "platform_core.config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "training.packages.host.PackagesHost",
    "knowledge_base.caching.PublicPages",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "platform_core.accounts.middleware.LanguageOfTheAdministration",
    "platform_core.accounts.middleware.StaffSecondFactor",
    "platform_core.accounts.middleware.CodeOfEthicsInForce",
]

ROOT_URLCONF = "platform_core.config.urls"
ASGI_APPLICATION = "platform_core.config.asgi.application"
WSGI_APPLICATION = "platform_core.config.wsgi.application"

# What {% cache %} keeps of the frame of every page: in each process, as asking another takes longer than drawing.
CACHES: dict[str, dict[str, Any]] = {
    "template_fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fragments"}
}

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "platform_core.accounts.theme.theme",
                "platform_core.base.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

FORM_RENDERER = "platform_core.base.forms.ProductRenderer"

# Languages: Catalan has no prefix; the source strings are English.
LANGUAGE_CODE = "ca"
LANGUAGES = [("ca", "Català"), ("es", "Español"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Madrid"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES

SITE_ID = 1
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "platform_core" / "static"]
MEDIA_URL = "/media/"
# Where clamd listens, host:port or the path of its socket; empty for no malware scanner (docs/files.md).
CLAMD_ADDRESS = ""

# Wagtail
WAGTAIL_SITE_NAME = "Àgora Participa311"
WAGTAILADMIN_LOGIN_URL = "editors_door"  # one way in, with its throttling and second factor
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no picture is fetched from elsewhere
WAGTAIL_ALLOW_UNICODE_SLUGS = False  # addresses that can be said and typed: «adreça» is adreca
WAGTAIL_ENABLE_UPDATE_CHECK = False  # nor news of releases: docs/operators.md says how to upgrade
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_BASE_URL = "http://localhost:8000"

# django-helpdesk: we keep its tables and none of its pages (docs/decisions/0002-helpdesk-overlay.md).
HELPDESK_TEAMS_MODE_ENABLED = False
HELPDESK_KB_ENABLED = True  # False is a NameError in 2.6.1
HELPDESK_API_ENABLED = False
HELPDESK_PRIVATE_FOLLOWUP_MEANS_NO_EMAILS = True
HELPDESK_STAFF_ONLY_TICKET_OWNERS = True
HELPDESK_STAFF_ONLY_TICKET_CC = True

# ---- the desk ----
DESK_REOPEN_WITHIN = timedelta(days=14)  # after the resolution; a later answer opens another ticket

# ---- the knowledge base ----
ANSWER_REVIEW_MONTHS = 12  # after it was checked, an answer is checked again
ANSWER_REVIEW_NOTICE = timedelta(days=30)  # before that day, its owner is told

# Mail to the desk (docs/mail.md).
MAIL_MAX_SIZE = 40 * 1024 * 1024  # bytes; who sends more is asked for a smaller one
MAIL_MOST_PER_HOUR = 20  # from one sender; what is beyond waits for somebody of the desk
# Certificate of the authority that signed the mailboxes' certificates, besides those that the system knows.
MAIL_CA_FILE = ""

# Elasticsearch, for a larger installation; empty: the database alone (docs/operators.md). The prefix names its indexes.
SEARCH_ES_URL = ""
SEARCH_ES_CA_FILE = ""
SEARCH_ES_PREFIX = "agora"

# Seconds that a drawn page of the questions is kept for who is not signed in; a change shows at once all the same.
PUBLIC_PAGES_KEPT = 300

# Where packages inside lessons are served: another host name of the same product, or "" for its own (docs/training.md).
PACKAGES_ORIGIN = ""

# Background work: enqueueing is part of the transaction, in the same database.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# How long the activity log is kept: the ENS (RD 311/2022) has each body set it.
ACTIVITY_RETENTION = timedelta(days=730)
# What people or moderators took away from the communities is kept this long.
AGORA_RETENTION = timedelta(days=365)

# The service's own terms: who answers, and when the promise counts.
SERVICE_PHONE = "934 020 704"
SERVICE_EMAIL = "suportdecidim@diba.cat"

# Headers
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
