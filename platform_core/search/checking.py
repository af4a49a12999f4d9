"""Whether what can be found is what there is: the entries against the apps, and Elasticsearch against the entries."""

from __future__ import annotations

from dataclasses import dataclass, field

from .domain import refresh_many
from .engines import Away, is_remote
from .models import IndexChange, SearchEntry
from .projectors import kinds, projector_of


@dataclass
class Report:
    """What differed.

    Attributes:
        missing, surplus: of each kind that differs, the ids of things that have no entry, and of entries without thing.
        index: how many documents of Elasticsearch are missing, outdated or foreign.
        waiting, parked: changes that Elasticsearch has not been told yet, and those that it refuses.
        problem: why Elasticsearch could not be asked, or "".
    """

    missing: dict[str, list[str]] = field(default_factory=dict)
    surplus: dict[str, list[str]] = field(default_factory=dict)
    index: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    parked: int = 0
    problem: str = ""

    @property
    def differences(self) -> int:
        of_entries = sum(map(len, [*self.missing.values(), *self.surplus.values()]))
        return of_entries + sum(self.index.values())


def check(*, repair: bool = False) -> Report:
    """Compare everything; with `repair` also put it right. The report says how it was before."""
    report = Report()
    for kind in kinds():
        _check_kind(kind, report)
        if repair:
            refresh_many(kind=kind, object_ids=[*report.missing.get(kind, []), *report.surplus.get(kind, [])])
    if is_remote():
        _check_index(report, repair=repair)
    return report


def _check_kind(kind: str, report: Report) -> None:
    projector = projector_of(kind)
    if projector is None:
        return
    there = set(projector.ids())
    known = set(SearchEntry.objects.filter(kind=kind).values_list("object_id", flat=True))
    # What may be found by its app's list may still say that it should not be.
    if missing := sorted(pk for pk in there - known if projector.project(pk) is not None):
        report.missing[kind] = missing
    if surplus := sorted(known - there):
        report.surplus[kind] = surplus


def _check_index(report: Report, *, repair: bool) -> None:
    from .engines.elastic import building, comparing, feeding, indexes  # noqa: PLC0415  the client, only where it is used

    report.parked = IndexChange.objects.exclude(parked_at=None).count()
    report.waiting = IndexChange.objects.filter(parked_at=None).count()
    try:
        if name := indexes.current():
            differences = comparing.compare(name)
            report.index = {what: len(found) for what, found in vars(differences).items() if found}
            if repair:
                comparing.repair(differences)
                feeding.push()
        else:
            report.index = {"missing": SearchEntry.objects.count()}
            if repair:
                building.build()
    except Away as problem:
        report.problem = str(problem)
