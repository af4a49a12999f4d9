import pytest

from platform_core.accounts import domain
from platform_core.accounts.models import Acceptance, CodeOfEthics, User
from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from platform_core.base.errors import Refusal
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def texts(word: str = "respecte") -> dict[str, str]:
    return {f"text_{language}": f"# Títol\n\n{word} {language}" for language in ("ca", "es", "en")}


def test_the_first_code_is_published_once():
    domain.ensure_first_code()
    domain.ensure_first_code()
    code = CodeOfEthics.objects.get()
    assert code.version == 1
    for language in ("ca", "es", "en"):
        headings = [heading for heading, _paragraphs in code.sections(language)]
        assert len(headings) == 6


def test_a_new_version_asks_everyone_again():
    user = UserFactory()
    domain.publish_code(actor=None, **texts())
    assert not User.objects.get(pk=user.pk).has_accepted_code


def test_accepting_is_remembered_with_its_version_and_recorded_once():
    user = UserFactory(has_accepted_code=False)
    code = domain.publish_code(actor=None, **texts())
    domain.accept_code(user=user, version=1)
    domain.accept_code(user=user, version=1)
    assert Acceptance.objects.get().code == code
    assert User.objects.get(pk=user.pk).has_accepted_code
    assert Activity.objects.filter(type="accounts.code_accepted", data__code_version=1).count() == 1


def test_a_version_that_is_no_longer_in_force_cannot_be_accepted():
    user = UserFactory(has_accepted_code=False)
    domain.publish_code(actor=None, **texts())
    domain.publish_code(actor=None, **texts("més respecte"))
    with pytest.raises(Refusal):
        domain.accept_code(user=user, version=1)
    assert not Acceptance.objects.exists()


def test_a_code_without_one_of_its_languages_is_refused():
    with pytest.raises(Refusal) as refused:
        domain.publish_code(actor=None, **{**texts(), "text_es": "  "})
    assert refused.value.field == "text_es"


def test_only_the_administration_publishes_a_code():
    with pytest.raises(Refusal):
        domain.publish_code(actor=UserFactory(roles=[Role.EDITOR]), **texts())


def test_anyone_reads_the_code_in_their_language(client):
    domain.publish_code(actor=None, **texts())
    assert "respecte ca" in client.get("/codi-etic/").text
    assert "respecte es" in client.get("/es/codi-etic/").text
    assert "respecte en" in client.get("/en/codi-etic/").text


def test_before_the_first_code_there_is_no_page_and_nobody_is_asked(client):
    assert client.get("/codi-etic/").status_code == 404
    client.force_login(UserFactory(has_accepted_code=False))
    assert client.get("/perfil/").status_code == 200


def test_after_accepting_no_request_costs_a_query_more(client, django_assert_num_queries):
    domain.publish_code(actor=None, **texts())
    user = UserFactory()
    User.objects.update(has_accepted_code=True)
    client.force_login(user)
    client.get("/compte/logout/")
    with django_assert_num_queries(2):  # the session and the person
        client.get("/compte/logout/")


@pytest.mark.parametrize("path", ["/codi-etic/", "/compte/logout/", "/compte/email/"])
def test_what_must_stay_open_stays_open(client, path):
    domain.publish_code(actor=None, **texts())
    client.force_login(UserFactory(has_accepted_code=False))
    response = client.get(path)
    assert "acceptar" not in response.get("Location", "")


def test_going_back_never_leaves_the_place(client):
    domain.publish_code(actor=None, **texts())
    client.force_login(UserFactory(has_accepted_code=False))
    response = client.post("/codi-etic/acceptar/", {"version": 1, "accept": "on", "next": "https://dolent.test/"})
    assert response["Location"] == "/codi-etic/"


@pytest.mark.parametrize("version", ["", "0", "-1", "abc", "99", "9" * 40])
def test_nonsense_instead_of_a_version_accepts_nothing(client, version):
    domain.publish_code(actor=None, **texts())
    client.force_login(UserFactory(has_accepted_code=False))
    response = client.post("/codi-etic/acceptar/", {"version": version, "accept": "on"})
    assert response.status_code in (200, 422)
    assert not Acceptance.objects.exists()


def test_the_administration_publishes_and_cannot_change_what_was_published(client):
    domain.ensure_first_code()
    admin = UserFactory(roles=[Role.ADMINISTRATOR])
    User.objects.update(has_accepted_code=True)
    client.force_login(admin)
    assert client.post("/admin/accounts/codeofethics/add/", texts()).status_code == 302
    assert CodeOfEthics.objects.first().version == 2
    response = client.get(f"/admin/accounts/codeofethics/{CodeOfEthics.objects.first().pk}/change/")
    assert response.status_code in (200, 302)
