"""A release that is not what upstream promises is refused, with the table, the column and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

BROKEN = {
    "a column is missing": (
        "ALTER TABLE daily_availability DROP COLUMN status_code",
        "daily_availability.status_code: expected INTEGER, got no such column",
    ),
    "a ranking column is missing": (
        "ALTER TABLE volume_rankings DROP COLUMN percentile",
        "volume_rankings.percentile: expected FLOAT, got no such column",
    ),
    "a column has another type": (
        "ALTER TABLE daily_availability ALTER file_size_bytes TYPE VARCHAR",
        "daily_availability.file_size_bytes: expected BIGINT, got VARCHAR",
    ),
    "a ranking column has another type": (
        "ALTER TABLE volume_rankings ALTER rank TYPE BIGINT",
        "volume_rankings.rank: expected SMALLINT, got BIGINT",
    ),
    "a null where none may be": (
        "UPDATE daily_availability SET url = NULL WHERE date = DATE '2026-09-05' AND symbol = '龙猫USDT'",
        "daily_availability: expected that url is never null; got 1 exceptions, e.g. {'date': 2026-09-05, "
        "'symbol': 龙猫USDT}",
    ),
    "a row twice": (
        "INSERT INTO daily_availability FROM daily_availability LIMIT 1",
        "daily_availability: expected that (date, symbol) is unique; got 1 exceptions",
    ),
    "a ranking twice": (
        "INSERT INTO volume_rankings SELECT * FROM volume_rankings WHERE date = DATE '2026-10-31' AND rank = 1",
        "volume_rankings: expected that (date, symbol) is unique",
    ),
    "a date before the first": (
        "UPDATE daily_availability SET date = DATE '2019-09-24' WHERE date = DATE '2026-08-20'",
        "daily_availability: expected that date is between 2019-09-25 and today",
    ),
    "a date in the future": (
        "UPDATE daily_availability SET date = DATE '2126-01-01' WHERE date = DATE '2026-08-20'",
        "daily_availability: expected that date is between 2019-09-25 and today",
    ),
    "a symbol that cannot be printed": (
        "UPDATE daily_availability SET symbol = 'BTC' || chr(7) || 'USDT' WHERE symbol = '龙猫USDT'",
        "daily_availability: expected that symbol is printable",
    ),
    "a symbol with a bidirectional override": (
        "UPDATE daily_availability SET symbol = 'BTC' || chr(8238) || 'USDT' WHERE symbol = '龙猫USDT'",
        "daily_availability: expected that symbol is printable",
    ),
    "available, but not found": (
        "UPDATE daily_availability SET status_code = 404 WHERE date = DATE '2026-09-05'",
        "daily_availability: expected that available means status 200, and only then",
    ),
    "ranks that are not dense": (
        "UPDATE volume_rankings SET rank = rank + 1 WHERE date = DATE '2026-10-31' AND rank > 3",
        "volume_rankings: expected that rank is the DENSE_RANK of quote_volume_usdt",
    ),
    "ranks that do not follow the volumes": (
        "UPDATE volume_rankings SET quote_volume_usdt = 1 WHERE date = DATE '2026-10-31' AND rank = 1",
        "volume_rankings: expected that rank is the DENSE_RANK of quote_volume_usdt",
    ),
    "a ranked symbol that was not available": (
        "UPDATE daily_availability SET available = false, status_code = 404 "
        "WHERE date = DATE '2026-09-05' AND symbol = '龙猫USDT'",
        "volume_rankings: expected that what is ranked was available that day; got 1 exceptions",
    ),
    "rankings of another release": (
        "DELETE FROM volume_rankings WHERE date < DATE '2026-09-01'",
        "volume_rankings: expected a rank for each available row with a volume; got",
    ),
    "volumes of another release": (
        "UPDATE volume_rankings SET quote_volume_usdt = quote_volume_usdt * 2",
        "volume_rankings: expected the volume that daily_availability has; got",
    ),
    "no rankings at all": ("DELETE FROM volume_rankings", "volume_rankings: expected rows, got none"),
}


@pytest.mark.parametrize(("sql", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_promise_is_refused(sql, message, small, run, tmp_path):
    folder = small.change(sql).write(tmp_path / "release")
    result = run("build", "--data-only", "--release", folder)
    assert result.exit_code == 1
    assert message in result.output
    assert str(folder) in result.output
    assert "Nothing was published" in result.output
    assert not Path("_site/data/snapshots.json").exists()


def test_a_few_unranked_rows_and_changed_volumes_are_noted(small, run, tmp_path):
    """Upstream backfills symbols and probes days again without ranking them anew."""
    small.change(
        "UPDATE daily_availability SET quote_volume_usdt = 5 WHERE symbol = 'BTCUSDT' AND date > DATE '2026-10-28'"
    )
    small.change(
        "DELETE FROM volume_rankings WHERE date = DATE '2026-10-31' "
        "AND rank = (SELECT max(rank) FROM volume_rankings WHERE date = DATE '2026-10-31')"
    )
    result = run("build", "--data-only", "--release", small.write(tmp_path / "release"))
    assert result.exit_code == 0, result.output
    assert (
        "Note: volume_rankings: expected a rank for each available row with a volume; 1 of" in result.output
    )
    assert "Note: volume_rankings: expected the volume that daily_availability has; 3 of" in result.output


def test_derived_columns_are_computed_again_and_what_differs_is_noted(small, run, tmp_path):
    small.change(
        "UPDATE volume_rankings SET rank_change_7d = rank_change_7d + 1, percentile = NULL, "
        "market_share_pct = 2 * market_share_pct WHERE date = DATE '2026-10-31'"
    )
    small.change(
        "UPDATE volume_rankings SET days_available = 1 WHERE symbol = 'BTCUSDT' AND date >= DATE '2026-10-30'"
    )
    result = run("build", "--data-only", "--release", small.write(tmp_path / "release"))
    assert result.exit_code == 0, result.output
    notes = {
        line.split(":")[1].strip(): line
        for line in result.output.splitlines()
        if "differ from the formula" in line
    }
    assert set(notes) == {
        f"volume_rankings.{name}"
        for name in ("rank_change_7d", "percentile", "market_share_pct", "days_available")
    }
    for name, shown in (
        ("rank_change_7d", 5),
        ("percentile", 5),
        ("market_share_pct", 5),
        ("days_available", 2),
    ):
        assert notes[f"volume_rankings.{name}"].count("2026-10-3") == shown
    assert "2 of " in notes["volume_rankings.days_available"]
    assert "2026-10-31 BTCUSDT has 1, not 30" in notes["volume_rankings.days_available"]
    assert "has null, not " in notes["volume_rankings.percentile"]


def test_unsorted_rankings_are_refused(small, run, tmp_path):
    folder = small.write(tmp_path / "release")
    path = folder / "volume-rankings-timeseries.parquet"
    rankings = pq.read_table(path)
    pq.write_table(rankings.take(list(reversed(range(rankings.num_rows)))), path)
    result = run("build", "--data-only", "--release", folder)
    assert result.exit_code == 1
    assert "expected that rows are sorted by date, rank" in result.output


def test_every_problem_is_reported_at_once(small, run, tmp_path):
    small.change("ALTER TABLE daily_availability DROP COLUMN url")
    folder = small.change("ALTER TABLE volume_rankings ALTER rank TYPE BIGINT").write(tmp_path / "release")
    output = run("build", "--data-only", "--release", folder).output
    assert "daily_availability.url" in output
    assert "volume_rankings.rank" in output


def test_a_database_from_before_the_volume_columns_gets_nulls(small, run, tmp_path):
    for column in (
        *("quote_volume_usdt", "trade_count", "volume_base", "taker_buy_volume_base"),
        *("taker_buy_quote_volume_usdt", "open_price", "high_price", "low_price", "close_price"),
    ):
        small.change(f"ALTER TABLE daily_availability DROP COLUMN {column}")
    result = run("build", "--data-only", "--release", small.write(tmp_path / "release"))
    assert result.exit_code == 0, result.output
    for path in _paths("daily_availability", "by-date"):
        table = pq.read_table(path)
        assert table.num_columns == 17
        assert table["close_price"].null_count == table.num_rows
        assert table.schema.field("trade_count").type == pa.int64()


def test_a_new_column_upstream_is_carried_along_and_reported(small, run, tmp_path):
    small.change("ALTER TABLE daily_availability ADD COLUMN exchange VARCHAR DEFAULT 'binance'")
    small.change("ALTER TABLE volume_rankings ADD COLUMN open_interest DOUBLE DEFAULT 1.5")
    result = run("build", "--data-only", "--release", small.write(tmp_path / "release"))
    assert result.exit_code == 0, result.output
    assert "daily_availability.exchange (VARCHAR) is new upstream; it is carried along" in result.output
    for table, column, value in (
        ("daily_availability", "exchange", "binance"),
        ("volume_rankings", "open_interest", 1.5),
    ):
        for path in _paths(table, "by-date"):
            assert set(pq.read_table(path)[column].to_pylist()) == {value}


def test_availability_as_parquet_gives_the_same_objects(small, run, tmp_path):
    for name, parquet in (("database", False), ("parquet", True)):
        folder = small.write(tmp_path / name, parquet=parquet)
        result = run("build", "--data-only", "--release", folder, "--out", name)
        assert result.exit_code == 0, result.output
    names = [
        {path.name for path in Path(out, "data", "objects").iterdir()} for out in ("database", "parquet")
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize("asset", ["volume-rankings-timeseries.parquet", "availability-daily.parquet"])
def test_a_parquet_file_that_is_cut_off_is_refused(asset, small, run, tmp_path):
    folder = small.write(tmp_path / "release", parquet=True)
    data = (folder / asset).read_bytes()
    (folder / asset).write_bytes(data[: len(data) // 2])
    result = run("build", "--data-only", "--release", folder)
    assert result.exit_code == 1
    assert asset in result.output
    assert "Fetch the release again" in result.output


def _paths(table: str, layout: str) -> list[Path]:
    (descriptor,) = Path("_site/data/snapshots").glob("*/datapackage.json")
    resources = json.loads(descriptor.read_text())["resources"]
    found = [descriptor.parent / r["path"] for r in resources if (r["table"], r["layout"]) == (table, layout)]
    assert found
    return found
