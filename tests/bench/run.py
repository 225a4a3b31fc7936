"""Runs every bench module here: `python tests/bench/run.py [NAME …]`.

A module `bench_<name>.py` has `run(report)`, which adds rows to the report. All rows are printed as one table; as JSON they
are written to .cache/bench/<name>.json. $RELEASE chooses the data (default: the built-in sample). Where a count, a size or a
ratio misses its limit, the exit code is 1; times are judged in the table only, because they are the machine's too.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
OUT = HERE.parents[1] / ".cache/bench"
sys.path[:0] = [str(HERE), str(HERE.parent)]


#: Figures that depend on the machine; a limit that one of them misses does not fail the run.
TIMES = re.compile(r"(^|_| )(m?s|milliseconds|seconds)$")
COMPARED = {"≤": float.__le__, "≥": float.__ge__, "<": float.__lt__, "=": float.__eq__}


class Report:
    """Rows of one bench: what was measured, under which condition, the figures, and whether they are within limits."""

    def __init__(self, name: str) -> None:
        self.name, self.rows = name, []

    def add(
        self,
        measure: str,
        condition: str,
        must: str = "",
        limits: dict[str, str] | None = None,
        **figures: float | int | str,
    ) -> None:
        """`limits` has, by a figure's name, what it is held to: "≤ 4", "≥ 8", "< 50" or "= 0".

        `must` says in words what cannot be said so. Figures are counts, bytes, milliseconds or ratios.
        """
        limits = limits or {}
        missed = {name: limit for name, limit in limits.items() if not within(figures[name], limit)}
        row = {"bench": self.name, "measure": measure, "condition": condition, "figures": figures}
        words = ", ".join(filter(None, [must, *(f"{name} {limit}" for name, limit in limits.items())]))
        verdict = "" if not limits else f"not reached: {', '.join(missed)}" if missed else "reached"
        fails = any(not TIMES.search(name) for name in missed)
        self.rows.append({**row, "must": words, "verdict": verdict, "fails": fails})
        print(f"  {measure} · {condition}: {told(figures)} {verdict}", flush=True)

    def write(self) -> None:
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / f"{self.name}.json").write_text(json.dumps(self.rows, indent=1, ensure_ascii=False) + "\n")


def within(figure: float, limit: str) -> bool:
    sign, value = limit.split()
    return COMPARED[sign](float(figure), float(value))


def told(figures: dict[str, float | int | str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in figures.items())


def print_table(rows: list[dict]) -> None:
    table = Table("bench", "measure", "condition", "figures", "must", "verdict", title="make bench")
    for row in rows:
        cells = [row["bench"], row["measure"], row["condition"], told(row["figures"]), row["must"]]
        table.add_row(*cells, f"[red]{row['verdict']}[/red]" if row["fails"] else row["verdict"])
    Console(width=200).print(table)


def main(names: list[str]) -> None:
    found = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    unknown = set(names) - set(found)
    if unknown:
        sys.exit(f"There is no bench {', '.join(sorted(unknown))}; there are: {', '.join(found)}")
    rows = []
    for name in names or found:
        report = Report(name)
        print(f"{name} …", flush=True)
        importlib.import_module(f"bench_{name}").run(report)
        report.write()
        rows += report.rows
    print_table(rows)
    missed = [row for row in rows if row["fails"]]
    for row in missed:
        print(
            f"{row['bench']}: {row['measure']}, {row['condition']}: {told(row['figures'])}; must: {row['must']}"
        )
    if missed:
        sys.exit(f"{len(missed)} of {len(rows)} rows miss a count, size or ratio.")


if __name__ == "__main__":
    main(sys.argv[1:])
