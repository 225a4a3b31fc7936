"""How a release's rows are laid out for the browser: partitions, sort orders, row groups.

The figures behind each choice are in docs/data.md; `make bench-layout` measures them again.
"""

# ruff: noqa: S608 - every name in a query is the contract's or quoted here
from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from futures_explorer.release import contract, definitions
from futures_explorer.release.tables import OpenRelease

# Upstream probes the last 20 days again, so rows that old can still change.
SETTLED_AFTER = timedelta(days=20)

# One date's rows and one symbol's rows lie in one row group. Larger groups cost a question more bytes; smaller
# ones fatten the footers, which grow with the table.
BY_DATE_GROUP = 16_384
HISTORY_GROUP = 16_384
RECENT_GROUP = 8_192
CORE_GROUP = 122_880
# No object has more rows, so that no single footer grows with the table.
OBJECT_ROWS = 524_288

SYMBOLS = contract.Table(
    "symbols",
    (
        contract.Column("symbol", pa.string(), False, "perpetual contract"),
        contract.Column("first_date", pa.date32(), False, "first day of a run of tradable days"),
        contract.Column("last_date", pa.date32(), False, "last day of that run, included"),
        contract.Column("days", pa.int32(), False, "length of the run in days"),
    ),
    key=("symbol", "first_date"),
    order=("symbol", "first_date"),
)
DAYS = contract.Table(
    "days",
    (
        contract.Column("date", pa.date32(), False, "trading date, UTC"),
        contract.Column("published", pa.int32(), False, "symbols whose file the exchange published"),
        contract.Column("usual", pa.float64(), True, "median of published over the 14 days before"),
        contract.Column("tradable", pa.int32(), False, "symbols that were tradable"),
        contract.Column("ranked", pa.int32(), False, "symbols that have a rank"),
        contract.Column("complete", pa.bool_(), False, "whether (nearly) all files are there"),
        contract.Column(
            "ranks_complete", pa.bool_(), False, "whether (nearly) all tradable symbols have a rank"
        ),
    ),
    key=("date",),
    order=("date",),
)
_TRADABLE = contract.Column("tradable", pa.bool_(), False, "available, and not without any volume")

_BY_SYMBOL = ("symbol", "date")
# What the probe of a file said of the file: nobody asks a symbol's history for it, and it is a third of the bytes.
_PROBE = {"file_size_bytes", "last_modified", "url", "status_code", "probe_timestamp"}


@dataclass(frozen=True)
class Part:
    """One object to write: which rows of which table, in which order, cut into row groups how."""

    name: str
    table: contract.Table
    layout: str
    sql: str
    order: tuple[str, ...]
    columns: tuple[contract.Column, ...]
    # Most rows of a row group, which never divides the rows that share the first column of `order`.
    group: int
    # Columns whose row-group statistics are written: nothing can be skipped by any other.
    statistics: tuple[str, ...]

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([pa.field(c.name, c.type, c.nullable) for c in self.columns])


def parts(opened: OpenRelease) -> Iterator[Part]:
    """Every object of a snapshot, in a fixed order; periods without rows have none."""
    newest = opened.rows("SELECT max(date) FROM daily_availability")[0][0]
    for table in opened.tables:
        for label, first, after in _periods(opened, table, newest):
            where = _within(first, after)
            yield _part(table, "by-date", label, where, table.order, BY_DATE_GROUP)
    availability, rankings = opened.tables
    opening = date(_open_year(newest), 1, 1)
    # The open year's rankings are rewritten daily; of the larger table only its open half is.
    half = date(opening.year, 7 if (newest - SETTLED_AFTER).month > 6 else 1, 1)
    history = ("history", date.min, opening, HISTORY_GROUP)
    for table, periods in (
        (rankings, (history, ("recent", opening, date.max, RECENT_GROUP))),
        (
            availability,
            (history, ("half", opening, half, RECENT_GROUP), ("recent", half, date.max, RECENT_GROUP)),
        ),
    ):
        for label, first, after, group in periods:
            for number, (low, high) in enumerate(_symbol_ranges(opened, table, _within(first, after)), 1):
                where = f"{_within(first, after)} AND symbol BETWEEN {_text(low)} AND {_text(high)}"
                yield _part(table, "by-symbol", f"{label}-{number}", where, _BY_SYMBOL, group, _PROBE)
    core = contract.DAILY_AVAILABILITY
    sql = f"SELECT date, symbol, available, {definitions.definition('tradable')} AS tradable FROM {core.name}"
    columns = (*core.columns[:3], _TRADABLE)
    yield Part(f"{core.name}.core", core, "core", sql, _BY_SYMBOL, columns, CORE_GROUP, ("date",))
    yield Part(
        "symbols", SYMBOLS, "by-symbol", definitions.runs(), SYMBOLS.order, SYMBOLS.columns, CORE_GROUP, ()
    )
    yield Part("days", DAYS, "by-date", definitions.days(), DAYS.order, DAYS.columns, CORE_GROUP, ("date",))


def _periods(opened: OpenRelease, table: contract.Table, newest: date) -> Iterator[tuple[str, date, date]]:
    """(label, first day, day after) of each by-date partition that has rows.

    Settled years are whole, the open year is cut into months. The boundaries are the calendar's, so a
    daily release changes the newest one or two months only. A year with too many rows is cut as well.
    """
    months = dict(
        opened.rows(f"SELECT date_trunc('month', date)::DATE, count(*) FROM {table.name} GROUP BY 1")
    )
    opening = _open_year(newest)
    for year in sorted({month.year for month in months}):
        starts = [date(year, month, 1) for month in range(1, 13)]
        counts = [months.get(start, 0) for start in starts]
        sizes = (1,) if year >= opening else (12, 6, 3, 1)
        width = next(
            width
            for width in sizes
            if width == 1 or all(sum(counts[i : i + width]) <= OBJECT_ROWS for i in range(0, 12, width))
        )
        for index in range(0, 12, width):
            if sum(counts[index : index + width]):
                first = starts[index]
                after = date(year + 1, 1, 1) if index + width == 12 else starts[index + width]
                label = str(year) if width == 12 else f"{first:%Y-%m}"
                yield label, first, after


def _symbol_ranges(opened: OpenRelease, table: contract.Table, where: str) -> Iterator[tuple[str, str]]:
    """(first, last symbol) of each by-symbol object: ranges of whole symbols, in code point order."""
    low = high = None
    rows = 0
    for symbol, count in opened.rows(
        f"SELECT symbol, count(*) FROM {table.name} WHERE {where} GROUP BY symbol ORDER BY symbol"
    ):
        if low is not None and rows + count > OBJECT_ROWS:
            yield low, high
            low, rows = None, 0
        low = symbol if low is None else low
        high, rows = symbol, rows + count
    if low is not None:
        yield low, high


def _open_year(newest: date) -> int:
    return (newest - SETTLED_AFTER).year


def _within(first: date, after: date) -> str:
    return f"date >= DATE '{first}' AND date < DATE '{after}'"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _part(
    table: contract.Table,
    layout: str,
    label: str,
    where: str,
    order: tuple[str, ...],
    group: int,
    without: Set[str] = frozenset(),
) -> Part:
    columns = tuple(column for column in table.columns if column.name not in without)
    if len(columns) < len(table.columns):
        # Prices lie beside the dates that they are asked with: one request for both.
        columns = (*columns[:3], *reversed(columns[3:]))
    names = ", ".join(f'"{column.name}"' for column in columns)
    sql = f"SELECT {names} FROM {table.name} WHERE {where}"
    name = f"{table.name}.{layout}.{label}"
    return Part(name, table, layout, sql, order, columns, group, order[:1])
