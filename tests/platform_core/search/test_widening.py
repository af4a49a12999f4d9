"""What is looked for besides the words of a question, and that it counts less than them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache

from platform_core.search import lexicon
from platform_core.search.engines import Question
from platform_core.search.engines.rarity import MOST_RANKED, Frequency, Sought, sought
from platform_core.search.engines.widening import MOST_RELATED, nearest, related_terms, related_words, sound_of
from platform_core.search.engines.widening import _known as known_of
from platform_core.search.public import PUBLIC, SIGNED_IN, STAFF, find

NOBODY = AnonymousUser()
KNOWN = known_of(["La renovació del cens", "Comptes i contrasenyes", "El pressupost"])


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    cache.clear()


def found(text: str, *, language: str = "ca") -> list[str]:
    return [hit.object_id for hit in find(text, viewer=NOBODY, language=language)]


def test_a_spanish_word_is_known_in_catalan_unless_its_stem_finds_it_anyway():
    assert lexicon.in_catalan("borrar") == ("esborrar",)
    assert lexicon.in_catalan("Contraseña") == ("contrasenya",)
    assert lexicon.in_catalan("plataforma") == ()


def test_words_of_the_field_stand_for_each_other_in_any_form_and_language():
    assert "qüestionari" in lexicon.alike("enquestes")
    assert "enquesta" in lexicon.alike("surveys")
    assert lexicon.alike("xarbot") == ()


def test_what_is_left_of_a_word_must_be_most_of_it():
    assert "aut" not in lexicon.strong_terms("autoritzat")
    assert "vot" in lexicon.strong_terms("votar")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("renovasio", "renovacio"),
        ("sens", "cens"),
        ("conte", "compte"),
        ("pressupst", "pressupost"),
        ("presupots", None),
    ],
)
def test_a_mistyped_word_is_the_known_one_that_sounds_so_or_is_one_slip_away(written, meant):
    assert nearest(written, known_of(["renovacio cens compte pressupost"])) == ([meant] if meant else [])


def test_known_short_and_strange_words_are_left_as_they_are():
    assert nearest("cens", KNOWN) == []
    assert nearest("cns", KNOWN) == []
    assert nearest("c3nsos", KNOWN) == []


def test_letters_that_sound_alike_are_one():
    assert sound_of("caixa") == sound_of("caxa")
    assert sound_of("vell") == sound_of("bell")
    assert sound_of("homes") == sound_of("omas")


@pytest.mark.django_db
def test_what_was_written_comes_before_what_may_have_been_meant(plain_notes):
    plain_notes.write("other", "El qüestionari")
    plain_notes.write("same", "L'enquesta")
    assert found("enquesta") == ["same", "other"]


@pytest.mark.django_db
def test_who_asks_in_spanish_or_with_a_slip_finds_catalan_texts(plain_notes):
    plain_notes.write("password", "Una contrasenya nova")
    plain_notes.write("renewal", "La renovació")
    assert found("contraseña", language="es") == ["password"]
    assert found("renovasió") == ["renewal"]


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "reads_so"), [("no arriba el correu", False), ("cómo borrar una cuenta", True)])
def test_who_reads_in_catalan_may_write_in_spanish_and_words_of_both_are_catalan(plain_notes, text, reads_so):
    spanish = {"dalt", "amunt", "esborrar", "compte"}
    assert (not spanish.isdisjoint(related_words(Question.of(text, language="ca"), {PUBLIC}))) == reads_so


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("audience", "corrected"),
    [(PUBLIC, (True, True)), (SIGNED_IN, (False, True)), (STAFF, (False, False))],
)
def test_nobody_is_corrected_by_a_title_that_they_may_not_see(plain_notes, audience, corrected):
    plain_notes.write("n", "Xarbotada", audience=frozenset({audience}))
    question = Question.of("xarbutada", language="ca")
    assert tuple("xarbotada" in related_words(question, held) for held in ({PUBLIC}, {PUBLIC, SIGNED_IN})) == corrected


@pytest.mark.django_db
def test_a_long_question_is_widened_by_so_much_and_no_more(plain_notes):
    plain_notes.write("census", "El cens")
    every = "vot enquesta trobada padró usuari contrasenya fitxer correu spam logotip formació manual termini edat"
    assert len(related_terms(Question.of(every, language="ca"), {PUBLIC})) == MOST_RELATED


def test_what_is_related_is_looked_for_as_long_as_few_entries_answer():
    known = {"cens": Frequency(10, 2), "padr": Frequency(20, 2), "proc": Frequency(MOST_RANKED, 9)}
    assert not sought(Question(("proc",), ""), known, beginnings=0, related=("padr",)).related
    question = Question(("cens",), "")
    assert sought(question, known, beginnings=0, related=("proc", "padr", "xyz")) == Sought(
        ("cens",), "", related=("padr",)
    )
