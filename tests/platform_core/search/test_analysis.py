import pytest

from platform_core.search.analysis import fold, plain_words_of, terms_of, words_of
from platform_core.search.stopwords import STOP_WORDS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("renovació", "renovacions"),
        ("renovació", "renovacio"),
        ("votar", "votaran"),
        ("adreça", "ADRECES"),
        ("adreça", "l'adreça"),
        ("adreça", "l’adreça"),
        ("organització", "d'organitzacions"),
        ("sol·licitud", "sollicituds"),
        ("sol·licitud", "sol.licitud"),
        ("sol·licitud", "sol-licitud"),
        ("col·laborar", "COL•LABORAR"),
        ("pàgina", "pagines"),
        ("plaça", "places"),
        ("fase", "fases"),
        ("dada", "dades"),
        ("procés", "processos"),
        ("òrgan", "organs"),
        ("correu", "correus"),
    ],
)
def test_forms_of_a_catalan_word_share_a_term(one, other):
    assert set(terms_of(one, "ca")) & set(terms_of(other, "ca"))


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [("inscripción", "inscripciones", "es"), ("reunión", "REUNIONES", "es"), ("meeting", "meetings", "en")],
)
def test_each_language_has_its_own_stems(one, other, language):
    assert set(terms_of(one, language)) & set(terms_of(other, language))


def test_words_come_without_elided_articles_and_in_their_order():
    assert words_of("Qui n'hi posa? L'adreça d’un ens, dues-centes (200)") == [
        *("Qui", "hi", "posa", "adreça", "un", "ens", "dues", "centes", "200"),
    ]


def test_two_sentences_are_not_joined_by_the_letters_around_the_full_stop():
    assert plain_words_of("L'hotel. Les actes. Original - la còpia") == [
        "hotel",
        "les",
        "actes",
        "original",
        "la",
        "copia",
    ]


@pytest.mark.parametrize("language", ["ca", "es", "en"])
def test_stop_words_give_no_term(language):
    assert terms_of(" ".join(STOP_WORDS[language]), language) == []


def test_stop_words_are_written_as_they_are_compared():
    assert all(word == fold(word) for words in STOP_WORDS.values() for word in words)


@pytest.mark.parametrize(
    "text", ["", "   ", "\0", "¿?¡!…", "'''", "·", "日本語", "🎉", "\ud800", "_", "l'", "a" * 10_000]
)
def test_terms_are_plain_letters_and_digits_whatever_the_text(text):
    for term in [*terms_of(text, "ca"), *plain_words_of(text)]:
        assert term.isascii()
        assert term.isalnum()
        assert len(term) <= 40


def test_an_unknown_language_is_read_as_catalan():
    assert terms_of("renovacions", "xx") == terms_of("renovacions", "ca")
