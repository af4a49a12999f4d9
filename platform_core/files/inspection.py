"""What may be uploaded, and as what it is kept. Nothing is unpacked, so no archive can swell here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platform_core.base.errors import Refusal

from . import kinds, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.core.files import File

MAX_MEGABYTES = 15
MAX_SIZE = MAX_MEGABYTES * 1024 * 1024
"""Bytes of one file. nginx takes ten of them and the form around (deploy/nginx.conf)."""

MAX_FILES = 10
"""Files at once."""


class BadFiles(Refusal):
    """Some files are refused: `messages` has a sentence for each, which names it."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__("\n".join(messages), field="files")
        self.messages = tuple(messages)


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """What we know of a file: `content_type` by its content, `size` in bytes."""

    name: str
    content_type: str
    size: int

    @property
    def previewable(self) -> bool:
        """Whether a browser may show it instead of saving it."""
        return self.content_type in kinds.PREVIEWABLE


def inspect(file: File[Any] | IO[bytes], name: str) -> Inspected:
    """Look at the size, the name and the first and last bytes of a file that can seek; it is left at its start.

    Raises Refusal (field "files") when it is empty, over MAX_SIZE, a program, or not what its extension says.
    """
    clean = names.normalise(name)
    size, head, tail = _look_at(file)
    if not size:
        raise Refusal(_("“%(name)s” is empty. Check that you chose the right file.") % {"name": clean}, field="files")
    if size > MAX_SIZE:
        text = _("“%(name)s” is larger than %(limit)d MB. Compress it, or send us a link to it.")
        raise Refusal(text % {"name": clean, "limit": MAX_MEGABYTES}, field="files")
    return Inspected(name=clean, content_type=_type_of(clean, head, tail), size=size)


def inspect_all(files: Iterable[File[Any]]) -> list[Inspected]:
    """Inspect what somebody uploads at once, in its order, each by its `name`.

    Raises BadFiles, with every bad file named, or when there are more than MAX_FILES.
    """
    files = list(files)
    if len(files) > MAX_FILES:
        text = ngettext(
            "You chose %(count)d file, and we take at most %(limit)d at once. Send the others in a second message.",
            "You chose %(count)d files, and we take at most %(limit)d at once. Send the others in a second message.",
            len(files),
        )
        raise BadFiles([text % {"count": len(files), "limit": MAX_FILES}])
    inspected, problems = [], []
    for file in files:
        try:
            inspected.append(inspect(file, file.name or ""))
        except Refusal as refusal:
            problems.append(str(refusal.message))
    if problems:
        raise BadFiles(problems)
    return inspected


def _look_at(file: File[Any] | IO[bytes]) -> tuple[int, bytes, bytes]:
    size = file.seek(0, os.SEEK_END)
    size = file.tell() if size is None else size
    file.seek(max(0, size - kinds.HEAD))
    tail = file.read(kinds.HEAD)
    file.seek(0)
    head = file.read(kinds.HEAD)
    file.seek(0)
    return size, head, tail


def _type_of(name: str, head: bytes, tail: bytes) -> str:
    extension = names.split(name)[1].removeprefix(".").lower()
    found = kinds.sniff(head)
    if found == kinds.PROGRAM or extension in kinds.FORBIDDEN:
        raise Refusal(
            _("“%(name)s” is a program or something that starts one. We do not take programs, for everyone's safety.")
            % {"name": name},
            field="files",
        )
    expected = kinds.STRICT.get(extension)
    if expected and (found not in expected or (found == kinds.ZIP and _is_no_document(extension, head, tail))):
        text = _("“%(name)s” is not what its name says: its content is no %(kind)s file. Save it again.")
        raise Refusal(text % {"name": name, "kind": extension.upper()}, field="files")
    if found in (kinds.ZIP, kinds.OLE):
        return (kinds.OFFICE | kinds.OLD_OFFICE).get(extension, kinds.ZIP if found == kinds.ZIP else kinds.UNKNOWN)
    if found == kinds.TEXT:
        return kinds.READABLE.get(extension, kinds.TEXT)
    return kinds.UNKNOWN if found in kinds.ACTIVE else found


def _is_no_document(extension: str, head: bytes, tail: bytes) -> bool:
    return extension in kinds.OFFICE and not kinds.is_office(head, tail)
