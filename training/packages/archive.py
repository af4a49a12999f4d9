"""Reading a ZIP that somebody sent: nothing in it is believed, and everything is counted while it is unpacked.

The format is PKWARE's APPNOTE 6.3; the limits are ours. Nothing is ever written under a name out of the archive.
"""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext as _

from platform_core.base.errors import Refusal

from . import kinds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zipfile import ZipInfo

MB = 1024 * 1024
MOST_ZIPPED = 100 * MB
"""Bytes of the archive itself; nginx lets in 160 MB."""
MOST_FILES = 2000
MOST_IN_A_FILE = 60 * MB
MOST_IN_ALL = 300 * MB
MOST_EXPANDED = 100
"""How many times its own size an archive may grow: web pages grow about fivefold, a bomb a thousandfold."""
EXPANDED_FREELY = 5 * MB
"""Below this nobody asks how much it grew: a long page of the same words is no bomb."""
LONGEST_PATH = 240  # characters
DEEPEST = 12  # folders and the file
BLOCK = 64 * 1024
RESERVED = "__api.js"
"""The name at the top of a package that our own script is served under."""

_END, _END_SIZE, _LONGEST_COMMENT = b"PK\5\6", 22, 0xFFFF
_LOCATOR_64, _LOCATOR_64_SIZE = b"PK\6\7", 20
_LARGEST_DIRECTORY = MOST_FILES * 1024
_JUNK = {".DS_Store", "Thumbs.db", "desktop.ini"}
_ENCRYPTED = 0x1 | 0x40
_UNIX = 3
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # also NotImplementedError
    ValueError,  # also UnicodeError
    LookupError,
    OverflowError,
)


def refuse(text: str) -> Refusal:
    """A refusal beside the field of the file."""
    return Refusal(text, field="file")


class Archive:
    """An archive whose directory has been looked at; `paths` are its files in their order.

    Making one raises Refusal for what is no archive of ours: too large or too many, encrypted, with links, with names
    that lead elsewhere, that are there twice or that no package may have. So does reading from it, for what only
    shows then. Whatever the bytes are, it raises nothing else.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._counted: dict[str, int] = {}
        self._total = 0
        with _readable():
            self.size = file.seek(0, 2)
            if self.size > MOST_ZIPPED:
                words = _("The file is larger than %(limit)d MB. Take large videos out of the package.")
                raise refuse(words % {"limit": MOST_ZIPPED // MB})
            _look_at_directory(file, self.size)
            self._zip = zipfile.ZipFile(file)
            self._infos = _files_in(self._zip.infolist(), self.size)
        self.paths = list(self._infos)

    def chunks(self, path: str) -> Iterator[bytes]:
        """The content of a file, block by block. Raises Refusal as soon as a limit is passed."""
        so_far = 0
        with _readable(), self._zip.open(self._infos[path]) as content:
            while block := content.read(BLOCK):
                if not so_far and kinds.is_disguised(block):
                    words = _("“%(path)s” is an archive or a program under another name. Packages have neither.")
                    raise refuse(words % {"path": path})
                so_far += len(block)
                self._count(path, so_far)
                yield block

    def read(self, path: str, *, most: int) -> bytes:
        """The content of a small file. Raises Refusal when it has more than `most` bytes."""
        found = bytearray()
        for block in self.chunks(path):
            found += block
            if len(found) > most:
                raise refuse(_("“%(path)s” is too large to be what it says it is.") % {"path": path})
        return bytes(found)

    def unpacked(self) -> int:
        """Unpack all of it and keep nothing; how many bytes it was. Raises Refusal."""
        for path in self.paths:
            for _block in self.chunks(path):
                pass
        return self._total

    def _count(self, path: str, so_far: int) -> None:
        self._total += so_far - self._counted.get(path, 0)
        self._counted[path] = so_far
        if so_far > MOST_IN_A_FILE:
            words = _("“%(path)s” is larger than %(limit)d MB once it is unpacked.")
            raise refuse(words % {"path": path, "limit": MOST_IN_A_FILE // MB})
        if self._total > MOST_IN_ALL:
            words = _("The package is larger than %(limit)d MB once it is unpacked.")
            raise refuse(words % {"limit": MOST_IN_ALL // MB})
        if self._total > max(EXPANDED_FREELY, self.size * MOST_EXPANDED):
            raise refuse(_("The package grows too much when it is unpacked: this is how “ZIP bombs” look."))


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as problem:
        raise refuse(_("The file is no ZIP that we can read, or it is damaged. Export the package again.")) from problem


def _look_at_directory(file: IO[bytes], size: int) -> None:
    """How long the list of files is, before anybody reads it: the library would take millions into memory.

    Found as the library finds it, and ZIP64 left out, which no archive of this size needs. Raises Refusal.
    """
    unreadable = zipfile.BadZipFile("no directory")
    file.seek(0)
    if file.read(4) not in (b"PK\3\4", _END):
        raise unreadable
    file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT - _LOCATOR_64_SIZE))
    tail = file.read()
    plain = len(tail) - _END_SIZE
    is_plain = plain >= 0 and tail[plain : plain + 4] == _END and tail.endswith(b"\0\0")
    place = plain if is_plain else tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_SIZE:
        raise unreadable
    if tail[max(0, place - _LOCATOR_64_SIZE) : place].startswith(_LOCATOR_64):
        raise unreadable
    (length,) = struct.unpack_from("<L", tail, place + 12)
    if length > _LARGEST_DIRECTORY:
        raise _too_many()


def _too_many() -> Refusal:
    return refuse(_("The package has more than %(limit)d files.") % {"limit": MOST_FILES})


def _files_in(infos: list[ZipInfo], size: int) -> dict[str, ZipInfo]:
    """The files by their path in the package, without the one folder that all may be in. Raises Refusal."""
    found: dict[str, ZipInfo] = {}
    if len(infos) > MOST_FILES * 2:  # folders have entries too
        raise _too_many()
    for info in infos:
        path = _path_of(info)
        _refuse_odd(info, path)
        if info.is_dir() or _is_junk(path):
            continue
        if path in found:
            raise _twice(path)
        found[path] = info
    if len(found) > MOST_FILES:
        raise _too_many()
    if sum(info.compress_size for info in found.values()) > size:
        raise zipfile.BadZipFile("files lie upon one another")
    found = _without_folder(found)
    _refuse_collisions(found)
    _refuse_kinds(found)
    return found


def _refuse_kinds(found: dict[str, ZipInfo]) -> None:
    for path in found:
        if path.casefold() == RESERVED or kinds.type_of(path) is None:
            words = _(
                "“%(path)s” is of a kind that packages may not have. Pages, styles, scripts, pictures, fonts, audio, "
                "video and PDF are taken."
            )
            raise refuse(words % {"path": path})


def _path_of(info: ZipInfo) -> str:
    raw, path = info.orig_filename, unicodedata.normalize("NFC", info.filename).removesuffix("/")
    parts = path.split("/")
    is_wrong = (
        re.search(r"[\\\0]", raw + info.filename)
        or re.match(r"[A-Za-z]:", path)
        or any(part in ("", ".", "..") for part in parts)
        or any(unicodedata.category(char).startswith("C") for char in path)
        or len(path) > LONGEST_PATH
        or len(parts) > DEEPEST
    )
    if is_wrong:
        shown = "".join(char if char.isprintable() else "?" for char in raw[:80])
        words = _("“%(path)s” is a name that packages may not have: it leads elsewhere, is too long or cannot be read.")
        raise refuse(words % {"path": shown})
    return path


def _refuse_odd(info: ZipInfo, path: str) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise refuse(_("The package is encrypted. Export it without a password."))
    mode = info.external_attr >> 16
    is_special = info.create_system == _UNIX and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)
    if stat.S_ISLNK(mode) or is_special:
        raise refuse(_("“%(path)s” is a link to another file. Packages have none.") % {"path": path})
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refuse(_("The package is compressed in a way that few programs read. Make a plain ZIP of it."))


def _is_junk(path: str) -> bool:
    """What systems leave in archives and no package needs."""
    return path.startswith("__MACOSX/") or path.rpartition("/")[2] in _JUNK


def _without_folder(found: dict[str, ZipInfo]) -> dict[str, ZipInfo]:
    tops = {path.partition("/")[0] for path in found}
    if len(tops) != 1 or not all("/" in path for path in found):
        return found
    return {path.partition("/")[2]: info for path, info in found.items()}


def _refuse_collisions(found: dict[str, ZipInfo]) -> None:
    folded: set[str] = set()
    for path in found:
        if path.casefold() in folded:
            raise _twice(path)
        folded.add(path.casefold())
    for path in folded:
        while path := path.rpartition("/")[0]:
            if path in folded:
                raise _twice(path)


def _twice(path: str) -> Refusal:
    return refuse(_("“%(path)s” is there twice, perhaps with other capitals.") % {"path": path})
