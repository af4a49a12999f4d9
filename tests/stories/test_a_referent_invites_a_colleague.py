"""A referent asks a colleague to join, whom nobody here knows yet."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from platform_core.accounts.models import User
from tests.factories.organisations import OrganisationFactory, deliver_all, referent

pytestmark = pytest.mark.django_db


def test_a_colleague_follows_the_link_signs_up_and_is_in(client):
    ens = OrganisationFactory(name="Vila de Prova", slug="vila-de-prova")
    boss = referent(ens)
    client.force_login(boss.person)

    typed = {"email": "no és un correu", "role": "technician"}
    wrong = client.post("/ens/vila-de-prova/membres/afegeix/", typed)
    assert wrong.status_code == 422
    assert "no és un correu" in wrong.text

    sent = client.post("/ens/vila-de-prova/membres/afegeix/", {**typed, "email": "nova@ens.test"}, follow=True)
    assert "nova@ens.test" in sent.text
    assert not User.objects.filter(email="nova@ens.test").exists()
    deliver_all()
    (letter,) = mail.outbox
    assert letter.to == ["nova@ens.test"]
    link = re.search(r"https?://[^/]+(/\S+)", letter.body)[1]

    client.logout()
    page = client.get(link)
    assert "Vila de Prova" in page.text
    signup = re.search(r'href="(/compte/signup/\?next=[^"]+)"', page.text)[1]
    form = {"email": "nova@ens.test", "name": "Nova Fictícia", "password1": "tres paraules soltes"}
    client.post(signup, {**form, "password2": form["password1"]})
    person = User.objects.get(email="nova@ens.test")
    assert EmailAddress.objects.get(user=person).verified, "whoever follows the link has proved the address"

    client.force_login(person)
    User.objects.update(has_accepted_code=True)
    assert "Vila de Prova" in client.get("/").text, "the home page reminds of the invitation"
    client.post(link, follow=True)
    assert client.get("/ens/vila-de-prova/").context["mine"].person == person

    again = client.get(link)
    assert '<form method="post">' not in again.text
