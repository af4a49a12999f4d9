import pytest
from django.utils.safestring import SafeString

from platform_core.search.engines import Question
from platform_core.search.highlight import LENGTH, excerpt, marked


def asked(text):
    return Question.of(text, language="ca")


@pytest.mark.parametrize(
    ("text", "question", "html"),
    [
        ("L’adreça nova", "adreces", "L’<mark>adreça</mark> nova"),
        (
            "La sol·licitud i les sol·licituds",
            "sollicitud",
            "La <mark>sol·licitud</mark> i les <mark>sol·licituds</mark>",
        ),
        ("Participació", "parti", "<mark>Participació</mark>"),
        ("<b>cens</b> & «cens»", "cens", "&lt;b&gt;<mark>cens</mark>&lt;/b&gt; &amp; «<mark>cens</mark>»"),
        ("Res de res", "cens", "Res de res"),
        ("", "cens", ""),
    ],
)
def test_what_was_asked_for_is_marked_and_the_rest_is_text(text, question, html):
    shown = marked(text, asked(question), "ca")
    assert shown == html
    assert isinstance(shown, SafeString)


def test_a_short_text_is_shown_whole():
    assert excerpt("El  cens\n és aquí.", asked("cens"), "ca") == "El <mark>cens</mark> és aquí."


def test_an_excerpt_is_the_part_with_most_matches_from_the_beginning_of_its_sentence():
    text = (
        "Un cens, de passada. "
        + "Res d'això. " * 60
        + "Aquí ve: el cens en format CSV del cens. "
        + "I més text. " * 40
    )
    shown = excerpt(text, asked("format del cens csv"), "ca")
    assert shown.startswith(
        "… Aquí ve: el <mark>cens</mark> en <mark>format</mark> <mark>CSV</mark> del <mark>cens</mark>."
    )
    assert shown.endswith("…")


def test_an_excerpt_without_matches_is_the_beginning():
    text = "Paraules " * 100
    assert excerpt(text, asked("cens"), "ca").startswith("Paraules Paraules")


@pytest.mark.parametrize(
    "text", ["x" * 5_000, "cens " * 4_000, "<" * 5_000, "&amp;" * 2_000, ("x" * 300 + " cens ") * 20]
)
def test_an_excerpt_is_short_and_closes_what_it_opens(text):
    shown = excerpt(text, asked("cens"), "ca")
    assert shown.count("<mark>") == shown.count("</mark>")
    plain = shown.replace("<mark>", "").replace("</mark>", "").replace("&lt;", "<").replace("&amp;", "&")
    assert len(plain) <= LENGTH + 4
    assert "<" not in shown.replace("<mark>", "").replace("</mark>", "")
