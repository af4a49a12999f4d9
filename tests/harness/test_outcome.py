"""What a run says, and how it ends, when a program cannot be had."""

from __future__ import annotations

import pytest

from tests.harness import __main__ as harness
from tests.harness import packages


@pytest.fixture
def without_servers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A machine without PostgreSQL, Redis and Chromium, whose passes are green."""
    passes: list[str] = []

    def green(title: str, **_rest: object) -> bool:
        passes.append(title)
        return True

    monkeypatch.setattr(packages, "install_missing", lambda: [packages.POSTGRES, packages.REDIS, packages.CHROMIUM])
    monkeypatch.setattr(harness, "run_pass", green)
    return passes


def test_a_group_that_cannot_run_is_named_with_the_way_to_get_it(without_servers, monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    assert harness.main([]) == 0
    assert without_servers == ["SQLite"]
    said = capsys.readouterr().out
    for group, package in (("PostgreSQL", "postgresql"), ("Redis", "redis-server"), ("browser", "chromium")):
        assert f"{group}: skipped" in said
        assert f"apt-get install {package}" in said


def test_in_continuous_integration_a_group_that_cannot_run_is_a_failure(without_servers, monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    assert harness.main([]) == 1
    assert "a skipped group is a failure" in capsys.readouterr().out


def test_a_red_pass_is_a_red_run(without_servers, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(harness, "run_pass", lambda *_words, **_named: False)
    assert harness.main([]) == 1
