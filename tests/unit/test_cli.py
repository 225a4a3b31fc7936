"""The command line: plain messages, honest exit codes."""

from __future__ import annotations

from pathlib import Path


def test_unknown_release_lists_what_is_possible(run):
    result = run("build", "--data-only", "--release", "yesterday")
    assert result.exit_code == 1
    assert "There is no release 'yesterday'" in result.output
    for possible in ("sample", "latest", "FOLDER"):
        assert possible in result.output
    assert "Traceback" not in result.output


def test_a_folder_that_lacks_an_asset_is_named_with_what_it_holds(run):
    Path("release").mkdir()
    (Path("release") / "volume-rankings-timeseries.parquet").write_bytes(b"")
    result = run("build", "--data-only", "--release", "release")
    assert result.exit_code == 1
    assert "availability-daily.parquet or availability.duckdb.gz missing" in result.output
    assert "Found: volume-rankings-timeseries.parquet" in result.output
    assert not Path("_site").exists()


def test_a_truncated_database_is_refused_and_nothing_is_written(run, sample):
    Path("release").mkdir()
    for asset in sample.assets:
        data = asset.read_bytes()
        (Path("release") / asset.name).write_bytes(data[: len(data) // 2] if asset.suffix == ".gz" else data)
    result = run("build", "--data-only", "--release", "release")
    assert result.exit_code == 1
    assert "availability.duckdb.gz" in result.output
    assert "damaged" in result.output
    assert not Path("_site").exists()
