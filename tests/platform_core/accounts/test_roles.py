import pytest
from django.contrib.auth.models import AnonymousUser, Group
from wagtail.models import Page

from platform_core.accounts import domain, roles
from platform_core.accounts.models import User
from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from platform_core.base.errors import Refusal
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_a_role_makes_its_person_staff_and_losing_it_undoes_it():
    user = UserFactory()
    domain.grant_role(user=user, role=Role.AGENT_2)
    assert user.is_staff
    assert roles.level(user) == 2
    assert roles.is_agent(user)
    domain.revoke_role(user=user, role=Role.AGENT_2)
    assert not User.objects.get(pk=user.pk).is_staff
    assert roles.level(user) == 0


def test_a_moderator_is_not_staff():
    user = UserFactory(roles=[Role.MODERATOR])
    assert roles.is_moderator(user)
    assert not user.is_staff


def test_an_administrator_can_do_everything_and_is_no_agent():
    user = UserFactory(roles=[Role.ADMINISTRATOR])
    assert user.is_superuser
    assert roles.is_coordinator(user)
    assert roles.is_editor(user)
    assert not roles.is_agent(user)


def test_a_visitor_and_a_closed_account_have_no_role():
    closed = UserFactory(roles=[Role.AGENT_1], is_active=False)
    assert not roles.is_agent(AnonymousUser())
    assert not roles.is_agent(closed)


def test_asking_for_roles_costs_one_query_however_often(django_assert_num_queries):
    user = User.objects.get(pk=UserFactory(roles=[Role.AGENT_1, Role.EDITOR]).pk)
    with django_assert_num_queries(1):
        for _ in range(30):
            assert roles.level(user) == 1
            assert roles.is_editor(user)
            assert not roles.is_coordinator(user)


def test_granting_twice_is_granting_once():
    user = UserFactory()
    domain.grant_role(user=user, role=Role.EDITOR)
    domain.grant_role(user=user, role=Role.EDITOR)
    assert Activity.objects.filter(type="accounts.role_granted").count() == 1


def test_only_the_administration_grants_roles():
    with pytest.raises(Refusal):
        domain.grant_role(user=UserFactory(), role=Role.EDITOR, actor=UserFactory(roles=[Role.COORDINATOR]))
    assert not Activity.objects.filter(type="accounts.role_granted", data__role="editor").exists()


def test_the_last_administrator_cannot_be_revoked():
    user = UserFactory(roles=[Role.ADMINISTRATOR])
    with pytest.raises(Refusal):
        domain.revoke_role(user=user, role=Role.ADMINISTRATOR, actor=user)
    assert User.objects.get(pk=user.pk).is_superuser


def test_set_roles_records_what_changed_and_only_that():
    admin = UserFactory(roles=[Role.ADMINISTRATOR])
    user = UserFactory(roles=[Role.AGENT_1])
    before = Activity.objects.count()
    domain.set_roles(user=user, roles=[Role.AGENT_1, Role.EDITOR], actor=admin)
    domain.set_roles(user=user, roles=[Role.EDITOR], actor=admin)
    kinds = list(Activity.objects.order_by("pk").values_list("type", "data__role")[before:])
    assert kinds == [("accounts.role_granted", "editor"), ("accounts.role_revoked", "agent-1")]


def test_ensure_roles_is_idempotent_and_lets_editors_into_wagtail(client):
    domain.ensure_roles()
    domain.ensure_roles()
    assert set(Group.objects.values_list("name", flat=True)) >= set(Role.values)
    editor = UserFactory(roles=[Role.EDITOR])
    client.force_login(editor)
    assert client.get("/gestio/").status_code == 200
    first = Page.objects.get(depth=2).permissions_for_user(editor)
    assert first.can_edit()
    assert not first.can_publish()  # somebody else reviews it


def test_an_agent_cannot_enter_wagtail(client):
    domain.ensure_roles()
    client.force_login(UserFactory(roles=[Role.AGENT_1]))
    assert client.get("/gestio/").status_code == 302
