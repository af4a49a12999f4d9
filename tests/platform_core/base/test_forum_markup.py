"""A post of a community as HTML: nothing of three hundred attacks runs, and nobody disturbs what stands around it."""

from __future__ import annotations

import re
import unicodedata

import pytest
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from platform_core.base import markup
from platform_core.base.markup import handle, references_in, render_markdown, resolve_references, tame
from tests.platform_core.base.test_markup import Seen
from tests.platform_core.base.xss_vectors import VECTORS

IMAGES = "/agora/fitxer/"
SCHEME = re.compile(r"\s*[a-z0-9+.-]*:", re.IGNORECASE)


def post(text: str) -> str:
    return render_markdown(text, references=True, images=IMAGES)


def assert_harmless(html: str) -> None:
    for tag, attributes in Seen(html).elements:
        allowed = {"lang", "dir", "rel", "align"} | markup.ATTRIBUTES.get(tag, set())
        allowed |= {"data-ref"} if tag == "span" else set()
        assert tag in markup.TAGS, tag
        assert attributes.keys() <= allowed, attributes
        address = attributes.get("href") or ""
        scheme = SCHEME.match(address)
        assert scheme is None or scheme[0].strip().lower() in {"http:", "https:", "mailto:", "tel:"}, address
        assert "href" not in attributes or attributes["rel"] == "nofollow noopener noreferrer"
        if "src" in attributes:
            assert re.fullmatch(r"/agora/fitxer/[1-9][0-9]*/|cid:.*", attributes["src"] or ""), attributes
        if "data-ref" in attributes:
            assert re.fullmatch(r"@\d+|[A-Z]-\d+(/\d+)?", attributes["data-ref"] or ""), attributes


def test_there_are_many_attacks_and_none_twice():
    assert len(VECTORS) == len(set(VECTORS)) >= 200


@pytest.mark.parametrize("text", VECTORS)
def test_no_attack_gets_through(text: str):
    for html in (
        post(text),
        post(f"> - {text}"),
        post(f"| a |\n|---|\n| {text} |"),
        post(f"@laia-serra-12 {text} #S-1"),
        post(f"![{text}](/agora/fitxer/1/) [{text}](https://x.test)"),
        render_markdown(text),
        markup.render_plain(text),
    ):
        assert_harmless(html)
    assert_harmless(markup.clean_html(text))
    assert_harmless(resolve_references(post(text), {"S-1": mark_safe("<b>x</b>")}))


@given(st.lists(st.sampled_from(VECTORS) | st.text(max_size=4), min_size=2, max_size=6).map("".join))
def test_nor_do_several_of_them_joined(text: str):
    assert_harmless(post(text))
    assert_harmless(resolve_references(post(text), {ref: mark_safe("<b>x</b>") for ref in references_in(post(text))}))


@given(st.text(max_size=200))
def test_any_text_at_all_is_harmless_and_rendering_never_fails(text: str):
    assert_harmless(post(text))


# ---- what belongs to a post ----


def test_people_and_things_named_in_a_post_are_marked():
    html = post("Hola @laia-serra-12, mireu #S-4193 i #T-17/3.")
    assert references_in(html) == {"@12", "S-4193", "T-17/3"}
    assert '<span data-ref="S-4193">#S-4193</span>' in html


@pytest.mark.parametrize(
    "text",
    [
        "escriviu a laia@serra-12.test",
        "x#S-1",
        "/#S-1",
        "#S-0",
        "#S-1a",
        "#s-1",
        "@laia",
        "@laia-12b",
        "`#S-1` `@laia-12`",
        "```\n@laia-12 #S-1\n```",
        "[#S-1 @laia-12](https://x.test)",
        "https://x.test/#S-1",
        "\\#S-1 \\@laia-12",
        "@" + "a-" * 50 + "1",
        "#S-" + "9" * 30,
    ],
)
def test_what_only_looks_like_a_name_is_left_alone(text: str):
    assert references_in(post(text)) == set()


def test_without_asking_for_them_nothing_is_marked():
    assert references_in(render_markdown("@laia-serra-12 #S-4193")) == set()


def test_a_reader_sees_of_a_name_what_they_may_know_and_the_others_what_was_typed():
    html = post("Com a #S-4193 i #S-4194")
    shown = resolve_references(html, {"S-4193": mark_safe('<a href="/suport/S-4193/">S-4193</a>')})
    assert shown == '<p>Com a <a href="/suport/S-4193/">S-4193</a> i #S-4194</p>\n'


def test_nobody_forges_a_mark_by_hand():
    assert references_in(post('<span data-ref="S-1">x</span>')) == set()
    assert references_in(post('[x](https://x.test/<span data-ref="S-1">x</span>)')) == set()
    assert (
        references_in(post('`<span data-ref="S-1">x</span>` [a](https://x.test "<span data-ref="S-1">x</span>")'))
        == set()
    )


def test_only_pictures_that_were_uploaded_here_are_shown():
    html = post(
        "![captura](/agora/fitxer/7/) ![b](https://evil.test/p.gif) ![c](/agora/fitxer/x/) ![d](/compte/logout/)"
    )
    assert [attributes.get("src") for tag, attributes in Seen(html).elements if tag == "img"] == [
        "/agora/fitxer/7/", None, None, None,
    ]  # fmt: skip


def test_code_tables_and_quotes_are_what_they_are():
    html = post("> @laia-1 #T-1/2\n> ho diu\n\n|a|b|\n|-|-|\n|1|2|\n\n```py\nx < 1\n```")
    for part in ("<blockquote>", "<table>", "<td>1</td>", "<pre><code>x &lt; 1\n</code></pre>"):
        assert part in html


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Núria Ferrer", "nuria-ferrer-7"), ("L·l d'Òdena", "ll-d-odena-7"), ("李", "persona-7"), ("", "persona-7")],
)
def test_the_handle_of_a_person_is_read_back_as_them(name: str, expected: str):
    assert handle(name, 7) == expected
    assert references_in(post(f"Hola @{expected}!")) == {"@7"}


@given(st.text(max_size=200), st.integers(min_value=1, max_value=10**17))
def test_whatever_their_name_is(name: str, pk: int):
    assert references_in(post(f"@{handle(name, pk)}")) == {f"@{pk}"}


# ---- tricks with characters, and bombs ----


@pytest.mark.parametrize("mark", ["\u202e", "\u202d", "\u2066", "&#x202e;", "&#8238;", "&#x2067;"])
def test_nobody_turns_the_direction_of_what_comes_after(mark: str):
    html = post(f"factura{mark}gpj.exe [x{mark}](https://x.test) `{mark}`") + markup.render_plain(mark)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)


def test_right_to_left_scripts_are_written_as_they_are():
    assert "שלום مرحبا" in post("שלום مرحبا")


@pytest.mark.parametrize("mark", ["\u0335", "\u20dd", "&#x335;", "\u0e49"])
def test_marks_do_not_pile_up_over_the_neighbouring_lines(mark: str):
    html = post("Z" + mark * 60 + "algo")
    assert sum(1 for char in html if unicodedata.category(char) in ("Mn", "Me")) <= markup.MOST_MARKS


def test_letters_of_languages_keep_their_marks():
    for text in ("l'Hospitalet i Òdena", unicodedata.normalize("NFD", "Núria Việt Nam"), "नमस्ते", "ภาษาไทยที่นี่"):
        assert tame(text) == text


BOMBS = {
    "quotes in quotes": ">" * 30_000,
    "quotes with spaces": "> " * 15_000 + "x",
    "lists in lists": "- " * 15_000 + "x",
    "emphasis": "*a **a " * 4_000,
    "brackets": "[" * 30_000,
    "images": "![" * 15_000,
    "links": "[a](" * 7_500,
    "backticks": "".join("`" * n + "a" for n in range(1, 240)),
    "entities": "&#x335;" * 4_000,
    "signs": "<" * 30_000,
    "at signs": "@a-" * 10_000,
    "references": "#S-1 " * 6_000,
    "definitions": "[a]: /x\n" * 3_000 + "[a]" * 1_000,
    "a table of empty cells": "|" * 250 + "\n" + "|-" * 250 + "|\n" + "|\n" * 5_000,
    "tables": ("|" * 100 + "\n" + "|-" * 100 + "|\n" + "|\n" * 600 + "\n") * 10,
    "underscores": "_a" * 15_000,
    "tildes": "~~a" * 10_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_of_markdown_stays_small(name: str):
    html = post(BOMBS[name])
    assert_harmless(html)
    assert len(html) <= markup.LARGEST + 100


def test_a_text_that_would_grow_too_large_is_shown_as_it_was_typed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(markup, "LARGEST", 50)
    assert post("**a** " * 20).startswith("<pre>**a** ")
