"""Upstream's release, by its own names, in the kernel's `duckdb`: its Parquet files and its database are the snapshot."""

from __future__ import annotations

from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.files import named
from duckdb_wasm.results.result import Result

from binance_futures import _release
from binance_futures._browser import Connection, database_of
from binance_futures._snapshot import Snapshot, pinned


class Release:
    """Upstream's names for its release stand for the notebook's snapshot; see `duckdb_wasm.files.named.Source`."""

    parts = tuple(_release.FILES)

    def __init__(self) -> None:
        #: Pin to the connection that made its tables.
        self._made: dict[str | None, Connection] = {}
        #: Snapshots, and names of the release with the snapshot that stands for each.
        self._told: set[tuple[str, ...]] = set()

    def stands_for(self, file: str) -> bool:
        return _release.table(file) is not None

    async def table(self, session: Any, file: str) -> str:
        name = file.rpartition("/")[2]
        connection = self._made.setdefault(pinned(), Standing(session, self, name))
        await connection._open()
        self.tell(connection.snapshot, name)
        return f"{database_of(connection.snapshot.id)}.main.{_release.table(file)}"

    def database(self, session: Any, path: str) -> Connection | None:
        return ReleaseDatabase(session, self, _release.DATABASE) if _release.is_database(path) else None

    def hint(self, table: str) -> str | None:
        return _release.hint(table)

    def tell(self, snapshot: Snapshot, name: str) -> None:
        """Prints which snapshot stands for the name, and what is to be known of that snapshot; each once."""
        if (snapshot.id, name) not in self._told:
            self._told.add((snapshot.id, name))
            print(f"{name}: this site's snapshot {snapshot} stands for it.")
        if (snapshot.id,) not in self._told:
            self._told.add((snapshot.id,))
            snapshot.tell()


class Standing(Connection):
    """A connection to the notebook's snapshot that was not asked for as such: it says once what it stands for."""

    def __init__(self, session: Any, release: Release, name: str) -> None:
        super().__init__(session, pinned())
        self._release, self._stands_for = release, name

    def _tell(self) -> None:
        self._release.tell(self.snapshot, self._stands_for)


class ReleaseDatabase(Standing):
    """What upstream's own code finds at its database's path. Statements that make what is there pass, as they do there."""

    async def _make(self) -> Snapshot:
        snapshot = await super()._make()
        published = snapshot.provenance.get("published")
        await self._bytes(
            _release.SYMBOL_COUNTS.format(published=sql_text.string(published) if published else "NULL")
        )
        return snapshot

    async def _statement(self, sql, params, objects):
        if _release.is_there(sql_text.words(sql)):
            return Result(b"")
        return await super()._statement(sql, params, objects)


_the_release = Release()


def take_upstream_names() -> None:
    """From now on the release's addresses, files and database are this site's data."""
    named.register(_the_release)
