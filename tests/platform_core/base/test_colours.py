"""Contrast by WCAG 2.2: 4.5 for text, 3 for large text, edges and icons."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TOKENS = (ROOT / "platform_core/static/css/tokens.css").read_text(encoding="utf-8")
BOTH = re.findall(r"--([\w-]+): +light-dark\((#\w{6}), (#\w{6})\)", TOKENS)
PAIRS = {name: (light, dark) for name, light, dark in BOTH}
PLAIN = dict(re.findall(r"^  --([\w-]+): (#\w{6});$", TOKENS, re.MULTILINE))

TEXT = {
    "page": "ink ink-2 brand risk breach",
    "surface": "ink ink-2 brand brand-strong risk breach pause ok info",
    "surface-2": "ink ink-2 brand",
    "brand-tint": "ink ink-2 brand brand-strong",
    "brand": "on-brand",
    "brand-strong": "on-brand",
    "hero": "on-hero on-hero-2",
    "sun": "on-sun",
    "sun-tint": "ink ink-2 sun-ink",
    "risk-tint": "ink risk",
    "breach-tint": "ink breach",
    "breach-solid": "on-breach",
    "pause-tint": "ink pause",
    "ok-tint": "ink ok",
    "info-tint": "ink info",
    "ink": "page",
}
EDGES = {"page": "line-strong", "surface": "line-strong", "surface-2": "line-strong", "hero": "sun"}


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pairs(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(ground, ink) for ground, inks in table.items() for ink in inks.split()]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ground", "ink"), pairs(TEXT))
def test_text_is_readable_on_its_ground(ground: str, ink: str, theme: int):
    assert contrast(PAIRS[ground][theme], PAIRS[ink][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ground", "edge"), pairs(EDGES))
def test_edges_are_seen_on_their_ground(ground: str, edge: str, theme: int):
    assert contrast(PAIRS[ground][theme], PAIRS[edge][theme]) >= 3


def test_a_browser_without_light_dark_gets_the_whole_light_theme():
    assert {name: light for name, (light, _dark) in PAIRS.items()} == PLAIN
