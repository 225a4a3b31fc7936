"""What a relation needs of the connection that made it: the part of it that runs statements."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from duckdb_wasm.files.drive import Files
from duckdb_wasm.results.result import Result
from duckdb_wasm.types import DuckDBPyType


class Objects(Protocol):
    """The Python objects that a query names as tables."""

    #: Variable to the engine's table that holds it.
    tables: dict[str, str]

    def share(self, other: Objects) -> None:
        """Keeps the tables of another query's objects too."""

    async def keep(self, connection: Owner, result: Result) -> str:
        """Makes a result a table of the engine, for as long as these objects live; the table's name."""

    async def found(self, connection: Owner, error: Exception) -> bool:
        """Whether the error is about a table that is a Python variable; that variable is a table from now on."""


class Owner(Protocol):
    """A connection, as what it makes sees it."""

    _session: Any
    _handle: Any
    _files: Files
    _closed: bool
    #: Tables of Python objects that no query can name any more.
    _dropped: list[str]

    async def _open(self) -> None:
        """Begins the connection where it has not begun."""

    async def _bytes(self, sql: str, params: dict | None = None) -> bytes:
        """The engine's answer to one statement or more, as Arrow IPC."""

    async def _statement(self, sql: str, params: Any, objects: Objects) -> Result:
        """Runs one statement."""

    async def _describe(
        self, sql: str, values: dict, objects: Objects
    ) -> list[tuple[str, DuckDBPyType]] | None:
        """Name and type of each column of a query; None where it is none, or is wrong."""

    def _wait(self, coroutine: Coroutine, call: str) -> Any:
        """Waits for a coroutine and gives its result."""
