"""Header fields to text, names, moments and identifiers. Everything here takes what real mail has and never raises."""

from __future__ import annotations

import binascii
import email.utils
import quopri
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from helpdesk.desk.mailparse.charsets import decode, tidy
from helpdesk.desk.mailparse.parsed import Address

# Longer ones are cut before they reach code of the standard library that is slow on long ones.
_MAX_ADDRESSES = 100_000
_MAX_DATE = 200
_MAX_PARAMETERS = 20_000
_MAX_IDS = 1_000

# RFC 2047, with what programs write in spite of it: spaces in the text, a language tag (RFC 2231, 5).
_ENCODED_WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_PARAMETER = re.compile(r"""([^\s=;"]{1,200})[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"?|[^;]*)""", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MESSAGE_ID = re.compile(r"<([^<>]{1,990})>")
_BARE_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")


@dataclass(frozen=True)
class Fields:
    """The header fields of one part, in order; names in lower case, values unfolded, encoded words still encoded."""

    items: list[tuple[str, str]]

    def get_all(self, name: str) -> list[str]:
        return [value for field, value in self.items if field == name]

    def get(self, name: str) -> str:
        """The first that says something: of two From, of which one is empty, the other counts. "" if there is none."""
        return next((value for value in self.get_all(name) if value), "")

    def __contains__(self, name: str) -> bool:
        return any(field == name for field, _ in self.items)


def raw_text(value: bytes) -> str:
    """A field's value as it stands, unfolded. Bytes outside ASCII should not be there and often are."""
    return " ".join(tidy(decode(value)).split())


def words(value: str) -> str:
    """`value` with its encoded words decoded (RFC 2047), on one line."""
    if "=?" not in value:
        return " ".join(value.split())
    pieces: list[str] = []
    run: list[tuple[str, bytes]] = []  # encoded words side by side: a character may be cut between two of one charset
    at = 0
    for found in _ENCODED_WORD.finditer(value):
        between = value[at : found.start()]
        if between.strip() or not run:
            pieces += [*_decoded(run), between]
            run = []
        run.append((found[1].lower(), _octets(found[3], found[2])))
        at = found.end()
    pieces += [*_decoded(run), value[at:]]
    return " ".join(tidy("".join(pieces)).split())


def _octets(text: str, encoding: str) -> bytes:
    octets = text.encode("utf-8", "replace")
    return quopri.decodestring(octets, header=True) if encoding in "qQ" else from_base64(octets)


def _decoded(run: list[tuple[str, bytes]]) -> list[str]:
    pieces: list[str] = []
    at = 0
    while at < len(run):
        charset = run[at][0]
        together = []
        while at < len(run) and run[at][0] == charset:
            together.append(run[at][1])
            at += 1
        pieces.append(decode(b"".join(together), charset))
    return pieces


def from_base64(data: bytes) -> bytes:
    """Base64 as mail has it: with line ends, strangers and without its padding."""
    for padding in (b"", b"=", b"=="):
        with suppress(binascii.Error):
            return binascii.a2b_base64(data + padding)
    return binascii.a2b_base64(data.rstrip(b"=\r\n \t")[:-1] + b"==") if data else b""


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """`text/plain; charset="utf-8"; name*0*=…` as the value and its parameters; RFC 2231 put together and decoded."""
    kind, _, rest = value[:_MAX_PARAMETERS].partition(";")
    found: list[tuple[str, str]] = [("", "")]  # decode_params takes the first for the value itself
    found += [(name.lower(), _plain(text)) for name, text in _PARAMETER.findall(rest)]
    try:
        decoded = email.utils.decode_params(found)[1:]
    except (ValueError, KeyError, TypeError, AttributeError):
        decoded = [(name.partition("*")[0], text) for name, text in found[1:]]
    params: dict[str, str] = {}
    for name, text in decoded:
        params.setdefault(name, _collapsed(text))
    return kind.strip(), params


def _plain(text: str) -> str:
    text = text.strip()
    if not text.startswith('"'):
        return text
    inner = text[1:-1] if text.endswith('"') and len(text) > 1 else text[1:]
    return _ESCAPED.sub(r"\1", inner)


def _collapsed(value: str | tuple[str | None, str | None, str]) -> str:
    """A parameter as text. RFC 2231 says its charset; encoded words are forbidden here, and usual."""
    if isinstance(value, tuple):
        charset, _, text = value
        return decode(_unquoted(text).encode("latin-1", "replace"), charset or "utf-8")
    text = value[1:-1] if value.startswith('"') and value.endswith('"') and len(value) > 1 else value
    return words(text)


def _unquoted(text: str) -> str:
    """decode_params leaves the quotes that it puts around what it joins."""
    return text[1:-1] if len(text) > 1 and text.startswith('"') and text.endswith('"') else text


def addresses(values: list[str]) -> tuple[Address, ...]:
    """Everybody named in these fields. Names are decoded after the commas have been told apart, never before."""
    found: list[Address] = []
    for value in values:
        pairs: list[tuple[str, str]] = []
        with suppress(Exception):  # the standard library's parser raises several kinds on broken fields
            pairs = email.utils.getaddresses([value[:_MAX_ADDRESSES]])
        read = [Address(name=words(name), address=_address(address)) for name, address in pairs if "@" in address]
        found += read or [Address(name="", address=each) for each in _BARE_ADDRESS.findall(value[:_MAX_ADDRESSES])]
    return tuple(found)


def _address(address: str) -> str:
    return "".join(address.split()).strip("<>'\"")


def first_address(values: list[str]) -> Address:
    """The first that has an address; else the first name; else nobody."""
    named = addresses(values)
    if named:
        return named[0]
    return Address(name=next((words(value) for value in values if value.strip()), ""), address="")


def moment(value: str) -> datetime | None:
    """A Date field as an aware moment; None when there is none or it cannot be. "-0000" is UTC (RFC 5322, 3.3)."""
    with suppress(ValueError, TypeError, OverflowError, IndexError, AttributeError):
        read = email.utils.parsedate_to_datetime(value[:_MAX_DATE])
        read = read if read.tzinfo else read.replace(tzinfo=UTC)
        read.astimezone(UTC)  # the years 1 and 9999 have moments that UTC has not
        return read
    return None


def message_ids(values: list[str]) -> tuple[str, ...]:
    """The message identifiers in these fields, each once, in order, with their angle brackets."""
    found: dict[str, None] = {}
    for value in values:
        inside = _MESSAGE_ID.findall(value) or ([value] if "@" in value and len(value.split()) == 1 else [])
        for each in inside[:_MAX_IDS]:
            identifier = "".join(each.split()).strip("<>")
            if identifier:
                found[f"<{identifier}>"] = None
    return tuple(found)[:_MAX_IDS]
