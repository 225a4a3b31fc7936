"""The questions that people ask of the dataset, as SQL macros and as Python functions of the same names.

Each reads the smallest layout that can answer it (docs/data.md): `core` is the whole history of what was available and
tradable, `symbols` its unbroken runs, `days` what there is of each day; a day's rankings are in the layout by date, a
symbol's in the layout by symbol. What the derived numbers mean is in definitions.toml. A day is
cast by way of TIMESTAMP: without ICU, as in the browser, DuckDB casts a time with a zone to its day in UTC only so.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from binance_futures import _definitions as definitions


class Question(NamedTuple):
    """`parameters` are the macro's; in Python `sym` is called `symbol`, a name that is a column in SQL."""

    name: str
    parameters: tuple[str, ...]
    doc: str
    sql: str


_ABOUT_DAY = """
SELECT asked AS date, coalesce(published, 0) AS published, coalesce(tradable, 0) AS tradable, coalesce(ranked, 0) AS ranked,
  coalesce(complete, false) AS complete, coalesce(ranks_complete, false) AS ranks_complete,
  CASE
    WHEN asked < first_day THEN format('{} is before the first day of this snapshot, {}.', asked, first_day)
    WHEN asked > last_day THEN format('{} is after the newest day of this snapshot, {}.', asked, last_day)
    WHEN published IS NULL THEN format('This snapshot has no rows for {}.', asked)
    WHEN NOT complete THEN
      format('{} is incomplete: {} of usually {} symbols have a file.', asked, published, usual::INTEGER)
    WHEN asked < first_ranked THEN format('{} has no volumes and no ranks; they begin on {}.', asked, first_ranked)
    WHEN ranked = 0 THEN format('{} has no ranks.', asked)
    WHEN NOT ranks_complete THEN format('{} has ranks for {} of {} symbols only.', asked, ranked, tradable)
  END AS note
FROM (SELECT min(date) AS first_day, max(date) AS last_day, min(date) FILTER (ranked > 0) AS first_ranked FROM {days})
CROSS JOIN (SELECT day::TIMESTAMP::DATE AS asked) LEFT JOIN {days} ON date = asked"""

QUESTIONS = (
    Question(
        "tradable_on",
        ("day",),
        "The symbols that could be traded on a day: a file was published, and it is not without any volume. "
        "Columns: symbol.",
        "SELECT symbol FROM {core} WHERE date = day::TIMESTAMP::DATE AND tradable ORDER BY symbol",
    ),
    Question(
        "published_on",
        ("day",),
        "The symbols whose file the exchange published for a day, dead ones that it still prints included. "
        "Columns: symbol, tradable.",
        "SELECT symbol, tradable FROM {core} WHERE date = day::TIMESTAMP::DATE AND available ORDER BY symbol",
    ),
    Question(
        "symbols_per_day",
        (),
        "How many symbols were tradable, day by day, and whether the day is complete. Columns: date, symbols, complete.",
        "SELECT date, tradable AS symbols, complete FROM {days} ORDER BY date",
    ),
    Question(
        "about_day",
        ("day",),
        "What the snapshot knows of a day, one row always; the note says what is missing, or is null. "
        "Columns: date, published, tradable, ranked, complete, ranks_complete, note.",
        _ABOUT_DAY,
    ),
    Question(
        "timeline",
        ("sym",),
        "Every day on which a symbol was probed, whether its file was published, and whether it was tradable. "
        "Columns: date, available, tradable.",
        "SELECT date, available, tradable FROM {core} WHERE symbol = sym ORDER BY date",
    ),
    Question(
        "lifespan",
        ("sym", "absence"),
        "A symbol's first and last tradable day, the days in between, in how many unbroken runs and listings, and the "
        "state of the last listing: 'trades', 'absent' or 'gone'. "
        "Columns: symbol, first_date, last_date, traded_days, runs, listings, state.",
        "SELECT symbol, min(first_date) AS first_date, max(last_date) AS last_date, "
        "sum(traded_days)::BIGINT AS traded_days, sum(runs)::BIGINT AS runs, count(*) AS listings, "
        "arg_max(state, listing) AS state "
        "FROM {listings} WHERE symbol = sym GROUP BY symbol",
    ),
    Question(
        "listing_periods",
        ("absence",),
        "Every listing: a name's tradable days between two absences of more than that many days, so a name that was used "
        "twice has two. State: 'trades' on the newest complete day; 'absent' since then for no longer than that, so it may "
        "come back; else 'gone'. Columns: symbol, listing, first_date, last_date, traded_days, runs, state.",
        "FROM {listings} ORDER BY symbol, listing",
    ),
    Question(
        "listings",
        ("from_day", "to_day", "absence"),
        "The listings whose first day lies between two days, both included; listing 2 is a name's second. "
        "Columns: symbol, first_date, listing.",
        "SELECT symbol, first_date, listing FROM {listings} "
        "WHERE first_date BETWEEN from_day::TIMESTAMP::DATE AND to_day::TIMESTAMP::DATE ORDER BY first_date, symbol",
    ),
    Question(
        "delistings",
        ("from_day", "to_day", "absence"),
        "The listings whose last day lies between two days, both included; one that still trades on the newest complete "
        "day has none, one that is 'absent' may come back. Columns: symbol, last_date, listing, state.",
        "SELECT symbol, last_date, listing, state FROM {listings} "
        "WHERE last_date BETWEEN from_day::TIMESTAMP::DATE AND to_day::TIMESTAMP::DATE AND state <> 'trades' "
        "ORDER BY last_date, symbol",
    ),
    Question(
        "gaps",
        ("absence",),
        "The absences within a listing. Columns: symbol, first_missing, last_missing, days.",
        "FROM {gaps} ORDER BY symbol, first_missing",
    ),
    Question(
        "flat_runs",
        (),
        "Unbroken runs of days on which a symbol's file was published and nothing was traded: often a dead contract. "
        "Columns: symbol, first_date, last_date, days.",
        "FROM {flat_runs} ORDER BY symbol, first_date",
    ),
    Question(
        "rankings_on",
        ("day",),
        "A day's ranking by volume as released, largest first; what has no volume comes last. "
        "Columns: those of volume_rankings.",
        "SELECT * FROM {rankings} WHERE date = day::TIMESTAMP::DATE ORDER BY rank, symbol",
    ),
    Question(
        "universe",
        ("day", "top"),
        "The largest symbols by volume among those that traded on that day: what died later is in it, what is without any "
        "volume is not. Columns: rank, symbol, quote_volume_usdt, market_share_pct.",
        "SELECT rank, symbol, quote_volume_usdt, market_share_pct FROM {rankings} "
        "WHERE date = day::TIMESTAMP::DATE AND rank <= top AND quote_volume_usdt > 0 ORDER BY rank, symbol",
    ),
    Question(
        "market_share",
        ("day", "top"),
        "The share of a day's volume that its largest symbols have together, in percent. "
        "Columns: symbols, quote_volume_usdt, market_share_pct.",
        "SELECT count(*) AS symbols, sum(quote_volume_usdt) AS quote_volume_usdt, "
        "sum(market_share_pct::DOUBLE) AS market_share_pct FROM {rankings} "
        "WHERE date = day::TIMESTAMP::DATE AND rank <= top AND quote_volume_usdt > 0",
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
        "FROM {rankings} WHERE date = day::TIMESTAMP::DATE AND quote_volume_usdt > 0) "
        "WHERE change <> 0 ORDER BY abs(change) DESC, symbol",
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
        "FROM {rankings_by_symbol} WHERE symbol = sym "
        "AND date BETWEEN from_day::TIMESTAMP::DATE AND to_day::TIMESTAMP::DATE",
    ),
)

#: Parameters that can be left out; in SQL they are named: `absence := 60`.
DEFAULTS = {"absence": definitions.ABSENCE}
#: What a parameter is, for `help`.
PARAMETERS = {
    "absence": f"days away after which a listing has ended; left out: {DEFAULTS['absence']}",
    "day": "a date, or text such as '2021-05-19'; a time with a zone counts by its day in UTC",
    "sym": "a symbol, such as 'BTCUSDT'",
    "from_day": "the first day",
    "to_day": "the last day",
    "top": "how many ranks",
    "days": "listed days to look back: 1, 7, 14 or 30",
}


class Questions:
    """The questions as methods of a connection, whose `sql` they use; each gives a relation."""


def macro(question: Question) -> str:
    """The macro as it is called: `universe(day, top)`; a parameter that can be left out with its default."""
    listed = [f"{name} := {DEFAULTS[name]}" if name in DEFAULTS else name for name in question.parameters]
    return f"{question.name}({', '.join(listed)})"


def day_in_utc(value: Any) -> Any:
    """A time with a zone as its day in UTC, which is how the data counts days; anything else as it is."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).date()
    return value


def _python(name: str) -> str:
    return "symbol" if name == "sym" else name


def _documented(function: Callable, question: Question, first: list[inspect.Parameter]) -> Callable:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [
        inspect.Parameter(_python(name), kind, default=DEFAULTS.get(name, inspect.Parameter.empty))
        for name in question.parameters
    ]
    function.__name__ = function.__qualname__ = question.name
    lines = [f"{_python(name)}: {PARAMETERS[name]}" for name in question.parameters]
    function.__doc__ = "\n".join([question.doc, "", *lines, "", f"In SQL: FROM {macro(question)}"])
    function.__signature__ = inspect.Signature([*first, *parameters])
    return function


def _method(question: Question) -> Callable:
    def method(self, *args: Any, **named: Any) -> Any:
        given = signature.bind(self, *args, **named).arguments
        given = {name: given[_python(name)] for name in question.parameters if _python(name) in given}
        params = {name: day_in_utc(value) for name, value in given.items()}
        listed = ", ".join(f"{name} := ${name}" if name in DEFAULTS else f"${name}" for name in params)
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
