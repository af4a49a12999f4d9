"""Production refuses to start on a weak or missing value, and names it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
GOOD = {
    "SECRET_KEY": "k9Zr4vQe7Lw2Xc8Nb5Tm1Yp6Hj3Gd0Fs-AaUuIiOoEe_RrWwQqSsDdFfGg",
    "ALLOWED_HOSTS": "agora.example",
    "DATABASE_URL": "postgres://agora:p@127.0.0.1/agora",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://mail.example:587",
    "DEFAULT_FROM_EMAIL": "suport@agora.example",
}


def start(
    *, code: str = "import django; django.setup(); print('started')", **changes: str | None
) -> subprocess.CompletedProcess[str]:
    values = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "platform_core.config.settings.production",
        **values,
    }
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_it_starts_with_a_complete_environment():
    assert start().stdout == "started\n"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SECRET_KEY", None, "SECRET_KEY is not set"),
        ("SECRET_KEY", "short", "SECRET_KEY is weak"),
        ("SECRET_KEY", "a" * 80, "SECRET_KEY is weak"),
        ("SECRET_KEY", "embedded-only-not-a-secret-production-refuses-to-start-with-this", "SECRET_KEY is weak"),
        ("ALLOWED_HOSTS", None, "ALLOWED_HOSTS is not set"),
        ("ALLOWED_HOSTS", " , ", "ALLOWED_HOSTS is empty"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS is `*`"),
        ("DEBUG", "1", "DEBUG is set"),
        ("DEBUG", "true", "DEBUG is set"),
        ("DATABASE_URL", None, "DATABASE_URL is not set"),
        ("DATABASE_URL", "sqlite:////tmp/x", "DATABASE_URL must name a PostgreSQL database"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
        ("REDIS_URL", "http://example", "REDIS_URL cannot be read"),
        ("BASE_URL", "agora.example", "BASE_URL cannot be read"),
        ("PACKAGES_ORIGIN", "paquets.example", "PACKAGES_ORIGIN cannot be read"),
        ("PACKAGES_ORIGIN", "http://paquets.example", "PACKAGES_ORIGIN cannot be read"),
        ("PACKAGES_ORIGIN", "https://paquets.example/curs", "PACKAGES_ORIGIN cannot be read"),
        ("PACKAGES_ORIGIN", "https://agora.example", "PACKAGES_ORIGIN is a host of the product itself"),
        ("EMAIL_URL", "pigeon://", "EMAIL_URL cannot be read"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL must be one of"),
    ],
)
def test_it_refuses_and_names_the_variable(name: str, value: str | None, says: str):
    result = start(**{name: value})
    assert result.returncode == 1
    assert says in result.stderr
    assert "started" not in result.stdout


def test_debug_written_as_off_is_accepted():
    assert start(DEBUG="0").stdout == "started\n"


def test_a_form_sent_from_another_port_than_443_is_ours():
    code = "from django.conf import settings; print(*settings.CSRF_TRUSTED_ORIGINS)"
    assert start(code=code).stdout == "https://agora.example https://agora.example\n"
    told = start(code=code, BASE_URL="https://agora.example:8443/")
    assert told.stdout == "https://agora.example https://agora.example:8443\n"


def test_the_host_of_packages_is_answered_and_no_form_comes_from_it():
    code = "from django.conf import settings as s; print(s.PACKAGES_ORIGIN, *s.ALLOWED_HOSTS, *s.CSRF_TRUSTED_ORIGINS)"
    told = start(code=code, PACKAGES_ORIGIN="https://paquets.example/")
    hosts = "agora.example paquets.example"
    assert told.stdout == f"https://paquets.example {hosts} https://agora.example https://agora.example\n"
