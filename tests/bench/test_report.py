"""The figures reach docs/performance.md and leave the words around them alone."""

from __future__ import annotations

from bench.report import place, render
from bench.results import percentile

PAGE = "Before.\n<!-- results: server -->\n<!-- end -->\nAfter.\n"


def test_a_record_of_figures_becomes_a_table_with_target_and_rivals():
    figure = {
        "name": "pages",
        "value": 1200,
        "unit": "a second",
        "target": "≥ 1000",
        "met": True,
        "rivals": {"other": 900},
    }
    text = render({"at": "2026-01-02T03:04:05", "machine": {"cores": 2}, "figures": [figure], "tables": []})
    assert "*2 cores; 2026-01-02.*" in text
    assert "| pages | 1,200 a second | ≥ 1000 | met | other 900 |" in text


def test_a_record_in_its_own_words_becomes_tables_and_lines():
    text = render(
        {"at": "2026-01-02", "scores": {"home": {"speed": 99}}, "rows": [{"name": "a", "rate": 1.5}], "ok": False}
    )
    assert "| home | 99 |" in text
    assert "| a | 1.5 |" in text
    assert "ok: **missed**" in text


def test_a_block_replaces_the_one_before_and_nothing_else():
    once = place(PAGE, name="server", block="one\n")
    twice = place(once, name="server", block="two\n")
    assert twice == "Before.\n<!-- results: server -->\ntwo\n<!-- end -->\nAfter.\n"


def test_a_result_without_a_place_goes_to_the_end():
    assert place(PAGE, name="new", block="x\n").endswith("\n## new\n<!-- results: new -->\nx\n<!-- end -->\n")


def test_a_percentile_is_one_of_the_values():
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([1.0] * 99 + [9.0], 0.95) == 1.0
