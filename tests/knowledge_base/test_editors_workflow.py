"""The editors' day in Wagtail: news are reviewed too, a page goes out at its moment, versions are compared."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, TaskState

from knowledge_base.content import news_index
from knowledge_base.models import NewsPage, QuestionPage
from knowledge_base.tasks import publish_scheduled
from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.news import component, release
from tests.factories.questions import question

pytestmark = pytest.mark.django_db

BODY = (
    '{"blocks": [{"key": "a", "text": "Les propostes es copien.", "type": "unstyled", "depth": 0, '
    '"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}'
)


def no_forms(*names):
    return {
        f"{name}-{word}_FORMS": value
        for name in names
        for word, value in (("TOTAL", "0"), ("INITIAL", "0"), ("MIN_NUM", "0"), ("MAX_NUM", "1000"))
    }


def notes(**changes):
    return {
        "title": "Versió 0.31.2",
        "slug": "versio-0312",
        "summary": "Les propostes es copien més de pressa.",
        "kind": "release",
        "version": "0.31.2",
        "date": "2026-03-04",
        "audience": "public",
        "components": [component("propostes").pk],
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": "",
        "body-0-value": BODY,
        **no_forms("changes", "comments"),
        **changes,
    }


@pytest.fixture
def editor():
    return UserFactory(roles=[Role.EDITOR])


def test_an_editor_writes_release_notes_and_a_coordinator_publishes_them(client, editor):
    add = reverse("wagtailadmin_pages:add", args=["knowledge_base", "newspage", news_index().pk])
    client.force_login(editor)
    assert client.get(add).status_code == 200
    sent = client.post(add, notes() | {"action-submit": "1"})
    assert sent.status_code == 302, sent.context and sent.context["form"].errors
    page = NewsPage.objects.get()
    assert (page.live, page.version) == (False, "0.31.2")
    assert client.get("/novetats/versio-0312/").status_code == 404

    state = TaskState.objects.get(status="in_progress")
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]), {"comment": ""})
    assert not NewsPage.objects.get().live, "whoever wrote it does not approve it"
    client.force_login(UserFactory(roles=[Role.COORDINATOR]))
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]), {"comment": ""})
    assert "Les propostes es copien." in client.get("/novetats/versio-0312/").text


def test_release_notes_without_a_version_are_asked_for_it(client, editor):
    add = reverse("wagtailadmin_pages:add", args=["knowledge_base", "newspage", news_index().pk])
    client.force_login(editor)
    assert "version" in client.post(add, notes(version="")).context["form"].errors
    assert not NewsPage.objects.exists()


def test_an_editor_may_not_publish_even_if_the_button_is_forged(client, editor):
    add = reverse("wagtailadmin_pages:add", args=["knowledge_base", "newspage", news_index().pk])
    client.force_login(editor)
    client.post(add, notes() | {"action-publish": "1"})
    assert not NewsPage.objects.filter(live=True).exists()


@pytest.mark.parametrize("role", [Role.AGENT_1, Role.AGENT_3, None])
def test_the_others_write_no_news(client, role):
    add = reverse("wagtailadmin_pages:add", args=["knowledge_base", "newspage", news_index().pk])
    client.force_login(UserFactory(roles=[role] if role else []))
    client.post(add, notes() | {"action-publish": "1"})
    assert not NewsPage.objects.exists()


def test_what_is_scheduled_goes_out_and_comes_in_at_its_moment(client):
    page = question("Una pregunta", live=False)
    client.force_login(UserFactory(roles=[Role.COORDINATOR]))
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    publish_scheduled()
    assert not QuestionPage.objects.get().live
    past = timezone.now() - timedelta(minutes=1)
    waiting = page.get_latest_revision()
    waiting.approved_go_live_at, waiting.content["go_live_at"] = past, past.isoformat()
    waiting.save()
    publish_scheduled()
    assert QuestionPage.objects.get().live
    Page.objects.filter(pk=page.pk).update(expire_at=past)
    publish_scheduled()
    assert not QuestionPage.objects.get().live


def test_versions_are_listed_and_compared_in_words(client, editor):
    page = question("On es canvia?", text="Al menú de dalt.")
    first = page.get_latest_revision()
    text = {"type": "text", "id": page.answer[0].id, "value": "<p>Al menú de baix.</p>"}
    steps = {"type": "steps", "value": [{"type": "item", "id": "a", "value": "<p>Entreu.</p>"}]}
    page.answer = json.dumps([text, steps])
    page.title = "On es canvia ara?"
    second = page.save_revision(user=editor)
    client.force_login(editor)
    history = client.get(reverse("wagtailadmin_pages:history", args=[page.pk]))
    assert history.status_code == 200
    compared = client.get(reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, second.pk]))
    assert compared.status_code == 200
    assert '<span class="deletion">dalt.</span>' in compared.text
    assert '<span class="addition">baix.</span>' in compared.text
    assert "Entreu." in compared.text
    client.force_login(UserFactory())
    address = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, second.pk])
    assert "baix" not in client.get(address, follow=True).text


def test_editors_name_components_and_others_do_not(client, editor):
    release(components=(component("propostes"),))
    address = reverse("wagtailsnippets_knowledge_base_component:list")
    client.force_login(editor)
    assert "Propostes" in client.get(address).text
    client.force_login(UserFactory(roles=[Role.AGENT_1]))
    assert "Pressupostos participatius" not in client.get(address, follow=True).text
