"""How each kind of question is asked and judged. No database."""

from random import Random

import pytest

from training.questions import Asked, Kind, TamperedError, draw, fold, judge, questions_in, read

LIST = [{"type": "item", "value": text, "id": str(number)} for number, text in enumerate(["u", "dos", "tres"])]
OPTIONS = [{"text": text, "is_right": text in "ac", "why": ""} for text in "abc"]
PAIRS = [{"left": letter, "right": letter.upper()} for letter in "abc"]
BLOCKS = [
    {"id": "1", "type": "single", "value": {"prompt": "?", "options": [{**OPTIONS[0]}, OPTIONS[1]]}},
    {"id": "2", "type": "multiple", "value": {"prompt": "?", "options": OPTIONS}},
    {"id": "3", "type": "true_false", "value": {"prompt": "?", "is_true": False}},
    {"id": "4", "type": "ordering", "value": {"prompt": "?", "items": LIST}},
    {
        "id": "5",
        "type": "matching",
        "value": {"prompt": "?", "pairs": [{"left": x, "right": x.upper()} for x in "abc"]},
    },
    {"id": "6", "type": "short", "value": {"prompt": "?", "accepted": "Fase activa\n  la fase\n\n"}},
]
SINGLE, MULTIPLE, TRUE_FALSE, ORDERING, MATCHING, SHORT = questions_in(BLOCKS)


def asked(question, order=None):
    return Asked(question, tuple(order if order is not None else range(len(question.options))))


def answer(question, posted, order=None):
    return judge(question, read(asked(question, order), posted))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_one_right_answer_wherever_it_stands(order):
    assert answer(SINGLE, {"q-1": [str(order.index(0))]}, order)
    assert not answer(SINGLE, {"q-1": [str(order.index(1))]}, order)


def test_several_right_answers_all_of_them_and_no_other():
    assert answer(MULTIPLE, {"q-2": ["2", "0"]})
    for wrong in (["0"], ["0", "1", "2"], ["1"]):
        assert not answer(MULTIPLE, {"q-2": wrong})
    assert answer(MULTIPLE, {"q-2": ["0", "1"]}, (2, 0, 1))


def test_true_or_false():
    assert answer(TRUE_FALSE, {"q-3": ["false"]})
    assert not answer(TRUE_FALSE, {"q-3": ["true"]})


def test_an_order_and_pairs():
    assert answer(ORDERING, {"q-4-0": ["3"], "q-4-1": ["1"], "q-4-2": ["2"]}, (2, 0, 1))
    assert not answer(ORDERING, {"q-4-0": ["1"], "q-4-1": ["2"], "q-4-2": ["3"]}, (2, 0, 1))
    assert answer(MATCHING, {"q-5-0": ["1"], "q-5-1": ["2"], "q-5-2": ["0"]}, (2, 0, 1))
    assert not answer(MATCHING, {"q-5-0": ["0"], "q-5-1": ["2"], "q-5-2": ["0"]}, (2, 0, 1))


@pytest.mark.parametrize("text", ["fase activa", "FASE ACTIVA", "  Fàse   àctiva. ", "«La fase»"])
def test_a_short_answer_by_its_words_alone(text):
    assert answer(SHORT, {"q-6": [text]})


def test_what_is_no_text_is_not_kept():
    assert read(asked(SHORT), {"q-6": ["fase\0 activa\x07"]}) == "fase  activa"


@pytest.mark.parametrize("text", ["fase", "fase activa sí", "fa se", "..", "🎉"])
def test_a_short_answer_that_is_another(text):
    assert not answer(SHORT, {"q-6": [text]})


def test_folding():
    assert fold("Col·laboració, d'Òdena!") == "collaboracio d odena"


@pytest.mark.parametrize(
    ("question", "posted"),
    [
        (SINGLE, {}),
        (SINGLE, {"q-1": [""]}),
        (MULTIPLE, {"q-2": []}),
        (SHORT, {"q-6": ["   "]}),
        (ORDERING, {"q-4-0": ["1"]}),
        (ORDERING, {"q-4-0": ["1"], "q-4-1": ["1"], "q-4-2": ["2"]}),
        (MATCHING, {"q-5-0": ["1"]}),
    ],
)
def test_what_has_no_answer_yet(question, posted):
    assert read(asked(question), posted) is None


@pytest.mark.parametrize(
    ("question", "posted"),
    [
        (SINGLE, {"q-1": ["0", "1"]}),
        (SINGLE, {"q-1": ["2"]}),
        (SINGLE, {"q-1": ["-1"]}),
        (SINGLE, {"q-1": ["x"]}),
        (SINGLE, {"q-1": ["١"]}),
        (SINGLE, {"q-1": ["9" * 5000]}),
        (MULTIPLE, {"q-2": ["0", "0"]}),
        (TRUE_FALSE, {"q-3": ["maybe"]}),
        (TRUE_FALSE, {"q-3": ["true", "false"]}),
        (ORDERING, {"q-4-0": ["4"]}),
        (MATCHING, {"q-5-0": ["3"], "q-5-1": ["0"], "q-5-2": ["0"]}),
        (SHORT, {"q-6": ["a", "b"]}),
    ],
)
def test_what_the_page_cannot_have_sent(question, posted):
    with pytest.raises(TamperedError):
        read(asked(question), posted)


def test_a_draw_is_part_of_the_pool_and_no_order_is_shown_solved():
    questions = questions_in(BLOCKS)
    seen = set()
    for seed in range(60):
        drawn = draw(questions, most=3, lot=Random(seed))  # noqa: S311  the same on every machine
        assert len(drawn) == len({each["id"] for each in drawn}) == 3
        seen |= {each["id"] for each in drawn}
        assert all(sorted(each["order"]) != each["order"] for each in drawn if each["id"] == "4")
    assert seen == {question.id for question in questions}
    lot = Random(1)  # noqa: S311  the same on every machine
    assert len(draw(questions, most=0, lot=lot)) == len(draw(questions, most=99, lot=lot)) == 6
    assert ORDERING.kind is Kind.ORDERING
