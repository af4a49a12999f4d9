"""Names of files as a mail gives them, made harmless."""

from __future__ import annotations

import mimetypes
import re
import unicodedata

_LONGEST = 150
_LONGEST_ENDING = 12
# What no file system or log should meet: controls, and marks that turn the reading direction ("gpj.exe" as "exe.jpg").
_FORBIDDEN = re.compile('[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff<>:"|?*]')
_ENDINGS = {
    "application/ms-tnef": ".dat",
    "application/pgp-encrypted": ".asc",
    "application/pgp-keys": ".asc",
    "application/pgp-signature": ".asc",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-mime": ".p7m",
    "application/x-pkcs7-signature": ".p7s",
    "image/jpeg": ".jpg",
    "message/delivery-status": ".txt",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
}


def file_name(given: str, *, content_type: str, number: int) -> str:
    """`given` without path, controls, bidirectional marks and leading dots; at most 150 characters, its ending kept.

    Without a usable name one is made: "attachment-<number>" with an ending after `content_type`.
    """
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = " ".join(_FORBIDDEN.sub("", name).split()).strip(". ")
    if not name:
        return f"attachment-{number}{_ending(content_type)}"
    if len(name) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return name[:_LONGEST]
    return f"{stem[: _LONGEST - len(ending) - 1]}.{ending}"


def _ending(content_type: str) -> str:
    return _ENDINGS.get(content_type) or mimetypes.guess_extension(content_type) or ".bin"
