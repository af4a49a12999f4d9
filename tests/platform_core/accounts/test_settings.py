import importlib
import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from platform_core.config.settings import accounts

HOST = {"id": "exemple", "name": "Decidim Exemple", "url": "https://decidim.test/", "client_id": "a", "secret": "b"}


def apps(monkeypatch, hosts: str):
    monkeypatch.setenv("DECIDIM_HOSTS", hosts)
    try:
        return importlib.reload(accounts).SOCIALACCOUNT_PROVIDERS["decidim"]["APPS"]
    finally:
        monkeypatch.undo()
        importlib.reload(accounts)


def test_each_decidim_host_of_the_environment_is_an_app(monkeypatch):
    newer = {**HOST, "id": "nou", "scope": "profile user", "trust_email": True}
    first, second = apps(monkeypatch, json.dumps([HOST, newer]))
    assert first["settings"] == {"url": "https://decidim.test", "scope": ["public"], "trust_email": False}
    assert second["settings"]["scope"] == ["profile", "user"]
    assert second["settings"]["trust_email"] is True


@pytest.mark.parametrize("nonsense", ["{", "5", '"a"', "[1]", '{"id": "x"}', '[{"id": "x"}]'])
def test_nonsense_in_the_environment_stops_the_start_and_names_the_variable(monkeypatch, nonsense):
    with pytest.raises(ImproperlyConfigured, match="DECIDIM_HOSTS"):
        apps(monkeypatch, nonsense)


def test_trust_is_never_given_by_a_word_that_only_looks_true(monkeypatch):
    [app] = apps(monkeypatch, json.dumps([{**HOST, "trust_email": "false"}]))
    assert app["settings"]["trust_email"] is False
