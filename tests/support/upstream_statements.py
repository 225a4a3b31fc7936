"""What upstream's guides show their readers, in our own words: one statement of every kind, as a notebook's cell.

`refused` says why a cell cannot work here, as a pattern of its error; None: it runs. Cells share their variables.
"""

from __future__ import annotations

from typing import NamedTuple

RELEASE = "https://github.com/terrylica/binance-futures-availability/releases/download/latest/"
RANKINGS = "volume-rankings-timeseries.parquet"


class Cell(NamedTuple):
    kind: str
    code: str
    refused: str | None = None


CELLS = (
    # The rankings by their address.
    Cell(
        "a day's largest, by address",
        f"""import duckdb
address = "{RELEASE}{RANKINGS}"
of_a_day = f"SELECT symbol, rank FROM '{{address}}' WHERE date = '2024-01-15' ORDER BY rank LIMIT 5"
assert [rank for _, rank in duckdb.execute(of_a_day).fetchall()] == [1, 2, 3, 4, 5]""",
    ),
    Cell(
        "by the address of upstream's other name",
        """other = address.replace("terrylica", "terryli").replace("latest", "v1.5.0")
assert len(duckdb.sql(f"FROM '{other}' LIMIT 3").fetchall()) == 3""",
    ),
    Cell(
        "the newest day, by a subquery",
        """newest = duckdb.sql(
    f"SELECT date, rank FROM '{address}' WHERE date = (SELECT max(date) FROM '{address}') AND rank <= 3"
)
assert {rank for _, rank in newest.fetchall()} == {1, 2, 3}""",
    ),
    Cell(
        "the columns of an address",
        """described = duckdb.execute(f"DESCRIBE SELECT * FROM read_parquet('{address}')").fetchall()
assert [row[0] for row in described][:3] == ["date", "symbol", "rank"]""",
    ),
    Cell(
        "what is kept of an address",
        """con = duckdb.connect(":memory:")
con.execute(f\"\"\"CREATE TABLE kept AS SELECT * FROM read_parquet('{address}')
    WHERE symbol IN ('BTCUSDT', 'ETHUSDT') AND date >= '2024-01-01'\"\"\")
assert len(con.execute("SELECT symbol, count(*) FROM kept GROUP BY symbol").fetchall()) == 2""",
    ),
    Cell(
        "a copy into a file",
        """con.execute("COPY (FROM kept) TO '/tmp/kept.parquet' (FORMAT PARQUET)")
con.execute("COPY (FROM kept) TO '/tmp/kept.csv' (HEADER, DELIMITER ',')")
assert con.sql("FROM '/tmp/kept.csv'").fetchone()""",
    ),
    Cell(
        "a plan",
        """%%sql plan
EXPLAIN SELECT date FROM read_parquet('{address}') WHERE symbol = 'BTCUSDT'""".replace(
            "{address}", RELEASE + RANKINGS
        ),
    ),
    # The rankings by the name that they have after a download.
    Cell(
        "a file that was never downloaded",
        f"""rankings = duckdb.connect()
path = rankings.execute("SELECT date, rank FROM read_parquet('{RANKINGS}') WHERE symbol = ? ORDER BY date", ["ETHUSDT"])
assert len(path.fetchall()) > 1000""",
    ),
    Cell(
        "movers, in a cell of SQL",
        f"""%%sql
SELECT symbol, rank_change_7d FROM read_parquet('{RANKINGS}')
WHERE date = (SELECT max(date) FROM read_parquet('{RANKINGS}')) AND rank_change_7d < -3 ORDER BY rank_change_7d""",
    ),
    Cell(
        "a symbol's days, in a cell of SQL",
        f"""%%sql
SELECT date, rank FROM read_parquet('{RANKINGS}') WHERE symbol = 'ETHUSDT' AND date BETWEEN '2024-01-01' AND '2024-01-31'""",
    ),
    Cell(
        "shares of the market, by day",
        f"""%%sql
WITH totals AS (SELECT date, sum(quote_volume_usdt) AS total,
    sum(CASE WHEN rank <= 10 THEN quote_volume_usdt ELSE 0 END) AS largest
  FROM read_parquet('{RANKINGS}') WHERE date >= '2024-01-01' GROUP BY date)
SELECT date, 100 * largest / total AS share FROM totals ORDER BY date DESC""",
    ),
    Cell(
        "the last weeks, from today on",
        f"""from datetime import UTC, datetime
weeks = f"SELECT today(), CURRENT_DATE - first, count(*) FILTER (date >= CURRENT_DATE - INTERVAL '30 days') FROM (" \\
    "SELECT date, min(date) OVER () AS first FROM read_parquet('{RANKINGS}') WHERE symbol = 'BTCUSDT') GROUP BY ALL"
day, age, recent_days = rankings.execute(weeks).fetchone()
assert day == datetime.now(UTC).date() and age > 2000""",
    ),
    Cell(
        "gaps between ranks",
        f"""gaps = rankings.execute(\"\"\"WITH neighbours AS (
    SELECT rank, lag(rank) OVER (PARTITION BY date ORDER BY rank) AS before FROM read_parquet('{RANKINGS}'))
  SELECT count(*) FROM neighbours WHERE rank - before > 1\"\"\").fetchone()
assert gaps == (0,)""",
    ),
    # The database, and upstream's package over it.
    Cell(
        "the database after a download",
        f"""database = duckdb.connect("availability.duckdb", read_only=True)
ranked = database.execute(\"\"\"SELECT symbol, dense_rank() OVER (ORDER BY quote_volume_usdt DESC) AS rank
    FROM daily_availability WHERE date = ? AND available = TRUE AND quote_volume_usdt IS NOT NULL
    ORDER BY rank, symbol\"\"\", ["2024-01-15"]).fetchall()
published = duckdb.sql("SELECT symbol, rank FROM '{RANKINGS}' WHERE date = '2024-01-15' ORDER BY rank, symbol").fetchall()
assert ranked == published and len(ranked) > 20""",
    ),
    Cell(
        "symbols on a day",
        """from binance_futures_availability.queries import SnapshotQueries

with SnapshotQueries() as asked:
    there = asked.get_available_symbols_on_date("2024-01-15")
assert {"symbol", "file_size_bytes", "last_modified"} == set(there[0]) and len(there) > 20""",
    ),
    Cell(
        "symbols in a range",
        """with SnapshotQueries() as asked:
    assert set(asked.get_symbols_in_date_range("2024-01-01", "2024-03-31")) >= {row["symbol"] for row in there}""",
    ),
    Cell(
        "a symbol's timeline, first and last day",
        """from binance_futures_availability.queries import TimelineQueries

with TimelineQueries() as asked:
    days = asked.get_symbol_availability_timeline("SOLUSDT")
    first, last = asked.get_symbol_first_listing_date("SOLUSDT"), asked.get_symbol_last_available_date("SOLUSDT")
assert days[0]["date"] <= str(first) < str(last) <= days[-1]["date"]""",
    ),
    Cell(
        "listings, delistings and growth",
        """from binance_futures_availability.queries import AnalyticsQueries

with AnalyticsQueries() as asked:
    listed, delisted = asked.detect_new_listings(str(first)), asked.detect_delistings("2024-01-15")
    growth = asked.get_availability_summary()
assert "SOLUSDT" in listed and growth[0]["date"] == "2019-09-25" and growth[0]["available_count"] > 0""",
    ),
    Cell(
        "counts of the last days",
        """from binance_futures_availability.validation import CompletenessValidator, ContinuityValidator

with CompletenessValidator() as asked:
    recent = asked.get_symbol_counts_summary(days=7)
with ContinuityValidator() as asked:
    assert asked.check_continuity("2024-01-01", "2024-03-31") == []""",
    ),
    Cell(
        "volumes: largest, percentile, average, market",
        """from datetime import date
from binance_futures_availability.queries import VolumeQueries

asked = VolumeQueries()
assert [row["volume_rank"] for row in asked.get_top_by_volume(date(2024, 1, 15), limit=3)] == [1, 2, 3]
assert 0 <= asked.get_volume_percentile("BTCUSDT", date(2024, 1, 15))["percentile"] <= 100
assert asked.get_average_volume("ETHUSDT", date(2024, 1, 1), date(2024, 1, 31))["days_with_data"] == 31
assert asked.get_market_summary(date(2024, 1, 15))["symbol_count"] == len(ranked)""",
    ),
    Cell(
        "SQL through upstream's own database",
        """from binance_futures_availability.database import AvailabilityDatabase, create_schema

with AvailabilityDatabase() as own:
    sizes = own.query("SELECT symbol, avg(file_size_bytes) FROM daily_availability WHERE available GROUP BY symbol LIMIT 10")
    on_a_day = own.query("SELECT count(*) FROM daily_availability WHERE date = ?", ["2024-01-15"])
assert len(sizes) == 10 and on_a_day[0][0] >= len(there)""",
    ),
    Cell(
        "its schema, made again, and its upkeep",
        """own = AvailabilityDatabase()
create_schema(own.conn)
own.conn.execute("VACUUM")
assert own.query("SELECT name FROM sqlite_master WHERE type = 'index'") == []
assert own.query("SELECT count(*) FROM daily_symbol_counts")[0][0] == len(growth)""",
    ),
    Cell(
        "its export",
        """late = "COPY (SELECT * FROM daily_availability WHERE date >= '2026-10-20') TO "
own.conn.execute(late + "'exported.csv' (HEADER, DELIMITER ',')")
own.conn.execute(late + "'exported.parquet' (FORMAT PARQUET)")
own.close()
assert duckdb.sql("FROM 'exported.csv' SELECT count(*)").fetchone() == duckdb.sql(
    "FROM 'exported.parquet' SELECT count(*)"
).fetchone()""",
    ),
    Cell(
        "a database of one's own",
        """mine = duckdb.connect("own.duckdb")
mine.execute("CREATE TABLE kept AS SELECT 42 AS answer")""",
    ),
    Cell(
        "the file that it is in, once its cell has ended",
        """import pathlib
assert pathlib.Path("own.duckdb").stat().st_size > 12_288
mine.close()
with duckdb.connect("own.duckdb", read_only=True) as again:
    assert again.execute("FROM kept").fetchall() == [(42,)]""",
    ),
    # What has nothing to do here, and passes.
    Cell(
        "httpfs",
        """con.execute("INSTALL httpfs; LOAD httpfs")
con.execute("INSTALL httpfs FROM 'https://extensions.duckdb.org'")""",
    ),
    Cell(
        "settings of the network",
        "%%sql\nSET http_timeout = 60000; SET http_retries = 5; SET enable_http_metadata_cache = true",
    ),
    Cell("settings of the machine", "%%sql\nSET memory_limit = '2GB'; SET threads = 4"),
    # What cannot work, and says why.
    Cell(
        "a table without a connection",
        'duckdb.sql("FROM daily_availability")',
        r"import binance_futures as bf; db = bf\.connect\(\)",
    ),
    Cell(
        "an address that is an example",
        "%%sql\nSELECT * FROM read_parquet('https://example.com/data.parquet')",
        "example.com",
    ),
    Cell("a placeholder for a date", 'SnapshotQueries().get_available_symbols_on_date("<A DAY>")', "<A DAY>"),
    Cell(
        "another database's types",
        "%%sql\nCREATE TABLE r (date TIMESTAMP, symbol SYMBOL) TIMESTAMP(date) PARTITION BY DAY",
        "Parser Error",
    ),
    Cell(
        "a change of the release",
        'AvailabilityDatabase().conn.execute("ALTER TABLE daily_availability ADD COLUMN open_interest DOUBLE")',
        "never changes",
    ),
    Cell(
        "the size of a file that is none",
        "import os; os.path.getsize(AvailabilityDatabase().db_path)",
        "FileNotFoundError",
    ),
    Cell(
        "a service of the exchange",
        """from binance_futures_availability.validation import CrossCheckValidator
CrossCheckValidator().fetch_current_symbols_from_api()""",
        "exchangeInfo",
    ),
)
