"""Municipalities from a CSV file: every row is checked before the first one is written."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from . import ine
from .models import Organisation
from .register import Facts, create_organisation, facts_of, update_organisation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Column of the file -> fact. They are the columns of Idescat's table as it ships in `data/municipis.csv`.
COLUMNS = {
    "codi_ine5": "",
    "codi_ine6": "ine_code",
    "nom": "name",
    "nom_index": "index_name",
    "codi_comarca": "comarca_code",
    "comarca": "comarca",
}
BATCH = 500
LONGEST = {field.name: field.max_length or 0 for field in Organisation._meta.fields}


@dataclass(frozen=True)
class Problem:
    """What is wrong in one line of the file; the header is line 1."""

    line: int
    reason: str


class BadFileError(Exception):
    """The file cannot be imported: `problems` says why, line by line. Nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass
class Outcome:
    created: int = 0
    updated: int = 0
    unchanged: int = 0


def import_municipalities(path: Path, *, dry_run: bool = False) -> Outcome:
    """Create the municipalities that are not there yet, by INE code, and correct the others. Idempotent.

    The file is UTF-8, with or without a byte order mark, and is read twice, row by row: to check and to write. Facts
    that the file does not have (platform, joined on) are kept. Raises BadFileError with every bad row, and
    OSError when the file cannot be read.
    """
    _check(path)
    outcome = Outcome()
    with transaction.atomic():
        rows = _facts(path)
        while batch := list(islice(rows, BATCH)):
            _write(batch, outcome)
        if dry_run:
            transaction.set_rollback(True)
    return outcome


def _write(batch: list[dict[str, str]], outcome: Outcome) -> None:
    known = Organisation.objects.in_bulk([row["ine_code"] for row in batch], field_name="ine_code")
    for row in batch:
        organisation = known.get(row["ine_code"])
        if organisation is None:
            create_organisation(actor=None, facts=Facts(**row))  # type: ignore[arg-type]  # all of them are strings
            outcome.created += 1
        elif all(getattr(organisation, name) == value for name, value in row.items()):
            outcome.unchanged += 1
        else:
            update_organisation(actor=None, organisation=organisation, facts=facts_of(organisation, **row))
            outcome.updated += 1


def _check(path: Path) -> None:
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    try:
        for line, row in _rows(path):
            problems += [Problem(line, reason) for reason in _wrong(row)]
            code = (row.get("codi_ine6") or "").strip()
            if code and seen.setdefault(code, line) != line:
                twice = {"code": code, "line": seen[code]}
                problems.append(Problem(line, _("the code %(code)s is already in line %(line)s") % twice))
    except UnicodeDecodeError:
        problems.append(Problem(_lines_before(path) + 1, _("this is not UTF-8: save the file as “CSV UTF-8”")))
    except csv.Error as error:
        problems.append(Problem(1, _("this is not a CSV file: %(error)s") % {"error": error}))
    if not problems and not seen:
        problems.append(Problem(1, _("the file has no rows")))
    if problems:
        raise BadFileError(problems)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line where the row ends, row). Raises BadFileError when the header is not the one we know."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restkey="", strict=True)
        header = [name.strip() for name in reader.fieldnames or []]
        _check_header(header)
        reader.fieldnames = header
        for row in reader:
            yield reader.line_num, row


def _check_header(header: list[str]) -> None:
    if not header:
        raise BadFileError([Problem(1, _("the file is empty"))])
    problems = [
        Problem(1, _("the column “%(name)s” is missing") % {"name": name}) for name in COLUMNS if name not in header
    ]
    problems += [
        Problem(1, _("the column “%(name)s” is not one we know") % {"name": name})
        for name in header
        if name not in COLUMNS
    ]
    problems += [
        Problem(1, _("the column “%(name)s” is there twice") % {"name": name})
        for name in COLUMNS
        if header.count(name) > 1
    ]
    if problems:
        raise BadFileError(problems)


def _wrong(row: dict[str, str]) -> Iterator[str]:
    if "" in row or None in row.values():
        yield _("the row does not have %(count)s columns") % {"count": len(COLUMNS)}
        return
    code, ine5 = row["codi_ine6"].strip(), row["codi_ine5"].strip()
    if not ine.is_valid(code):
        yield _code_problem(code)
    elif ine5 != code[:5]:
        yield _("codi_ine5 is “%(ine5)s” but codi_ine6 is “%(code)s”") % {"ine5": ine5, "code": code}
    for column, fact in COLUMNS.items():
        if fact:
            yield from _wrong_value(column, fact, row[column].strip())


def _wrong_value(column: str, fact: str, value: str) -> Iterator[str]:
    longest = LONGEST[fact]
    if "\0" in value:
        yield _("“%(name)s” has a character that is no letter") % {"name": column}
    elif not value:
        yield _("“%(name)s” is empty") % {"name": column}
    elif len(value) > longest and fact != "ine_code":
        yield _("“%(name)s” is longer than %(longest)s characters") % {"name": column, "longest": longest}


def _code_problem(code: str) -> str:
    if len(code) == 6 and code.isascii() and code.isdigit():  # noqa: PLR2004  the six digits of INE
        right = ine.check_digit(code[:5])
        return _("the check digit of “%(code)s” should be %(right)s") % {"code": code, "right": right}
    return _("“%(code)s” is not an INE code of six digits") % {"code": code}


def _facts(path: Path) -> Iterator[dict[str, str]]:
    for _line, row in _rows(path):
        yield {fact: " ".join(row[column].split()) for column, fact in COLUMNS.items() if fact}


def _lines_before(path: Path) -> int:
    """How many whole lines can be read before the first byte that is not UTF-8."""
    count = 0
    with path.open("rb") as file:
        for line in file:
            try:
                line.decode()
            except UnicodeDecodeError:
                break
            count += 1
    return count
