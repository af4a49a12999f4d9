import pytest

from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from platform_core.organisations.models import Organisation
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory, OrganisationFactory, code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _administrator(client):
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))


def test_what_the_admin_changes_goes_into_the_log(client):
    ens = OrganisationFactory(name="Vella")
    url = f"/admin/organisations/organisation/{ens.pk}/change/"
    facts = {"name": "Nova", "index_name": "Nova", "ine_code": ens.ine_code, "kind": "municipality"}
    assert client.post(url, {**facts, "ine_code": "123"}).status_code == 200
    assert client.post(url, facts).status_code == 302
    ens.refresh_from_db()
    assert (ens.name, ens.sort_key) == ("Nova", "nova")
    assert Activity.objects.filter(type="organisations.renamed").count() == 1


def test_a_new_one_gets_its_address(client):
    facts = {"name": "la Nova", "index_name": "Nova, la", "ine_code": code(321), "kind": "municipality"}
    assert client.post("/admin/organisations/organisation/add/", facts).status_code == 302
    assert Organisation.objects.get().slug == "nova"


@pytest.mark.parametrize("model", ["organisation", "membership", "invitation"])
def test_the_lists_open(client, model):
    MembershipFactory()
    assert client.get(f"/admin/organisations/{model}/").status_code == 200


def test_seats_are_for_reading(client):
    seat = MembershipFactory()
    assert client.get("/admin/organisations/membership/add/").status_code == 403
    assert client.post(f"/admin/organisations/membership/{seat.pk}/delete/").status_code == 403
