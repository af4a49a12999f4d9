"""Packages: taking one in, taking one away, and keeping what they say of who takes them. Nothing here runs them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.activity.domain import record
from platform_core.base.errors import Refusal
from platform_core.files.public import ScanResult, Verdict, new_name, private_storage, scan

from ..events import PackageAdded, PackageChanged, PackageDeleted, PackageInfected
from ..models import Enrolment, LessonPage, LessonVersion, Package, PackageData, PackageFile, PackageState
from ..packages import cmi, contents, kinds, placing
from ..permissions import writes_packages
from .progress import Mark, mark

if TYPE_CHECKING:
    from django.core.files import File

    from platform_core.accounts.models import User

    from ..packages.contents import Contents

LONGEST_SESSION = 30 * 24 * 3600 * 100
"""Hundredths of a second that one session may say it lasted."""
LONGEST_TOTAL = 9999 * 3600 * 100
MOST_SEQ = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class Report:
    """What the script of a package sent: all its elements as they are. See `PackageData` for `ticket` and `seq`."""

    version: str
    ticket: int
    seq: int
    values: dict[str, Any]
    is_finished: bool


@dataclass(frozen=True)
class Kept:
    """`is_changed` is false for what came late or twice. `is_superseded`: another session has written since. `is_done`:
    the lesson is."""

    is_changed: bool
    is_superseded: bool
    is_done: bool


def read_package(*, actor: User, file: File[Any]) -> Contents:
    """Look at an uploaded package and have it scanned, keeping nothing. Never inside a transaction: it takes seconds.

    Raises Refusal (field "file") with what is wrong with it, also when the scanner gives no answer.
    """
    found = contents.read(file)
    result = scan(file)
    if result.verdict == Verdict.INFECTED:
        _tell_infected(actor, found, result)
        raise Refusal(_("The package is infected (%(found)s). Have your computer checked.") % {"found": result.found},
                      field="file")  # fmt: skip
    if result.verdict == Verdict.UNAVAILABLE:
        raise Refusal(_("The malware scanner gave no answer for this file. Try again in a while."), field="file")
    return found


def _tell_infected(actor: User, found: Contents, result: ScanResult) -> None:
    with transaction.atomic():
        record(PackageInfected(found=result.found, sha256=found.sha256), actor=actor, subject=actor)


def add_package(*, actor: User, title: str, name: str, found: Contents) -> Package:
    """Keep a package that `read_package` found to be one; `name` is what the uploaded file was called.

    Raises Refusal for who may not, and when the file is not any more what was read; then nothing is kept.
    """
    if not writes_packages(actor):
        raise Refusal(_("You may not do this."))
    stored: list[str] = []
    try:
        with transaction.atomic():
            package = Package.objects.create(
                title=title,
                kind=found.kind,
                launch=found.launch.path,
                launch_query=found.launch.query,
                launch_data=found.launch_data,
                original_name=name,
                sha256=found.sha256,
                zipped_size=found.archive.size,
                unpacked_size=found.unpacked,
                uploaded_by=actor,
            )
            files = [_keep(package, found, path, stored) for path in found.archive.paths]
            PackageFile.objects.bulk_create(files, batch_size=500)
            event = PackageAdded(kind=found.kind, sha256=found.sha256, files=len(files), unpacked_size=found.unpacked)
            record(event, actor=actor, subject=package)
    except BaseException:
        _delete(stored)
        raise
    return package


class _Unpacked:
    """A file of an archive as the storage takes it: in blocks, never whole in memory."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.blocks = blocks
        self.size = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for block in self.blocks:
            self.size += len(block)
            yield block


def _keep(package: Package, found: Contents, path: str, stored: list[str]) -> PackageFile:
    name = new_name()
    stored.append(name)  # before it is written: what is there by half is deleted too
    content = _Unpacked(found.archive.chunks(path))
    kept = private_storage().save(name, content)  # type: ignore[arg-type]  # `chunks` is all that it asks of it
    kind = kinds.type_of(path) or ""
    return PackageFile(package=package, path=path, file=kept, content_type=kind, size=content.size)


def change_package(*, actor: User, package: Package, title: str, state: PackageState) -> Package:
    """Call a package otherwise, or retire it. Raises Refusal for who may not."""
    if not writes_packages(actor):
        raise Refusal(_("You may not do this."))
    with transaction.atomic():
        package = Package.objects.select_for_update().get(pk=package.pk)
        if (package.title, package.state) != (title, state):
            package.title, package.state = title, state
            package.save(update_fields=["title", "state"])
            record(PackageChanged(state=state), actor=actor, subject=package)
    return package


def is_used(package: Package) -> bool:
    """Whether a lesson has it, published or as a draft, or a version of one that somebody may still be taking, or
    anybody's data is of it.

    Looked up in the lessons themselves: Wagtail's index of references is written later, by a worker.
    """
    lessons = (lesson for model in (LessonPage, LessonVersion) for lesson in model.objects.only("body").iterator())
    found = chain(map(placing.packages_in, lessons), placing.packages_in_drafts())
    return package.data.exists() or any(package.pk in packages for packages in found)


def delete_package(*, actor: User, package: Package) -> None:
    """Delete a package with its files. Raises Refusal for who may not, and for one that is used: that is retired."""
    if not writes_packages(actor):
        raise Refusal(_("You may not do this."))
    with transaction.atomic():
        if Package.objects.select_for_update().filter(pk=package.pk).first() is None:
            return  # somebody else was first
        if is_used(package):
            raise Refusal(_("A lesson uses this package. Retire it instead: who takes it goes on with it."))
        record(PackageDeleted(sha256=package.sha256), actor=actor, subject=package)
        names = list(package.files.values_list("file", flat=True))
        package.delete()
        transaction.on_commit(partial(_delete, names))


def _delete(names: list[str]) -> None:
    for name in names:
        private_storage().delete(name)


def keep_package_data(*, person: User, course_key: UUID, lesson_key: UUID, package: int, report: Report) -> Kept:
    """Keep what a package says of who takes it, and mark its lesson as done when it says that it is completed.

    It may come twice, late and in any order: what is not newer than what is there changes nothing. No event of its
    own, because nothing follows from it elsewhere; a lesson that is done has one.
    Raises Refusal for who does not take the course, for a package that is not in that lesson of theirs, and for
    elements that our script cannot have sent.
    """
    _refuse_impossible(report)
    with transaction.atomic():
        rows = Enrolment.objects.current().select_for_update(of=("self",)).select_related("version")
        enrolment = rows.filter(person=person, course_key=course_key).first()
        if enrolment is None:
            raise Refusal(_("You are not taking this course. What you do in it is not kept."))
        if not placing.is_in_lesson(enrolment.version, str(lesson_key), package):
            raise Refusal(_("This package is not in the version of the course that you are taking."))
        row = PackageData.objects.filter(enrolment=enrolment, package=package).first()
        row = row or PackageData(enrolment=enrolment, package_id=package)
        is_changed = _keep_report(row, report)
        if cmi.is_completed(report.version, report.values):
            mark(person=person, course_key=course_key, marks=[Mark(key=lesson_key, is_done=True)])
        is_done = enrolment.progress.filter(key=lesson_key).exclude(done_at=None).exists()
    return Kept(is_changed, report.ticket < row.ticket, is_done)


def ticket() -> int:
    """The name of a session that begins now: microseconds since 1970, which JavaScript counts exactly until 2255."""
    return time.time_ns() // 1000


def _refuse_impossible(report: Report) -> None:
    wrong = Refusal(_("This is not what a package can say. Nothing was kept."))
    if not 0 < report.ticket <= ticket() or not 0 < report.seq <= MOST_SEQ:
        raise wrong
    try:
        cmi.check(report.version, report.values)
    except ValueError:
        raise wrong from None


def _keep_report(row: PackageData, report: Report) -> bool:
    """Whether it was newer than what is there. The caller holds the enrolment, so nobody else writes this row."""
    if (report.ticket, report.seq) <= (row.ticket, row.seq):
        return False
    if report.ticket != row.ticket:
        row.total_before = row.total
    lasted = min(cmi.session_time(report.version, report.values), LONGEST_SESSION)
    row.total = min(row.total_before + lasted, LONGEST_TOTAL)
    row.version, row.values, row.is_finished = report.version, report.values, report.is_finished
    row.ticket, row.seq, row.changed_at = report.ticket, report.seq, timezone.now()
    row.save()
    return True
