import pytest
from allauth.account.models import EmailAddress

from platform_core.accounts import domain
from platform_core.accounts.models import User
from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    domain.ensure_roles()
    person = UserFactory(roles=[Role.ADMINISTRATOR], language="es")
    client.force_login(person)
    return person


def test_roles_are_granted_in_the_administration_and_recorded_with_who_did_it(client, admin):
    person = UserFactory()
    url = f"/admin/accounts/user/{person.pk}/change/"
    assert client.get(url).status_code == 200
    typed = {
        "email": person.email,
        "name": person.name,
        "language": "ca",
        "theme": "system",
        "is_active": "on",
        "roles": ["agent-1", "editor"],
    }
    assert client.post(url, typed).status_code == 302
    assert User.objects.get(pk=person.pk).role_names == {"agent-1", "editor"}
    assert Activity.objects.filter(type="accounts.role_granted", actor=admin).count() == 2


def test_a_person_created_in_the_administration_can_sign_in(client, admin):
    typed = {
        "email": "Nova@Ens.Test",
        "name": "Nova",
        "language": "ca",
        "usable_password": "true",
        "password1": "tres paraules soltes",
        "password2": "tres paraules soltes",
        "roles": ["agent-2"],
    }
    assert client.post("/admin/accounts/user/add/", typed).status_code == 302
    person = User.objects.get(email="nova@ens.test")
    assert EmailAddress.objects.get(user=person).verified
    assert person.role_names == {"agent-2"}


def test_the_list_of_people_costs_the_same_for_one_as_for_thirty(client, admin, django_assert_max_num_queries):
    client.get("/admin/accounts/user/")
    UserFactory(roles=[Role.AGENT_1])
    with django_assert_max_num_queries(50) as few:
        client.get("/admin/accounts/user/")
    for _ in range(29):
        UserFactory(roles=[Role.AGENT_1])
    with django_assert_max_num_queries(len(few)):
        client.get("/admin/accounts/user/")


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/accounts/user/",
        "/admin/accounts/user/?q=persona&role=agent-1",
        "/admin/accounts/user/add/",
        "/admin/accounts/user/?role=inventat",
        "/admin/accounts/codeofethics/",
        "/admin/accounts/codeofethics/add/",
        "/admin/accounts/acceptance/",
        "/gestio/",
        "/gestio/users/",
        "/gestio/users/?q=persona",
        "/gestio/users/?ordering=-name",
        "/gestio/users/new/",
        "/gestio/groups/",
        "/gestio/account/",
    ],
)
def test_every_page_of_the_administration_opens(client, admin, path):
    assert client.get(path).status_code == 200


def test_the_administration_speaks_the_language_of_who_is_signed_in(client, admin):
    assert 'lang="es"' in client.get("/admin/").text


def test_wagtail_edits_a_person_without_touching_roles_or_e_mail(client, admin):
    person = UserFactory(roles=[Role.EDITOR])
    url = f"/gestio/users/edit/{person.pk}/"
    assert client.get(url).status_code == 200
    typed = {"email": "altra@ens.test", "name": "Nom nou", "language": "en", "is_active": "on"}
    assert client.post(url, typed).status_code == 302
    person = User.objects.get(pk=person.pk)
    assert (person.name, person.language) == ("Nom nou", "en")
    assert person.email != "altra@ens.test"
    assert person.role_names == {"editor"}


def test_wagtail_creates_a_person_who_can_sign_in(client, admin):
    typed = {
        "email": "nova@ens.test",
        "name": "Nova",
        "language": "ca",
        "password1": "tres paraules soltes",
        "password2": "tres paraules soltes",
    }
    assert client.post("/gestio/users/new/", typed).status_code == 302
    assert EmailAddress.objects.get(user__email="nova@ens.test").verified
