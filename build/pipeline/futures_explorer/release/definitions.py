"""The derived numbers' definitions, which the pipeline shares with the notebooks' macros: SQL with names in braces."""

from __future__ import annotations

import tomllib

from futures_explorer.project import ROOT

#: Where they are.
FILE = ROOT / "build/kernel/binance_futures/binance_futures/definitions.toml"
_DEFINITIONS = tomllib.loads(FILE.read_text(encoding="utf-8"))

#: Days of absence after which a listing has ended.
ABSENCE: int = _DEFINITIONS["listings"]["absence"]


def definition(name: str, **filled_in: str) -> str:
    """The SQL of a definition, its names in braces replaced."""
    sql: str = _DEFINITIONS[name]["sql"]
    for key, text in filled_in.items():
        sql = sql.replace(f"{{{key}}}", text)
    return sql


def days() -> str:
    """The days of an open release: a query over its tables, in no order."""
    tradable = definition("tradable")
    probes = f"(SELECT date, available, {tradable} AS tradable, probe_timestamp FROM daily_availability)"  # noqa: S608
    return definition("days", probes=probes, ranks="volume_rankings")


def runs() -> str:
    """The runs of tradable days of an open release: a query over its tables, in no order."""
    return definition("runs", days=f"daily_availability WHERE {definition('tradable')}")


def listings(runs: str, newest: str, absence: int = ABSENCE) -> str:
    """The listings in `runs`, the name of a table; `newest` is the newest complete day."""
    return definition("listings", runs=runs, newest=f"DATE '{newest}'", absence=str(absence))


def newest() -> str:
    """The newest complete day of an open release and the newest of these whose ranks are complete, as text or null."""
    newest = "SELECT max(date)::VARCHAR, max(date) FILTER (ranks_complete)::VARCHAR"
    return f"{newest} FROM ({days()}) WHERE complete"
