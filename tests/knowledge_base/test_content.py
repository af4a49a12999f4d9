"""The tree of pages and the collection of answers: there once, however often it is asked for."""

import json

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, WorkflowPage

from knowledge_base.content import ANSWERS, WORDINGS, load_answers, prepare
from knowledge_base.models import Audience, Confidence, FaqIndexPage, QuestionPage, TopicPage

pytestmark = pytest.mark.django_db


def test_preparing_twice_changes_nothing():
    prepare()
    before = [model.objects.count() for model in (Page, WorkflowPage, GroupApprovalTask, GroupPagePermission)]
    call_command("prepare_knowledge_base")
    assert [model.objects.count() for model in (Page, WorkflowPage, GroupApprovalTask, GroupPagePermission)] == before
    assert {page.site_path for page in FaqIndexPage.objects.all()} == {"faq/"}
    assert FaqIndexPage.objects.get(alias_of=None).locale.language_code == "ca"


def test_the_collection_is_published_whole_and_once():
    assert load_answers() == 55
    assert load_answers() == 0
    assert (QuestionPage.objects.live().count(), TopicPage.objects.live().count()) == (55, 21)
    assert QuestionPage.objects.filter(confidence=Confidence.TO_CONFIRM).count() == 6
    assert QuestionPage.objects.filter(audience=Audience.PUBLIC).count() == 7
    assert not QuestionPage.objects.filter(audience=Audience.STAFF).exists()


def test_each_answer_comes_with_other_ways_to_ask_it_in_both_languages():
    load_answers()
    ways = json.loads(WORDINGS.read_text())
    for key, wordings in QuestionPage.objects.values_list("key", "wordings"):
        assert wordings.splitlines() == [*ways[key]["ca"], *ways[key]["es"]]
    every = [line.casefold() for both in ways.values() for lines in both.values() for line in lines]
    assert len(every) == len(set(every)) >= 20 * 55 - 5


def test_another_collection_with_the_same_ids_gets_no_wordings_of_ours(tmp_path):
    file = tmp_path / "collection.json"
    file.write_text(ANSWERS.read_text())
    call_command("load_answers", str(file))
    assert not QuestionPage.objects.exclude(wordings="").exists()


def test_what_the_editors_changed_stays(tmp_path):
    load_answers()
    page = QuestionPage.objects.get(key="faq-01")
    page.title = "Una pregunta millor"
    page.save_revision().publish()
    load_answers()
    assert QuestionPage.objects.get(key="faq-01").title == "Una pregunta millor"


@pytest.mark.parametrize("spoil", [{"audience": "ningú"}, {"answer": None}, {"sources": None}])
def test_a_bad_entry_leaves_nothing_half_done(tmp_path, spoil):
    collection = json.loads(ANSWERS.read_text())
    collection["questions"] = collection["questions"][:3]
    collection["questions"][2] |= spoil
    file = tmp_path / "collection.json"
    file.write_text(json.dumps(collection))
    with pytest.raises(CommandError, match="Nothing was added"):
        call_command("load_answers", str(file))
    assert not QuestionPage.objects.exists()


def test_a_file_that_is_none_is_said_so(tmp_path):
    with pytest.raises(CommandError, match=r"no-hi-es\.json"):
        call_command("load_answers", str(tmp_path / "no-hi-es.json"))
