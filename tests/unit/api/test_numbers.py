"""Every number of the API, held against native DuckDB on the release that the snapshot was made of."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import duckdb
import pytest

TRADABLE = "available AND coalesce(quote_volume_usdt > 0, true)"


@pytest.fixture(scope="module")
def sql(api, built) -> duckdb.DuckDBPyConnection:
    """The snapshot's rows as released, its days, and what the API says, each a view."""
    connection = duckdb.connect(config={"disabled_optimizers": "join_filter_pushdown"})
    for name, layout in (
        ("daily_availability", "by-date"),
        ("volume_rankings", "by-date"),
        ("days", "by-date"),
    ):
        connection.read_parquet(built.paths(name, layout)).create_view(name)
    connection.execute(
        f"CREATE TABLE said AS SELECT date::DATE AS date, unnest(tradable.symbol) AS symbol, "
        "unnest(tradable.rank) AS rank, unnest(tradable.quote_volume_usdt) AS volume FROM read_json("
        f"'{api.folder}/latest/dates/*.json', columns = {{date: 'VARCHAR', tradable: "
        "'STRUCT(symbol VARCHAR[], rank INTEGER[], quote_volume_usdt DOUBLE[])'})"
    )
    return connection


def same(sql: duckdb.DuckDBPyConnection, one: str, other: str) -> None:
    """Whether two queries have the same rows, as often."""
    for here, there in ((one, other), (other, one)):
        assert sql.execute(f"({here}) EXCEPT ALL ({there}) LIMIT 3").fetchall() == []


def test_every_row_of_every_day_is_the_releases(sql):
    same(
        sql,
        "FROM said",
        "SELECT a.date, a.symbol, r.rank, round(a.quote_volume_usdt, 2) FROM daily_availability a "
        f"LEFT JOIN volume_rankings r USING (date, symbol) WHERE {TRADABLE.replace('quote', 'a.quote')}",
    )
    assert sql.execute("SELECT count(*) FROM said").fetchone()[0] > 700_000


def test_a_day_begins_with_its_largest_volume_and_its_counts_are_those_of_its_rows(api, sql):
    for day in ("2019-09-25", "2021-05-19", "2026-10-31"):
        said = api.read(f"latest/dates/{day}.json")
        ranks = [rank for rank in said["tradable"]["rank"] if rank is not None]
        assert ranks == sorted(ranks)
        counted = sql.execute(
            f"SELECT count(*) FILTER (available), count(*) FILTER ({TRADABLE}), (SELECT count(*) FROM volume_rankings "
            f"WHERE date = '{day}') FROM daily_availability WHERE date = '{day}'"
        ).fetchone()
        assert (said["published_count"], said["tradable_count"], said["ranked_count"]) == counted
        assert len(said["tradable"]["symbol"]) == said["tradable_count"]


def test_the_list_of_days_is_the_table_days(api, sql):
    columns = api.read("latest/dates.json")["dates"]
    rows = list(zip(*columns.values(), strict=True))
    assert list(columns) == ["date", "published", "tradable", "ranked", "complete", "ranks_complete"]
    names = ", ".join(columns).replace("date,", "date::VARCHAR,", 1)
    assert rows == sql.execute(f"SELECT {names} FROM days ORDER BY date").fetchall()
    assert sorted(f"{row[0]}.json" for row in rows) == sorted(
        path.name for path in (api.folder / "latest/dates").iterdir()
    )


def walk(days: list[date], most: int) -> list[list[date]]:
    """First and last day of each stretch of `days` that has no absence of more than `most` days in it."""
    found = [[days[0], days[0]]]
    for before, day in pairwise(days):
        if (day - before).days - 1 > most:
            found.append([day, day])
        found[-1][1] = day
    return found


def test_listings_runs_and_years_are_what_a_walk_over_the_days_finds(api, sql):
    days: dict[str, list[date]] = {}
    for symbol, day in sql.execute(
        f"SELECT symbol, date FROM daily_availability WHERE {TRADABLE} ORDER BY symbol, date"
    ).fetchall():
        days.setdefault(symbol, []).append(day)
    years: dict[str, list[dict]] = {}
    names = ("symbol", "year", "published", "tradable", "quote_volume_usdt", "best_rank", "median_rank")
    for row in sql.execute(
        f"SELECT symbol, year(date), count(*), count(*) FILTER ({TRADABLE}), "
        "sum(round(a.quote_volume_usdt, 2)::DECIMAL(38, 2))::DOUBLE, min(rank), median(rank) FROM daily_availability a "
        "LEFT JOIN volume_rankings r USING (date, symbol) WHERE available GROUP BY ALL ORDER BY ALL".replace(
            "quote_volume_usdt > 0", "a.quote_volume_usdt > 0"
        )
    ).fetchall():
        years.setdefault(row[0], []).append(dict(zip(names[1:], row[1:], strict=True)))
    columns = api.read("latest/symbols.json")["symbols"]
    assert set(columns["symbol"]) == set(years)
    newest = date.fromisoformat(api.read("latest/symbols.json")["now"])
    for place, symbol in enumerate(columns["symbol"]):
        said = api.read(f"latest/symbols/{symbol}.json")
        assert said["years"] == years[symbol], symbol
        of = days[symbol]
        assert (said["first"], said["last"], said["days"]) == (str(of[0]), str(of[-1]), len(of))
        listings = [[str(day) for day in ends] for ends in walk(of, 28)]
        assert [[one["first"], one["last"]] for one in said["listings"]] == listings
        runs = [[one["first"], one["last"]] for listing in said["listings"] for one in listing["runs"]]
        assert runs == [[str(day) for day in ends] for ends in walk(of, 0)]
        away = (newest - of[-1]).days
        assert said["state"] == ("trades" if away <= 0 else "absent" if away <= 28 else "gone")
        row = {name: column[place] for name, column in columns.items()}
        assert row["address"].startswith("symbols/")
        assert row["listings"] == listings
        assert {row[name] == said[name] for name in ("pair", "first", "last", "days", "state")} == {True}


def test_a_months_universe_is_the_ranking_of_the_day_before_and_looks_at_nothing_later(api, sql):
    sql.execute(
        f"CREATE OR REPLACE TABLE monthly AS FROM read_csv('{api.folder}/latest/universe/top-100/monthly.csv', "
        "types = {month: 'VARCHAR'})"
    )
    same(
        sql,
        "SELECT as_of, rank::BIGINT, symbol FROM monthly",
        "SELECT date, rank::BIGINT, symbol FROM volume_rankings WHERE rank <= 100 AND quote_volume_usdt > 0 AND date IN "
        "(SELECT max(date) FROM days WHERE complete AND ranks_complete GROUP BY date_trunc('month', date))",
    )
    late = "SELECT count(*) FROM monthly WHERE as_of >= (month || '-01')::DATE OR as_of < (month || '-01')::DATE - 31"
    assert sql.execute(late).fetchone() == (0,)
    months = sql.execute("SELECT DISTINCT month FROM monthly ORDER BY month").fetchall()
    assert [month for (month,) in months] == api.read("latest/index.json")["months"]
    for (month,) in months:
        listed = sql.execute(
            "SELECT symbol, pair, as_of FROM monthly WHERE month = ? ORDER BY rank, symbol", [month]
        ).fetchall()
        said = api.read(f"latest/universe/top-100/{month}.json")
        assert said["symbols"] == [symbol for symbol, _, _ in listed]
        assert said["pairs"] == [pair for _, pair, _ in listed if pair]
        assert date.fromisoformat(said["as_of"]) == listed[0][2]
        config = api.read(f"latest/universe/top-100/freqtrade/{month}.json")
        assert config["exchange"]["pair_whitelist"] == said["pairs"]
    assert max(months)[0] == f"{date(2026, 10, 31) + timedelta(1):%Y-%m}"
