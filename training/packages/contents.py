"""What an uploaded package is: SCORM 1.2, SCORM 2004, or plain web pages; anything else is refused with a sentence."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from . import manifest
from .archive import BLOCK, Archive, refuse
from .manifest import Launch

HTML = "html"
INDEXES = ("index.html", "index.htm")
_OTHER_STANDARDS = {"tincan.xml": "xAPI (Tin Can)", "cmi5.xml": "cmi5"}


@dataclass(frozen=True)
class Contents:
    """A package that was read to its last byte. `unpacked` is bytes; `title` is what it calls itself, or ""."""

    archive: Archive
    kind: str
    launch: Launch
    title: str
    launch_data: str
    sha256: str
    unpacked: int


def read(file: IO[bytes]) -> Contents:
    """Read an uploaded file, all of it, keeping nothing. Raises Refusal with what is wrong, and nothing else."""
    archive = Archive(file)
    paths = {path.casefold(): path for path in archive.paths}
    for name, standard in _OTHER_STANDARDS.items():
        if name in paths:
            words = _(
                "This is a package of %(standard)s. We take SCORM 1.2, SCORM 2004 and plain web pages: export it as "
                "one of these."
            )
            raise refuse(words % {"standard": standard})
    if manifest.NAME in paths:
        content = archive.read(paths[manifest.NAME], most=manifest.LARGEST)
        said = manifest.read(content, paths=frozenset(archive.paths))
        kind, launch, title, data = said.kind, said.launch, said.title, said.launch_data
    else:
        kind, launch, title, data = HTML, _index(archive), "", ""
    return Contents(archive, kind, launch, title, data, _sha256(file), archive.unpacked())


def _index(archive: Archive) -> Launch:
    if found := next((name for name in INDEXES if name in archive.paths), None):
        return Launch(found)
    raise refuse(
        _("There is neither a SCORM manifest (imsmanifest.xml) nor a first page (index.html) at the top of the ZIP.")
    )


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(BLOCK):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()
