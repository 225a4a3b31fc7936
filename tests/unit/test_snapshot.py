"""A snapshot holds exactly what the release said, under names that never change."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from futures_explorer.release import contract
from futures_explorer.release import sample as sample_release
from futures_explorer.release.folder import read_folder
from futures_explorer.release.resolve import resolve_release
from futures_explorer.snapshot import layout as layouts
from futures_explorer.snapshot.publish import publish_data


@pytest.mark.parametrize(
    ("table", "layout"),
    [
        (contract.DAILY_AVAILABILITY, "by-date"),
        (contract.VOLUME_RANKINGS, "by-date"),
        (contract.VOLUME_RANKINGS, "by-symbol"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_every_row_and_column_equals_the_release(table, layout, built, sample_tables):
    paths = built.paths(table.name, layout)
    assert paths
    snapshot = f"read_parquet({paths})"
    sample_tables.execute(f"CREATE OR REPLACE TEMP VIEW laid_out AS FROM {snapshot}")
    assert sample_tables.execute(f"DESCRIBE FROM {snapshot}").fetchall()[0][:2] == ("date", "DATE")
    columns = [row[:2] for row in sample_tables.execute("DESCRIBE laid_out").fetchall()]
    assert columns == [row[:2] for row in sample_tables.execute(f"DESCRIBE {table.name}").fetchall()]
    for left, right in ((table.name, "laid_out"), ("laid_out", table.name)):
        # ALL: a row that is there twice must be there twice.
        extra = sample_tables.execute(
            f"SELECT count(*) FROM (FROM {left} EXCEPT ALL FROM {right})"
        ).fetchone()
        assert extra == (0,), f"rows of {left} that are not in {right}"


@pytest.mark.parametrize("layout", ["by-date", "by-symbol"])
def test_no_date_and_no_symbol_lies_in_two_row_groups(layout, built):
    """So that one date, or one symbol, costs one run of bytes in each object."""
    column = "date" if layout == "by-date" else "symbol"
    for path in built.paths("volume_rankings", layout):
        file = pq.ParquetFile(path)
        groups = [
            set(file.read_row_group(i, [column])[column].to_pylist()) for i in range(file.num_row_groups)
        ]
        assert sum(map(len, groups)) == len(set().union(*groups))
        assert file.metadata.num_rows <= layouts.OBJECT_ROWS
        for i, values in enumerate(groups):
            rows = file.metadata.row_group(i).num_rows
            assert (
                rows <= (layouts.BY_DATE_GROUP if layout == "by-date" else layouts.HISTORY_GROUP)
                or len(values) == 1
            )


def test_a_question_costs_few_requests_and_few_bytes(built):
    """Footers, then the chunks that a filter leaves over; the limits are those of the explorer's engine."""

    def cost(layout: str, column: str, value: str) -> tuple[int, int]:
        (footers,) = built.paths("footers", "all")
        requests, size = 1, Path(footers).stat().st_size
        for path in built.paths("volume_rankings", layout):
            file = pq.ParquetFile(path)
            index = file.schema_arrow.names.index(column)
            for i in range(file.num_row_groups):
                group = file.metadata.row_group(i)
                statistics = group.column(index).statistics
                if str(statistics.min) <= value <= str(statistics.max):
                    requests += 1
                    size += sum(group.column(n).total_compressed_size for n in range(group.num_columns))
        return requests, size

    for layout, column, value in (
        ("by-date", "date", "2026-10-31"),
        ("by-date", "date", "2025-02-03"),
        ("by-date", "date", "2021-01-01"),
        ("by-symbol", "symbol", "BTCUSDT"),
        ("by-symbol", "symbol", "龙猫USDT"),
    ):
        requests, size = cost(layout, column, value)
        assert requests <= 4
        assert size <= 800_000


def test_footers_are_those_of_the_objects(built):
    """With them, every object can be opened without asking for its end."""
    (footers,) = built.paths("footers", "all")
    rows = pq.read_table(footers).to_pylist()
    layouts = (
        ("daily_availability", "by-date"),
        ("volume_rankings", "by-date"),
        ("volume_rankings", "by-symbol"),
        ("daily_availability", "by-symbol"),
    )
    assert {row["object"] for row in rows} == {
        Path(path).stem for key in layouts for path in built.paths(*key)
    }
    for row in rows:
        data = (built.data / "objects" / f"{row['object']}.parquet").read_bytes()
        assert data[row["offset"] :] == row["footer"]
    assert Path(footers).stat().st_size < 50_000


def test_a_symbols_history_holds_what_traded_of_every_row(built, sample_tables):
    paths = built.paths("daily_availability", "by-symbol")
    names = pq.ParquetFile(paths[0]).schema_arrow.names
    assert names[:4] == ["date", "symbol", "available", "close_price"]
    assert {"open_price", "high_price", "low_price", "quote_volume_usdt", "trade_count"} < set(names)
    listed = ", ".join(names)
    for left, right in (
        ("daily_availability", f"read_parquet({paths})"),
        (f"read_parquet({paths})", "daily_availability"),
    ):
        extra = f"SELECT count(*) FROM (SELECT {listed} FROM {left} EXCEPT ALL SELECT {listed} FROM {right})"
        assert sample_tables.execute(extra).fetchone() == (0,)


def test_the_descriptor_says_what_each_column_costs(built):
    """So that the engine can choose a layout without opening any object."""
    for resource in built.descriptor["resources"]:
        name = resource["hash"].removeprefix("sha256:")
        metadata = pq.read_metadata(built.data / "objects" / f"{name}.parquet")
        groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
        assert resource["rowGroups"] == len(groups)
        assert resource["columnBytes"] == [
            sum(group.column(i).total_compressed_size for group in groups)
            for i in range(metadata.num_columns)
        ]


def test_core_holds_the_whole_history_of_what_was_available(built, sample_tables):
    (core,) = built.paths("daily_availability", "core")
    assert pq.ParquetFile(core).schema_arrow.names == ["date", "symbol", "available", "tradable"]
    assert sample_tables.execute(
        "SELECT count(*) FROM "
        f"(SELECT date, symbol, available, available FROM daily_availability EXCEPT ALL FROM '{core}')"
    ).fetchone() == (0,)
    assert Path(core).stat().st_size < 250_000


def test_symbols_lists_each_unbroken_run_of_days(built, sample_tables):
    (symbols,) = built.paths("symbols", "by-symbol")
    days, runs = sample_tables.execute(f"SELECT sum(days), count(*) FROM '{symbols}'").fetchone()
    assert sample_tables.execute(
        f"""SELECT count(*), count(DISTINCT (symbol, first_date)) FROM daily_availability a
        JOIN '{symbols}' s USING (symbol) WHERE a.available AND a.date BETWEEN s.first_date AND s.last_date"""
    ).fetchone() == (days, runs)
    assert sample_tables.execute(
        f"SELECT count(*) FROM '{symbols}' a JOIN '{symbols}' b "
        "ON a.symbol = b.symbol AND a.last_date + 1 = b.first_date"
    ).fetchone() == (0,)


def test_descriptor_names_every_object_with_its_hash_size_and_rows(built):
    folder = built.data / "snapshots" / built.descriptor["id"]
    named = set()
    for resource in built.descriptor["resources"]:
        path = (folder / resource["path"]).resolve()
        named.add(path.name)
        data = path.read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert path.name == f"{hashlib.sha256(data).hexdigest()}.parquet"
        file = pq.ParquetFile(path)
        assert (resource["bytes"], resource["rows"]) == (len(data), file.metadata.num_rows)
        assert [field["name"] for field in resource["schema"]["fields"]] == file.schema_arrow.names
        assert int.from_bytes(data[-8:-4], "little") + 8 == resource["footerBytes"]
    assert named == {path.name for path in (built.data / "objects").iterdir()}


def test_bounds_are_those_of_the_rows(built):
    folder = built.data / "snapshots" / built.descriptor["id"]
    for resource in built.descriptor["resources"]:
        for column, (low, high) in resource["bounds"].items():
            found = duckdb.sql(
                # The filter keeps DuckDB 1.5.1 from answering from truncated statistics.
                f"SELECT min({column})::VARCHAR, max({column})::VARCHAR FROM '{folder / resource['path']}' "
                f"WHERE length({column}::VARCHAR) > 0"
            ).fetchone()
            assert found == (low, high), (resource["name"], column)


def test_snapshot_says_dates_counts_and_that_it_is_synthetic(built, sample_tables):
    probed, available, symbols = sample_tables.execute(
        "SELECT count(*), count(*) FILTER (available), count(DISTINCT symbol) FROM daily_availability"
    ).fetchone()
    newest = {"last": "2026-10-31", "complete": "2026-10-31", "ranked": "2026-10-31"}
    assert built.descriptor["dates"] == {"first": "2019-09-25", **newest}
    assert built.descriptor["counts"]["probed_rows"] == probed
    assert built.descriptor["counts"]["available_rows"] == available
    assert built.descriptor["counts"]["symbols"] == symbols
    assert built.descriptor["synthetic"] is True
    assert built.descriptor["provenance"]["tag"] == f"sample-{sample_release.VERSION}"
    assert built.descriptor["id"].startswith("2026-10-31-")


def test_the_largest_symbol_is_not_cut_short(built):
    """DuckDB 1.5.1 cuts string statistics to 8 bytes and answers max() from them."""
    for table, layout in (("daily_availability", "by-date"), ("daily_availability", "core")):
        for path in built.paths(table, layout):
            fast, sure = (
                duckdb.sql(f"SELECT max(symbol) FROM '{path}' {where}").fetchone()
                for where in ("", "WHERE length(symbol) > 0")
            )
            assert fast == sure


def _bytes_below(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_sample_made_again_gives_the_same_bytes_and_ids(built, tmp_path):
    """Also where the one that builds keep was made by other code: a change of it needs a new `sample.VERSION`."""
    again = resolve_release("sample", tmp_path / "releases")
    publish_data(again, tmp_path / "store", tmp_path / "data")
    first, second = _bytes_below(built.data), _bytes_below(tmp_path / "data")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_building_again_with_nothing_new_writes_nothing(built, sample):
    before = {path: path.stat().st_mtime_ns for path in built.data.rglob("*") if path.is_file()}
    descriptor = publish_data(sample, built.store, built.data)
    assert descriptor["id"] == built.descriptor["id"]
    assert {path: path.stat().st_mtime_ns for path in built.data.rglob("*") if path.is_file()} == before


def test_a_folder_without_provenance_is_never_called_real(sample, tmp_path):
    for asset in sample.assets:
        (tmp_path / asset.name).symlink_to(asset)
    assert read_folder(tmp_path).provenance.synthetic is None


def test_unreadable_provenance_is_refused(sample, tmp_path):
    from futures_explorer.errors import ExplorerError

    for asset in sample.assets:
        (tmp_path / asset.name).symlink_to(asset)
    (tmp_path / "release.json").write_text(json.dumps({"tag": "x", "synthetic": "no"}))
    with pytest.raises(ExplorerError, match=r"release\.json cannot be read.*synthetic"):
        read_folder(tmp_path)
