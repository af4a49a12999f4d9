import re

import pytest
from django.core.cache import cache

from platform_core.accounts import domain
from platform_core.accounts.models import User
from platform_core.activity.models import Activity
from platform_core.base.errors import Refusal
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
TYPED = {"name": "Laia Serra", "language": "es", "theme": "dark", "phone": "934 020 704"}


def test_the_profile_belongs_to_who_is_signed_in(client):
    assert client.get("/perfil/")["Location"].startswith("/compte/login/")


def test_saving_the_profile_stores_it_speaks_the_new_language_and_remembers_the_theme(client):
    person = UserFactory()
    client.force_login(person)
    response = client.post("/perfil/", TYPED)
    assert response["Location"] == "/es/perfil/"
    assert client.cookies["theme"].value == "dark"
    person.refresh_from_db()
    assert {field: getattr(person, field) for field in TYPED} == TYPED
    assert client.get("/es/perfil/").context["theme"] == "dark"


def test_the_log_says_what_changed_and_not_the_personal_data():
    person = UserFactory(name="Abans")
    domain.update_profile(user=person, name="Després", language="ca", theme="system", phone="600 000 000")
    recorded = Activity.objects.get(type="accounts.profile_changed")
    assert recorded.data == {"fields": ["name", "phone"]}
    domain.update_profile(user=person, name="Després", language="ca", theme="system", phone="600 000 000")
    assert Activity.objects.filter(type="accounts.profile_changed").count() == 1


@pytest.mark.parametrize(
    ("field", "nonsense"),
    [("phone", "truqueu-me"), ("phone", "1"), ("language", "xx"), ("theme", "rosa"), ("name", ""), ("name", "x" * 151)],
)
def test_nonsense_is_told_beside_its_field_and_what_was_typed_stays(client, field, nonsense):
    person = UserFactory(name="Abans")
    client.force_login(person)
    page = client.post("/perfil/", {**TYPED, field: nonsense})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    other = "934 020 704" if field != "phone" else "Laia Serra"
    assert other in page.text
    assert User.objects.get().name == "Abans"


def test_a_name_of_spaces_is_refused_by_the_domain():
    with pytest.raises(Refusal):
        domain.update_profile(user=UserFactory(), name="   ", language="ca", theme="system", phone="")


def test_a_device_without_a_choice_follows_the_person_and_one_with_a_choice_keeps_it(client):
    client.force_login(UserFactory(theme="dark"))
    assert client.get("/compte/logout/").context["theme"] == "dark"
    client.cookies["theme"] = "system"
    assert client.get("/compte/logout/").context["theme"] == ""


@pytest.mark.parametrize("cookie", ["dark", "light", "<script>", ""])
def test_a_visitor_keeps_the_theme_of_the_cookie_and_nonsense_is_ignored(client, cookie):
    client.cookies["theme"] = cookie
    page = client.get("/compte/login/")
    assert page.context["theme"] == (cookie if cookie in ("dark", "light") else "")


@pytest.mark.parametrize("prefix", ["", "/es", "/en"])
@pytest.mark.parametrize(
    "path",
    [
        "/perfil/",
        "/compte/email/",
        "/compte/password/change/",
        "/compte/sessions/",
        "/compte/3rdparty/",
        "/compte/2fa/",
        "/compte/logout/",
        "/compte/reauthenticate/",
    ],
)
def test_every_page_of_the_account_is_in_the_language_of_its_address(client, prefix, path):
    cache.clear()
    person = UserFactory(password=PASSWORD)
    client.post("/compte/login/", {"login": person.email, "password": PASSWORD})
    client.post("/compte/reauthenticate/", {"password": PASSWORD})
    page = client.get(f"{prefix}{path}")
    assert page.status_code == 200
    assert f'lang="{prefix[1:] or "ca"}"' in page.text
    assert "style=" not in page.text
    if not prefix:
        for english in ("password", "Sign", "your account", "address"):
            assert english not in visible_text(page.text), english


def visible_text(html: str) -> str:
    body = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", html.split("<main", 1)[1].split("</main>", maxsplit=1)[0])
    return re.sub(r"<[^>]+>", " ", re.sub(r'<span lang="en">.*?</span>', " ", body))


@pytest.mark.parametrize(
    "path",
    [
        "/compte/login/",
        "/compte/signup/",
        "/compte/password/reset/",
        "/compte/password/reset/done/",
        "/compte/password/reset/key/1-abc/",
    ],
)
def test_every_page_before_signing_in_is_in_catalan(client, path):
    page = client.get(path, follow=True)
    assert page.status_code == 200
    for english in ("password", "Sign", "account", "e-mail "):
        assert english not in visible_text(page.text), english
