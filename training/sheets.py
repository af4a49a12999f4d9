"""The people of the board as a file for a spreadsheet. What somebody is called never becomes a formula."""

from __future__ import annotations

import csv
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .board import Row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    """UTF-8 with its mark, so that spreadsheets see the accents; one line at a time."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff"
    yield writer.writerow(_head())
    for row in rows:
        yield writer.writerow([_plain(cell) for cell in _cells(row)])


def workbook(rows: Iterable[Row]) -> bytes:
    """One sheet. Every text is of the type text, so that no program runs it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("People"))
    sheet.freeze_panes = "A2"
    sheet.append(_head())
    for row in rows:
        sheet.append([_typed(sheet, cell) for cell in _cells(row)])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _head() -> list[str]:
    return [
        _("Name"), _("E-mail"), _("Local body"), _("Group"), _("Enrolled"), _("Done"), _("Of"), _("Next"),
        _("Last seen"), _("Completed"), _("Certificate until"),
    ]  # fmt: skip


def _cells(row: Row) -> list[str | int]:
    enrolment, resume = row.learning.enrolment, row.learning.resume
    return [
        enrolment.person.name,
        enrolment.person.email,
        str(enrolment.organisation or ""),
        str(enrolment.cohort or ""),
        _day(enrolment.created_at),
        row.learning.done_count,
        row.learning.total,
        resume.title if resume else "",
        _day(row.last_at),
        _day(enrolment.completed_at),
        _day(row.certificate.expires_at if row.certificate else None),
    ]


def _day(instant: Any) -> str:
    return f"{timezone.localdate(instant):%Y-%m-%d}" if instant else ""


def _plain(cell: str | int) -> str | int:
    """In a CSV file a spreadsheet runs what begins like a formula: it gets a quote before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _typed(sheet: Any, cell: str | int) -> Any:
    if not isinstance(cell, str):
        return cell
    found = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", cell))
    if found.value:
        found.data_type = "s"  # the library takes what begins with = for a formula
    return found


class _Echo:
    """csv writes to a file; this one hands the line on."""

    def write(self, value: str) -> str:
        return value
