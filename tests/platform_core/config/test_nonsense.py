"""Nonsense in an address is answered calmly: never an error of ours, never somebody else's address."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.accounts import UserFactory

PATHS = [
    "/",
    "/horari/",
    "/ens/",
    "/ens/no-hi-es/",
    "/perfil/",
    "/codi-etic/",
    "/compte/login/",
    "/compte/signup/",
    "/compte/password/reset/",
    "/compte/sessions/",
    "/accessibilitat/",
    "/gestio/estil/",
    "/gestio/login/",
    "/admin/activity/activity/",
    "/admin/organisations/organisation/",
    "/admin/accounts/user/",
    "/healthz",
    "/readyz",
]
NAMES = ["q", "name", "comarca", "joined", "referent", "order", "after", "before", "page", "p", "o", "next", "at__gte"]
NONSENSE = [
    "\x00",
    "-1",
    "99999999999999999999999999",
    "1e400",
    "'; DROP TABLE accounts_user; --",
    "<script>alert(1)</script>",
    "2026-02-30",
    "10000-01-01",
    "//elsewhere.test/",
    "٣",
    "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "%",
    "é" * 3000,
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_nonsense_in_every_query_parameter_is_answered_calmly(path: str, client: Client):
    administrator = UserFactory(is_staff=True, is_superuser=True)
    for person in (None, administrator):
        if person:
            client.force_login(person)
        for value in NONSENSE:
            response = client.get(path, dict.fromkeys(NAMES, value))
            assert response.status_code < 500 or path == "/readyz", (value, response.status_code)
            assert "elsewhere.test" not in response.headers.get("Location", "").split("?")[0]
            assert b"<script>alert(1)" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/compte/login/", "/compte/signup/", "/compte/password/reset/"])
def test_nonsense_in_a_form_is_shown_beside_it(path: str, client: Client):
    for value in NONSENSE:
        fields = dict.fromkeys(["login", "password", "email", "password1", "password2"], value)
        response = client.post(path, fields)
        assert response.status_code in {200, 302, 400, 429}, (value, response.status_code)
