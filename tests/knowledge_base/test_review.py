"""What an editor may do alone, and what a coordinator must have seen."""

import pytest
from django.urls import reverse
from wagtail.models import Page, TaskState

from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.questions import index, question, topic

pytestmark = pytest.mark.django_db


def of_page(person, page):
    may = Page.objects.get(pk=page.pk).permissions_for_user(person)
    return may.can_add_subpage(), may.can_edit(), may.can_publish()


def test_an_editor_writes_and_does_not_publish_and_a_coordinator_does_both():
    page = topic("Logotip")
    assert of_page(UserFactory(roles=[Role.EDITOR]), page) == (True, True, False)
    assert of_page(UserFactory(roles=[Role.COORDINATOR]), page) == (True, True, True)
    assert of_page(UserFactory(roles=[Role.AGENT_1]), page) == (False, False, False)


def test_coordinators_publish_questions_and_nothing_else():
    coordinator = UserFactory(roles=[Role.COORDINATOR])
    assert of_page(coordinator, index().get_parent()) == (False, False, False)


def test_an_editor_does_not_approve_what_they_submitted(client):
    editor = UserFactory(roles=[Role.EDITOR])
    page = question(live=False)
    page.save_revision(user=editor)
    page.get_workflow().start(page, editor)
    state = TaskState.objects.get()
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])

    client.force_login(editor)
    client.post(address, {"comment": ""})
    page.refresh_from_db()
    assert not page.live

    client.force_login(UserFactory(roles=[Role.COORDINATOR]))
    client.post(address, {"comment": ""})
    page.refresh_from_db()
    assert page.live
