"""Python objects that queries name: each becomes a temporary table of the engine, while some query may name it."""

from __future__ import annotations

import itertools
from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.connection import variables
from duckdb_wasm.errors import CatalogException, Error
from duckdb_wasm.relation import DuckDBPyRelation
from duckdb_wasm.relation.owner import Owner

_numbers = itertools.count(1)


class Objects:
    """The Python objects that a query names, each made a table of the engine once."""

    def __init__(self, scope: variables.Scope) -> None:
        self._scope = scope
        #: Variable to the engine's table that holds it.
        self.tables: dict[str, str] = {}
        self._made: list[tuple[Owner, str]] = []
        #: Objects whose tables these share, and so keep.
        self._others: list[Objects] = []

    def __del__(self) -> None:
        # No query can name them any more; the connection drops them before its next one.
        for connection, table in self._made:
            connection._dropped.append(table)

    async def found(self, connection: Owner, error: Error) -> bool:
        """Whether the error is about a table that is a Python variable; that variable is a table from now on.

        Raises `InvalidInputException` where the variable is nothing like a table.
        """
        name = variables.missing_table(str(error)) if isinstance(error, CatalogException) else None
        if name is None or name in self.tables:
            return False
        value = variables.wrapped(self._scope.find(name))
        if value is None or callable(value) or type(value).__name__ == "module":
            return False
        if not variables.suitable(value):
            raise variables.unsuitable(name, value)
        self.tables[name] = await offer(connection, value)
        self._made.append((connection, self.tables[name]))
        return True

    async def keep(self, connection: Owner, result: Any) -> str:
        """Makes a result a table of the engine, for as long as these objects live; the table's name."""
        table = await offer(connection, result)
        self._made.append((connection, table))
        return table

    def share(self, other: Objects) -> None:
        """Takes over the tables of another query's objects, which live as long as this from now on."""
        self.tables.update(other.tables)
        self._others.append(other)


async def offer(connection: Owner, value: Any) -> str:
    """Makes a Python object a temporary table of the engine; the table's name."""
    table = f"python_object_{next(_numbers)}"
    if isinstance(value, DuckDBPyRelation):
        if value._connection is connection and sql_text.is_query(value._query):
            # Its rows stay in the engine.
            await connection._statement(
                f"CREATE TEMP TABLE {table} AS\n{value._written()}", None, value._objects
            )
            return table
        value = await value._compute()
    stream = variables.direct(value)
    if stream is not None:
        await _insert(connection, table, *stream)
        return table
    names, kinds, columns = variables.table(value)
    content, longest = variables.csv(columns)
    file = f"{table}.csv"
    await connection._session.register_file(file, content)
    try:
        await connection._bytes(variables.create(table, file, names, kinds, longest))
    finally:
        await connection._session.drop_file(file)
    return table


async def _insert(connection: Owner, table: str, stream: bytes, columns: list[tuple[str, str]]) -> None:
    # The engine makes tables that all connections see; what a query names is its connection's alone. A connection of
    # its own makes it in memory: nothing of it goes into a database's file.
    session, whole = connection._session, f"{table}_arrow"
    picked = ", ".join(
        f"CAST(#{i} AS {kind}) AS {sql_text.identifier(name)}" for i, (name, kind) in enumerate(columns, 1)
    )
    handle = await session.connect()
    try:
        await session.insert_arrow(handle, whole, stream)
        await connection._bytes(f"CREATE TEMP TABLE {table} AS SELECT {picked} FROM memory.main.{whole}")
    finally:
        await session.query(handle, f"DROP TABLE IF EXISTS {whole}", None)
        await session.disconnect(handle)


class Named:
    """While it lasts, the objects' tables have the names of the variables."""

    def __init__(self, connection: Owner, objects: Objects) -> None:
        self._connection, self._tables = connection, objects.tables

    async def __aenter__(self) -> None:
        for name, table in self._tables.items():
            await self._connection._bytes(
                f"CREATE OR REPLACE TEMP VIEW {sql_text.identifier(name)} AS FROM {table}"
            )

    async def __aexit__(self, *_exception) -> None:
        for name in self._tables:
            await self._connection._bytes(f"DROP VIEW IF EXISTS {sql_text.identifier(name)}")
