"""How a measurement is written down: the machine, the date, and each figure beside its target and its rivals."""

from __future__ import annotations

import json
import os
import platform
import statistics
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number. `target` is in words, `met` whether it is reached; `rivals` are measured in the same run."""

    name: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None
    rivals: dict[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of one comparison, each a list of cells under `columns`."""

    title: str
    columns: list[str]
    rows: list[list[Any]]
    note: str = ""


def machine() -> dict[str, Any]:
    """What the figures depend on. `load` is the load average of the last minute when the run began."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def stamp() -> dict[str, Any]:
    """When and where: what every record of figures says."""
    return {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}


def percentile(values: list[float], share: float) -> float:
    """The value that `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def middle(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")


def write(path: Path, *, title: str, host: dict[str, Any], figures: list[Figure], tables: list[Table]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "title": title,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": host,
        "figures": [asdict(figure) for figure in figures],
        "tables": [asdict(table) for table in tables],
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def show(figures: list[Figure], tables: list[Table]) -> None:
    """Print the tables and then the figures with their targets, for people."""
    for table in tables:
        print(f"\n{table.title}")
        cells = [[str(cell) for cell in row] for row in [table.columns, *table.rows]]
        widths = [max(len(row[column]) for row in cells) for column in range(len(table.columns))]
        for row in cells:
            first, *others = (f"{cell:{width}}" for cell, width in zip(row, widths, strict=True))
            print("  ".join([first, *(cell.strip().rjust(len(cell)) for cell in others)]))
        if table.note:
            print(table.note)
    print()
    for figure in figures:
        verdict = {True: "met", False: "MISSED", None: ""}[figure.met]
        note = f"({figure.note})" if figure.note else ""
        print(" ".join(filter(None, [f"{figure.name}: {figure.value:g} {figure.unit}", figure.target, verdict, note])))
