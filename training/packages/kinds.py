"""Which files a package may have, and as what each is served: our own list, by the end of the name."""

from __future__ import annotations

HTML = "text/html"
"""Here without a charset: a page says itself how it is written."""

TYPES = {
    **dict.fromkeys(("html", "htm"), HTML),
    "css": "text/css",
    **dict.fromkeys(("js", "mjs"), "text/javascript"),
    **dict.fromkeys(("json", "map"), "application/json"),
    **dict.fromkeys(("xml", "xsd", "dtd"), "application/xml"),
    "txt": "text/plain",
    "vtt": "text/vtt",
    "pdf": "application/pdf",
    "png": "image/png",
    **dict.fromkeys(("jpg", "jpeg"), "image/jpeg"),
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
    "ico": "image/x-icon",
    "cur": "image/x-icon",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "eot": "application/vnd.ms-fontobject",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "ogv": "video/ogg",
}

_STARTS = (
    *(b"PK\3\4", b"PK\5\6", b"PK\7\x08", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08"),
    *(b"\x7fELF", b"\0asm", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
)


def type_of(path: str) -> str | None:
    """What a file is served as, None for one that no package may have."""
    _stem, dot, ending = path.rpartition("/")[2].rpartition(".")
    return TYPES.get(ending.lower()) if dot else None


def is_disguised(head: bytes) -> bool:
    """Whether a file begins as an archive or a program does, whatever it is called."""
    return head.startswith(_STARTS) or (head.startswith(b"MZ") and b"\0" in head[:64])
