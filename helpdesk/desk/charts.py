"""Charts that the server draws: where each bar of an SVG stands. Percent, so that the letters keep their size whatever
the width; as text, because a number in a template would get the reader's decimal comma."""

from __future__ import annotations

from dataclasses import dataclass

MINUS = "−"  # the sign, and not the hyphen: it is as wide as the +
GAP = 0.22  # of a bar's place, left free
TOP, BOTTOM = 12.0, 90.0  # percent of the height between which the bars stand: above are figures, below labels


@dataclass(frozen=True)
class Bar:
    """`value` None is a place without a bar. The figure goes at (`middle`, `above`)."""

    label: str
    value: float | None
    kind: str
    x: str
    width: str
    middle: str
    y: str
    height: str
    above: str


def bars(values: list[tuple[str, float | None, str]]) -> list[Bar]:
    """(label, value, kind) of each, from left to right; values are not negative, and the highest fills the height."""
    highest = max((value for _label, value, _kind in values if value), default=0) or 1
    place = 100 / len(values)
    found = []
    for number, (label, value, kind) in enumerate(values):
        height = (BOTTOM - TOP) * (value or 0) / highest
        found.append(
            Bar(
                label=label,
                value=value,
                kind=kind,
                x=_percent(place * (number + GAP / 2)),
                width=_percent(place * (1 - GAP)),
                middle=_percent(place * (number + 0.5)),
                y=_percent(BOTTOM - height),
                height=_percent(height),
                above=_percent(BOTTOM - height - 2),
            )
        )
    return found


def _percent(number: float) -> str:
    return f"{number:.2f}%"
