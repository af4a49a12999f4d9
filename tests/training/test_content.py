"""The course that comes with the product."""

import json

import pytest
from django.core.management import CommandError, call_command

from training.content import COURSE, load_course, prepare
from training.models import CourseIndexPage, CoursePage, LessonPage, ModulePage, QuizPage
from training.outline import ItemKind
from training.pages import outline_of
from training.questions import judge, questions_in

pytestmark = pytest.mark.django_db


def test_the_course_is_there_once_as_its_file_says():
    page = load_course()
    assert load_course().pk == page.pk
    assert [model.objects.count() for model in (CoursePage, ModulePage, LessonPage, QuizPage)] == [1, 5, 23, 1]
    outline = outline_of(page)
    facts = json.loads(COURSE.read_text())
    assert [item.title for item in outline.items if item.kind == ItemKind.LESSON] == [
        lesson["title"] for module in facts["modules"] for lesson in module["lessons"]
    ]
    assert outline.minutes - outline.items[-1].minutes == facts["total_minutes"]


def test_its_questions_have_the_right_answers_of_its_file():
    load_course()
    facts = json.loads(COURSE.read_text())["quiz"]
    questions = questions_in(QuizPage.objects.get().questions.raw_data)
    assert len(questions) == 18
    for question, fact in zip(questions, facts, strict=True):
        assert judge(question, [fact["answer"]])
        assert not judge(question, [(fact["answer"] + 1) % 4])


def test_what_editors_changed_stays():
    page = load_course()
    page.title = "Un altre títol"
    page.save_revision().publish()
    LessonPage.objects.first().delete()
    call_command("load_course")
    assert CoursePage.objects.get().title == "Un altre títol"
    assert LessonPage.objects.count() == 22


def test_the_front_page_is_there_once_in_each_language():
    prepare()
    prepare()
    assert CourseIndexPage.objects.count() == 3


def test_a_file_that_is_no_course_adds_nothing(tmp_path):
    for number, text in enumerate(("{", "[]", json.dumps({"title": "x"}), "")):
        (tmp_path / f"{number}.json").write_text(text)
        with pytest.raises(CommandError):
            call_command("load_course", tmp_path / f"{number}.json")
    assert not CoursePage.objects.exists()
