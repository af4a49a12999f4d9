"""The questions that the search is judged by are many, differ, and ask for answers that exist."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from bench.eval_search import ENGINES, SETS, TARGETS, Asked, Score, figures_of, tables_of
from knowledge_base.content import ANSWERS, WORDINGS

QUESTIONS = {name: json.loads(path.read_text()) for name, path in SETS.items()}
each_set = pytest.mark.parametrize("questions", QUESTIONS.values(), ids=list(QUESTIONS))
ANSWERS_THERE = {item["id"]: item for item in json.loads(ANSWERS.read_text())["questions"]}


def asked(*came: str, difficulty: str = "words", answers: tuple[str, ...] = ("a",), of: str = "questions") -> Asked:
    return Asked(text="?", of=of, difficulty=difficulty, answers=answers, came=came)


@each_set
def test_each_answer_is_asked_for_and_no_question_twice(questions):
    assert {key for one in questions["questions"] for key in one["answers"]} == set(ANSWERS_THERE)
    assert max(Counter(one["asked"].casefold() for one in questions["questions"]).values()) == 1


@each_set
def test_the_set_is_large_and_of_each_difficulty_that_it_names(questions):
    numbers = Counter(one["difficulty"] for one in questions["questions"])
    assert set(numbers) == set(questions["difficulties"])
    assert sum(numbers.values()) >= 130
    assert numbers["spanish"] >= 20
    assert questions["source"]


@each_set
def test_no_question_is_the_title_of_its_answer_nor_one_of_the_ways_to_ask_it(questions):
    told = {item["question"].casefold() for item in ANSWERS_THERE.values()}
    told |= {
        line.casefold()
        for ways in json.loads(WORDINGS.read_text()).values()
        for lines in ways.values()
        for line in lines
    }
    assert told.isdisjoint(one["asked"].casefold() for one in questions["questions"])


def test_the_place_is_that_of_the_first_right_answer():
    assert asked("x", "b", "a", answers=("a", "b")).place == 2
    assert asked("x").place is None


def test_a_score_is_the_mean_over_the_questions():
    score = Score.of([asked("a"), asked("x", "a"), asked("x"), asked("w", "x", "y", "a")])
    assert score.cells() == [pytest.approx((1 + 0.5 + 0.25) / 4, abs=0.001), 0.25, 0.5, 4]


def test_every_engine_has_a_target_and_its_rows():
    assert set(ENGINES) == set(TARGETS)
    seen = {"sqlite": [asked("a"), asked("x", difficulty="typo", of="another")]}
    whole, parts = tables_of(seen)
    assert [row[:2] for row in whole.rows] == [["sqlite", "questions"], ["sqlite", "another"]]
    assert [row[:2] for row in parts.rows] == [["sqlite", "words"], ["sqlite", "typo"]]
    assert [figure.met for figure in figures_of(seen)] == [True, False]
