"""A file name that does no harm on anybody's disk or screen."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
"""Characters of a name, its extension included."""

LONGEST_EXTENSION = 16
"""What follows the last dot and is longer is part of the name."""

NAMELESS = "fitxer"

_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
"""Names of devices: Windows opens them instead of a file, whatever the extension."""


def normalise(name: str) -> str:
    """The name that a file gets here: NFC, without folders, without characters that nobody sees or that turn the text
    around, not hidden, not one that Windows reserves, and at most LONGEST characters with its extension kept.

    Never empty; the same again when it is asked about its own answer.
    """
    text = re.split(r"[/\\]", name)[-1]
    # Categories C: control, format (bidirectional marks among them), surrogate, private, unassigned.
    text = "".join(" " if char.isspace() else char for char in text if char.isspace() or _is_seen(char))
    text = unicodedata.normalize("NFC", text)
    text = " ".join(_FORBIDDEN.sub("-", text).split()).strip(". ")
    stem, extension = split(text)
    if _RESERVED.fullmatch(stem.partition(".")[0].rstrip()):
        stem = f"_{stem}"
    stem = stem[: LONGEST - len(extension)].rstrip(". ")
    return f"{stem or NAMELESS}{extension}"


def split(name: str) -> tuple[str, str]:
    """The name and its extension with the dot: ("acta", ".PDF"); "" when there is none."""
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or not extension or " " in extension or len(extension) > LONGEST_EXTENSION:
        return name, ""
    return stem.rstrip(". "), f".{extension}"


def _is_seen(char: str) -> bool:
    return not unicodedata.category(char).startswith("C")
