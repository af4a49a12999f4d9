"""The questions that the search is judged by are many, differ, and ask for answers that exist."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from bench.eval_search import ENGINES, QUESTIONS, TARGETS, Asked, Score, figures_of, tables_of
from knowledge_base.content import ANSWERS

SET = json.loads(QUESTIONS.read_text())
ANSWERS_THERE = {item["id"]: item for item in json.loads(ANSWERS.read_text())["questions"]}


def asked(*came: str, difficulty: str = "words", answers: tuple[str, ...] = ("a",)) -> Asked:
    return Asked(text="?", difficulty=difficulty, answers=answers, came=came)


def test_each_answer_is_asked_for_and_no_question_twice():
    assert {key for one in SET["questions"] for key in one["answers"]} == set(ANSWERS_THERE)
    assert max(Counter(one["asked"].casefold() for one in SET["questions"]).values()) == 1


def test_the_set_is_large_and_of_each_difficulty_that_it_names():
    numbers = Counter(one["difficulty"] for one in SET["questions"])
    assert set(numbers) == set(SET["difficulties"])
    assert sum(numbers.values()) >= 130
    assert numbers["spanish"] >= 25
    assert SET["source"]


def test_no_question_is_the_title_of_its_answer():
    titles = {item["question"].casefold() for item in ANSWERS_THERE.values()}
    assert titles.isdisjoint(one["asked"].casefold() for one in SET["questions"])


def test_the_place_is_that_of_the_first_right_answer():
    assert asked("x", "b", "a", answers=("a", "b")).place == 2
    assert asked("x").place is None


def test_a_score_is_the_mean_over_the_questions():
    score = Score.of([asked("a"), asked("x", "a"), asked("x"), asked("w", "x", "y", "a")])
    assert score.cells() == [pytest.approx((1 + 0.5 + 0.25) / 4, abs=0.001), 0.25, 0.5, 4]


def test_every_engine_has_a_target_and_its_rows():
    assert set(ENGINES) == set(TARGETS)
    seen = {"sqlite": [asked("a"), asked("x", difficulty="typo")]}
    whole, parts = tables_of(seen)
    assert [row[0] for row in whole.rows] == ["sqlite"]
    assert [row[:2] for row in parts.rows] == [["sqlite", "words"], ["sqlite", "typo"]]
    assert [figure.met for figure in figures_of(seen)] == [False]
