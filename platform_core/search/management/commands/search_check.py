"""`manage.py search_check [--repair]`: whether everything that can be found is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from platform_core.search.checking import Report, check

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 10
"""Ids of each kind that are printed."""


class Command(BaseCommand):
    help = "Compares what can be found with what there is. Exit status 1 when something differs and is not repaired."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="put right what differs")

    def handle(self, *, repair: bool, **_options: Any) -> None:
        report = check(repair=repair)
        for line in _lines(report):
            self.stdout.write(line)
        if report.problem:
            raise CommandError(f"Elasticsearch does not answer: {report.problem}")
        if report.differences and not repair:
            raise CommandError("Something differs. Repair it: manage.py search_check --repair")
        self.stdout.write("Repaired." if report.differences else "Everything is as it should be.")


def _lines(report: Report) -> Iterator[str]:
    for word, found in (("missing", report.missing), ("surplus", report.surplus)):
        for kind, ids in found.items():
            yield f"{kind}: {len(ids)} {word}: {', '.join(ids[:SHOWN])}{' …' if len(ids) > SHOWN else ''}"
    for word, number in report.index.items():
        yield f"Elasticsearch: {number} {word}"
    if report.waiting:
        yield f"Elasticsearch: {report.waiting} changes are on their way"
    if report.parked:
        yield f"Elasticsearch: {report.parked} changes were refused and set aside: see them in the administration"
