"""A coordinator protects the account with an app, signs in with it, and loses the phone."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache

from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def sign_in(client, person):
    return client.post("/compte/login/", {"login": person.email, "password": PASSWORD})


def confirm_it_is_me(client):
    assert client.get("/compte/2fa/totp/activate/")["Location"].startswith("/compte/reauthenticate/")
    client.post("/compte/reauthenticate/", {"password": PASSWORD})


def set_up_the_app(client) -> str:
    confirm_it_is_me(client)
    page = client.get("/compte/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.text
    wrong = client.post("/compte/2fa/totp/activate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert client.post("/compte/2fa/totp/activate/", {"code": code_now(secret)}).status_code == 302
    return secret


def test_a_person_sets_an_app_up_signs_in_with_it_and_with_a_recovery_code(client, django_capture_on_commit_callbacks):
    person = UserFactory(password=PASSWORD)
    sign_in(client, person)
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up_the_app(client)
    codes = re.findall(r"<code>(\d{8})</code>", client.get("/compte/2fa/recovery-codes/").text)
    assert len(codes) == 10
    assert codes[0] in client.get("/compte/2fa/recovery-codes/download/").text
    kinds = Activity.objects.filter(type="accounts.second_factor_added").values_list("data__kind", flat=True)
    assert set(kinds) == {"totp", "recovery_codes"}
    assert any(message.to == [person.email] for message in mail.outbox)

    client.post("/compte/logout/")
    assert sign_in(client, person)["Location"] == "/compte/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    cache.clear()  # the code of this half minute was used once; it cannot be used again
    assert client.post("/compte/2fa/authenticate/", {"code": "123"}).status_code == 200
    assert client.post("/compte/2fa/authenticate/", {"code": code_now(secret)}).status_code == 302
    assert "_auth_user_id" in client.session

    client.post("/compte/logout/")
    sign_in(client, person)
    assert client.post("/compte/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    client.post("/compte/logout/")
    sign_in(client, person)
    assert client.post("/compte/2fa/authenticate/", {"code": codes[0]}).status_code == 200  # used already


def test_staff_without_a_second_factor_set_it_up_before_anything_else(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    person = UserFactory(password=PASSWORD, roles=[Role.COORDINATOR])
    sign_in(client, person)
    for path in ("/gestio/", "/admin/", "/perfil/", "/es/perfil/"):
        response = client.get(path)
        assert response.status_code == 302
        assert response["Location"].endswith("/compte/2fa/")
    page = client.get("/compte/2fa/")
    assert page.status_code == 200
    assert client.get("/admin/", headers={"HX-Request": "true"})["HX-Redirect"].endswith("/compte/2fa/")
    assert client.get("/compte/logout/").status_code == 200
    set_up_the_app(client)
    assert client.get("/perfil/").status_code == 200


def test_who_does_not_work_for_the_service_chooses(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    client.force_login(UserFactory())
    assert client.get("/perfil/").status_code == 200


def test_the_embedded_product_asks_staff_for_nothing_and_no_query(client, settings, django_assert_num_queries):
    assert settings.STAFF_SECOND_FACTOR_REQUIRED is False
    client.force_login(UserFactory(roles=[Role.AGENT_1]))
    client.get("/compte/logout/")
    with django_assert_num_queries(3):  # the session, the person, and their roles for the menu
        client.get("/compte/logout/")


def test_a_program_is_told_why_it_may_not_go_on(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    client.force_login(UserFactory(roles=[Role.AGENT_1]))
    response = client.get("/api/v1/qualsevol/")
    assert response.status_code == 403
    assert response.json()["detail"]


def test_turning_the_app_off_is_recorded(client):
    person = UserFactory(password=PASSWORD)
    sign_in(client, person)
    set_up_the_app(client)
    client.post("/compte/2fa/totp/deactivate/")
    assert Activity.objects.filter(type="accounts.second_factor_removed", data__kind="totp").exists()


@pytest.mark.parametrize("prefix", ["", "/es", "/en"])
@pytest.mark.parametrize(
    "path", ["/compte/2fa/", "/compte/2fa/webauthn/", "/compte/2fa/webauthn/add/", "/compte/2fa/totp/activate/"]
)
def test_every_page_of_the_second_factor_opens_without_inline_script(client, prefix, path):
    person = UserFactory(password=PASSWORD)
    sign_in(client, person)
    confirm_it_is_me(client)
    page = client.get(f"{prefix}{path}")
    assert page.status_code == 200
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page.text)
    assert "style=" not in page.text
