"""Editors write in Wagtail: a draft that nobody reads, a review by another one, and then it is there."""

import pytest
from wagtail.models import Revision, TaskState

from knowledge_base.models import Audience, QuestionPage
from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from tests.factories.accounts import UserFactory
from tests.factories.questions import deliver, question, topic

pytestmark = pytest.mark.django_db

NEW_QUESTION = {
    "title": "Com es demana un mòdul?",
    "slug": "com-es-demana-un-modul",
    "answer-count": "1",
    "answer-0-deleted": "",
    "answer-0-order": "0",
    "answer-0-type": "notice",
    "answer-0-id": "",
    "answer-0-value-tone": "info",
    "answer-0-value-text": '{"blocks": [{"key": "a", "text": "Amb un tiquet.", "type": "unstyled", "depth": 0, '
    '"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}',
    "audience": "public",
    "confidence": "confirmed",
    "last_checked": "2026-03-04",
    "review_by": "2027-03-04",
    "keywords": "",
    "sources": "",
    "related_questions-TOTAL_FORMS": "0",
    "related_questions-INITIAL_FORMS": "0",
    "related_questions-MIN_NUM_FORMS": "0",
    "related_questions-MAX_NUM_FORMS": "6",
    "comments-TOTAL_FORMS": "0",
    "comments-INITIAL_FORMS": "0",
    "comments-MIN_NUM_FORMS": "0",
    "comments-MAX_NUM_FORMS": "1000",
}


def test_an_editor_writes_a_colleague_approves_and_readers_find_it(client):
    subject = topic("Mòduls")
    writer, reviewer = UserFactory(roles=[Role.EDITOR]), UserFactory(roles=[Role.COORDINATOR])

    client.force_login(writer)
    form = client.get(f"/gestio/pages/add/knowledge_base/questionpage/{subject.pk}/")
    assert form.status_code == 200
    assert "Qui la pot llegir" in form.text or "qui la pot llegir" in form.text.lower()
    sent = client.post(
        f"/gestio/pages/add/knowledge_base/questionpage/{subject.pk}/", NEW_QUESTION | {"action-submit": "1"}
    )
    assert sent.status_code == 302, sent.context and sent.context["form"].errors
    page = QuestionPage.objects.get()
    assert not page.live
    assert client.get("/faq/moduls/com-es-demana-un-modul/").status_code == 404

    client.force_login(reviewer)
    state = TaskState.objects.get(status="in_progress")
    done = client.post(f"/gestio/pages/workflow/action/{page.pk}/approve/{state.pk}/", {"comment": ""}, follow=True)
    assert done.status_code == 200
    deliver()
    client.logout()
    assert "Amb un tiquet." in client.get("/faq/moduls/com-es-demana-un-modul/").text
    assert "<mark>mòdul</mark>" in client.get("/faq/?q=demanar+moduls").text
    assert Activity.objects.filter(type="knowledge_base.question_changed").exists()


def test_a_draft_of_a_published_answer_changes_nothing_for_readers(client):
    page = question("On es canvia el logotip?")
    page.title = "Una altra cosa"
    page.audience = Audience.STAFF
    page.save_revision()
    deliver()
    assert "On es canvia el logotip?" in client.get("/faq/logotip/on-es-canvia-el-logotip/").text
    assert "<mark>logotip</mark>" in client.get("/faq/?q=logotip").text


def test_who_is_no_editor_does_not_enter(client):
    page = question()
    for person in (UserFactory(), UserFactory(roles=[Role.AGENT_1])):
        client.force_login(person)
        client.post(f"/gestio/pages/{page.pk}/edit/", NEW_QUESTION | {"action-publish": "1"})
    page.refresh_from_db()
    assert page.title == "On es canvia el logotip?"
    assert Revision.objects.for_instance(page).count() == 1


def test_an_address_of_the_product_is_not_taken_by_a_topic():
    page = topic("Logotip")
    page.slug = "suggeriments"
    with pytest.raises(Exception, match=r"slug|adreça|address"):
        page.full_clean()


def test_an_editor_looks_at_a_draft_inside_a_frame_of_the_same_house(client):
    page = question("On es canvia el logotip?")
    client.force_login(UserFactory(roles=[Role.EDITOR]))
    address = f"/gestio/pages/{page.pk}/edit/preview/"
    assert client.post(address, NEW_QUESTION).json() == {"is_valid": True, "is_available": True}
    preview = client.get(f"{address}?mode=")
    assert "Com es demana un mòdul?" in preview.text
    assert "valoracio" not in preview.text
    assert preview["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/faq/")["Content-Security-Policy"]
