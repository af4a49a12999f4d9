"""A list of people to enrol, as somebody typed or exported it: every line is checked before anybody is enrolled."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from platform_core.accounts.models import User

from .permissions import can_enrol, manages_training

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 2000  # lines
COLUMNS = ("correu", "correo", "email", "e-mail", "mail")
"""Names of the column of addresses, in a file that has a header."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in one line; the first is line 1."""

    line: int
    reason: str


class BadRollError(Exception):
    """`problems` says what is wrong, line by line. Nobody was enrolled."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, with or without its mark. Raises BadRollError."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem = Problem(line, _("this is not UTF-8: save the file as “CSV UTF-8”"))
        raise BadRollError([problem]) from error


@dataclass(frozen=True)
class Roll:
    """Who of a list is enrolled at once, and the addresses that are invited."""

    people: list[User]
    addresses: list[str]


def read(text: str, *, actor: User) -> Roll:
    """The people of a list: an address a line, or a CSV file with a column of them. Empty lines do not count.

    For who works for the service an address without an account is invited. For a referent every address is that is
    not of their people: they are not told which of them have an account. Raises BadRollError with every line that is no
    address, is twice, or is of somebody whom the service may not enrol. Three queries, and one a person for referents.
    """
    lines = list(_addresses(text))
    problems = list(_wrong(lines))
    wrong = {problem.line for problem in problems}
    good = [(line, address) for line, address in lines if line not in wrong]
    known = _known([address for _line, address in good])
    roll, sees_all = Roll([], []), manages_training(actor)
    for line, address in good:
        person = known.get(address)
        if person is not None and can_enrol(actor, person):
            roll.people.append(person)
        elif person is not None and sees_all:
            problems.append(Problem(line, _("you may not enrol “%(address)s”") % {"address": address}))
        else:
            roll.addresses.append(address)
    if problems:
        raise BadRollError(sorted(problems, key=lambda problem: problem.line))
    return roll


def _known(addresses: list[str]) -> dict[str, User]:
    """Whose each address is: of who signs in with it, or else of who has proved it."""
    proved = EmailAddress.objects.filter(email__in=addresses, verified=True).select_related("user")
    return {row.email.lower(): row.user for row in proved} | User.objects.in_bulk(addresses, field_name="email")


def _wrong(lines: list[tuple[int, str]]) -> Iterator[Problem]:
    if not lines:
        yield Problem(1, _("there is no address"))
    if len(lines) > MOST:
        yield Problem(lines[MOST][0], _("there are more than %(most)s lines") % {"most": MOST})
    seen: dict[str, int] = {}
    for line, address in lines:
        if (first := seen.setdefault(address, line)) != line:
            yield Problem(line, _("“%(address)s” is already in line %(line)s") % {"address": address, "line": first})
        try:
            validate_email(address)
        except ValidationError:
            yield Problem(line, _("“%(address)s” is not an address") % {"address": address[:100]})


def _addresses(text: str) -> Iterator[tuple[int, str]]:
    """(line, address in small letters). Raises BadRollError for a header without the column, and for what is no CSV."""
    separator = ";" if text.partition("\n")[0].count(";") else ","
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    column: int | None = None
    try:
        for row in reader:
            cells = [cell.strip().lower() for cell in row]
            if not any(cells):
                continue
            if column is None:
                column = _column(cells, reader.line_num)
                if cells[column] in COLUMNS:
                    continue
            yield reader.line_num, cells[column] if column < len(cells) else ""
    except csv.Error as error:
        problem = Problem(reader.line_num, _("this is not a CSV file: %(error)s") % {"error": error})
        raise BadRollError([problem]) from error


def _column(cells: list[str], line: int) -> int:
    """Where the addresses are, by the header or by the first line."""
    for place, cell in enumerate(cells):
        if cell in COLUMNS or "@" in cell:
            return place
    if len(cells) == 1:
        return 0
    raise BadRollError([Problem(line, _("there is no column called “%(name)s”") % {"name": COLUMNS[0]})])
