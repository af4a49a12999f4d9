"""National identity numbers (DNI and NIE) in what people write: found by their check letter, and covered.

What we keep never has one (RGPD art. 5.1.c: no more data than needed). Real Decreto 1553/2005 art. 11 and Orden
INT/2058/2008 say how the letter follows from the number.
"""

from __future__ import annotations

import re

LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
NIE = {"X": "0", "Y": "1", "Z": "2"}
# Eight digits, or X, Y or Z and seven; with or without dots; then the letter, alone.
FOUND = re.compile(r"(?<![\w.])([XYZ][-. ]?\d{7}|\d{2}\.?\d{3}\.?\d{3})([-. ]?)([A-Z])(?!\w)", re.IGNORECASE)


def redact(text: str) -> str:
    """The text with each number covered but for its end: •••••678Z says which one it was to who wrote it."""
    return FOUND.sub(_cover, text)


def contains(text: str) -> bool:
    return redact(text) != text


def _cover(match: re.Match[str]) -> str:
    number = "".join(NIE.get(char, char) for char in match[1].upper() if char.isalnum())
    if LETTERS[int(number) % len(LETTERS)] != match[3].upper():
        return match[0]
    return f"•••••{number[-3:]}{match[3].upper()}"
