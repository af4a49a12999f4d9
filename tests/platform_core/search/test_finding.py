from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platform_core.search.models import SearchEntry
from platform_core.search.public import STAFF, find
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()


def found(text, *, viewer=NOBODY, **options):
    return [hit.object_id for hit in find(text, viewer=viewer, **options)]


def test_a_title_counts_more_than_keywords_and_keywords_more_than_the_text(notes):
    filling = "Una frase sobre altres coses del municipi."
    notes.write("body", "Una nota", body=f"El logotip. {filling}")
    notes.write("title", "El logotip", body=filling)
    notes.write("keywords", "Una altra nota", body=filling, keywords="logotip")
    for number in range(6):
        notes.write(f"other-{number}", f"Nota {number}", body=filling)
    assert found("logotips") == ["title", "keywords", "body"]


def test_another_way_to_ask_for_a_thing_finds_it_and_is_not_shown(notes):
    notes.write("password", "He oblidat la contrasenya", body="Us n'enviem una de nova.", wordings="no puc entrar")
    notes.write("logo", "El logotip", body="Un dibuix.")
    hits = find("no em deixa entrar", viewer=NOBODY)
    assert [hit.object_id for hit in hits] == ["password"]
    assert "entrar" not in f"{hits[0].title} {hits[0].excerpt}"


def test_a_way_to_ask_that_was_taken_away_finds_nothing(notes):
    notes.write("password", "He oblidat la contrasenya", wordings="no puc entrar")
    notes.write("password", "He oblidat la contrasenya")
    assert found("entrar") == []


def test_a_rare_word_counts_more_than_a_frequent_one(notes):
    for number in range(8):
        notes.write(f"process-{number}", f"Processos {number}", body="El procés participatiu.")
    notes.write("census", "Altres", body="El cens.")
    assert found("procés cens")[0] == "census"


def test_one_word_of_many_is_enough(notes):
    notes.write("census", "Format del cens", body="Un fitxer CSV.")
    notes.write("logo", "El logotip", body="Un dibuix.")
    assert found("voldria saber quin cens demaneu per a les votacions") == ["census"]


def test_the_last_word_is_found_while_it_is_being_typed(notes):
    notes.write("participation", "Participació ciutadana")
    notes.write("other", "Calendari")
    for typed in ("par", "parti", "particip", "participació ciu", "d'una particip"):
        assert found(typed) == ["participation"], typed


def test_while_typing_a_title_counts_more_than_a_text(notes):
    filling = "Una frase sobre altres coses del municipi."
    notes.write("body", "Una nota", body=f"La participació. {filling}")
    notes.write("title", "La participació", body=f"Una nota. {filling}")
    for number in range(6):
        notes.write(f"other-{number}", f"Nota {number}", body=filling)
    assert found("partic") == ["title", "body"]


def test_a_beginning_of_a_word_that_is_not_the_last_does_not_count(notes):
    notes.write("participation", "Participació")
    assert found("parti cens") == []


def test_a_better_weighed_thing_comes_first(notes):
    for key, boost in (("usual", 1.0), ("better", 3.0)):
        notes.write(key, "El cens", boost=boost)
    notes.write("other", "Calendari")
    assert found("cens") == ["better", "usual"]


def test_equal_things_keep_their_order_and_the_limit_holds(notes):
    for number in range(12):
        notes.write(f"n{number:02}", "El cens")
    assert found("cens") == found("cens", limit=100)[:10] == [f"n{number:02}" for number in range(10)]
    assert found("cens", limit=3) == ["n00", "n01", "n02"]
    assert found("cens", limit=0) == found("cens", limit=-1) == []


def test_kinds_narrow_and_no_kind_at_all_finds_nothing(notes):
    notes.write("census", "El cens")
    assert found("cens", kinds=[notes.kind]) == ["census"]
    assert found("cens", kinds=["tests.other"]) == []
    assert found("cens", kinds=[]) == []


def test_a_question_is_read_in_the_language_of_the_reader_and_in_catalan(notes):
    notes.write("es", "Las contraseñas caducadas", language="es")
    notes.write("ca", "Les contrasenyes caducades")
    assert found("contraseña", language="es")[0] == "es"
    assert found("contrasenya", language="es")[0] == "ca"


def test_the_address_is_the_readers(notes):
    notes.write("census", "El cens")
    assert [hit.url for hit in find("cens", viewer=NOBODY)] == ["/notes/census/"]
    assert [hit.url for hit in find("cens", viewer=NOBODY, language="es")] == ["/es/notes/census/"]


NONSENSE = [
    *(
        "",
        " ",
        "\n\t",
        "\0",
        "ce\0ns",
        "?",
        "¿?",
        "'",
        "l'",
        "''''",
        '"',
        '"cens',
        "*",
        "^cens",
        "cens*",
        "-cens",
        "+cens",
    ),
    *(
        "cens AND",
        "NOT",
        "NOT cens",
        "OR OR OR",
        "NEAR(cens, 3)",
        "title : cens",
        "{title} : cens",
        "(cens",
        "cens)",
        "(((",
    ),
    *(
        "cens:*",
        "cens & | ! <->",
        "':'",
        "\\",
        "\\'",
        "%",
        "%s",
        "%(x)s",
        "_",
        ";--",
        "'; DROP TABLE search_searchentry;--",
    ),
    *("🎉", "日本語", "Ω мир", "\ud800", "\u202e cens", "a" * 10_000, "cens " * 2_000, "'" * 10_000, "l·" * 5_000),
    " ".join(f"paraula{number}" for number in range(1_500)),
    *("de la", "què és això", "1e999", "0x00", "3,14", "12:30", "c" * 39 + "é"),
]


@pytest.mark.parametrize("text", NONSENSE, ids=range(len(NONSENSE)))
def test_any_string_is_a_good_question(notes, text):
    notes.write("census", "El cens")
    for language in ("ca", "es", "en", "xx"):
        assert set(found(text, language=language)) <= {"census"}


@pytest.mark.parametrize("text", [text for text in NONSENSE if "\ud800" not in text], ids=len)
def test_any_string_can_be_told_to_the_index(notes, text):
    notes.write("strange", f"El cens {text}", body=text, keywords=text, group=text)
    assert found("cens") == ["strange"]


def test_a_very_long_text_is_indexed_as_far_as_the_engines_go(notes):
    notes.write("long", "El cens", body=" ".join(f"paraula{number}" for number in range(200_000)))
    assert found("paraula7") == ["long"]
    assert found("cens") == ["long"]


def test_a_search_takes_as_many_queries_however_much_it_finds(notes):
    def cost(many):
        somebody = UserFactory()
        for number in range(many):
            notes.write(f"n{number}", "El cens", body="Un fitxer CSV amb el cens. " * 20)
        somebody = type(somebody).objects.get(pk=somebody.pk)  # whose roles nobody has asked for yet
        with CaptureQueriesContext(connection) as queries:
            assert len(find("cens fitxers", viewer=somebody, limit=30)) == many
        return len(queries)

    cost(1)  # what is kept for a while is read
    # Roles, seats, spaces, what is known of the words (two at most), the answers; and the notes ask for the seats and
    # the spaces again.
    assert cost(1) == cost(30) <= 8


def test_a_hit_tells_what_a_page_shows(notes):
    notes.write("census", "El cens", body="Un fitxer.", group="Votacions")
    (hit,) = find("cens", viewer=NOBODY)
    assert (hit.kind, hit.object_id, hit.title, hit.language, hit.group) == (
        notes.kind,
        "census",
        "El cens",
        "ca",
        "Votacions",
    )
    assert hit.score > 0


def test_what_the_index_has_not_forgotten_yet_is_asked_of_its_app(notes):
    notes.write("census", "El cens")
    notes.write("staff", "El cens intern", audience=frozenset({STAFF}))
    del notes.drafts["census"]  # gone, and the worker has not told the index yet
    assert SearchEntry.objects.count() == 2
    assert found("cens") == []


def test_the_moment_of_change_is_kept(notes):
    changed = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    notes.write("census", "El cens", updated_at=changed)
    assert SearchEntry.objects.get().updated_at == changed
