"""A result: an Arrow IPC stream of the engine, read as Python values when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from duckdb_wasm.types import DuckDBPyType


class Result:
    """The rows of one statement.

    `stream` is the engine's Arrow IPC stream, empty where there was no statement. `columns` names the columns and
    their types; where it is None they are read from the stream.
    """

    def __init__(self, stream: bytes, columns: list[tuple[str, DuckDBPyType]] | None = None) -> None:
        self._stream = stream
        self._given = columns
        self._batches: Iterator[list[list]] | None = None
        self._ready: list[tuple] = []
        self._next = 0
        #: How many rows were given as chunks of a frame.
        self.chunked = 0

    def named(self, columns: list[tuple[str, DuckDBPyType]]) -> Result:
        """The same rows under other names."""
        return Result(self._stream, columns)

    def again(self) -> Result:
        """The same rows from the first on."""
        return Result(self._stream, self._given)

    def table(self):
        """A new nanoarrow reader over the stream."""
        from nanoarrow import c_array_stream
        from nanoarrow.ipc import InputStream

        return c_array_stream(InputStream.from_readable(self._stream))

    @cached_property
    def schema(self) -> list[tuple[str, DuckDBPyType]]:
        """Name and type of each column."""
        if not self._stream:
            return []
        if self._given is not None:
            return self._given
        from nanoarrow import Schema

        from duckdb_wasm.results import arrow

        return [(field.name, arrow.arrow_type(field)) for field in Schema(self.table().get_schema()).fields]

    def with_names_of_stream(self) -> Result:
        """The same rows; where a column is named after a parameter, it was described by the parameter's value."""
        if any("CAST(" in name or "NULL" in name for name, _ in self._given or ()):
            from nanoarrow import Schema

            fields = Schema(self.table().get_schema()).fields
            self._given = [
                (field.name, kind) for field, (_, kind) in zip(fields, self._given or (), strict=True)
            ]
        return self

    @property
    def columns(self) -> list[str]:
        """Column names."""
        return [name for name, _ in self.schema]

    @property
    def description(self) -> list[tuple]:
        """Name, type and five Nones a column, as DB-API 2.0 has it."""
        return [(name, kind, None, None, None, None, None) for name, kind in self.schema]

    def batches(self) -> Iterator[list[list]]:
        """The columns of one record batch after another."""
        if not self._stream:
            return iter(())
        from duckdb_wasm.results import arrow

        kinds = [kind for _, kind in self.schema]

        def read(array) -> list[list]:
            view = array.view()
            return [arrow.outer(view.child(i), kind) for i, kind in enumerate(kinds)]

        # No generator: nanoarrow's reader fails when it is released by one that is left half way.
        return map(read, self.table())

    def pydict(self) -> dict[str, list]:
        """Each column as a list of Python values."""
        whole: list[list] = [[] for _ in self.schema]
        for batch in self.batches():
            for column, values in zip(whole, batch, strict=True):
                column.extend(values)
        return dict(zip(self.columns, whole, strict=True))

    def fetchmany(self, size: int) -> list[tuple]:
        """The next `size` rows."""
        if self._batches is None:
            self._batches = self.batches()
        rows: list[tuple] = []
        while len(rows) < size:
            if self._next >= len(self._ready):
                batch = next(self._batches, None)
                if batch is None:
                    break
                self._ready, self._next = list(zip(*batch, strict=True)), 0
            taken = self._ready[self._next : self._next + size - len(rows)]
            self._next += len(taken)
            rows += taken
        return rows

    def fetchone(self) -> tuple | None:
        """The next row, or None."""
        rows = self.fetchmany(1)
        return rows[0] if rows else None

    def fetchall(self) -> list[tuple]:
        """All rows that were not fetched yet."""
        if self._batches is None:
            self._batches = self.batches()
        rows = self._ready[self._next :]
        self._ready, self._next = [], 0
        for batch in self._batches:
            rows.extend(zip(*batch, strict=True))
        return rows

    @cached_property
    def row_count(self) -> int:
        """How many rows there are in all."""
        return sum(array.length for array in self.table()) if self._stream else 0

    def all_rows(self) -> list[tuple]:
        """All rows, whatever was fetched before."""
        return [row for batch in self.batches() for row in zip(*batch, strict=True)]

    def __arrow_c_stream__(self, requested_schema: Any = None):
        """The result for any library that reads Arrow's C stream
        (https://arrow.apache.org/docs/format/CStreamInterface.html)."""
        return self.table().__arrow_c_stream__(requested_schema)
