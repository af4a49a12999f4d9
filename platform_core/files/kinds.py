"""What a file is: told by its content, never by its name or by what the browser says."""

from __future__ import annotations

import filetype

HEAD = 8192
"""Bytes from the start that are looked at; `tail` is as long from the end."""

PROGRAM = "application/x-executable"
ZIP, OLE, PDF, TEXT, UNKNOWN = (
    "application/zip",
    "application/x-ole-storage",
    "application/pdf",
    "text/plain",
    "application/octet-stream",
)
PREVIEWABLE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", PDF})
"""What a browser may show instead of saving it: pictures that run nothing, and PDF."""

ACTIVE = frozenset({"text/html", "image/svg+xml", "text/xml"})
"""What a browser would run or follow: kept, and always sent as bytes to save."""

_PROGRAMS = (
    b"\x7fELF",
    b"#!",
    b"\0asm",
    b"dex\n",
    b"\x4c\0\0\0\x01\x14\x02\0",  # a Windows shortcut
    b"\xfe\xed\xfa\xce",  # Mach-O, in its four orders, and for several processors (Java's classes share that one)
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"!<arch>\ndebian",
    b"\xed\xab\xee\xdb",  # RPM
)
_MARKUP = (
    (b"<svg", "image/svg+xml"),
    *((start, "text/html") for start in (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<!--", b"<iframe")),
    (b"<?xml", "text/xml"),
)
_CONTAINERS = (
    ((b"PK\3\4", b"PK\5\6", b"PK\7\x08"), ZIP),
    ((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",), OLE),
)
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

# What the library names and we offer under that name; of all else it is enough to know that it is none of these.
_KNOWN = frozenset(
    {
        *PREVIEWABLE,
        *("image/tiff", "image/bmp", "image/x-ms-bmp", "image/heic", "image/avif"),
        *("video/mp4", "video/x-m4v", "video/quicktime", "video/webm", "video/x-matroska"),
        *("audio/mpeg", "audio/ogg", "audio/mp4", "audio/x-wav", "audio/wav"),
        *("application/x-rar-compressed", "application/x-7z-compressed", "application/gzip", "application/rtf"),
    }
)

_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
OFFICE = {
    "docx": f"{_OOXML}.wordprocessingml.document",
    "xlsx": f"{_OOXML}.spreadsheetml.sheet",
    "pptx": f"{_OOXML}.presentationml.presentation",
    "odt": f"{_ODF}.text",
    "ods": f"{_ODF}.spreadsheet",
    "odp": f"{_ODF}.presentation",
}
"""Extension -> type of the office documents that are archives inside."""

OLD_OFFICE = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
}
READABLE = {
    "csv": "text/csv",
    "txt": TEXT,
    "md": TEXT,
    "log": TEXT,
    "eml": "message/rfc822",
    "ics": "text/calendar",
    "json": "application/json",
}
"""Extension -> type of what is text inside."""

_PICTURE = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff", "image/bmp", "image/x-ms-bmp", "image/heic"}
    | {"image/avif"}
)
_VIDEO = frozenset({"video/mp4", "video/x-m4v", "video/quicktime"})
STRICT: dict[str, frozenset[str]] = {
    # A telephone's .jpg is often something else that is a picture too, and shown as what it is.
    **dict.fromkeys(
        ("png", "jpg", "jpeg", "jpe", "jfif", "gif", "webp", "tif", "tiff", "bmp", "heic", "heif", "avif"), _PICTURE
    ),
    "pdf": frozenset({PDF}),
    "zip": frozenset({ZIP}),
    **dict.fromkeys(("mp4", "m4v", "mov"), _VIDEO),
    **dict.fromkeys(OFFICE, frozenset({ZIP, OLE})),  # with a password it is the old container
    **dict.fromkeys(OLD_OFFICE, frozenset({OLE, ZIP, "application/rtf", "text/html", "text/xml"})),
}
"""Extension -> what the content must then be. Old office names are given to many formats, and Word opens them all."""

FORBIDDEN = {
    *("exe", "com", "scr", "pif", "bat", "cmd", "msi", "msp", "msix", "appx", "dll", "sys", "cpl", "ocx", "drv"),
    *("ps1", "psm1", "vbs", "vbe", "jse", "wsf", "wsh", "wsc", "hta", "lnk", "reg", "inf", "scf", "url", "chm"),
    *("jar", "class", "apk", "ipa", "app", "dmg", "pkg", "deb", "rpm", "run", "appimage", "iso", "img", "vhd", "vhdx"),
}
"""Extensions of what a double click would run or mount."""

TYPES = frozenset(
    {*_KNOWN, *OFFICE.values(), *OLD_OFFICE.values(), *READABLE.values(), "application/rtf", ZIP, TEXT, UNKNOWN}
)
"""Every type that a file can be given here."""


def sniff(head: bytes) -> str:
    """The type of a file by its first HEAD bytes: PROGRAM, one of ACTIVE, ZIP, OLE, a known type, TEXT or UNKNOWN."""
    if head.startswith(_PROGRAMS) or (head.startswith(b"MZ") and b"\0" in head[:64]):
        return PROGRAM
    if markup := _markup(head):
        return markup
    if container := next((kind for starts, kind in _CONTAINERS if head.startswith(starts)), None):
        return container
    if b"%PDF-" in head[:1024]:  # readers take it with some bytes before it, and scanners write them
        return PDF
    guess = "image/png" if (guessed := filetype.guess_mime(head)) == "image/apng" else guessed
    if guess in _KNOWN:
        return str(guess)
    return TEXT if _is_text(head) else UNKNOWN


def is_office(head: bytes, tail: bytes) -> bool:
    """Whether an archive is an office document: by the names of its parts, without unpacking any."""
    return head[30:38] == b"mimetype" or b"[Content_Types].xml" in head or b"[Content_Types].xml" in tail


def _markup(head: bytes) -> str | None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()[:2048]
    for opening, kind in _MARKUP:
        if start.startswith(opening):
            return "image/svg+xml" if kind != "text/html" and b"<svg" in start else kind
    return None


def _is_text(head: bytes) -> bool:
    if head.startswith(_BYTE_ORDER_MARKS):
        return True
    # Any charset of our part of the world: what it never has is control characters.
    return not any(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in head)  # noqa: PLR2004  ASCII's
