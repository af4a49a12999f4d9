"""Put the tables of bench/results/*.json into docs/performance.md: `python -m bench.report`.

Each measurement has a place there, between `<!-- results: NAME -->` and `<!-- end -->`; what is around it is written by
people. A result without a place is added at the end.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
PAGE = ROOT / "docs" / "performance.md"
VERDICT = {True: "met", False: "**missed**", None: ""}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--page", type=Path, default=PAGE)
    given = parser.parse_args()
    text = given.page.read_text()
    for path in sorted(given.results.glob("*.json")):
        text = place(text, name=path.stem, block=render(json.loads(path.read_text())))
        print(path.stem)
    given.page.write_text(text)


def place(text: str, *, name: str, block: str) -> str:
    """`text` with `block` in the place of the measurement `name`."""
    marked = f"<!-- results: {name} -->\n{block}<!-- end -->"
    found = re.compile(rf"<!-- results: {re.escape(name)} -->.*?<!-- end -->", re.DOTALL)
    if found.search(text):
        return found.sub(lambda _match: marked, text)
    return f"{text.rstrip()}\n\n## {name}\n{marked}\n"


def render(result: dict[str, Any]) -> str:
    """The machine and the date, the figures beside their targets and rivals, and the tables."""
    lines = [f"*{machine(result.get('machine', {}))}; {str(result.get('at', ''))[:10]}.*", ""]
    if "figures" not in result:
        return "\n".join([*lines, *render_plain({key: result[key] for key in result if key not in ("machine", "at")})])
    if figures := result["figures"]:
        lines += ["| figure | here | target | | rivals in the same run |", "|---|---|---|---|---|"]
        lines += [figure(row) for row in figures]
        lines.append("")
    for table in result.get("tables", []):
        lines += [f"**{table['title']}**", ""] if table.get("title") else []
        lines.append(row_of(table["columns"]))
        lines.append("|---" * len(table["columns"]) + "|")
        lines += [row_of(row) for row in table["rows"]]
        lines += ["", table["note"]] if table.get("note") else []
        lines.append("")
    return "\n".join(lines)


def render_plain(result: dict[str, Any]) -> list[str]:
    """A record in its own words: lists and dictionaries of rows as tables, single values as lines."""
    lines: list[str] = []
    for name, value in result.items():
        title = name.replace("_", " ")
        rows = value if isinstance(value, list) else []
        if isinstance(value, dict) and value and all(isinstance(row, dict) for row in value.values()):
            rows = [{title: key, **row} for key, row in value.items()]
        if rows and all(isinstance(row, dict) for row in rows):
            columns = list(dict.fromkeys(key for row in rows for key in row))
            lines += [f"**{title}**", "", row_of([column.replace("_", " ") for column in columns])]
            lines.append("|---" * len(columns) + "|")
            lines += [row_of([_cell(row.get(column)) for column in columns]) for row in rows]
            lines.append("")
        elif isinstance(value, dict):
            lines += [f"{title}: " + ", ".join(f"{key} {_cell(one)}" for key, one in value.items()), ""]
        else:
            lines += [f"{title}: {_cell(value)}", ""]
    return lines


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return {True: "met", False: "**missed**"}[value] if isinstance(value, bool) else value


def machine(facts: dict[str, Any] | str) -> str:
    if isinstance(facts, str):
        return facts
    words = [str(facts[key]) for key in ("processor", "system") if facts.get(key)]
    words += [f"{facts['cores']} cores"] if facts.get("cores") else []
    words += [f"Python {facts['python']}"] if facts.get("python") else []
    words += [f"load {facts['load']} at the start"] if "load" in facts else []
    return ", ".join(words)


def figure(row: dict[str, Any]) -> str:
    rivals = ", ".join(f"{name} {value:,g}" for name, value in row.get("rivals", {}).items())
    note = f" ({row['note']})" if row.get("note") else ""
    cells = [
        row["name"] + note,
        f"{row['value']:,g} {row['unit']}",
        row.get("target", ""),
        VERDICT[row.get("met")],
        rivals,
    ]
    return row_of(cells)


def row_of(cells: list[Any]) -> str:
    return "| " + " | ".join(f"{cell:,g}" if isinstance(cell, float) else str(cell) for cell in cells) + " |"


if __name__ == "__main__":
    main()
