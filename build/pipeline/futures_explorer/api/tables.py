"""What the API says, asked of a snapshot's Parquet with native DuckDB."""

# ruff: noqa: S608 - every name in a query is this project's
from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from futures_explorer.release import definitions
from futures_explorer.release.tables import SOUND

#: Largest rank of a universe.
TOP = 100
_LAYOUTS = (
    ("daily_availability", "by-date"),
    ("volume_rankings", "by-date"),
    ("symbols", "by-symbol"),
    ("days", "by-date"),
)
# To the cent: what is beyond is noise of the exchange's own sums, and a third of the bytes. JSON knows no infinity.
_VOLUME = "CASE WHEN isfinite(a.quote_volume_usdt) THEN round(a.quote_volume_usdt, 2) END"
_RANKED = "a LEFT JOIN volume_rankings r ON a.date = r.date AND a.symbol = r.symbol"
_ORDER = "ORDER BY r.rank NULLS LAST, a.symbol"


@dataclass(frozen=True)
class Day:
    """A day of a snapshot: what the table `days` says of it. Counts are symbols."""

    date: date
    published: int
    tradable: int
    ranked: int
    complete: bool
    ranks_complete: bool


class Tables:
    """A snapshot's tables; `descriptor` is its Data Package."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, descriptor: dict[str, Any]) -> None:
        self._connection, self.descriptor = connection, descriptor
        self._tradable = definitions.definition("tradable")
        self.days: dict[date, Day] = {
            row[0]: Day(*row)
            for row in self._rows(
                "SELECT date, published, tradable, ranked, complete, ranks_complete FROM days ORDER BY date"
            )
        }

    def _rows(self, sql: str, parameters: dict[str, Any] | None = None) -> list[tuple]:
        return self._connection.execute(sql, parameters or {}).fetchall()

    def bodies(self, days: Iterable[date]) -> dict[date, str]:
        """Of each day that has any, what was tradable, as JSON: three columns of equal length, largest volume first."""
        return dict(
            self._rows(
                "SELECT date, to_json({'symbol': symbol, 'rank': rank, 'quote_volume_usdt': volume})::VARCHAR FROM ("
                f"SELECT a.date, list(a.symbol {_ORDER}) AS symbol, list(r.rank {_ORDER}) AS rank, "
                f"list({_VOLUME} {_ORDER}) AS volume FROM (FROM daily_availability WHERE {self._tradable} "
                f"AND date = ANY($days)) {_RANKED} GROUP BY a.date)",
                {"days": list(days)},
            )
        )

    def largest(self, days: Iterable[date]) -> dict[date, list[tuple[int, str]]]:
        """(rank, symbol) of the largest tradable symbols on each of `days`: as the macro `universe` has them."""
        found: dict[date, list[tuple[int, str]]] = {day: [] for day in days}
        for day, rank, symbol in self._rows(
            "SELECT date, rank, symbol FROM volume_rankings WHERE date = ANY($days) AND rank <= $top "
            "AND quote_volume_usdt > 0 ORDER BY date, rank, symbol",
            {"days": list(found), "top": TOP},
        ):
            found[day].append((rank, symbol))
        return found

    def universes(self) -> dict[str, date]:
        """Each month that has a universe ("2024-01"), and the day whose ranks it goes by: the newest complete and ranked one
        of the month before. A month has one once such a day is its eve, or later: so nobody trades on what came after.
        """
        good = [day.date for day in self.days.values() if day.complete and day.ranks_complete]
        found = {}
        for newest, after in zip(good, [*good[1:], None], strict=True):
            first = (newest.replace(day=1) + timedelta(31)).replace(day=1)
            if newest + timedelta(1) == first or (after and after >= first):
                found[f"{first:%Y-%m}"] = newest
        return found

    def listings(self) -> list[dict[str, Any]]:
        """Every listing by symbol and number: symbol, listing, first, last, days, state, runs ([first, last, days], …)."""
        absence = definitions.ABSENCE
        newest = self.descriptor["dates"]["complete"] or self.descriptor["dates"]["last"]
        runs: dict[str, list[tuple[date, date, int]]] = {}
        for symbol, *run in self._rows("FROM symbols ORDER BY symbol, first_date"):
            runs.setdefault(symbol, []).append(tuple(run))
        return [
            {
                **{"symbol": symbol, "listing": listing, "first": first, "last": last, "days": days},
                "state": state,
                "runs": [run for run in runs[symbol] if first <= run[0] <= last],
            }
            for symbol, listing, first, last, days, state in self._rows(
                "SELECT symbol, listing, first_date, last_date, traded_days, state FROM "
                f"({definitions.listings('symbols', newest, absence)}) ORDER BY symbol, listing"
            )
        ]

    def never_tradable(self) -> list[str]:
        """Symbols whose files were published, all of them without any volume."""
        return [
            symbol
            for (symbol,) in self._rows(
                "SELECT DISTINCT symbol FROM daily_availability WHERE available "
                "AND symbol NOT IN (SELECT symbol FROM symbols) ORDER BY symbol"
            )
        ]

    def years(self) -> dict[str, list[tuple]]:
        """By symbol, of each year in which it was published: (year, days published, days tradable, USDT traded or None,
        best rank or None, median rank or None). Days are added to the cent, so that no order of adding changes the sum.
        """
        found: dict[str, list[tuple]] = {}
        for symbol, *year in self._rows(
            "SELECT a.symbol, year(a.date), count(*), count(*) FILTER (a.tradable), "
            f"sum(({_VOLUME})::DECIMAL(38, 2))::DOUBLE, min(r.rank), median(r.rank) "
            f"FROM (SELECT *, {self._tradable} AS tradable FROM daily_availability WHERE available) "
            f"{_RANKED} GROUP BY ALL ORDER BY ALL"
        ):
            found.setdefault(symbol, []).append(tuple(year))
        return found


@contextmanager
def open_snapshot(descriptor: dict[str, Any], folder: Path) -> Iterator[Tables]:
    """The tables of a snapshot; `folder` is the one with its datapackage.json."""
    with duckdb.connect(config=SOUND) as connection:
        for table, layout in _LAYOUTS:
            files = [
                str(folder / resource["path"])
                for resource in descriptor["resources"]
                if (resource["table"], resource["layout"]) == (table, layout)
            ]
            connection.read_parquet(files).create_view(table)
        yield Tables(connection, descriptor)


def changed_days(tables: Tables, newest: Tables) -> list[date]:
    """The days of a snapshot of which the newest one may say something else: those in objects of its own, and those that
    `days` counts otherwise. Objects are named by their content and no date is in two, so all others say the same.
    """
    theirs = {resource["hash"] for resource in newest.descriptor["resources"]}
    spans = [
        tuple(date.fromisoformat(end) for end in resource["bounds"]["date"])
        for resource in tables.descriptor["resources"]
        if (resource["table"], resource["layout"]) in _LAYOUTS[:2] and resource["hash"] not in theirs
    ]
    return [
        day
        for day, of in tables.days.items()
        if of != newest.days.get(day) or any(first <= day <= last for first, last in spans)
    ]
