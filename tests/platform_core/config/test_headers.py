"""What every response tells the browser to refuse."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

STRICT = {"script-src 'self'", "style-src 'self'", "default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"}


def policy(response) -> set[str]:
    return {directive.strip() for directive in response.headers["Content-Security-Policy"].split(";")}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/compte/login/", "/horari/", "/es/", "/no-existeix/", "/admin/login/"])
def test_pages_run_no_inline_script_or_style(client: Client, path: str):
    assert policy(client.get(path)) >= STRICT


@pytest.mark.django_db
def test_only_the_editors_room_may_run_inline_scripts(client: Client):
    admin = get_user_model().objects.create_superuser("admin@desk.test", "participa311-demo")
    client.force_login(admin)
    assert "script-src 'self' 'unsafe-inline'" in policy(client.get("/gestio/pages/", follow=True))
    assert policy(client.get("/gestio/estil/")) >= STRICT


@pytest.mark.django_db
def test_pages_cannot_be_framed_or_sniffed_and_leak_no_address(client: Client):
    headers = client.get("/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
