"""Bytes to text, whatever the label says. Labels in mail are wrong often enough that the bytes have the last word."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

# What a label means in practice: the superset that browsers decode it with (WHATWG Encoding, "names and labels").
_MEANS = {
    "ansi": "cp1252",
    "ansi_x3.110-1983": "latin-1",
    "cp-850": "cp850",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "ks_c_5601-1987": "cp949",
    "macintosh": "mac-roman",
    "shift-jis": "cp932",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "win-1252": "cp1252",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac-roman",
    "x-sjis": "cp932",
    "x-windows-949": "cp949",
}
# Labels that say little: the writer's program had a default, or none.
_WESTERN = {"ascii", "iso8859-1", "cp1252", "iso8859-15"}
# Python calls these text encodings; as a charset of mail they are a mistake, and some take quadratic time.
_NEVER = {"idna", "punycode", "unicode_escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LONGEST_LABEL = 60
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufeff]")
# Truncated mail in UTF-8 has a broken character or two; another charset mislabelled has one in every few words.
_BROKEN_SHARE = 0.02


def decode(data: bytes, label: str = "") -> str:
    """`data` as text, by `label` if that can be true, else by what the bytes look like. Never raises."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return tidy(data[len(bom) :].decode(name, "replace"))
    name = _codec(label)
    if name in _WESTERN or not name:
        return tidy(_western(data, name))
    for candidate in (name, "utf-8"):
        with suppress(UnicodeError, ValueError):
            return tidy(data.decode(candidate))
    if name == "utf-8":
        return tidy(_broken_utf_8(data))
    with suppress(UnicodeError, ValueError):
        return tidy(data.decode(name, "replace"))
    return tidy(_western(data, "cp1252"))


def tidy(text: str) -> str:
    """Without what no database, terminal or page wants: NUL, other controls, lone surrogates, stray BOMs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    return _UNPRINTABLE.sub(lambda found: "\ufffd" if "\ud800" <= found.group() <= "\udfff" else "", text)


def _codec(label: str) -> str:
    """Python's name of the codec that `label` means; "" for none."""
    wanted = label.strip().strip("\"'").lower()
    if not wanted or len(wanted) > _LONGEST_LABEL:
        return ""
    try:
        name = codecs.lookup(_MEANS.get(wanted, wanted)).name
        b"a".decode(name, "replace")  # refuses what is no charset at all: base64, zlib, rot13
    except (LookupError, ValueError, UnicodeError):
        return ""
    return "" if name in _NEVER else name


def _western(data: bytes, name: str) -> str:
    """Text of a mail without label, or with the label that programs put when they do not know."""
    if data.isascii():
        if b"\x1b$" in data:
            with suppress(UnicodeError):
                return data.decode("iso2022_jp")
        return data.decode("ascii")
    # Western text is next to never valid UTF-8 by chance.
    for candidate in ("utf-8", "iso8859-15" if name == "iso8859-15" else "cp1252"):
        with suppress(UnicodeError):
            return data.decode(candidate)
    text = data.decode("utf-8", "replace")
    return text if _mostly_sound(text) else data.decode("latin-1")


def _broken_utf_8(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    return text if _mostly_sound(text) else _western(data, "cp1252")


def _mostly_sound(text: str) -> bool:
    """Whether text read as UTF-8 has proper characters outside ASCII, and far more of them than broken ones."""
    broken = text.count("\ufffd")
    foreign = sum(1 for character in text if character > "\x7f") - broken
    return foreign > 0 and broken <= max(1, foreign * _BROKEN_SHARE)
