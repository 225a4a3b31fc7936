"""What traded when, as the site's pages need it: listings for the search, days for the chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from futures_explorer.release import definitions
from futures_explorer.release.tables import SOUND


@dataclass(frozen=True)
class Listing:
    """One listing of a symbol; `state` is trades, absent or gone. What these mean: definitions.toml."""

    symbol: str
    first: date
    last: date
    state: str


@dataclass(frozen=True)
class Day:
    """A day with the number of symbols that were tradable, of those whose file was published, and of those that is usual."""

    day: date
    tradable: int
    published: int
    usual: float | None
    complete: bool


@dataclass(frozen=True)
class Lifespans:
    """A snapshot's listings by symbol and first day, its days, and the symbols whose files are all without a trade."""

    listings: list[Listing]
    days: list[Day]
    never_traded: list[str]


def read_lifespans(descriptor: dict, folder: Path) -> Lifespans:
    """From the snapshot's layouts; `folder` is the one with its datapackage.json."""
    with duckdb.connect(config=SOUND) as connection:
        for table, layout in (("symbols", "by-symbol"), ("days", "by-date"), ("daily_availability", "core")):
            files = [
                str(folder / resource["path"])
                for resource in descriptor["resources"]
                if (resource["table"], resource["layout"]) == (table, layout)
            ]
            connection.read_parquet(files).create_view(table)
        listings = connection.sql(definitions.listings("symbols", newest_day(descriptor)))
        listed = (
            listings.project("symbol, first_date, last_date, state").order("symbol, first_date").fetchall()
        )
        days = connection.execute(
            "SELECT date, tradable, published, usual, complete FROM days ORDER BY date"
        ).fetchall()
        never = connection.execute(
            "SELECT DISTINCT symbol FROM daily_availability WHERE available AND symbol NOT IN (SELECT symbol FROM symbols) "
            "ORDER BY symbol"
        ).fetchall()
    return Lifespans(
        [Listing(*row) for row in listed], [Day(*row) for row in days], [symbol for (symbol,) in never]
    )


def newest_day(descriptor: dict) -> str:
    """The newest complete day of a snapshot: what its pages call now."""
    return descriptor["dates"]["complete"] or descriptor["dates"]["last"]


def by_day(lifespans: Lifespans) -> list[tuple[date, int, int]]:
    """(day, symbols tradable on it, listings begun by then) for every complete day."""
    begins = sorted(listing.first for listing in lifespans.listings)
    counted, found = 0, []
    for day in lifespans.days:
        while counted < len(begins) and begins[counted] <= day.day:
            counted += 1
        if day.complete:
            found.append((day.day, day.tradable, counted))
    return found
