"""Runs every bench module here: `python tests/bench/run.py [NAME …]`.

A module `bench_<name>.py` has `run(report)`, which adds rows to the report. The table is printed; the same rows, as
JSON, are written to .cache/bench/<name>.json. $RELEASE chooses the data (default: the built-in sample).
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
OUT = HERE.parents[1] / ".cache/bench"
sys.path[:0] = [str(HERE), str(HERE.parent)]


class Report:
    """Rows of one bench: what was measured, under which condition, and the figures."""

    def __init__(self, name: str) -> None:
        self.name, self.rows = name, []

    def add(self, measure: str, condition: str, must: str = "", **figures: float | int | str) -> None:
        """`must` is what the figures are held to, in words; figures are counts, bytes, milliseconds or ratios."""
        self.rows.append({"measure": measure, "condition": condition, **figures, "must": must})
        print(f"  {measure} · {condition}: " + ", ".join(f"{k} {v}" for k, v in figures.items()), flush=True)

    def write(self) -> None:
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / f"{self.name}.json").write_text(json.dumps(self.rows, indent=1, ensure_ascii=False) + "\n")
        columns = list(dict.fromkeys(key for row in self.rows for key in row))
        table = Table(*columns, title=self.name)
        for row in self.rows:
            table.add_row(*(str(row.get(column, "")) for column in columns))
        Console(width=180).print(table)


def main(names: list[str]) -> None:
    found = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    unknown = set(names) - set(found)
    if unknown:
        sys.exit(f"There is no bench {', '.join(sorted(unknown))}; there are: {', '.join(found)}")
    for name in names or found:
        report = Report(name)
        print(f"{name} …", flush=True)
        importlib.import_module(f"bench_{name}").run(report)
        report.write()


if __name__ == "__main__":
    main(sys.argv[1:])
