"""Each question's macro gives what plain SQL over the release as upstream published it gives."""

from __future__ import annotations

import inspect
from datetime import date

import duckdb
import pytest

DAY = "2021-05-19"
RANGE = ["2021-03-01", "2021-06-30"]
#: Listings, counted from the days themselves: a day more than 28 days of absence after the one before begins another.
LISTINGS = """
    SELECT symbol, listing, min(date) AS first_date, max(date) AS last_date, count(*) AS traded_days,
      count(*) FILTER (away IS DISTINCT FROM 0) AS runs, max(listing) OVER (PARTITION BY symbol) AS listings,
      CASE WHEN max(date) = '2026-10-31' THEN 'trades' WHEN max(date) < '2026-10-03' OR listing < listings THEN 'gone'
        ELSE 'absent' END AS state
    FROM (SELECT *, (1 + count(*) FILTER (away > 28) OVER (PARTITION BY symbol ORDER BY date))::INTEGER AS listing
      FROM (SELECT symbol, date, date - lag(date) OVER (PARTITION BY symbol ORDER BY date) - 1 AS away
        FROM daily_availability WHERE available))
    GROUP BY symbol, listing
"""
#: Question, arguments, and the answer in SQL over the release's own tables.
ANSWERS = [
    (
        "tradable_on",
        [DAY],
        f"SELECT symbol FROM daily_availability WHERE date = '{DAY}' AND available ORDER BY 1",
    ),
    (
        "published_on",
        [DAY],
        f"SELECT symbol, true FROM daily_availability WHERE date = '{DAY}' AND available ORDER BY 1",
    ),
    (
        "symbols_per_day",
        [],
        "SELECT date, count(*), true FROM daily_availability WHERE available GROUP BY 1 ORDER BY 1",
    ),
    (
        "about_day",
        [DAY],
        "SELECT date, count(*), count(*), count(quote_volume_usdt), true, true, NULL FROM daily_availability "
        f"WHERE date = '{DAY}' AND available GROUP BY date",
    ),
    (
        "timeline",
        ["龙猫USDT"],
        "SELECT date, available, available FROM daily_availability WHERE symbol = '龙猫USDT' ORDER BY 1",
    ),
    (
        "lifespan",
        ["GREJEOKUSDT"],
        "SELECT symbol, min(first_date), max(last_date), sum(traded_days)::BIGINT, sum(runs)::BIGINT, count(*), "
        f"arg_max(state, listing) FROM ({LISTINGS}) WHERE symbol = 'GREJEOKUSDT' GROUP BY 1",
    ),
    (
        "listing_periods",
        [],
        f"SELECT symbol, listing, first_date, last_date, traded_days, runs, state FROM ({LISTINGS}) ORDER BY 1, 2",
    ),
    (
        "listings",
        RANGE,
        f"SELECT symbol, first_date, listing FROM ({LISTINGS}) "
        f"WHERE first_date BETWEEN '{RANGE[0]}' AND '{RANGE[1]}' ORDER BY 2, 1",
    ),
    (
        "delistings",
        ["2024-01-01", "2030-01-01"],
        f"SELECT symbol, last_date, listing, state FROM ({LISTINGS}) "
        "WHERE last_date >= '2024-01-01' AND state <> 'trades' ORDER BY 2, 1",
    ),
    (
        "gaps",
        [],
        "SELECT symbol, date - away::INTEGER, date - 1, away FROM (SELECT symbol, date, date - lag(date) OVER "
        "(PARTITION BY symbol ORDER BY date) - 1 AS away FROM daily_availability WHERE available) "
        "WHERE away BETWEEN 1 AND 28 ORDER BY 1, 2",
    ),
    ("rankings_on", [DAY], f"SELECT * FROM volume_rankings WHERE date = '{DAY}' ORDER BY rank, symbol"),
    (
        "universe",
        [DAY, 20],
        "SELECT rank, symbol, quote_volume_usdt, market_share_pct FROM volume_rankings "
        f"WHERE date = '{DAY}' AND rank <= 20 ORDER BY rank, symbol",
    ),
    (
        "movers",
        [DAY, 7],
        "SELECT symbol, rank, rank - rank_change_7d, rank_change_7d FROM volume_rankings "
        f"WHERE date = '{DAY}' AND rank_change_7d <> 0 ORDER BY abs(rank_change_7d) DESC, symbol",
    ),
    (
        "rank_history",
        ["ETHUSDT"],
        "SELECT date, rank, quote_volume_usdt, market_share_pct, percentile FROM volume_rankings "
        "WHERE symbol = 'ETHUSDT' ORDER BY date",
    ),
]
#: The same for answers that are sums of floating-point numbers, whose order is not fixed.
SUMS = [
    (
        "market_share",
        [DAY, 10],
        "SELECT count(*), sum(quote_volume_usdt), sum(market_share_pct::DOUBLE) FROM volume_rankings "
        f"WHERE date = '{DAY}' AND rank <= 10",
    ),
    (
        "average_volume",
        ["BTCUSDT", *RANGE],
        "SELECT count(*), avg(quote_volume_usdt), avg(trade_count) FROM volume_rankings "
        f"WHERE symbol = 'BTCUSDT' AND date BETWEEN '{RANGE[0]}' AND '{RANGE[1]}'",
    ),
]


@pytest.mark.parametrize(("name", "arguments", "sql"), ANSWERS, ids=[answer[0] for answer in ANSWERS])
def test_a_question_gives_what_the_release_says(db, sample_tables, name, arguments, sql):
    expected = sample_tables.execute(sql).fetchall()
    assert len(expected) > 0
    assert getattr(db, name)(*arguments).fetchall() == expected


@pytest.mark.parametrize(("name", "arguments", "sql"), SUMS, ids=[answer[0] for answer in SUMS])
def test_a_question_sums_what_the_release_says(db, sample_tables, name, arguments, sql):
    (expected,) = sample_tables.execute(sql).fetchall()
    (got,) = getattr(db, name)(*arguments).fetchall()
    assert got == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("days", [1, 7, 14, 30])
def test_movers_looks_back_over_each_span(db, sample_tables, days):
    column = f"rank_change_{days}d"
    expected = sample_tables.execute(
        f"SELECT symbol, {column} FROM volume_rankings WHERE date = '{DAY}' AND {column} <> 0 "
        f"ORDER BY abs({column}) DESC, symbol"
    ).fetchall()
    assert db.movers(DAY, days).project("symbol, rank_change").fetchall() == expected


def test_movers_names_the_spans_that_there_are(db):
    with pytest.raises(duckdb.InvalidInputException, match="must be 1, 7, 14 or 30, not 5"):
        db.movers(DAY, 5).fetchall()


def test_every_question_is_asked(bf):
    from binance_futures._questions import QUESTIONS

    # The sample has no flat runs; bad releases have (test_bad_days.py).
    assert {name for name, *_ in ANSWERS + SUMS} | {"flat_runs"} == {question.name for question in QUESTIONS}


def test_macros_methods_and_functions_agree(bf, db):
    in_sql = db.sql("SELECT symbol FROM universe($day, 5)", params={"day": DAY}).fetchall()
    by_name = db.universe(top=5, day=date.fromisoformat(DAY)).project("symbol").fetchall()
    assert in_sql == by_name == bf.universe(DAY, 5).project("symbol").fetchall()


def test_a_universe_holds_what_died_later(db):
    dead = {symbol for symbol, *_ in db.delistings("2021-05-20", "2030-01-01").fetchall()}
    assert dead & {symbol for _, symbol, *_ in db.universe(DAY, 50).fetchall()}


def test_everything_is_documented_in_place(bf, db):
    from binance_futures._questions import QUESTIONS

    comments = dict(
        db.sql("SELECT function_name, comment FROM duckdb_functions() WHERE NOT internal").fetchall()
    )
    for question in QUESTIONS:
        assert comments[question.name] == question.doc
        for function in (getattr(bf, question.name), getattr(db, question.name)):
            assert function.__doc__.startswith(question.doc)
            assert f"FROM {question.name}(" in function.__doc__
        assert len(inspect.signature(getattr(bf, question.name)).parameters) == len(question.parameters)
    views = db.sql("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY 1").fetchall()
    assert [name for name, _ in views] == ["daily_availability", "days", "symbols", "volume_rankings"]
    assert all(comment for _, comment in views)


def test_the_documented_columns_are_the_columns(db):
    from binance_futures._questions import QUESTIONS

    arguments = {name: values for name, values, _ in ANSWERS + SUMS} | {"flat_runs": []}
    for question in QUESTIONS:
        columns = ", ".join(getattr(db, question.name)(*arguments[question.name]).columns)
        documented = question.doc.rpartition("Columns: ")[2].rstrip(".")
        if documented == "those of volume_rankings":
            documented = ", ".join(db.sql("FROM volume_rankings").columns)
        assert columns == documented


def test_the_tables_are_the_release(db, sample_tables):
    for table in ("daily_availability", "volume_rankings"):
        shape = f"SELECT count(*), count(DISTINCT date), count(DISTINCT symbol) FROM {table}"
        assert db.execute(shape).fetchall() == sample_tables.execute(shape).fetchall()
        assert db.sql(f"FROM {table}").columns == sample_tables.sql(f"FROM {table}").columns
