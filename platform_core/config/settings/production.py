"""Production: everything from the environment, and a clear refusal where it is missing or weak.

Every variable is described in docs/operators.md. Nothing secret has a default.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403  the settings are one namespace by Django's design
from .base import CACHES, CONTENT_SECURITY_POLICY

env = environ.Env()

WEAK_SECRET_LENGTH = 50
"""Characters; Django's own `check --deploy` warns below the same length (security.W009)."""


def _required(name: str, why: str) -> str:
    value = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {why} See docs/operators.md.")
    return value


if env.str("DEBUG", default="").strip().lower() not in ("", "0", "false", "no", "off"):
    raise ImproperlyConfigured("DEBUG is set. Production never runs with DEBUG: it would show secrets. Unset it.")
DEBUG = False

SECRET_KEY = _required("SECRET_KEY", "Generate one: python -c 'import secrets; print(secrets.token_urlsafe(64))'.")
if len(SECRET_KEY) < WEAK_SECRET_LENGTH or len(set(SECRET_KEY)) < 10 or "not-a-secret" in SECRET_KEY:  # noqa: PLR2004
    raise ImproperlyConfigured(
        f"SECRET_KEY is weak: it needs at least {WEAK_SECRET_LENGTH} random characters. "
        "Generate one: python -c 'import secrets; print(secrets.token_urlsafe(64))'."
    )
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

_hosts = _required("ALLOWED_HOSTS", "A comma-separated list of host names.").split(",")
ALLOWED_HOSTS = [host.strip() for host in _hosts if host.strip()]
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is empty: a comma-separated list of host names. See docs/operators.md.")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is `*`, which trusts any Host header. Name the hosts.")
WAGTAILADMIN_BASE_URL = env.str("BASE_URL", default=f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
if not WAGTAILADMIN_BASE_URL.startswith("https://"):
    raise ImproperlyConfigured("BASE_URL cannot be read. For example https://agora.example.")
# With the port that people use, when it is another than 443: the proxy passes the host on without it.
CSRF_TRUSTED_ORIGINS = [*(f"https://{host}" for host in ALLOWED_HOSTS), WAGTAILADMIN_BASE_URL]

PACKAGES_ORIGIN = env.str("PACKAGES_ORIGIN", default="").strip().rstrip("/")
if PACKAGES_ORIGIN:
    _packages = urlsplit(PACKAGES_ORIGIN)
    if _packages.scheme != "https" or not _packages.hostname or _packages.path or _packages.query:
        raise ImproperlyConfigured("PACKAGES_ORIGIN cannot be read. For example https://paquets.example.")
    if _packages.hostname in (*ALLOWED_HOSTS, urlsplit(WAGTAILADMIN_BASE_URL).hostname):
        raise ImproperlyConfigured("PACKAGES_ORIGIN is a host of the product itself. Give packages another name.")
    ALLOWED_HOSTS.append(_packages.hostname)  # after the origins that forms may come from, which it is not one of

DATA = Path(env.str("DATA", default="/var/lib/agora"))
MEDIA_ROOT = DATA / "media"
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="").strip()
if CLAMD_ADDRESS and not CLAMD_ADDRESS.startswith("/") and not CLAMD_ADDRESS.rpartition(":")[2].isdecimal():
    raise ImproperlyConfigured("CLAMD_ADDRESS cannot be read. For example clamd:3310 or /run/clamav/clamd.ctl.")
SEARCH_ES_URL = env.str("SEARCH_ES_URL", default="").strip()
if SEARCH_ES_URL and not SEARCH_ES_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured("SEARCH_ES_URL cannot be read. For example http://elasticsearch:9200.")
SEARCH_ES_CA_FILE = env.str("SEARCH_ES_CA_FILE", default="").strip()
if SEARCH_ES_CA_FILE and not Path(SEARCH_ES_CA_FILE).is_file():
    raise ImproperlyConfigured(f"SEARCH_ES_CA_FILE={SEARCH_ES_CA_FILE} is not a file. Leave it empty if there is none.")
SEARCH_ES_PREFIX = env.str("SEARCH_ES_PREFIX", default="agora").strip()
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {"BACKEND": "platform_core.files.storage.PrivateStorage", "OPTIONS": {"location": DATA / "private"}},
    "staticfiles": {"BACKEND": "platform_core.base.storage.StaticStorage"},
}


def _parsed(name: str, parse: object, example: str) -> dict:
    value = _required(name, f"For example {example}.")
    try:
        return parse(value)  # type: ignore[operator]
    except Exception as problem:
        raise ImproperlyConfigured(f"{name} cannot be read ({problem}). For example {example}.") from problem


DATABASES = {
    "default": {
        **_parsed("DATABASE_URL", environ.Env.db_url_config, "postgres://agora:password@db/agora"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://agora:password@db/agora.")

REDIS_URL = _required("REDIS_URL", "For example redis://redis:6379/0.")
if not REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
    raise ImproperlyConfigured("REDIS_URL cannot be read. For example redis://redis:6379/0.")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # The layer waits five seconds for a message, which is also when redis-py gives up reading by default.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": 15}], "capacity": 1000},
    }
}
CACHES = {
    **CACHES,
    "default": {
        "BACKEND": "platform_core.config.cache.SteadyRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1.0},  # seconds
    },
}
# With Redis away people stay signed in: the database has the sessions, the cache only speeds them up.
SESSION_ENGINE = "django.contrib.sessions.backends.db"

vars().update(_parsed("EMAIL_URL", environ.Env.email_url_config, "smtp+tls://user:password@mail.example:587"))
EMAIL_TIMEOUT = 15
MAIL_CA_FILE = env.str("MAIL_CA_FILE", default="").strip()
if MAIL_CA_FILE and not Path(MAIL_CA_FILE).is_file():
    raise ImproperlyConfigured(
        f"MAIL_CA_FILE={MAIL_CA_FILE} is not a file. Leave it empty for the system's authorities."
    )
DEFAULT_FROM_EMAIL = _required("DEFAULT_FROM_EMAIL", "The sender of every mail.")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

STAFF_SECOND_FACTOR_REQUIRED = True
# The proxy appends the visitor's address to X-Forwarded-For; without it all visitors would share one limit of attempts.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # probes come from inside, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO").upper()},
}
if LOGGING["root"]["level"] not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):  # type: ignore[index]
    raise ImproperlyConfigured("LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL.")
