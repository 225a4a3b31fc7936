"""Where a connection's relations come from: tables, values, files, Python objects."""

from __future__ import annotations

import importlib
import itertools
import json
import os
from collections.abc import Iterator
from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.connection import variables
from duckdb_wasm.connection.objects import offer
from duckdb_wasm.errors import Error, InvalidInputException, ParserException
from duckdb_wasm.expression import Expression, expression
from duckdb_wasm.files.csv import csv_options
from duckdb_wasm.relation import DuckDBPyRelation
from duckdb_wasm.types import name_text
from duckdb_wasm.value import literals


class Sources:
    """The connection's methods that make a relation of something, or give a Python object a name."""

    def table(self, table_name: str) -> DuckDBPyRelation:
        """A relation over the table or view, `schema.name` too."""
        name = ".".join(map(sql_text.identifier, table_name.split(".")))
        try:
            relation = self.sql(f"SELECT * FROM {name}", alias=table_name)
            if isinstance(relation, DuckDBPyRelation):
                relation._is_table = name
            return relation
        except Error as error:
            raise type(error)(str(error).partition("\n\nLINE ")[0]) from None

    view = table

    def values(self, *args: Any) -> DuckDBPyRelation:
        """A relation of one row of the given values, or of several rows given as tuples."""
        if not args:
            raise InvalidInputException(
                "Invalid Input Error: Could not create a ValueRelation without any inputs"
            )
        if isinstance(args[0], tuple):
            _check_rows(args)
            rows = (f"SELECT {', '.join(map(_constant, row))}" for row in args)
            return self.sql(" UNION ALL ".join(rows))
        row = args[0] if isinstance(args[0], list) and len(args) == 1 else args
        if any(isinstance(value, Expression) for value in row):
            return self.sql(f"SELECT * FROM (VALUES ({', '.join(str(expression(value)) for value in row)}))")
        return self.sql(f"SELECT * FROM (VALUES ({', '.join(map(literals.literal, row))}))")

    def from_query(self, query: str, *, alias: str = "", params: Any = None) -> DuckDBPyRelation:
        """The same as `sql`."""
        return self.sql(query, alias=alias, params=params)

    def from_df(self, df: Any) -> DuckDBPyRelation:
        """A relation over a pandas or Polars frame."""
        return self._from_object(df)

    def from_arrow(self, arrow_object: Any) -> DuckDBPyRelation:
        """A relation over anything that has `__arrow_c_stream__`."""
        return self._from_object(arrow_object)

    def _from_object(self, value: Any) -> DuckDBPyRelation:
        if isinstance(value, DuckDBPyRelation) and value._connection is not self:
            raise InvalidInputException(_OTHER.format(alias=value.alias))
        if not variables.suitable(value):
            raise InvalidInputException(
                f"Invalid Input Error: Python Object Type {type(value).__name__} is not accepted as Arrow Object; "
                "expected a frame, an object with __arrow_c_stream__, a list of dicts or a dict of lists."
            )
        return self.sql(f"SELECT * FROM {self._wait(self._offer(value), 'register')}")

    async def _offer(self, value: Any) -> str:
        await self._open()
        return await offer(self, value)

    def register(self, view_name: str, python_object: Any) -> Any:
        """Makes a frame, Arrow object, list of dicts or dict of lists a view of that name, as it is now."""
        if not variables.suitable(python_object):
            raise InvalidInputException(
                f'Invalid Input Error: Python Object "{view_name}" of type "{type(python_object).__name__}" is not '
                "suitable to be registered as a view; expected a frame, an object with __arrow_c_stream__, a list "
                "of dicts or a dict of lists."
            )
        if isinstance(python_object, DuckDBPyRelation) and python_object._connection is not self:
            raise InvalidInputException(_OTHER.format(alias=python_object.alias))
        self._wait(self._register(view_name, python_object), "register")
        return self

    async def _register(self, name: str, value: Any) -> None:
        table = await self._offer(value)
        await self._bytes(f"CREATE OR REPLACE TEMP VIEW {sql_text.identifier(name)} AS FROM {table}")
        if name in self._registered:
            await self._bytes(f"DROP TABLE {self._registered[name]}")
        self._registered[name] = table

    def unregister(self, view_name: str) -> Any:
        """Drops a view that `register` made."""
        if view_name in self._registered:
            table = self._registered.pop(view_name)
            self.execute(
                f"DROP VIEW IF EXISTS {sql_text.identifier(view_name)}; DROP TABLE IF EXISTS {table}"
            )
        return self

    def read_parquet(
        self, path_or_buffer: Any = None, binary_as_string: bool = False, **options: Any
    ) -> DuckDBPyRelation:
        """A relation over Parquet files: a name, a pattern, or a list of them; options as in SQL."""
        for name in ("file_glob", "file_globs"):  # native DuckDB's names of the first argument
            path_or_buffer = options.pop(name, path_or_buffer)
        if binary_as_string:
            options["binary_as_string"] = True
        return self._read("read_parquet", path_or_buffer, options)

    from_parquet = read_parquet

    def read_csv(self, path_or_buffer: Any, **options: Any) -> DuckDBPyRelation:
        """A relation over CSV files: a name, a pattern, a list of them or an open file; options as in SQL."""
        return self._read("read_csv", path_or_buffer, csv_options(options))

    from_csv_auto = read_csv

    def read_json(self, path_or_buffer: Any, **options: Any) -> DuckDBPyRelation:
        """A relation over JSON files: a name, a pattern, a list of them or an open file; options as in SQL."""
        return self._read("read_json", path_or_buffer, options)

    def _read(self, function: str, source: Any, options: dict[str, Any]) -> DuckDBPyRelation:
        paths = source if isinstance(source, list | tuple) else [source]
        if not paths:
            raise InvalidInputException(
                "Invalid Input Error: Please provide a non-empty list of paths or file-like objects"
            )
        for part in paths:
            if not isinstance(part, str | bytes | os.PathLike) and not hasattr(part, "read"):
                raise TypeError(f"Can not read from a non file-like object: {type(part).__name__}")
        paths = [self._content(part, function) if hasattr(part, "read") else part for part in paths]
        written = ", ".join(sql_text.string(os.fspath(path)) for path in paths)
        named = "".join(
            f", {name} = {_option(value)}" for name, value in options.items() if value is not None
        )
        return self.sql(f"SELECT * FROM {function}([{written}]{named})")

    def _content(self, file: Any, function: str) -> str:
        """Gives the engine what an open file holds; the name that it has there."""
        content = file.read()
        data = content.encode() if isinstance(content, str) else bytes(content)
        name = f"python_file_{next(_file_numbers)}"
        self._wait(self._session.register_file(name, data), function)
        return name

    def table_function(self, name: str, parameters: Any = None) -> DuckDBPyRelation:
        """A relation over a table function, with its arguments."""
        if parameters is not None and not isinstance(parameters, list):
            raise InvalidInputException("Invalid Input Error: 'params' has to be a list of parameters")
        listed = ", ".join(map(literals.literal, parameters or []))
        return self.sql(f"SELECT * FROM {name}({listed})")

    def get_table_names(self, query: str, *, qualified: bool = False) -> set[str]:
        """The tables that a query names."""
        cursor = self.cursor()
        try:
            try:
                names = _named(cursor, query)
            except ParserException:
                # The engine says it in its own words, and as the settings want it.
                self.execute(query)
                raise
            views = {(row[0], row[1]): row[2] for row in cursor.execute(_VIEWS).fetchall()} if names else {}
            found: set[tuple[str, ...]] = set()
            while names:
                parts = names.pop()
                sql = views.get((parts[-2] if len(parts) > 1 else "main", parts[-1]))
                if sql is None:
                    found.add(parts)
                else:
                    # As in native DuckDB, a view stands for what it reads.
                    names |= _named(cursor, sql.partition(" AS ")[2].rstrip().rstrip(";"))
        finally:
            cursor.close()
        return {".".join(map(name_text, parts)) if qualified else parts[-1] for parts in found}

    def append(self, table_name: str, df: Any, *, by_name: bool = False) -> Any:
        """Adds the rows of a frame, or of any other object that is a table, to a table."""
        columns = ""
        rows = self._from_object(df)
        if by_name:
            columns = f" ({', '.join(map(sql_text.identifier, rows.columns))})"
        table = ".".join(map(sql_text.identifier, table_name.split(".")))
        return self.execute(f"INSERT INTO {table}{columns} {rows._written()}")

    def register_filesystem(self, filesystem: Any) -> None:
        """Files of an fsspec file system, read by `protocol://name`, and written by COPY.

        Raises `InvalidInputException` for anything else.
        """
        importlib.import_module("fsspec")
        protocol = getattr(filesystem, "protocol", None)
        if protocol is None or not callable(getattr(filesystem, "open", None)):
            raise InvalidInputException("Invalid Input Error: Bad filesystem instance")
        for name in [protocol] if isinstance(protocol, str) else protocol:
            if name == "abstract":
                raise InvalidInputException(
                    "Invalid Input Error: Must provide concrete fsspec implementation"
                )
            self._files.systems[name] = filesystem

    def unregister_filesystem(self, name: str) -> None:
        """Forgets the file system of that protocol."""
        self._files.systems.pop(name, None)

    def list_filesystems(self) -> list[str]:
        """The protocols of the registered file systems."""
        return list(self._files.systems)

    def filesystem_is_registered(self, name: str) -> bool:
        """Whether there is a file system of that protocol."""
        return name in self._files.systems

    def install_extension(
        self,
        extension: str,
        *,
        force_install: bool = False,
        repository: str | None = None,
        repository_url: str | None = None,
        version: str | None = None,
    ) -> None:
        """Nothing to do for Parquet and JSON; raises `NotImplementedException` for any other extension."""
        self.execute(f"INSTALL {extension}")

    def load_extension(self, extension: str) -> None:
        """Nothing to do for Parquet and JSON; raises `NotImplementedException` for any other extension."""
        self.execute(f"LOAD {extension}")


_OTHER = (
    "Invalid Input Error: The relation with alias '{alias}' was created by another Connection and can therefore not be used "
    "by this Connection."
)
_file_numbers = itertools.count(1)
_VIEWS = (
    "SELECT schema_name, view_name, sql FROM duckdb_views() WHERE NOT internal "
    "AND database_name IN (current_database(), 'temp')"
)


def _named(cursor: Any, query: str) -> set[tuple[str, ...]]:
    """The base tables of a query, each by the parts of its name. Raises `ParserException` for what is no query."""
    answer = cursor.execute(f"SELECT json_serialize_sql({sql_text.string(query)})").fetchall()[0][0]
    tree = json.loads(answer)
    if tree["error"]:
        if tree.get("error_type") == "parser":
            raise ParserException(f"Parser Error: {tree['error_message']}")
        return set()
    return set(_tables(tree))


def _check_rows(rows: tuple) -> None:
    """Raises `InvalidInputException` where not all are tuples of one length."""
    for row in rows:
        if not isinstance(row, tuple):
            raise InvalidInputException("Invalid Input Error: Expected objects of type tuple")
        if not row:
            raise InvalidInputException("Invalid Input Error: Please provide a non-empty tuple")
        if len(row) != len(rows[0]):
            raise InvalidInputException(
                "Invalid Input Error: Mismatch between length of tuples in input, expected "
                f"{len(rows[0])} but found {len(row)}"
            )


def _constant(value: Any) -> str:
    return str(value) if isinstance(value, Expression) else literals.literal(value)


def _option(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{sql_text.string(str(k))}: {_option(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_option, value)) + "]"
    if isinstance(value, bool | int | float | str):
        return sql_text.string(value) if isinstance(value, str) else str(value).lower()
    return sql_text.string(str(value))


def _tables(node: Any) -> Iterator[tuple[str, ...]]:
    """The base tables of a query's syntax tree, as `json_serialize_sql` gives it."""
    if isinstance(node, dict):
        if node.get("type") == "BASE_TABLE":
            parts = (node.get("catalog_name"), node.get("schema_name"), node["table_name"])
            yield tuple(filter(None, parts))
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from _tables(part)
