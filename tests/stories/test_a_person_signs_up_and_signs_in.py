"""A technician creates an account, proves the e-mail with a code, forgets the password and finds the way back."""

import re

import pytest
from django.core import mail
from django.core.cache import cache

from platform_core.accounts.models import User
from platform_core.activity.models import Activity
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
CODE = re.compile(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


def sign_up(client, email="laia@puigcerver.test", prefix="", **changes):
    typed = {"name": "Laia Serra", "email": email, "password1": "quatre gats i un gos", **changes}
    return client.post(f"{prefix}/compte/signup/", typed, follow=True)


def test_a_person_signs_up_proves_the_e_mail_and_is_in(client):
    page = sign_up(client)
    assert "laia@puigcerver.test" in page.text
    assert "_auth_user_id" not in client.session
    [message] = mail.outbox
    assert message.alternatives
    code = CODE.search(message.body)[1]

    wrong = client.post("/compte/confirm-email/", {"code": "AAA-AAA"})
    assert wrong.status_code == 200
    assert "_auth_user_id" not in client.session
    client.post("/compte/confirm-email/", {"code": code})

    person = User.objects.get()
    assert client.session["_auth_user_id"] == str(person.pk)
    assert (person.name, person.email, person.language) == ("Laia Serra", "laia@puigcerver.test", "ca")
    assert Activity.objects.filter(type="accounts.signed_up", actor=person).count() == 1


def test_who_signs_up_in_spanish_is_spoken_to_in_spanish(client):
    sign_up(client, prefix="/es")
    assert User.objects.get().language == "es"
    person = UserFactory(language="es", password=PASSWORD)
    client.logout()
    response = client.post("/compte/login/", {"login": person.email, "password": PASSWORD})
    assert response["Location"] == "/es/"


def test_what_was_typed_stays_when_something_is_missing(client):
    page = sign_up(client, password1="curta")
    assert page.status_code == 200
    assert "Laia Serra" in page.text
    assert "laia@puigcerver.test" in page.text
    assert not User.objects.exists()


def test_an_address_differs_from_another_by_more_than_its_capitals(client):
    UserFactory(email="laia@puigcerver.test")
    sign_up(client, email="LAIA@Puigcerver.TEST")
    assert User.objects.count() == 1


def test_nobody_learns_from_the_pages_who_has_an_account(client):
    taken = UserFactory(password=PASSWORD).email
    mail.outbox.clear()
    pages = {
        email: re.sub(r'(value|token)="[^"]*"', "", sign_up(client.__class__(), email=email).text.replace(email, "X"))
        for email in (taken, "lliure@ens.test")
    }
    assert pages[taken] == pages["lliure@ens.test"]
    assert {message.to[0] for message in mail.outbox} == {taken, "lliure@ens.test"}

    client.logout()
    answers = {client.post("/compte/password/reset/", {"email": email}).url for email in (taken, "ningu@ens.test")}
    assert len(answers) == 1


def test_a_person_who_forgets_the_password_chooses_another(client):
    person = UserFactory(password=PASSWORD, language="ca")
    client.post("/compte/password/reset/", {"email": person.email.upper()})
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    page = form.redirect_chain[-1][0]
    done = client.post(page, {"password1": "cinc cèntims de res", "password2": "cinc cèntims de res"}, follow=True)
    assert done.status_code == 200
    assert client.login(email=person.email, password="cinc cèntims de res")
    assert Activity.objects.filter(type="accounts.password_changed").exists()
    client.logout()
    assert client.get(link, follow=True).status_code == 200  # used: it explains, and offers another


def test_trying_passwords_is_slowed_down_in_the_readers_language(client):
    person = UserFactory(password=PASSWORD)
    for _ in range(6):
        page = client.post("/compte/login/", {"login": person.email, "password": "no"})
    assert "Massa intents" in page.text
    assert "_auth_user_id" not in client.session
    page = client.post("/compte/login/", {"login": person.email, "password": PASSWORD})
    assert "Massa intents" in page.text
    other = UserFactory(password=PASSWORD)
    assert client.post("/compte/login/", {"login": other.email, "password": PASSWORD}).status_code == 302


def test_signing_out_asks_first_and_only_a_post_does_it(client):
    client.force_login(UserFactory())
    assert client.get("/compte/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/compte/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("url", ["https://dolent.test/", "//dolent.test", "javascript:alert(1)"])
def test_signing_in_never_leads_elsewhere(client, url):
    person = UserFactory(password=PASSWORD)
    response = client.post("/compte/login/", {"login": person.email, "password": PASSWORD, "next": url})
    assert "dolent" not in response["Location"]
    assert "javascript" not in response["Location"]


def test_a_person_changes_their_e_mail_and_the_old_one_is_told(client):
    person = UserFactory(password=PASSWORD)
    old = person.email
    client.post("/compte/login/", {"login": old, "password": PASSWORD})
    client.post("/compte/reauthenticate/", {"password": PASSWORD})
    page = client.post("/compte/email/", {"email": "nova@ens.test", "action_add": ""}, follow=True)
    assert "nova@ens.test" in page.text
    code = CODE.search(mail.outbox[-1].body)[1]
    client.post("/compte/confirm-email/", {"code": code})
    person.refresh_from_db()
    assert person.email == "nova@ens.test"
    assert Activity.objects.filter(type="accounts.email_changed").exists()
    assert old in {message.to[0] for message in mail.outbox}


def test_a_person_sees_their_sessions_and_closes_the_others(client, django_user_model):
    person = UserFactory(password=PASSWORD)
    elsewhere = client.__class__()
    for browser in (elsewhere, client):
        browser.post("/compte/login/", {"login": person.email, "password": PASSWORD})
    assert client.get("/compte/sessions/").context["session_count"] == 2
    client.post("/compte/sessions/", follow=True)
    assert elsewhere.get("/perfil/").status_code == 302
    assert client.get("/perfil/").status_code == 200


def test_changing_how_one_signs_in_asks_for_the_password_again(client):
    person = UserFactory(password=PASSWORD)
    client.force_login(person)  # a session that has not seen the password lately
    assert "/compte/reauthenticate/" in client.get("/compte/2fa/totp/activate/")["Location"]


def test_a_mail_server_that_is_away_is_told_and_loses_no_sign_up(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens on the discard port
    page = sign_up(client)
    assert page.status_code == 200
    assert "No hem pogut enviar" in page.text
    assert User.objects.get().email == "laia@puigcerver.test"
