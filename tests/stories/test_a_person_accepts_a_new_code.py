"""A person was writing to us when a new code of ethics came out: we ask them, and they lose nothing."""

import pytest

from platform_core.accounts import domain
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_a_person_accepts_a_new_code_and_goes_on_with_what_they_were_sending(client):
    domain.ensure_first_code()
    person = UserFactory(has_accepted_code=False)
    client.force_login(person)

    asked = client.get("/perfil/", follow=True)
    assert asked.redirect_chain == [("/codi-etic/acceptar/?next=%2Fperfil%2F", 302)]
    accepted = client.post("/codi-etic/acceptar/", {"version": 1, "accept": "on", "next": "/perfil/"}, follow=True)
    assert accepted.redirect_chain == [("/perfil/", 302)]

    domain.publish_code(actor=None, text_ca="Nou.", text_es="Nuevo.", text_en="New.")
    typed = {"name": "Una persona amb un nom nou", "language": "ca", "theme": "dark", "phone": ""}
    interrupted = client.post("/perfil/", typed, follow=True)
    assert "El codi ètic ha canviat" in interrupted.text or "Nou." in interrupted.text
    person.refresh_from_db()
    assert person.name != typed["name"]

    unticked = client.post("/codi-etic/acceptar/", {"version": 2, "next": "/perfil/"})
    assert unticked.status_code == 422

    kept = client.post("/codi-etic/acceptar/", {"version": 2, "accept": "on", "next": "/perfil/"})
    assert typed["name"] in kept.text
    assert 'action="/perfil/"' in kept.text
    assert client.post("/perfil/", typed).status_code == 302
    person.refresh_from_db()
    assert person.name == typed["name"]
