"""From when to when each symbol traded, as the site's pages need it: per symbol for the search, per day for the chart."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq

Run = tuple[str, date, date]


def read_runs(descriptor: dict, folder: Path) -> list[Run]:
    """(symbol, first day, last day) of every unbroken run of days, from the snapshot's table `symbols`.

    `folder` is the one with the snapshot's datapackage.json.
    """
    runs: list[Run] = []
    for resource in descriptor["resources"]:
        if resource["table"] == "symbols":
            table = pq.read_table(folder / resource["path"], columns=["symbol", "first_date", "last_date"])
            runs += zip(*(column.to_pylist() for column in table.columns), strict=True)
    return runs


def spans(runs: list[Run]) -> list[Run]:
    """(symbol, first day, last day) of each symbol, gaps forgotten, by name."""
    found: dict[str, tuple[date, date]] = {}
    for symbol, first, last in runs:
        begun, ended = found.get(symbol, (first, last))
        found[symbol] = (min(begun, first), max(ended, last))
    return [(symbol, first, last) for symbol, (first, last) in sorted(found.items())]


def by_day(runs: list[Run]) -> list[tuple[date, int, int]]:
    """(day, symbols that traded on it, symbols ever listed by then) for every day from the first to the last."""
    if not runs:
        return []
    begins, ends, listed = {}, {}, {}
    for _, first, last in runs:
        begins[first] = begins.get(first, 0) + 1
        ends[last] = ends.get(last, 0) + 1
    for _, first, _ in spans(runs):
        listed[first] = listed.get(first, 0) + 1
    day, newest, trading, ever, days = min(begins), max(ends), 0, 0, []
    while day <= newest:
        trading += begins.get(day, 0)
        ever += listed.get(day, 0)
        days.append((day, trading, ever))
        trading -= ends.get(day, 0)
        day += timedelta(days=1)
    return days
