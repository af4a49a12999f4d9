"""Every door of the house leads to the same sign-in, with its throttling and second factor."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["/admin/", "/gestio/", "/gestio/pages/", "/gestio/login/", "/admin/login/"])
def test_a_stranger_is_sent_to_the_one_sign_in(client: Client, door: str):
    response = client.get(door, follow=True)
    assert response.redirect_chain[-1][0].startswith("/compte/login/")


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["/admin/login/", "/gestio/login/"])
def test_a_password_sent_past_the_one_sign_in_opens_nothing(client: Client, door: str):
    get_user_model().objects.create_superuser("admin@desk.test", "participa311-demo")
    client.post(door, {"username": "admin@desk.test", "password": "participa311-demo"})
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
@pytest.mark.parametrize(("door", "status"), [("/admin/", 403), ("/gestio/", 404), ("/gestio/pages/", 404)])
def test_a_member_who_does_not_work_here_gets_no_further(client: Client, door: str, status: int):
    client.force_login(get_user_model().objects.create_user("laia@ens1.test", "participa311-demo"))
    assert client.get(door, follow=True).status_code == status


@pytest.mark.django_db
def test_the_door_leads_nowhere_else(client: Client):
    response = client.get("/gestio/login/?next=https://elsewhere.test/")
    assert response.headers["Location"] == "/compte/login/?next=/gestio/"
