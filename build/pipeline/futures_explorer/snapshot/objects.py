"""Content-addressed Parquet objects: written beside, named by their SHA-256."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from futures_explorer.files import file_sha256
from futures_explorer.release import contract
from futures_explorer.snapshot.layout import Part

FOOTERS = contract.Table(
    "footers",
    (
        contract.Column("object", pa.string(), False, "SHA-256 of the object, hexadecimal"),
        contract.Column("offset", pa.int64(), False, "where its footer begins, in bytes from the start"),
        contract.Column("footer", pa.binary(), False, "its bytes from there to the end"),
    ),
    key=("object",),
    order=("object",),
)

# Measured smallest of what common readers know (docs/data.md). What is in neither set is plain.
_DELTA = {("rank", None), ("file_size_bytes", None), ("last_modified", None), ("date", "core")}
_DICTIONARY = {
    *((f"rank_change_{days}d", None) for days in (1, 7, 14, 30)),
    ("available", None),
    ("tradable", "core"),
    ("status_code", None),
    ("symbol", "core"),
    ("symbol", "volume_rankings by-date"),
}


@dataclass(frozen=True)
class Object:
    """What was written for one part."""

    name: str
    table: contract.Table
    layout: str
    order: tuple[str, ...]
    columns: tuple[contract.Column, ...]
    sha256: str
    bytes: int
    rows: int
    footer_bytes: int
    # Row groups, and the bytes of each column in all of them.
    row_groups: int
    column_bytes: tuple[int, ...]
    bounds: dict[str, tuple[str, str]]

    @property
    def file_name(self) -> str:
        return f"{self.sha256}.parquet"


def write_object(connection: duckdb.DuckDBPyConnection, part: Part, folder: Path) -> Object:
    """Write the rows of `part` into `folder` as `<sha256>.parquet`.

    The bytes depend on the rows and the locked pyarrow alone: rows are sorted, one thread encodes them.
    """
    order = ", ".join(part.order)
    rows = connection.execute(f"FROM ({part.sql}) ORDER BY {order}").to_arrow_table().cast(part.schema)
    delta, dictionary = _encodings(part)
    with _Writing(folder) as beside:
        with pq.ParquetWriter(
            beside,
            part.schema,
            compression="zstd",
            compression_level=9,
            version="2.6",
            use_dictionary=dictionary,
            column_encoding=dict.fromkeys(delta, "DELTA_BINARY_PACKED"),
            sorting_columns=[pq.SortingColumn(part.schema.get_field_index(c)) for c in part.order],
            store_schema=False,
            # DuckDB 1.5.1 answers max() of a string from a statistic that it cut to 8 bytes.
            write_statistics=list(part.statistics),
        ) as writer:
            for group in _groups(rows, part.order[0], part.group):
                writer.write_table(group, row_group_size=group.num_rows)
        return _finish(beside, folder, part.name, part.table, part.layout, part.order, part.columns, rows)


def write_footers(layouts: list[list[Object]], folder: Path) -> Object:
    """One object that holds the Parquet footers of others, so that one request opens them all.

    Each layout's footers are one row group: a reader that needs one layout only can take that.
    """
    with _Writing(folder) as beside:
        with pq.ParquetWriter(
            beside,
            FOOTERS.schema,
            # A sixth smaller than zstd makes it, and the first thing that every visitor waits for.
            compression="brotli",
            compression_level=11,
            version="2.6",
            use_dictionary=False,
            store_schema=False,
            write_statistics=False,
        ) as writer:
            tables = [_footers(objects, folder) for objects in layouts]
            for table in tables:
                writer.write_table(table)
        rows = pa.concat_tables(tables)
        return _finish(beside, folder, "footers", FOOTERS, "all", FOOTERS.order, FOOTERS.columns, rows)


def _footers(objects: list[Object], folder: Path) -> pa.Table:
    rows = []
    for item in sorted(objects, key=lambda item: item.sha256):
        offset = item.bytes - item.footer_bytes
        with (folder / item.file_name).open("rb") as file:
            file.seek(offset)
            rows.append({"object": item.sha256, "offset": offset, "footer": file.read()})
    return pa.Table.from_pylist(rows, FOOTERS.schema)


def _encodings(part: Part) -> tuple[list[str], list[str]]:
    """Names of the columns with delta and with dictionary encoding; the others are plain."""
    places = (None, part.layout, f"{part.table.name} {part.layout}")
    names = [column.name for column in part.columns]
    known = {column.name for table in contract.TABLES for column in table.columns} | {"first_date", "days"}
    delta = [name for name in names if any((name, place) in _DELTA for place in places)]
    dictionary = [
        name for name in names if any((name, place) in _DICTIONARY for place in places) or name not in known
    ]
    return delta, dictionary


def _groups(rows: pa.Table, key: str, most: int) -> Iterator[pa.Table]:
    """`rows` cut into slices of at most `most` rows, none of which divides the rows of one key.

    A key with more rows than that has a slice of its own.
    """
    ends = pc.run_end_encode(rows[key].combine_chunks()).run_ends.to_pylist()
    start = end = 0
    for next_end in ends:
        if next_end - start > most and end > start:
            yield rows.slice(start, end - start)
            start = end
        end = next_end
    if end > start:
        yield rows.slice(start, end - start)


class _Writing:
    """A file beside the objects, gone at the end unless it was moved into place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Path:
        descriptor, name = tempfile.mkstemp(dir=self.folder, prefix=".object-")
        os.close(descriptor)
        self.path = Path(name)
        return self.path

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)


def _finish(
    beside: Path,
    folder: Path,
    name: str,
    table: contract.Table,
    layout: str,
    order: tuple[str, ...],
    columns: tuple[contract.Column, ...],
    rows: pa.Table,
) -> Object:
    with beside.open("rb") as file:
        file.seek(-8, os.SEEK_END)
        footer_bytes = int.from_bytes(file.read(4), "little") + 8
    metadata = pq.read_metadata(beside)
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    column_bytes = tuple(
        sum(group.column(number).total_compressed_size for group in groups) for number in range(len(columns))
    )
    sha256, size = file_sha256(beside), beside.stat().st_size
    beside.chmod(0o644)
    beside.replace(folder / f"{sha256}.parquet")
    return Object(
        name,
        table,
        layout,
        order,
        columns,
        sha256,
        size,
        rows.num_rows,
        footer_bytes,
        len(groups),
        column_bytes,
        _bounds(rows),
    )


def _bounds(rows: pa.Table) -> dict[str, tuple[str, str]]:
    """Smallest and largest date and symbol, as text: enough to skip an object without opening it."""
    bounds = {}
    for name in ("date", "symbol", "first_date"):
        if name in rows.column_names and rows.num_rows:
            extremes = pc.min_max(rows[name]).as_py()
            bounds[name] = (str(extremes["min"]), str(extremes["max"]))
    return bounds
