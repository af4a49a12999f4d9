"""When something breaks, the page says whether to wait or to write to us."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, InterfaceError, OperationalError
from django.test import Client

from platform_core.config import pages


@pytest.fixture
def visitor() -> Client:
    """A browser, which gets the error page where a test would get the exception."""
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize("problem", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_a_503_that_says_when_to_come_back(visitor, monkeypatch, problem):
    def away(*_args, **_kwargs):
        raise problem("connection refused")

    monkeypatch.setattr(pages, "render", away)
    response = visitor.get("/")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert "unavailable.html" in [template.name for template in response.templates]
    assert b"connection refused" not in response.content


@pytest.mark.django_db
def test_it_is_a_503_also_where_the_session_is_read(visitor, monkeypatch):
    def away(_store):
        raise OperationalError

    monkeypatch.setattr(SessionStore, "load", away)
    visitor.cookies["sessionid"] = "x" * 32
    assert visitor.get("/").status_code == 503


@pytest.mark.django_db
@pytest.mark.parametrize("problem", [DatabaseError, KeyError])
def test_what_we_must_mend_is_a_500(visitor, monkeypatch, problem):
    def broken(*_args, **_kwargs):
        raise problem("secret detail")

    monkeypatch.setattr(pages, "render", broken)
    response = visitor.get("/")
    assert response.status_code == 500
    assert b"secret detail" not in response.content
