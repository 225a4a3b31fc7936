"""Upstream's names for its release: addresses, files, a database. Each stands for the notebook's snapshot."""

from __future__ import annotations

import re
from pathlib import Path

from binance_futures._questions import QUESTIONS
from binance_futures._tables import TABLES

#: The release's Parquet files and the tables that hold exactly their rows and columns.
FILES = {
    "availability-daily.parquet": "daily_availability",
    "volume-rankings-timeseries.parquet": "volume_rankings",
}
#: The release's database: as upstream's guides call it after a download, and where upstream's package keeps it.
DATABASE = "availability.duckdb"
PLACES = (DATABASE, f"~/.cache/binance-futures/{DATABASE}")
#: Both of upstream's names on GitHub.
PLACE = (
    r"https?://(?:www\.)?github\.com/(?:terrylica|terryli)/binance-futures-availability/releases/"
    r"(?:latest/download|download/[^/?#]+)/"
)
_ADDRESS = re.compile(rf"{PLACE}([^/?#]+)(?:[?#].*)?", re.I)
#: What upstream's database holds beside `daily_availability`. `{published}` is when its release appeared, or NULL.
SYMBOL_COUNTS = """CREATE OR REPLACE VIEW daily_symbol_counts AS
SELECT date, count(*)::INTEGER AS total_symbols, (count(*) FILTER (available))::INTEGER AS available_symbols,
  (count(*) FILTER (NOT available))::INTEGER AS unavailable_symbols, {published}::TIMESTAMP AS last_updated
FROM daily_availability GROUP BY date"""


def table(file: str) -> str | None:
    """The table that a file of the release is, by its address or its bare name; None for any other."""
    found = _ADDRESS.fullmatch(file)
    return FILES.get(found.group(1) if found else file.removeprefix("./"))


def is_database(path: str) -> bool:
    """Whether the path is one of those at which upstream's own code looks for its database."""
    return Path(path).expanduser() in {Path(place).expanduser() for place in PLACES}


def hint(name: str) -> str | None:
    """What to do where a statement names one of the snapshot's tables or macros, and its connection has none."""
    if name.lower() not in {*TABLES, *(question.name for question in QUESTIONS)}:
        return None
    return (
        "It belongs to this site's data, which a connection of binance_futures has. Add this line, and ask db:\n"
        "    import binance_futures as bf; db = bf.connect()\n"
        "    db.sql(…), or a cell that begins with %%sql"
    )


def file_hint(message: str) -> str | None:
    """How the file of the release that an error's message names is read here, where nobody downloaded it."""
    if DATABASE in message:
        return f'{DATABASE} is no file here: duckdb.connect("{DATABASE}") opens the site\'s snapshot in its place.'
    file = next((name for name in FILES if name in message), None)
    return file and (
        f"{file} was not downloaded, and need not be: import duckdb, and read it with "
        f"duckdb.sql(\"FROM '{file}'\") as pandas' frame by .df(), as Polars' by .pl()."
    )


def is_there(words: list[str]) -> bool:
    """Whether a statement, as its words, would make what upstream's database has: a table, or an index of one."""
    return (
        words[:1] == ["create"]
        and "exists" in words[:7]
        and _target(words) in (*TABLES, "daily_symbol_counts")
    )


def changed(words: list[str]) -> str | None:
    """The snapshot's table that a statement, as its words, would change; None where it changes none."""
    target = _target(words)
    return target if target in TABLES else None


#: The word before the table that a statement changes.
_BEFORE = {
    **{"insert": "into", "merge": "into", "delete": "from", "update": "update"},
    **{"alter": "table", "truncate": "truncate", "create": "table"},
}


def _target(words: list[str]) -> str | None:
    before = _BEFORE.get(words[0]) if words else None
    if "index" in words[1:3]:
        before = "on"
    elif before in words and words[words.index(before) + 1 :][2:3] == ["exists"]:
        before = "exists"  # IF NOT EXISTS
    if before not in words:
        return None
    at = words.index(before)
    while words[at + 2 : at + 3] == ["."]:  # a schema before it
        at += 2
    return next(iter(words[at + 1 : at + 2]), None)
