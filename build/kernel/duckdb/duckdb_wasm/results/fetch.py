"""What a connection and a relation share: their rows, in every form that DuckDB's API offers."""

from __future__ import annotations

from typing import Any

from duckdb_wasm.errors.unsupported import not_implemented
from duckdb_wasm.results.result import Result


class Fetching:
    """The fetch methods: `_last()` is the result whose rows are taken, `_take()` the same, to be read to its end."""

    _session: Any

    def _last(self) -> Result:
        raise NotImplementedError

    def _take(self) -> Result:
        return self._last()

    def fetchall(self) -> list[tuple]:
        """All remaining rows."""
        return self._take().fetchall()

    def fetchmany(self, size: int = 1) -> list[tuple]:
        """The next `size` rows."""
        return self._last().fetchmany(size)

    def fetchone(self) -> tuple | None:
        """The next row, or None."""
        return self._last().fetchone()

    @property
    def description(self) -> list[tuple] | None:
        """The columns as DB-API 2.0 describes them: name, type and five Nones each."""
        return self._last().description

    @property
    def rowcount(self) -> int:
        """Always -1, as in native DuckDB."""
        return -1

    def fetchnumpy(self) -> dict[str, Any]:
        """Each column as a numpy array, a masked one where values are missing."""
        from duckdb_wasm.results import frames

        return frames.numpy_columns(self._take(), self._session)

    def df(self, *, date_as_object: bool = False) -> Any:
        """The rows as a pandas DataFrame."""
        from duckdb_wasm.results import frames

        return frames.pandas(self._take(), self._session, date_as_object)

    fetchdf = fetch_df = df

    def fetch_df_chunk(self, vectors_per_chunk: int = 1, *, date_as_object: bool = False) -> Any:
        """The next rows as a pandas DataFrame: 2,048 for each of DuckDB's vectors."""
        from duckdb_wasm.results import frames

        return frames.pandas_chunk(self._last(), 2048 * vectors_per_chunk, self._session, date_as_object)

    def to_df(self, *, date_as_object: bool = False) -> Any:
        """The rows as a pandas DataFrame."""
        return self.df(date_as_object=date_as_object)

    def arrow(self, rows_per_batch: int = 1_000_000) -> Any:
        """The rows as an Arrow record batch reader: pyarrow's where it is installed, else nanoarrow's stream."""
        from duckdb_wasm.results import frames

        return frames.arrow_reader(self._take())

    fetch_record_batch = to_arrow_reader = fetch_arrow_reader = arrow

    def fetch_arrow_table(self, rows_per_batch: int = 1_000_000) -> Any:
        """The rows as an Arrow table: pyarrow's where it is installed, else arro3's, else nanoarrow's array."""
        from duckdb_wasm.results import frames

        return frames.arrow_table(self._take())

    to_arrow_table = fetch_arrow_table

    def pl(self, *, lazy: bool = False) -> Any:
        """The rows as a Polars DataFrame."""
        from duckdb_wasm.results import frames

        frame = frames.polars(self._take(), self._session)
        return frame.lazy() if lazy else frame

    def torch(self) -> Any:
        """Not in the browser: raises `NotImplementedException`."""
        raise not_implemented("PyTorch and TensorFlow")

    tf = torch

    def __arrow_c_stream__(self, requested_schema: Any = None):
        """The rows for any library that reads Arrow's C stream."""
        return self._take().__arrow_c_stream__(requested_schema)
