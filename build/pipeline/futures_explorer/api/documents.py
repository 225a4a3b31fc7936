"""What each file of the API says: a snapshot's tables as (path, text), paths from `latest/` or a snapshot's folder on."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from futures_explorer.api.names import address, file_stem, pair
from futures_explorer.api.tables import TOP, Day, Tables

UNIVERSE = f"universe/top-{TOP}"
MONTHLY = f"{UNIVERSE}/monthly.csv"
COLUMNS = ("month", "as_of", "rank", "symbol", "pair", "synthetic")
#: Seconds for which freqtrade keeps a list before it asks again; a month's never changes.
REFRESH = 3600
_NOTHING = '{"symbol":[],"rank":[],"quote_volume_usdt":[]}'

Document = tuple[str, str]


def text(value: Any) -> str:
    """JSON on one line, in UTF-8; dates as YYYY-MM-DD."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str) + "\n"


def meta(descriptor: dict[str, Any]) -> dict[str, Any]:
    """What every answer says of its data. Nothing that changes with each snapshot: a settled day's file stays as it is."""
    synthetic = descriptor["synthetic"]
    source = {True: "synthetic: invented numbers", None: "of unknown origin"}.get(
        synthetic, descriptor["provenance"]["repository"]
    )
    return {"api": "v1", "synthetic": synthetic, "source": source}


def day_files(tables: Tables, days: Iterable[date]) -> Iterator[Document]:
    """`dates/YYYY-MM-DD.json` of each of `days`."""
    wanted = list(days)
    bodies = tables.bodies(wanted)
    head = json.dumps(meta(tables.descriptor), ensure_ascii=False, separators=(",", ":"))
    for day in wanted:
        of = tables.days[day]
        says = text(
            {"date": day, "complete": of.complete, "ranks_complete": of.ranks_complete, **_counts(of)}
        )
        yield (
            f"dates/{day}.json",
            f'{{"meta":{head},{says[1:-2]},"tradable":{bodies.get(day, _NOTHING)}}}\n',
        )


def _counts(day: Day) -> dict[str, int]:
    return {
        "published_count": day.published,
        "tradable_count": day.tradable,
        "ranked_count": day.ranked,
    }


def dates_file(tables: Tables) -> Document:
    """`dates.json`: every day in columns."""
    days = tables.days.values()
    columns = {
        "date": [day.date for day in days],
        "published": [day.published for day in days],
        "tradable": [day.tradable for day in days],
        "ranked": [day.ranked for day in days],
        "complete": [day.complete for day in days],
        "ranks_complete": [day.ranks_complete for day in days],
    }
    return "dates.json", text({**_of_snapshot(tables), "dates": columns})


def symbols_file(tables: Tables) -> Document:
    """`symbols.json`: every symbol in columns, with its listings and the address of its own file."""
    rows = [_symbol(symbol, listings) for symbol, listings in _by_symbol(tables).items()]
    columns = {
        "symbol": [row["symbol"] for row in rows],
        "address": [address(row["symbol"]) for row in rows],
        **{name: [row[name] for row in rows] for name in ("pair", "first", "last", "days", "state")},
        "listings": [[[of["first"], of["last"]] for of in row["listings"]] for row in rows],
    }
    return "symbols.json", text({**_of_snapshot(tables), "symbols": columns})


def symbol_files(tables: Tables) -> Iterator[Document]:
    """`symbols/SYMBOL.json` of every symbol."""
    years = tables.years()
    names = ("year", "published", "tradable", "quote_volume_usdt", "best_rank", "median_rank")
    for symbol, listings in _by_symbol(tables).items():
        of_years = [dict(zip(names, year, strict=True)) for year in years.get(symbol, [])]
        said = {"meta": meta(tables.descriptor), **_symbol(symbol, listings), "years": of_years}
        yield f"symbols/{file_stem(symbol)}.json", text(said)


def _of_snapshot(tables: Tables) -> dict[str, Any]:
    descriptor = tables.descriptor
    return {"meta": meta(descriptor), "snapshot": descriptor["id"], "now": descriptor["dates"]["complete"]}


def _by_symbol(tables: Tables) -> dict[str, list[dict[str, Any]]]:
    """Every symbol with its listings, in code point order; one that never traded has none."""
    found: dict[str, list] = {symbol: [] for symbol in tables.never_tradable()}
    for symbol, listings in groupby(tables.listings(), key=lambda listing: listing["symbol"]):
        found[symbol] = list(listings)
    return dict(sorted(found.items()))


def _symbol(symbol: str, listings: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "symbol": symbol,
        "pair": pair(symbol),
        "first": listings[0]["first"] if listings else None,
        "last": listings[-1]["last"] if listings else None,
        "days": sum(listing["days"] for listing in listings),
        "state": listings[-1]["state"] if listings else "untraded",
        "listings": [
            {
                **{name: of[name] for name in ("listing", "first", "last", "days", "state")},
                "runs": [dict(zip(("first", "last", "days"), run, strict=True)) for run in of["runs"]],
            }
            for of in listings
        ],
    }


Largest = dict[date, list[tuple[int, str]]]


def universe_files(tables: Tables, months: dict[str, date], largest: Largest) -> Iterator[Document]:
    """The lists of `months` (month → the day it goes by), one for each form that backtesters read."""
    about = meta(tables.descriptor)
    for month, as_of in months.items():
        symbols = [symbol for _, symbol in largest[as_of]]
        pairs = [name for name in map(pair, symbols) if name]
        said = {"meta": about, "month": month, "as_of": as_of, "top": TOP, "symbols": symbols}
        yield f"{UNIVERSE}/{month}.json", text({**said, "pairs": pairs, "refresh_period": REFRESH})
        config = {
            "exchange": {"name": "binance", "pair_whitelist": pairs},
            "pairlists": [{"method": "StaticPairList"}],
        }
        yield f"{UNIVERSE}/freqtrade/{month}.json", text({"meta": about, **config})


def monthly_file(tables: Tables, months: dict[str, date], largest: Largest) -> Document:
    """`universe/top-100/monthly.csv`: the lists of all `months`, a symbol a line."""
    synthetic = {True: "true", False: "false", None: "unknown"}[tables.descriptor["synthetic"]]
    into = io.StringIO()
    writer = csv.writer(into, lineterminator="\n")
    writer.writerow(COLUMNS)
    for month, as_of in months.items():
        writer.writerows(
            (month, as_of, rank, symbol, pair(symbol) or "", synthetic) for rank, symbol in largest[as_of]
        )
    return MONTHLY, into.getvalue()
