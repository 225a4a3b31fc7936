"""Where a relation's rows go: tables, views, files."""

from __future__ import annotations

from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.errors import InvalidInputException
from duckdb_wasm.expression import Expression, expression
from duckdb_wasm.value import literals


def _qualified(name: str) -> str:
    return ".".join(map(sql_text.identifier, name.split(".")))


_BOTH = "compression overwrite per_thread_output use_tmp_file partition_by write_partition_columns"
_PARQUET = f"{_BOTH} field_ids row_group_size_bytes row_group_size append filename_pattern file_size_bytes"
_CSV = f"{_BOTH} sep na_rep header quotechar escapechar date_format timestamp_format quoting encoding"


def _known(method: str, given: dict[str, Any], names: str) -> dict[str, Any]:
    """The options, each one that the method has. Raises `TypeError` for any other."""
    for name in given:
        if name not in names.split():
            raise TypeError(f"{method}() got an unexpected keyword argument {name!r}")
    return given


class Output:
    """The relation's methods that write."""

    def _run_now(self, statement: str) -> None:
        self._refuse_closed()

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

    def _table(self, method: str) -> str:
        if self._is_table is None:
            raise InvalidInputException(
                f"Invalid Input Error: 'DuckDBPyRelation.{method}' can only be used on a table relation"
            )
        return self._is_table

    def insert(self, values: Any) -> None:
        """Adds one row of values to the table that this relation is.

        Raises `InvalidInputException` where it is another query.
        """
        table = self._table("insert")
        row = ", ".join(map(literals.literal, values))
        self._run_now(f"INSERT INTO {table} VALUES ({row})")

    def update(self, set: dict[str, Any], *, condition: Any = None) -> None:
        """Changes columns of the table that this relation is, where the condition holds.

        `set` gives an `Expression` (or a value) for each name. Raises `InvalidInputException` where it does not.
        """
        if condition is not None and not isinstance(condition, str | Expression):
            raise InvalidInputException("Invalid Input Error: Please provide an Expression to 'condition'")
        if not isinstance(set, dict):
            raise InvalidInputException(
                "Invalid Input Error: Please provide 'set' as a dictionary of column name to Expression"
            )
        if not set:
            raise InvalidInputException("Invalid Input Error: Please provide at least one set expression")
        if not all(isinstance(name, str) for name in set):
            raise InvalidInputException(
                "Invalid Input Error: Please provide the column name as the key of the dictionary"
            )
        changes = []
        for name, value in set.items():
            try:
                changes.append(f"{sql_text.identifier(name)} = {expression(value)}")
            except InvalidInputException:
                raise InvalidInputException(
                    "Invalid Input Error: Please provide an object of type Expression as the value, not "
                    f"{type(value)}"
                ) from None
        where = "" if condition is None else f" WHERE {expression(condition)}"
        self._run_now(f"UPDATE {self._table('update')} SET {', '.join(changes)}{where}")

    def to_parquet(self, file_name: str, **options: Any) -> None:
        """Writes the rows as Parquet; options as in COPY (`compression`, `row_group_size` …)."""
        self._copy(file_name, "parquet", _known("to_parquet", options, _PARQUET))

    write_parquet = to_parquet

    def to_csv(self, file_name: str, **options: Any) -> None:
        """Writes the rows as CSV, with a header; options as in COPY (`sep`, `header`, `compression` …)."""
        self._copy(file_name, "csv", {"header": True, **_known("to_csv", options, _CSV)})

    write_csv = to_csv

    def _copy(self, name: str, kind: str, options: dict[str, Any]) -> None:
        import csv  # for two numbers: when they are asked for

        names = {"sep": "delim", "na_rep": "nullstr", "quotechar": "quote", "escapechar": "escape"}
        names |= {"date_format": "dateformat", "timestamp_format": "timestampformat"}
        if (quoting := options.pop("quoting", None)) in (csv.QUOTE_ALL, "force", "all"):
            options["force_quote"] = ["*"]
        elif quoting not in (None, csv.QUOTE_MINIMAL, ""):
            raise InvalidInputException(
                "Invalid Input Error: 'quoting' must be csv.QUOTE_ALL ('force') or csv.QUOTE_MINIMAL"
            )
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
