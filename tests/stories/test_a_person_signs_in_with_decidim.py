"""A referent comes in with the account of their own Decidim, and what happens when something goes wrong on the way."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.cache import cache

from platform_core.accounts.models import User
from platform_core.activity.models import Activity
from tests.decidim_server import CLIENT_ID, SECRET, DecidimServer
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
LOGIN = "/compte/decidim/exemple/"


@pytest.fixture
def decidim(settings):
    cache.clear()
    with DecidimServer() as server:
        app = {
            "provider_id": "exemple",
            "name": "Decidim Exemple",
            "client_id": CLIENT_ID,
            "secret": SECRET,
            "settings": {"url": server.url, "scope": ["public"], "trust_email": True},
        }
        newer = {"url": server.url, "scope": ["profile", "user"], "trust_email": False}
        other = {**app, "provider_id": "nou", "name": "Decidim Nou", "settings": newer}
        settings.SOCIALACCOUNT_PROVIDERS = {"decidim": {"OAUTH_PKCE_ENABLED": True, "APPS": [app, other]}}
        yield server


def go_to_decidim(client, login=LOGIN, **query):
    """Press the button, and let the browser go to Decidim and say yes there. Returns the address that it is sent to."""
    there = client.post(f"{login}?{'&'.join(f'{k}={v}' for k, v in query.items())}")
    assert there.status_code == 302, there.text
    return requests.get(there["Location"], allow_redirects=False, timeout=5).headers["Location"]


def come_back(client, address, **options):
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}", **options)


def test_a_new_person_comes_in_from_a_decidim_that_we_trust(client, decidim):
    page = client.get("/compte/login/")
    assert "Decidim Exemple" in page.text
    assert "Decidim Nou" in page.text
    back = come_back(client, go_to_decidim(client, next="/perfil/"))
    assert back["Location"] == "/perfil/"
    person = User.objects.get()
    assert client.session["_auth_user_id"] == str(person.pk)
    assert (person.email, person.name) == ("laia@puigcerver.test", "Laia Serra")
    assert not person.has_usable_password()
    assert EmailAddress.objects.get().verified
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == ("exemple", "311")
    assert set(account.extra_data) == {"id", "name", "nickname"}
    assert Activity.objects.filter(type="accounts.signed_up", data__method="exemple").exists()

    client.logout()
    assert come_back(client, go_to_decidim(client))["Location"] == "/"
    assert User.objects.count() == 1
    assert "Decidim Exemple" in client.get("/perfil/").text


def test_each_host_asks_for_its_own_scope_and_is_another_identity(client, decidim):
    come_back(client, go_to_decidim(client))
    assert decidim.scopes == ["public"]
    client.logout()
    go_to_decidim(client, login="/compte/decidim/nou/", scope="write")
    assert set(decidim.scopes) == {"profile", "user"}


def test_an_address_that_nobody_vouches_for_is_proved_with_a_code(client, decidim):
    back = come_back(client, go_to_decidim(client, login="/compte/decidim/nou/"))
    assert back["Location"] == "/compte/confirm-email/"
    assert "_auth_user_id" not in client.session
    assert mail.outbox[-1].to == ["laia@puigcerver.test"]


@pytest.mark.parametrize("login", [LOGIN, "/compte/decidim/nou/"])
def test_a_decidim_account_never_takes_over_an_account_that_exists(client, decidim, login):
    owner = UserFactory(email="laia@puigcerver.test", password=PASSWORD)
    back = come_back(client, go_to_decidim(client, login=login))
    assert back["Location"] == "/compte/confirm-email/"  # the same as for anybody: it does not tell who has an account
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()
    assert mail.outbox[-1].to == [owner.email]
    assert "enllaceu" in mail.outbox[-1].body or "link it" in mail.outbox[-1].body


def test_a_person_links_and_unlinks_their_decidim_account(client, decidim):
    person = UserFactory(password=PASSWORD)
    client.post("/compte/login/", {"login": person.email, "password": PASSWORD})
    client.post("/compte/reauthenticate/", {"password": PASSWORD})
    come_back(client, go_to_decidim(client, process="connect"), follow=True)
    account = SocialAccount.objects.get(user=person)
    assert Activity.objects.filter(type="accounts.decidim_linked", data__host="exemple").exists()
    client.post("/compte/3rdparty/", {"account": account.pk})
    assert not SocialAccount.objects.exists()
    assert Activity.objects.filter(type="accounts.decidim_unlinked").exists()


def test_who_says_no_in_decidim_comes_back_to_a_clear_page(client, decidim):
    decidim.misbehave = "denied"
    page = come_back(client, go_to_decidim(client), follow=True)
    assert page.status_code == 200
    assert "/compte/login/" in page.text
    assert not User.objects.exists()


def test_somebody_elses_answer_is_not_taken_for_mine(client, decidim):
    address = go_to_decidim(client)
    stranger = client.__class__()
    page = come_back(stranger, address)
    assert page.status_code == 401
    assert page.context["reason"] == "state"
    tampered = address.replace("state=", "state=x")
    assert come_back(client, tampered).status_code == 401
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("misbehaviour", "reason"),
    [
        ("token refused", "refused"),
        ("token garbage", "unreadable"),
        ("token list", "refused"),
        ("token number", "unreadable"),
        ("token null", "refused"),
        ("token life", "unreadable"),
        ("me refused", "refused"),
        ("me fails", "away"),
        ("me garbage", "unreadable"),
        ("me list", "unreadable"),
        ("me broken", "unreadable"),
    ],
)
def test_a_host_that_answers_badly_gets_a_clear_page(client, decidim, misbehaviour, reason):
    decidim.misbehave = misbehaviour
    page = come_back(client, go_to_decidim(client))
    assert page.status_code == 401
    assert page.context["reason"] == reason
    assert "Decidim Exemple" in page.text
    assert not User.objects.exists()


@pytest.mark.parametrize("profile", [{}, {"id": None}, {"id": ""}, {"id": [1]}, {"email": "laia@puigcerver.test"}])
def test_a_profile_without_an_id_creates_nobody(client, decidim, profile):
    decidim.profile = profile
    page = come_back(client, go_to_decidim(client))
    assert page.status_code == 401
    assert not User.objects.exists()


def test_a_host_that_is_away_gets_a_clear_page(client, decidim):
    address = go_to_decidim(client)
    decidim.stop()
    page = come_back(client, address)
    assert page.context["reason"] == "away"


@pytest.mark.parametrize("email", [None, "", "not an address", 7])
def test_without_an_e_mail_we_ask_for_it_and_prove_it(client, decidim, email):
    decidim.profile = {**decidim.profile, "email": email}
    form = come_back(client, go_to_decidim(client), follow=True)
    assert "Laia Serra" in form.text
    wrong = client.post("/compte/3rdparty/signup/", {"name": "Laia Serra", "email": "res"})
    assert wrong.status_code == 200
    assert "Laia Serra" in wrong.text
    done = client.post("/compte/3rdparty/signup/", {"name": "Laia Serra", "email": "laia@puigcerver.test"})
    assert done["Location"] == "/compte/confirm-email/"
    assert not EmailAddress.objects.get().verified


def test_the_reader_goes_on_in_their_language(client, decidim):
    decidim.misbehave = "token refused"
    address = go_to_decidim(client, login="/es/compte/decidim/exemple/")
    assert urlsplit(address).path == "/compte/decidim/exemple/tornada/"
    assert 'lang="es"' in come_back(client, address).text


def test_a_host_that_we_do_not_know_is_not_found(client, decidim):
    assert client.get("/compte/decidim/inventat/").status_code == 404
    assert client.get("/compte/decidim/inventat/tornada/").status_code == 404


def test_the_request_has_state_and_pkce_and_no_secret(client, decidim):
    query = parse_qs(urlsplit(client.post(LOGIN)["Location"]).query)
    assert query["state"]
    assert query["code_challenge_method"] == ["S256"]
    assert SECRET not in str(query)
