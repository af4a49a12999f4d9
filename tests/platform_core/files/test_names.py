from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_core.files.names import LONGEST, normalise, split


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Acta del ple.pdf", "Acta del ple.pdf"),
        ("cafe\u0301.png", "café.png"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\laia\foto.jpg", "foto.jpg"),
        ("foto\u202egnp.exe", "fotognp.exe"),
        ("a\0b\nc\u200bd.txt", "ab cd.txt"),
        (".htaccess", "htaccess"),
        ("...", "fitxer"),
        ("", "fitxer"),
        ("   ", "fitxer"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("informe. ", "informe"),
        ('a<b>:"c|?*.csv', "a-b---c---.csv"),
        ("x" * 300 + ".PDF", "x" * (LONGEST - 4) + ".PDF"),
        ("sense extensió. I una frase", "sense extensió. I una frase"),
    ],
)
def test_a_name_keeps_what_it_says_and_loses_what_does_harm(name: str, clean: str):
    assert normalise(name) == clean


@given(st.text(max_size=200) | st.text(alphabet="./\\ .a\u202e\u0301CONcon:1\0é", max_size=200))
def test_any_name_becomes_one_that_harms_nobody(name: str):
    clean = normalise(name)
    assert clean
    assert len(clean) <= LONGEST
    assert normalise(clean) == clean
    assert not set(clean) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(char).startswith("C") for char in clean)
    assert not clean.startswith((".", " "))
    assert not clean.endswith((".", " "))


def test_a_long_ending_is_no_extension():
    assert split("a.tar.gz") == ("a.tar", ".gz")
    assert split("Sr. Alcalde demana un canvi") == ("Sr. Alcalde demana un canvi", "")
