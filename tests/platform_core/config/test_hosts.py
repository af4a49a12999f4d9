"""A Host header that is not ours is refused, with a page."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
def test_a_foreign_host_gets_the_page_of_a_bad_request_and_no_link_to_itself():
    response = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


@pytest.mark.django_db
def test_a_page_names_its_address_in_each_language():
    page = Client().get("/", headers={"host": "localhost"}).content.decode()
    assert 'hreflang="es" href="http://localhost/es/"' in page
