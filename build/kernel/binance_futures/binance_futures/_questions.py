"""The questions that people ask of the dataset, as SQL macros and as Python functions of the same names.

Each reads the smallest layout that can answer it (docs/data.md): `core` is the whole history of what was available, and
`symbols` its unbroken runs; a day's rankings are in the layout by date, a symbol's in the layout by symbol.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple


class Question(NamedTuple):
    """`parameters` are the macro's; in Python `sym` is called `symbol`, a name that is a column in SQL."""

    name: str
    parameters: tuple[str, ...]
    doc: str
    sql: str


QUESTIONS = (
    Question(
        "tradable_on",
        ("day",),
        "The symbols that traded on a day. Columns: symbol.",
        "SELECT symbol FROM {core} WHERE date = day::DATE AND available ORDER BY symbol",
    ),
    Question(
        "symbols_per_day",
        (),
        "How many symbols traded, day by day. Columns: date, symbols.",
        "SELECT date, count(*) AS symbols FROM {core} WHERE available GROUP BY date ORDER BY date",
    ),
    Question(
        "timeline",
        ("sym",),
        "Every day on which a symbol was probed, and whether it traded. Columns: date, available.",
        "SELECT date, available FROM {core} WHERE symbol = sym ORDER BY date",
    ),
    Question(
        "lifespan",
        ("sym",),
        "A symbol's first and last day, the days it traded in between, and in how many unbroken runs. "
        "Columns: symbol, first_date, last_date, traded_days, runs.",
        "SELECT symbol, min(first_date) AS first_date, max(last_date) AS last_date, sum(days)::BIGINT AS traded_days, "
        "count(*) AS runs FROM {symbols} WHERE symbol = sym GROUP BY symbol",
    ),
    Question(
        "listings",
        ("from_day", "to_day"),
        "The symbols whose first day lies between two days, both included. Columns: symbol, first_date.",
        "SELECT * FROM (SELECT symbol, min(first_date) AS first_date FROM {symbols} GROUP BY symbol) "
        "WHERE first_date BETWEEN from_day::DATE AND to_day::DATE ORDER BY first_date, symbol",
    ),
    Question(
        "delistings",
        ("from_day", "to_day"),
        "The symbols whose last day lies between two days, both included; one that still trades on the newest day has "
        "none. Columns: symbol, last_date.",
        "SELECT * FROM (SELECT symbol, max(last_date) AS last_date FROM {symbols} GROUP BY symbol) "
        "WHERE last_date BETWEEN from_day::DATE AND to_day::DATE AND last_date < {newest} ORDER BY last_date, symbol",
    ),
    Question(
        "rankings_on",
        ("day",),
        "A day's ranking by volume, largest first. Columns: those of volume_rankings.",
        "SELECT * FROM {rankings} WHERE date = day::DATE ORDER BY rank, symbol",
    ),
    Question(
        "universe",
        ("day", "top"),
        "The largest symbols by volume among those that traded on that day, so that what died later is in it. "
        "Columns: rank, symbol, quote_volume_usdt, market_share_pct.",
        "SELECT rank, symbol, quote_volume_usdt, market_share_pct FROM {rankings} "
        "WHERE date = day::DATE AND rank <= top ORDER BY rank, symbol",
    ),
    Question(
        "market_share",
        ("day", "top"),
        "The share of a day's volume that its largest symbols have together, in percent. "
        "Columns: symbols, quote_volume_usdt, market_share_pct.",
        "SELECT count(*) AS symbols, sum(quote_volume_usdt) AS quote_volume_usdt, "
        "sum(market_share_pct::DOUBLE) AS market_share_pct FROM {rankings} WHERE date = day::DATE AND rank <= top",
    ),
    Question(
        "movers",
        ("day", "days"),
        "The symbols whose rank changed most within 1, 7, 14 or 30 listed days; negative moved up. "
        "Columns: symbol, rank, rank_before, rank_change.",
        "SELECT symbol, rank, rank - change AS rank_before, change AS rank_change FROM ("
        "SELECT symbol, rank, CASE days WHEN 1 THEN rank_change_1d WHEN 7 THEN rank_change_7d "
        "WHEN 14 THEN rank_change_14d WHEN 30 THEN rank_change_30d "
        "ELSE error('movers: the days must be 1, 7, 14 or 30, not ' || days) END AS change "
        "FROM {rankings} WHERE date = day::DATE) WHERE change <> 0 ORDER BY abs(change) DESC, symbol",
    ),
    Question(
        "rank_history",
        ("sym",),
        "A symbol's rank and volume, day by day; percentile 0 is the largest volume. "
        "Columns: date, rank, quote_volume_usdt, market_share_pct, percentile.",
        "SELECT date, rank, quote_volume_usdt, market_share_pct, percentile FROM {rankings_by_symbol} "
        "WHERE symbol = sym ORDER BY date",
    ),
    Question(
        "average_volume",
        ("sym", "from_day", "to_day"),
        "A symbol's average volume and number of trades a day between two days, both included. "
        "Columns: ranked_days, quote_volume_usdt, trade_count.",
        "SELECT count(*) AS ranked_days, avg(quote_volume_usdt) AS quote_volume_usdt, avg(trade_count) AS trade_count "
        "FROM {rankings_by_symbol} WHERE symbol = sym AND date BETWEEN from_day::DATE AND to_day::DATE",
    ),
)

#: What a parameter is, for `help`.
PARAMETERS = {
    "day": "a date, or text such as '2021-05-19'",
    "sym": "a symbol, such as 'BTCUSDT'",
    "from_day": "the first day",
    "to_day": "the last day",
    "top": "how many ranks",
    "days": "listed days to look back: 1, 7, 14 or 30",
}


class Questions:
    """The questions as methods of a connection, whose `sql` they use; each gives a relation."""


def macro(question: Question) -> str:
    """The macro as it is called: `universe(day, top)`."""
    return f"{question.name}({', '.join(question.parameters)})"


def _python(name: str) -> str:
    return "symbol" if name == "sym" else name


def _documented(function: Callable, question: Question, first: list[inspect.Parameter]) -> Callable:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(_python(name), kind) for name in question.parameters]
    function.__name__ = function.__qualname__ = question.name
    lines = [f"{_python(name)}: {PARAMETERS[name]}" for name in question.parameters]
    function.__doc__ = "\n".join([question.doc, "", *lines, "", f"In SQL: FROM {macro(question)}"])
    function.__signature__ = inspect.Signature([*first, *parameters])
    return function


def _method(question: Question) -> Callable:
    def method(self, *args: Any, **named: Any) -> Any:
        given = signature.bind(self, *args, **named).arguments
        params = {name: given[_python(name)] for name in question.parameters}
        listed = ", ".join(f"${name}" for name in params)
        return self.sql(f"FROM {question.name}({listed})", params=params or None)

    me = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    signature = _documented(method, question, [me]).__signature__
    return method


def function(question: Question, default: Callable[[], Questions]) -> Callable:
    """The question as a function of the module, asked of the connection that `default` gives."""

    def ask(*args: Any, **named: Any) -> Any:
        given = signature.bind(*args, **named)
        return getattr(default(), question.name)(*given.args, **given.kwargs)

    signature = _documented(ask, question, []).__signature__
    return ask


for _question in QUESTIONS:
    setattr(Questions, _question.name, _method(_question))
