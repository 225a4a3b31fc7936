"""The built-in sample is what upstream would release: same assets, same schemas, realistic shape."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from futures_explorer.release import contract


@pytest.fixture(scope="module")
def database(sample, tmp_path_factory) -> Path:
    plain = tmp_path_factory.mktemp("plain") / "availability.duckdb"
    with gzip.open(sample.folder / "availability.duckdb.gz") as packed, plain.open("wb") as target:
        shutil.copyfileobj(packed, target)
    return plain


def test_assets_are_upstreams_and_say_that_they_are_synthetic(sample):
    assert sorted(path.name for path in sample.folder.iterdir()) == [
        "availability.duckdb.gz",
        "release.json",
        "volume-rankings-timeseries.parquet",
    ]
    assert json.loads((sample.folder / "release.json").read_text())["synthetic"] is True
    assert sample.provenance.synthetic is True


def test_database_has_upstreams_columns_types_and_primary_key(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = connection.execute("DESCRIBE daily_availability").fetchall()
        tables = {row[0] for row in connection.execute("SHOW TABLES").fetchall()}
        key = connection.execute(
            "SELECT constraint_column_names FROM duckdb_constraints() "
            "WHERE table_name = 'daily_availability' AND constraint_type = 'PRIMARY KEY'"
        ).fetchone()
    assert [(name, kind, null) for name, kind, null, *_ in columns] == [
        ("date", "DATE", "NO"),
        ("symbol", "VARCHAR", "NO"),
        ("available", "BOOLEAN", "NO"),
        ("file_size_bytes", "BIGINT", "YES"),
        ("last_modified", "TIMESTAMP", "YES"),
        ("url", "VARCHAR", "NO"),
        ("status_code", "INTEGER", "NO"),
        ("probe_timestamp", "TIMESTAMP", "NO"),
        ("quote_volume_usdt", "DOUBLE", "YES"),
        ("trade_count", "BIGINT", "YES"),
        ("volume_base", "DOUBLE", "YES"),
        ("taker_buy_volume_base", "DOUBLE", "YES"),
        ("taker_buy_quote_volume_usdt", "DOUBLE", "YES"),
        ("open_price", "DOUBLE", "YES"),
        ("high_price", "DOUBLE", "YES"),
        ("low_price", "DOUBLE", "YES"),
        ("close_price", "DOUBLE", "YES"),
    ]
    assert tables == {"daily_availability", "daily_symbol_counts"}
    assert key == (["date", "symbol"],)


def test_rankings_file_is_written_as_upstream_writes_it(sample):
    file = pq.ParquetFile(sample.rankings)
    assert file.schema_arrow == pa.schema(
        [
            ("date", pa.date32()),
            ("symbol", pa.string()),
            ("rank", pa.int16()),
            ("quote_volume_usdt", pa.float64()),
            ("trade_count", pa.int64()),
            ("rank_change_1d", pa.int16()),
            ("rank_change_7d", pa.int16()),
            ("rank_change_14d", pa.int16()),
            ("rank_change_30d", pa.int16()),
            ("percentile", pa.float32()),
            ("market_share_pct", pa.float32()),
            ("days_available", pa.int8()),
            ("generation_timestamp", pa.timestamp("us")),
        ]
    )
    assert file.num_row_groups == 1
    assert file.metadata.row_group(0).column(0).compression == "SNAPPY"


def test_shape_is_that_of_a_real_release(sample_tables):
    one = lambda sql: sample_tables.execute(sql).fetchone()  # noqa: E731
    first, last, symbols, available = one(
        "SELECT min(date)::VARCHAR, max(date)::VARCHAR, count(DISTINCT symbol), count(*) FILTER (available) "
        "FROM daily_availability"
    )
    assert (first, last) == ("2019-09-25", "2026-10-31")
    assert symbols == 950
    assert 760_000 < available < 800_000
    assert (
        one("SELECT count(*) FROM daily_availability WHERE NOT regexp_matches(symbol, '^[A-Z0-9]+$')")[0] > 0
    )
    # Delisted, and relisted after more than a fortnight.
    assert (
        one(
            "SELECT count(*) FROM "
            "(SELECT max(date) FILTER (available) AS gone FROM daily_availability GROUP BY symbol) "
            "WHERE gone < DATE '2026-10-01'"
        )[0]
        > 100
    )
    assert (
        one(
            "SELECT count(DISTINCT symbol) FROM "
            "(SELECT symbol, date - lag(date) OVER (PARTITION BY symbol ORDER BY date) "
            "AS step FROM daily_availability WHERE available) WHERE step > 14"
        )[0]
        > 20
    )


def test_2019_has_no_volumes_and_no_rankings(sample_tables):
    assert sample_tables.execute(
        "SELECT count(quote_volume_usdt), count(*) > 0 FROM daily_availability "
        "WHERE date BETWEEN DATE '2019-09-25' AND DATE '2019-12-30'"
    ).fetchone() == (0, True)
    assert sample_tables.execute("SELECT min(date)::VARCHAR FROM volume_rankings").fetchone() == (
        "2019-12-31",
    )


def test_unavailable_rows_carry_a_404_and_nothing_else(sample_tables):
    assert sample_tables.execute(
        "SELECT DISTINCT status_code, file_size_bytes, last_modified, quote_volume_usdt, close_price "
        "FROM daily_availability WHERE NOT available"
    ).fetchall() == [(404, None, None, None, None)]


def test_rankings_follow_from_the_volumes(sample_tables):
    """Every ranking column recomputed from `daily_availability` by upstream's formulas."""
    different = sample_tables.execute("""
        WITH expected AS (
          SELECT date, symbol, quote_volume_usdt, trade_count,
            dense_rank() OVER v AS rank, (percent_rank() OVER v * 100)::FLOAT AS percentile,
            quote_volume_usdt / sum(quote_volume_usdt) OVER (PARTITION BY date) * 100 AS share
          FROM daily_availability WHERE available AND quote_volume_usdt IS NOT NULL
          WINDOW v AS (PARTITION BY date ORDER BY quote_volume_usdt DESC)),
        changes AS (
          SELECT *, rank - lag(rank, 1) OVER d AS c1, rank - lag(rank, 7) OVER d AS c7,
            rank - lag(rank, 14) OVER d AS c14, rank - lag(rank, 30) OVER d AS c30,
            count(*) OVER (d ROWS BETWEEN 29 PRECEDING AND CURRENT ROW) AS listed
          FROM expected WINDOW d AS (PARTITION BY symbol ORDER BY date))
        SELECT count(*) FROM changes e FULL JOIN volume_rankings r USING (date, symbol)
        WHERE (e.rank, e.quote_volume_usdt, e.trade_count, e.percentile, c1, c7, c14, c30, listed)
          IS DISTINCT FROM (r.rank, r.quote_volume_usdt, r.trade_count, r.percentile, r.rank_change_1d,
            r.rank_change_7d, r.rank_change_14d, r.rank_change_30d, r.days_available)
          OR abs(share - market_share_pct) > 1e-5""").fetchone()
    assert different == (0,)


def test_rankings_are_sorted_by_date_then_rank(sample):
    table = pq.read_table(sample.rankings, columns=["date", "rank", "symbol"])
    assert table.equals(
        table.sort_by([("date", "ascending"), ("rank", "ascending"), ("symbol", "ascending")])
    )


def test_symbols_do_not_depend_on_hash_order_locale_or_time_zone():
    """Two interpreters that differ in all of these list the same symbols."""
    program = (
        "from futures_explorer.release.sample_symbols import *; import hashlib;"
        "print(hashlib.sha256(repr((symbols(), listings())).encode()).hexdigest())"
    )
    results = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, **env},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for env in (
            {"PYTHONHASHSEED": "1", "TZ": "UTC"},
            {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        )
    }
    assert len(results) == 1


def test_columns_are_declared_in_upstreams_order():
    assert [len(table.columns) for table in contract.TABLES] == [17, 13]
