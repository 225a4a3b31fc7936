"""A release's tables, opened with native DuckDB under the contract's names and types."""

# ruff: noqa: S608 - every name in a query is the contract's or quoted here
from __future__ import annotations

import gzip
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from futures_explorer.errors import ExplorerError
from futures_explorer.release import contract
from futures_explorer.release.folder import Release

# How DuckDB is opened. Its join filters lose rows now and then, on several threads (duckdb #22075, open).
SOUND = {"autoload_known_extensions": False, "disabled_optimizers": "join_filter_pushdown"}


@dataclass(frozen=True)
class OpenRelease:
    """A release's tables as views of a connection.

    `tables` are the contract's, each with the columns that upstream has added since, at the end.
    """

    release: Release
    connection: duckdb.DuckDBPyConnection
    tables: tuple[contract.Table, ...]
    notes: tuple[str, ...]

    def rows(self, sql: str) -> list[tuple]:
        """All rows of a query."""
        return self.connection.execute(sql).fetchall()


@contextmanager
def open_tables(release: Release, scratch: Path) -> Iterator[OpenRelease]:
    """The release with the views `daily_availability` and `volume_rankings`.

    A database from before the volume columns gets them as nulls. `scratch` is a folder with room for
    the unpacked database (about 0.2 GB); what is put there is removed at the end.

    Raises:
        ExplorerError: an asset is damaged, or a table or column is missing or has another type.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch, prefix=".unpacked-") as folder:
        connection = duckdb.connect(config={**SOUND, "memory_limit": "1GB"})
        try:
            connection.execute(f"SET temp_directory = '{_quoted(Path(folder) / 'spill')}'")
            sources = {
                contract.DAILY_AVAILABILITY: _availability(release, connection, Path(folder)),
                contract.VOLUME_RANKINGS: f"read_parquet('{_quoted(release.rankings)}')",
            }
            views = []
            problems: list[str] = []
            notes: list[str] = []
            for table, source in sources.items():
                found = _columns(connection, table, source, release)
                problems += _differences(table, found)
                extra = _extra(connection, table, source, found)
                notes += [
                    f"{table.name}.{column.name} ({found[column.name]}) is new upstream; it is carried along."
                    for column in extra
                ]
                views.append((replace(table, columns=(*table.columns, *extra)), source, found))
            if problems:
                raise ExplorerError(
                    f"{release.label} is not laid out as expected:\n"
                    + "\n".join(f"  {problem}" for problem in problems)
                    + "\nNothing was published. If upstream changed its schema on purpose, change "
                    "release/contract.py to match."
                )
            for view in views:
                _create_view(connection, *view)
            yield OpenRelease(release, connection, tuple(table for table, *_ in views), tuple(notes))
        except duckdb.Error as error:
            raise _unreadable(release, error) from error
        finally:
            connection.close()


def _unreadable(release: Release, error: Exception) -> ExplorerError:
    return ExplorerError(
        f"{release.label} cannot be read to its end: {error}\n"
        "An asset is damaged, or the disk is full. Fetch the release again."
    )


def _availability(release: Release, connection: duckdb.DuckDBPyConnection, folder: Path) -> str:
    asset = release.availability
    if asset.suffix == ".parquet":
        return f"read_parquet('{_quoted(asset)}')"
    database = folder / "availability.duckdb"
    try:
        with gzip.open(asset, "rb") as packed, database.open("wb") as plain:
            shutil.copyfileobj(packed, plain, 1 << 20)
        connection.execute(f"ATTACH '{_quoted(database)}' AS release (READ_ONLY)")
    except (EOFError, gzip.BadGzipFile, zlib.error, duckdb.Error) as error:
        raise ExplorerError(
            f"{asset.name} of {release.label} is damaged: expected a gzipped DuckDB database, got "
            f"{asset.stat().st_size:,} bytes that do not unpack to one ({error}). Fetch the release again."
        ) from error
    return "release.daily_availability"


def _columns(
    connection: duckdb.DuckDBPyConnection, table: contract.Table, source: str, release: Release
) -> dict[str, str]:
    """Column name → DuckDB type, as the release has them."""
    try:
        return {row[0]: row[1] for row in connection.execute(f"DESCRIBE FROM {source}").fetchall()}
    except duckdb.Error as error:
        asset = release.rankings if table.name == "volume_rankings" else release.availability
        raise ExplorerError(
            f"{table.name} of {release.label} cannot be read from {asset.name}: expected Parquet or a DuckDB "
            f"database with that table, got {error}. Fetch the release again."
        ) from error


def _differences(table: contract.Table, found: dict[str, str]) -> list[str]:
    problems = []
    for column in table.columns:
        got = found.get(column.name, "no such column")
        if got == column.sql_type or (column.optional and column.name not in found):
            continue
        problems.append(f"{table.name}.{column.name}: expected {column.sql_type}, got {got}")
    return problems


def _extra(
    connection: duckdb.DuckDBPyConnection, table: contract.Table, source: str, found: dict[str, str]
) -> list[contract.Column]:
    known = {column.name for column in table.columns}
    names = [name for name in found if name not in known]
    if not names:
        return []
    listed = ", ".join(_name(name) for name in names)
    schema = connection.execute(f"SELECT {listed} FROM {source} LIMIT 0").to_arrow_table().schema
    return [contract.Column(f.name, f.type, True, "new upstream; not described there yet") for f in schema]


def _create_view(
    connection: duckdb.DuckDBPyConnection, table: contract.Table, source: str, found: dict[str, str]
) -> None:
    columns = ", ".join(
        _name(column.name) if column.name in found else f"NULL::{column.sql_type} AS {_name(column.name)}"
        for column in table.columns
    )
    connection.execute(f"CREATE VIEW {table.name} AS SELECT {columns} FROM {source}")


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
