"""The API: files and bytes, what a day changes, what an older snapshot adds, seconds to write it."""

from __future__ import annotations

import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
from futures_explorer.api.write import MOST_BYTES, MOST_FILES, write_api
from futures_explorer.release.resolve import resolve_release
from futures_explorer.release.tables import open_tables
from futures_explorer.snapshot.store import add_snapshot, descriptors_of

#: Snapshots that a store keeps after a year (docs/data.md).
KEPT = 42
#: How many days ago the snapshots were made: some of the newest days, and months' ends.
AGO = (60, 31, 7, 1, 0)


def run(report) -> None:
    """Measure the release that $RELEASE names, else the sample, cut off at some of its days."""
    named = os.environ.get("RELEASE", "sample")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = folder / "store"
        with open_tables(resolve_release(named, Path(".cache/releases")), folder) as opened:
            newest = opened.rows("SELECT max(date) FROM daily_availability")[0][0]
            for ago in AGO:
                _cut(opened.connection, newest - timedelta(ago), folder / f"{ago}")
                add_snapshot(resolve_release(str(folder / f"{ago}"), folder), store)
        descriptors = descriptors_of(store)
        began = time.perf_counter()
        files, size = write_api(store, descriptors[:1], folder / "newest")
        alone = time.perf_counter() - began
        limits = {"files": f"≤ {MOST_FILES}", "MB": f"≤ {MOST_BYTES / 1e6:.0f}", "seconds": "< 4"}
        figures = {"files": files, "MB": round(size / 1e6, 1), "seconds": round(alone, 1)}
        report.add("one snapshot", named, limits=limits, **figures)
        write_api(store, descriptors[1:2], folder / "before")
        changed = [
            path.stat().st_size
            for path in (folder / "newest/latest").rglob("*")
            if path.is_file() and not _same(path, folder / "before" / path.relative_to(folder / "newest"))
        ]
        report.add(
            "changed by a day",
            named,
            limits={"MB": "< 3"},
            files=len(changed),
            MB=round(sum(changed) / 1e6, 2),
        )
        began = time.perf_counter()
        all_files, all_size = write_api(store, descriptors, folder / "all")
        each = len(descriptors) - 1
        more = {
            "files": (all_files - files) / each,
            "KB": (all_size - size) / each / 1e3,
            "seconds": (time.perf_counter() - began - alone) / each,
        }
        report.add(
            "an older snapshot adds", named, **{what: round(figure, 2) for what, figure in more.items()}
        )
        report.add(
            "a year of snapshots",
            f"{named}, {KEPT} of them, reckoned",
            limits={"files": f"≤ {MOST_FILES}", "MB": f"≤ {MOST_BYTES / 1e6:.0f}"},
            files=round(files + (KEPT - 1) * more["files"]),
            MB=round(size / 1e6 + (KEPT - 1) * more["KB"] / 1e3, 1),
        )


def _cut(connection, day, folder: Path) -> None:
    """Writes the release as it was on `day`: the last 20 days were probed again then."""
    folder.mkdir()
    probed = f"(least(date + 20, DATE '{day}') + 1)::TIMESTAMP + INTERVAL 3 HOUR AS probe_timestamp"
    for table, columns, file, order in (
        ("daily_availability", f"* REPLACE ({probed})", "availability-daily", "date, symbol"),
        ("volume_rankings", "*", "volume-rankings-timeseries", "date, rank, symbol"),
    ):
        rows = connection.execute(
            f"SELECT {columns} FROM {table} WHERE date <= DATE '{day}' ORDER BY {order}"
        ).to_arrow_table()
        pq.write_table(rows, folder / f"{file}.parquet")


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()
