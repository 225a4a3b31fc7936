"""Statements of many shapes over the three tables, written by a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

PRICES = (
    "open_price",
    "high_price",
    "low_price",
    "close_price",
    "quote_volume_usdt",
    "trade_count",
    "volume_base",
)
RANKED = ("rank", "quote_volume_usdt", "trade_count", "market_share_pct", "percentile", "rank_change_7d")
COLUMNS = {"daily_availability": PRICES, "volume_rankings": RANKED}


@dataclass(frozen=True)
class Statement:
    sql: str
    #: Whether the order of its rows is said by it, or by the order in which the release's rows lie.
    ordered: bool
    #: Statements before it, on the same connection.
    before: tuple[str, ...] = ()
    #: And behind it.
    after: tuple[str, ...] = ()


class Generator:
    """`dates` are the first and the last date, `symbols` some that there are."""

    def __init__(self, seed: int, dates: tuple[date, date], symbols: list[str]) -> None:
        self.random, self.dates, self.symbols = random.Random(seed), dates, symbols

    def statements(self, count: int) -> Iterator[Statement]:
        """So many, of every shape as often as of any other."""
        shapes: list[Callable[[], Statement]] = [
            getattr(self, name) for name in dir(self) if name.startswith("write_")
        ]
        for number in range(count):
            yield shapes[number % len(shapes)]()

    # --- what statements are made of ------------------------------------------------------------------------------

    def table(self) -> str:
        return self.random.choice(list(COLUMNS))

    def columns(self, table: str, most: int = 3) -> list[str]:
        return self.random.sample(COLUMNS[table], self.random.randint(1, most))

    def symbol(self) -> str:
        return "'" + self.random.choice(self.symbols).replace("'", "''") + "'"

    def day(self) -> date:
        first, last = self.dates
        return first + timedelta(days=self.random.randint(0, (last - first).days))

    def where(self, table: str) -> str:
        """A filter, or none."""
        day, symbol = self.day(), self.symbol()
        filters = [
            f"symbol = {symbol}",
            f"symbol IN ({symbol}, {self.symbol()})",
            f"date = DATE '{day}'",
            f"date BETWEEN DATE '{day}' AND DATE '{day + timedelta(days=self.random.randint(1, 400))}'",
            f"date >= DATE '{day}' AND symbol = {symbol}",
            f"symbol LIKE {symbol[:4]}%'",
            "available" if table == "daily_availability" else "rank <= 20",
            f"date IN (DATE '{day}', DATE '{self.day()}')",
        ]
        return self.random.choice(["", *(f" WHERE {text}" for text in filters)])

    # --- shapes ---------------------------------------------------------------------------------------------------

    def write_rows(self) -> Statement:
        table = self.table()
        where = self.where(table) or f" WHERE symbol = {self.symbol()}"
        return Statement(
            f"SELECT date, symbol, {', '.join(self.columns(table))} FROM {table}{where} ORDER BY date, symbol",
            True,
        )

    def write_groups(self) -> Statement:
        table = self.table()
        key = self.random.choice(["date", "symbol", "date_trunc('month', date)", "year(date)"])
        values = [
            f"{self.random.choice(['sum', 'avg', 'min', 'max'])}({column})" for column in self.columns(table)
        ]
        return Statement(
            f"SELECT {key} AS k, count(*) AS n, {', '.join(values)} FROM {table}{self.where(table)} GROUP BY 1",
            False,
        )

    def write_whole_table(self) -> Statement:
        table = self.table()
        values = self.random.sample(["min(date)", "max(date)", "min(symbol)", "max(symbol)", "count(*)"], 2)
        return Statement(f"SELECT {', '.join(values)} FROM {table}", True)

    def write_newest_by_subquery(self) -> Statement:
        table = self.table()
        return Statement(
            f"SELECT symbol, {', '.join(self.columns(table))} FROM {table} WHERE date = (SELECT max(date) FROM {table})",
            False,
        )

    def write_limit_without_order(self) -> Statement:
        table = self.table()
        return Statement(
            f"SELECT date, symbol, {', '.join(self.columns(table))} FROM {table}{self.where(table)} LIMIT 7",
            True,
        )

    def write_top_of_a_symbol(self) -> Statement:
        table = self.table()
        return Statement(
            f"SELECT date, {', '.join(self.columns(table))} FROM {table} WHERE symbol = {self.symbol()} "
            "ORDER BY date DESC LIMIT 30",
            True,
        )

    def write_first_and_list(self) -> Statement:
        table = self.table()
        values = ("first(symbol)", "list(symbol)[:5]", "string_agg(symbol, ',')[:40]", "any_value(symbol)")
        what = self.random.choice([*values, "arg_max(symbol, date)"])
        return Statement(f"SELECT {what} AS a FROM {table} WHERE date = DATE '{self.day()}'", True)

    def write_common_table(self) -> Statement:
        table = self.table()
        return Statement(
            f"WITH t AS (SELECT * FROM {table}{self.where(table)}) "
            f"SELECT symbol, count(*) AS n, min(date), max({self.columns(table)[0]}) FROM t GROUP BY symbol",
            False,
        )

    def write_self_join(self) -> Statement:
        return Statement(
            "SELECT a.date, a.rank, b.rank AS before FROM volume_rankings a JOIN volume_rankings b "
            f"ON a.symbol = b.symbol AND b.date = a.date - 7 WHERE a.symbol = {self.symbol()}",
            False,
        )

    def write_join_of_both(self) -> Statement:
        return Statement(
            "SELECT date, symbol, rank, close_price FROM volume_rankings "
            f"JOIN daily_availability USING (date, symbol){self.where('')}",
            False,
        )

    def write_semi_join(self) -> Statement:
        return Statement(
            "SELECT symbol, max(rank) AS worst FROM volume_rankings WHERE symbol IN "
            f"(SELECT symbol FROM symbols WHERE first_date > DATE '{self.day()}') GROUP BY symbol",
            False,
        )

    def write_view(self) -> Statement:
        table = self.table()
        columns = f"date AS day, symbol AS s, {self.columns(table, 1)[0]} AS v"
        made = f"CREATE OR REPLACE TEMP VIEW mine AS SELECT {columns} FROM {table}"
        return Statement(f"SELECT day, v FROM mine WHERE s = {self.symbol()} ORDER BY day", True, (made,))

    def write_macro(self) -> Statement:
        asked = "SELECT date, close_price FROM daily_availability WHERE symbol = sym"
        made = f"CREATE OR REPLACE TEMP MACRO prices_of(sym) AS TABLE {asked}"
        return Statement(f"FROM prices_of({self.symbol()}) ORDER BY date", True, (made,))

    def write_prepared(self) -> Statement:
        made = "PREPARE asked AS SELECT date, rank FROM volume_rankings WHERE symbol = $1 AND date > $2 ORDER BY date"
        return Statement(f"EXECUTE asked({self.symbol()}, DATE '{self.day()}')", True, (made,))

    def write_table_made(self) -> Statement:
        table = self.table()
        asked = f"SELECT date, {self.columns(table, 1)[0]} AS v FROM {table} WHERE symbol = {self.symbol()}"
        made = f"CREATE OR REPLACE TEMP TABLE made AS {asked}"
        return Statement("SELECT count(*) AS n, min(date), max(v), sum(v) FROM made", True, (made,))

    def write_window(self) -> Statement:
        return Statement(
            "SELECT date, close_price - lag(close_price) OVER (PARTITION BY symbol ORDER BY date) AS change "
            f"FROM daily_availability WHERE symbol = {self.symbol()} AND available",
            False,
        )

    def write_union(self) -> Statement:
        return Statement(
            f"SELECT 'a' AS w, count(*) AS n FROM volume_rankings{self.where('')} UNION ALL "
            f"SELECT 'b', count(*) FROM daily_availability{self.where('daily_availability')}",
            False,
        )

    def write_in_transaction(self) -> Statement:
        table = self.table()
        where = f"date > (SELECT max(date) - 3 FROM {table}) OR date = DATE '{self.day()}'"
        sql = f"SELECT count(*) AS n, min(symbol) FROM {table} WHERE {where}"
        return Statement(sql, True, ("BEGIN",), ("COMMIT",))
