"""Where a relation's rows go: tables, views, files."""

from __future__ import annotations

from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.errors import InvalidInputException
from duckdb_wasm.value import literals


def _qualified(name: str) -> str:
    return ".".join(map(sql_text.identifier, name.split(".")))


class Output:
    """The relation's methods that write."""

    def _run_now(self, statement: str) -> None:
        async def run() -> None:
            await self._connection._open()
            await self._connection._statement(statement, None, self._objects)

        self._connection._wait(run(), "execute")

    def to_table(self, table_name: str) -> None:
        """Makes a table of the rows."""
        self._run_now(f"CREATE TABLE {_qualified(table_name)} AS {self._written()}")

    create = to_table

    def create_view(self, view_name: str, replace: bool = True) -> Any:
        """Makes a view of the query, and gives the relation back."""
        word = "CREATE OR REPLACE" if replace else "CREATE"
        self._run_now(f"{word} TEMP VIEW {_qualified(view_name)} AS {self._written()}")
        return self

    to_view = create_view

    def insert_into(self, table_name: str) -> None:
        """Adds the rows to a table."""
        self._run_now(f"INSERT INTO {_qualified(table_name)} {self._written()}")

    def insert(self, values: Any) -> None:
        """Adds one row of values to the table that this relation is.

        Raises `InvalidInputException` where it is another query.
        """
        if self.alias.startswith("unnamed_relation_"):
            raise InvalidInputException(
                "Invalid Input Error: 'DuckDBPyRelation.insert' can only be used on a table relation"
            )
        row = ", ".join(map(literals.literal, values))
        self._run_now(f"INSERT INTO {_qualified(self.alias)} VALUES ({row})")

    def to_parquet(self, file_name: str, **options: Any) -> None:
        """Writes the rows as Parquet; options as in COPY (`compression`, `row_group_size` …)."""
        self._copy(file_name, "parquet", options)

    write_parquet = to_parquet

    def to_csv(self, file_name: str, **options: Any) -> None:
        """Writes the rows as CSV, with a header; options as in COPY (`sep`, `header`, `compression` …)."""
        self._copy(file_name, "csv", {"header": True, **options})

    write_csv = to_csv

    def _copy(self, name: str, kind: str, options: dict[str, Any]) -> None:
        names = {"sep": "delim", "na_rep": "nullstr", "quotechar": "quote", "escapechar": "escape"}
        named = [f"FORMAT {kind}"]
        for option, value in options.items():
            if value is None:
                continue
            if not option.isidentifier():
                raise InvalidInputException(f"Invalid Input Error: {option!r} is no option of COPY")
            parts = [literals.literal(part) for part in value] if isinstance(value, list | tuple) else None
            written = f"({', '.join(map(str, value))})" if parts is not None else literals.literal(value)
            named.append(f"{names.get(option, option)} {written}")
        self._run_now(f"COPY (\n{self._written()}\n) TO {sql_text.string(str(name))} ({', '.join(named)})")
