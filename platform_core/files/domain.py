"""Taking files in: look, scan, keep; and scanning later what could not be scanned then."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.activity.domain import record

from .events import InfectedRefused, InfectedRemoved
from .inspection import BadFiles, Inspected, inspect_all
from .models import FileScan
from .scanning import Verdict, scan
from .storage import new_name, private_storage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

AT_ONCE = 50
"""Files that one run of the task scans at most."""


@dataclass(frozen=True, kw_only=True)
class Upload(Inspected):
    """A file that may be kept. `is_pending`: the scanner was away, so it is not served until it was scanned."""

    file: File[Any]
    is_pending: bool = False


@dataclass(frozen=True, kw_only=True)
class Stored(Inspected):
    """A file that has been kept, by its name in the private storage."""

    storage_name: str


def accept(files: Iterable[File[Any]], *, actor: AbstractBaseUser | AnonymousUser | None = None) -> list[Upload]:
    """Inspect and scan what `actor` (None: somebody by mail) uploads at once. Never inside a transaction: it may take
    seconds, and what it records of an infected file must stay.

    Raises BadFiles with a sentence for each file that is refused.
    """
    files = list(files)
    uploads, problems = [], []
    for file, inspected in zip(files, inspect_all(files), strict=True):
        result = scan(file)
        if result.verdict == Verdict.INFECTED:
            _refuse(inspected, found=result.found, actor=actor)
            text = _("“%(name)s” is infected (%(found)s). We did not take it; have your computer checked.")
            problems.append(text % {"name": inspected.name, "found": result.found})
        uploads.append(
            Upload(
                name=inspected.name,
                content_type=inspected.content_type,
                size=inspected.size,
                file=file,
                is_pending=result.verdict == Verdict.UNAVAILABLE,
            )
        )
    if problems:
        raise BadFiles(problems)
    return uploads


@contextmanager
def kept(uploads: Sequence[Upload]) -> Iterator[list[Stored]]:
    """Write accepted files into the private storage; inside the transaction that writes the rows which name them.

        with transaction.atomic(), kept(form.cleaned_data["files"]) as files:
            for file in files:
                Attachment.objects.create(file=file.storage_name, name=file.name, …)

    When the block raises, the files go again.
    """
    stored: list[Stored] = []
    try:
        for upload in uploads:
            stored.append(_keep(upload))  # noqa: PERF401  what was written before one fails must be known
        yield stored
    except BaseException:
        for file in stored:
            private_storage().delete(file.storage_name)
        raise


def _keep(upload: Upload) -> Stored:
    upload.file.seek(0)
    # An own wrapper: the storage takes the name and the chunks from it, and the upload stays as it was.
    name = private_storage().save(new_name(), File(upload.file.file))
    if upload.is_pending:
        FileScan.objects.create(storage_name=name, checked_at=timezone.now())
    return Stored(name=upload.name, content_type=upload.content_type, size=upload.size, storage_name=name)


def scan_pending() -> None:
    """Scan what waits, longest untried first, until the scanner is away again or AT_ONCE are done."""
    waiting = FileScan.objects.filter(state=FileScan.State.PENDING).order_by("checked_at", "pk")
    for row in waiting[:AT_ONCE]:
        if not _scan_again(row):
            return


def _scan_again(row: FileScan) -> bool:
    """Whether the scanner answered."""
    try:
        with private_storage().open(row.storage_name) as file:
            result = scan(file)
    except FileNotFoundError:
        # Its owner has deleted it, or the transaction that kept it was never committed.
        row.delete()
        return True
    row.checked_at = timezone.now()
    if result.verdict == Verdict.INFECTED:
        _condemn(row, found=result.found)
    elif result.verdict == Verdict.UNAVAILABLE:
        row.save(update_fields=["checked_at"])
        return False
    else:
        row.delete()  # clean; or the operator has switched the scanner off
    return True


def _condemn(row: FileScan, *, found: str) -> None:
    with transaction.atomic():
        row.state, row.found = FileScan.State.INFECTED, found
        row.save(update_fields=["state", "found", "checked_at"])
        transaction.on_commit(partial(private_storage().delete, row.storage_name))
        record(InfectedRemoved(storage_name=row.storage_name, found=found), actor=None, subject=row)


def _refuse(inspected: Inspected, *, found: str, actor: AbstractBaseUser | AnonymousUser | None) -> None:
    with transaction.atomic():
        row = FileScan.objects.create(
            storage_name=new_name(), state=FileScan.State.REFUSED, found=found, checked_at=timezone.now()
        )
        record(
            InfectedRefused(found=found, content_type=inspected.content_type, size=inspected.size),
            actor=actor,
            subject=row,
        )
