"""A year of daily releases through one store: bytes added per day, size after a year, time per publish.

    python tests/bench/year.py [DAYS]

Each day has the sample's rows up to that day; upstream's lookback has probed the last 20 days again, so their
probe time is new. Every day is published and the store pruned. To get through a year in minutes, objects of
settled periods are taken from the day before instead of encoded again (they are the same bytes; the tests
prove it), and the time per publish is measured on whole publishes of the real command at the end.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from futures_explorer.release import contract
from futures_explorer.release.folder import Release
from futures_explorer.release.resolve import resolve_release
from futures_explorer.release.sample_symbols import LAST_DATE
from futures_explorer.release.tables import OpenRelease, open_tables
from futures_explorer.snapshot import store as stores
from futures_explorer.snapshot.layout import SETTLED_AFTER, Part
from futures_explorer.snapshot.objects import Object, write_object
from futures_explorer.snapshot.prune import prune
from futures_explorer.snapshot.publish import publish_data

_DAY = """
CREATE OR REPLACE TEMP VIEW daily_availability AS SELECT * REPLACE (
  (least(date + 20, DATE '{day}') + 1)::TIMESTAMP + INTERVAL 3 HOUR AS probe_timestamp)
  FROM all_availability WHERE date <= DATE '{day}';
CREATE OR REPLACE TEMP VIEW volume_rankings AS SELECT * REPLACE (
  (date + 1)::TIMESTAMP + INTERVAL 3 HOUR AS generation_timestamp)
  FROM all_rankings WHERE date <= DATE '{day}'
"""


class Year:
    """The sample, cut off at `day`, in place of a release that is read from files."""

    def __init__(self, release: Release, scratch: Path) -> None:
        self.release = release
        self.day = LAST_DATE
        self.settled: dict[str, tuple[Object, Path]] = {}
        self.scratch = scratch
        with open_tables(release, scratch) as opened:
            rows = {
                table.name: opened.connection.execute(f"FROM {table.name}").to_arrow_table()
                for table in opened.tables
            }
        import duckdb

        self.connection = duckdb.connect()
        self.connection.register("a", rows["daily_availability"])
        self.connection.register("r", rows["volume_rankings"])
        self.connection.execute(
            "CREATE TABLE all_availability AS FROM a; CREATE TABLE all_rankings AS FROM r"
        )

    @contextmanager
    def open(self, release: Release, scratch: Path):
        self.connection.execute(_DAY.format(day=self.day))
        yield OpenRelease(release, self.connection, contract.TABLES, ())

    def write(self, connection, part: Part, folder: Path) -> Object:
        if not self.is_settled(part):
            return write_object(connection, part, folder)
        if part.sql not in self.settled:
            item = write_object(connection, part, self.scratch)
            self.settled[part.sql] = (item, self.scratch / item.file_name)
        item, path = self.settled[part.sql]
        if not (folder / item.file_name).exists():
            os.link(path, folder / item.file_name)
        return item

    def is_settled(self, part: Part) -> bool:
        if ".by-symbol.history" in part.name or ".by-symbol.half" in part.name:
            return True
        if part.layout != "by-date":
            return False
        label = part.name.rsplit(".", 1)[1]
        year, month = int(label[:4]), int(label[5:] or 12)
        after = date(year + month // 12, month % 12 + 1, 1)
        return after <= self.day - SETTLED_AFTER


def main() -> None:
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 365
    release = resolve_release("sample", Path(".cache/releases"))
    with tempfile.TemporaryDirectory(dir=".cache") as name:
        folder = Path(name)
        (folder / "settled").mkdir()
        year = Year(release, folder / "settled")
        stores.open_tables, stores.write_object = year.open, year.write
        store = folder / "store"
        added, sizes = [], []
        before: dict[str, int] = {}
        for offset in range(days, -1, -1):
            year.day = LAST_DATE - timedelta(days=offset)
            stores.LAYOUT_VERSION = f"day {offset}"  # the same files stand for another release each day
            stores.add_snapshot(release, store)
            now = {path.name: path.stat().st_size for path in (store / "objects").iterdir()}
            added.append(sum(size for name, size in now.items() if name not in before))
            prune(store)
            before = {path.name: path.stat().st_size for path in (store / "objects").iterdir()}
            sizes.append(sum(before.values()))
            if offset % 30 == 0:
                print(f"{year.day}: +{added[-1] / 1e6:.1f} MB, store {sizes[-1] / 1e6:.1f} MB", flush=True)
        daily = added[1:]
        print(f"first snapshot {added[0] / 1e6:.1f} MB")
        print(
            f"added per day: median {statistics.median(daily) / 1e6:.2f} MB, mean {statistics.mean(daily) / 1e6:.2f} MB, "
            f"largest {max(daily) / 1e6:.1f} MB"
        )
        print(f"store after {days} days, pruned daily: {sizes[-1] / 1e6:.1f} MB in {len(before)} objects")
        print(
            f"snapshots kept: {len(stores.snapshot_ids(store))}; without pruning: {sum(added) / 1e6:.0f} MB"
        )
        stores.open_tables, stores.write_object = open_tables, write_object
        times = []
        for number in range(3):
            began = time.perf_counter()
            publish_data(release, folder / f"store-{number}", folder / f"data-{number}")
            times.append(time.perf_counter() - began)
        print(f"one publish, nothing taken over: {', '.join(f'{seconds:.1f}' for seconds in times)} s")


if __name__ == "__main__":
    main()
