import pytest
from django.contrib.auth.models import AnonymousUser

from platform_core.accounts.roles import Role
from platform_core.search.models import SearchEntry
from platform_core.search.public import PUBLIC, SIGNED_IN, STAFF, find, findable_by, may_find
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return {
        "nobody": AnonymousUser(),
        "somebody": UserFactory(),
        "somebody else": UserFactory(),
        "closed account": UserFactory(is_active=False),
        "closed agent": UserFactory(is_active=False, roles=[Role.AGENT_1]),
        "superuser": UserFactory(is_superuser=True),
        **{role.value: UserFactory(roles=[role]) for role in Role},
    }


@pytest.fixture
def audiences(notes, people):
    audiences = {
        "public": {PUBLIC},
        "signed-in": {SIGNED_IN},
        "staff": {STAFF},
        "one-person": {f"user:{people['somebody'].pk}"},
        "one-person-and-staff": {f"user:{people['somebody'].pk}", STAFF},
        "an-organisation": {"org:1:ref"},
        "no-one": set(),
    }
    for key, audience in audiences.items():
        notes.write(key, f"El cens {key}", audience=frozenset(audience))
    return audiences


def test_the_predicate_the_queryset_and_the_search_agree(people, audiences):
    for name, viewer in people.items():
        of_one = {key for key, audience in audiences.items() if may_find(viewer, audience)}
        of_all = set(findable_by(viewer).values_list("object_id", flat=True))
        found = {hit.object_id for hit in find("cens", viewer=viewer, limit=50)}
        assert of_one == of_all == found, name


def test_who_finds_what(people, audiences):
    def finds(name):
        return {hit.object_id for hit in find("cens", viewer=people[name], limit=50)}

    everybody, members = {"public"}, {"public", "signed-in"}
    assert finds("nobody") == finds("closed account") == finds("closed agent") == everybody
    assert finds("somebody else") == finds("moderator") == members
    assert finds("somebody") == members | {"one-person", "one-person-and-staff"}
    assert finds("agent-1") == finds("editor") == finds("superuser") == members | {"staff", "one-person-and-staff"}


def test_a_changed_audience_counts_at_once(notes):
    notes.write("census", "El cens", audience=frozenset({PUBLIC, STAFF}))
    notes.write("census", "El cens", audience=frozenset({STAFF, SIGNED_IN}))
    assert find("cens", viewer=AnonymousUser()) == []
    assert set(SearchEntry.objects.get().audience.values_list("token", flat=True)) == {STAFF, SIGNED_IN}


def test_what_one_may_not_find_takes_no_place_of_what_one_may(notes):
    for number in range(30):
        notes.write(f"hidden-{number:02}", "El cens", audience=frozenset({STAFF}))
    notes.write("seen", "Altres coses", body="Aquí també es parla del cens, de passada.")
    assert [hit.object_id for hit in find("cens", viewer=AnonymousUser(), limit=1)] == ["seen"]
