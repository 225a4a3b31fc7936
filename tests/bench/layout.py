"""What each question costs under each layout: requests, bytes, and the size of everything.

    python tests/bench/layout.py [--encodings] [--times-ten]

Computed from the Parquet metadata of objects that are really written. The model of a reader: one request for
a footer (or for all footers of a layout, where they are in one object), and one for each run of column chunks
that lie closer together than 64 KB.
"""

from __future__ import annotations

import io
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from futures_explorer.release.folder import Release, read_folder
from futures_explorer.release.resolve import resolve_release
from futures_explorer.release.sample import write_sample
from futures_explorer.release.tables import OpenRelease, open_tables
from futures_explorer.snapshot.layout import Part, parts
from futures_explorer.snapshot.objects import Object, write_footers, write_object

GAP = 65_536
RANKING = ("date", "symbol", "rank", "quote_volume_usdt", "trade_count")
MOVERS = ("date", "symbol", "rank", "rank_change_1d", "rank_change_7d", "rank_change_14d", "rank_change_30d")


def runs(path: Path, column: str, low: str, high: str, columns: tuple[str, ...] | None) -> tuple[int, int]:
    """(requests, bytes) of the column chunks of every row group that may hold low <= column <= high."""
    file = pq.ParquetFile(path)
    index = file.schema_arrow.names.index(column)
    ranges = []
    for number in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(number)
        statistics = group.column(index).statistics
        if statistics and (str(statistics.max) < low or str(statistics.min) > high):
            continue
        for i in range(group.num_columns):
            chunk = group.column(i)
            if columns is None or chunk.path_in_schema in columns:
                start = chunk.dictionary_page_offset or chunk.data_page_offset
                ranges.append((start, start + chunk.total_compressed_size))
    requests = total = 0
    end = None
    for start, stop in sorted(ranges):
        if end is None or start - end > GAP:
            requests += 1
            total += stop - start
        else:
            total += stop - end
        end = stop
    return requests, total


def question(
    objects: list[Object],
    folder: Path,
    layout: str,
    column: str,
    value: str,
    columns: tuple[str, ...] | None,
    footers: Object | None,
) -> str:
    """ "requests / KB" of one question, its footers included."""
    chosen = [
        item
        for item in objects
        if item.layout == layout and item.bounds[column][0] <= value <= item.bounds[column][1]
    ]
    requests, total = (1, footers.bytes) if footers else (0, 0)
    for item in chosen:
        if not footers:
            requests, total = requests + 1, total + item.footer_bytes
        more, size = runs(folder / item.file_name, column, value, value, columns)
        requests, total = requests + more, total + size
    return f"{requests} / {total / 1000:,.0f}"


def measure(opened: OpenRelease, wanted: list[Part], label: str) -> None:
    """Print one row of the table for the rankings laid out as `wanted`."""
    newest = opened.rows("SELECT max(date)::VARCHAR FROM volume_rankings")[0][0]
    old = opened.rows("SELECT (max(date) - 400)::VARCHAR FROM volume_rankings")[0][0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        objects = [write_object(opened.connection, part, folder) for part in wanted]
        cells = [f"{sum(item.bytes for item in objects) / 1e6:.1f}"]
        for layout, asked in (
            ("by-date", (("date", newest, MOVERS), ("date", old, None))),
            ("by-symbol", (("symbol", "BTCUSDT", RANKING), ("symbol", "BTCUSDT", None))),
        ):
            here = [item for item in objects if item.layout == layout]
            if not here:
                continue
            footers = write_footers([here], folder)
            cells += [f"{footers.bytes / 1000:.0f}"]
            for column, value, columns in asked:
                cells.append(question(objects, folder, layout, column, value, columns, footers))
                cells.append(question(objects, folder, layout, column, value, columns, None))
        print(f"| {label} | " + " | ".join(cells) + " |", flush=True)


ENCODINGS = {
    "dictionary": lambda name: {"use_dictionary": [name]},
    "plain": lambda name: {"use_dictionary": False},
    "delta": lambda name: {"use_dictionary": False, "column_encoding": {name: "DELTA_BINARY_PACKED"}},
    "byte stream split": lambda name: {
        "use_dictionary": False,
        "column_encoding": {name: "BYTE_STREAM_SPLIT"},
    },
}


def encodings(opened: OpenRelease) -> None:
    """Print the size of each column of the newest year under each encoding, with zstd level 9."""
    print("| KB of the newest year | " + " | ".join(ENCODINGS) + " |\n|---|---|---|---|---|")
    for table in opened.tables:
        order = ", ".join(table.order)
        rows = opened.connection.execute(
            f"FROM {table.name} WHERE year(date) = (SELECT max(year(date)) FROM {table.name}) ORDER BY {order}"
        ).to_arrow_table()
        for column in table.columns:
            cells = []
            for options in ENCODINGS.values():
                sink = io.BytesIO()
                try:
                    pq.write_table(
                        *(rows.select([column.name]), sink),
                        **{"compression": "zstd", "compression_level": 9, "row_group_size": 16_384},
                        **{"write_statistics": False, "store_schema": False, **options(column.name)},
                    )
                    cells.append(f"{sink.tell() / 1000:,.0f}")
                except (OSError, pa.ArrowException):
                    cells.append("–")
            print(f"| {table.name}.{column.name} | " + " | ".join(cells) + " |")
    print()


def tables(release: Release, label: str) -> None:
    print(f"\n{label}\n")
    with tempfile.TemporaryDirectory() as scratch, open_tables(release, Path(scratch)) as opened:
        rankings = [part for part in parts(opened) if part.table.name == "volume_rankings"]
        if "--encodings" in sys.argv:
            encodings(opened)
        heads = {
            "by-date": ("newest movers", "one date, all columns"),
            "by-symbol": ("rank + volume", "all columns"),
        }
        for layout, (first, second) in heads.items():
            print(
                f"| {layout}: rows in a group | MB | all footers KB | {first} | pruned | {second} | pruned |"
            )
            print("|---|---|---|---|---|---|---|")
            for group in (4_096, 8_192, 16_384, 32_768, 0):
                wanted = [part for part in rankings if part.layout == layout]
                label = "as chosen"
                if group:
                    wanted = [replace(part, group=group) for part in wanted]
                    label = f"{group:,}"
                measure(opened, wanted, label)
            print()
        with tempfile.TemporaryDirectory() as name:
            for part in parts(opened):
                if part.layout in ("core",) or part.name == "symbols":
                    item = write_object(opened.connection, part, Path(name))
                    print(f"{item.name}: {item.rows:,} rows, {item.bytes / 1000:.1f} KB")


def main() -> None:
    cache = Path(".cache/releases")
    tables(resolve_release("sample", cache), "The sample")
    if "--times-ten" in sys.argv:
        folder = cache / "sample-times-10"
        if not folder.is_dir():
            write_sample(folder, scale=10)
        sys.argv = [sys.argv[0]]
        tables(read_folder(folder), "Ten times as many symbols")


if __name__ == "__main__":
    main()
