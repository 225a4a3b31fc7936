"""Connections: DuckDB's `DuckDBPyConnection`."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from typing import Any

from duckdb_wasm import _files, _literals, _sql, _types, _unsupported, _variables
from duckdb_wasm._errors import (
    ConnectionException,
    ConversionException,
    Error,
    InvalidInputException,
    ParserException,
    TransactionException,
)
from duckdb_wasm._fetch import Fetching
from duckdb_wasm._objects import Named, Objects
from duckdb_wasm._relation import DuckDBPyRelation
from duckdb_wasm._result import Result
from duckdb_wasm._sources import Sources
from duckdb_wasm._types import DuckDBPyType

_LINE = re.compile(r"^LINE (\d+):", re.M)


class DuckDBPyConnection(Fetching, Sources):
    """A connection to the in-memory database of this kernel's engine.

    Awaiting it does what was asked of it last, and gives it back: needed only where the browser cannot wait by
    itself.
    """

    def __init__(self, session: Any, name: str = "con", database: str = "") -> None:
        self._session = session
        self._name = name
        self._files = _files.of(session)
        self._handle: Any = None
        #: A database of its own, attached under this name; else the engine's first one.
        self._database = database
        self._shared = False
        self._closed = False
        self._result: Result | None = None
        #: Python objects that `register` gave a name.
        self._registered: dict[str, str] = {}
        #: Tables of Python objects that no query can name any more.
        self._dropped: list[str] = []

    # --- how a call reaches the engine ---

    async def _open(self) -> None:
        # Returns nothing: run_sync would wait for an awaitable result, which is this connection, for ever.
        if self._closed:
            raise ConnectionException("Connection Error: Connection already closed!")
        if self._handle is None:
            self._handle = await self._session.connect()
            if self._database:
                await self._bytes(
                    f"ATTACH IF NOT EXISTS ':memory:' AS {self._database}; USE {self._database}"
                )

    def __await__(self):
        async def opened():
            await self._open()
            return self

        return opened().__await__()

    def _later(self, coroutine, call: str):
        return self._session.begin(coroutine, f"await {self._name}.{call}(…)")

    async def _execute(self, query: str, parameters: Any, objects: Objects) -> DuckDBPyConnection:
        self._result = await self._run(query, parameters, objects)
        return self

    async def _fetched(
        self, query: str, params: Any, alias: str, objects: Objects
    ) -> DuckDBPyRelation | None:
        (relation,) = await self._prepared(query, params, objects)
        if relation is not None:
            relation.alias = alias or relation.alias
            await relation
        return relation

    def _wait(self, coroutine, call: str):
        return self._session.call(coroutine, f"await {self._name}.{call}(…)")

    async def _clear(self) -> None:
        with contextlib.suppress(Error):  # an aborted transaction refuses it; a later query tries again
            while self._dropped:
                await self._bytes(f"DROP TABLE IF EXISTS {self._dropped[-1]}")
                self._dropped.pop()

    async def _bytes(self, sql: str, params: dict | None = None) -> bytes:
        return await self._session.query(self._handle, sql, params)

    async def _run(self, sql: str, params: Any, objects: Objects) -> Result:
        """Runs every statement of `sql`; the last one's result."""
        await self._open()
        await self._clear()
        *before, last = _sql.statements(sql) or [""]
        for statement in before:
            await self._statement(statement, None, objects)
        return await self._statement(last, params, objects)

    async def _statement(self, sql: str, params: Any, objects: Objects) -> Result:
        if not sql or not _unsupported.check(sql):
            return Result(b"")
        values = _literals.check(sql, params)
        await self._files.give(sql, values.values())
        columns = await self._describe(sql, values, objects)
        try:
            async with Named(self, objects):
                result = await self._answer(sql, values, columns)
        except Error as error:
            if any(_types.wire(kind) for _, kind in columns or ()):
                # Wrapped into another query, the statement began in the second line.
                error.args = (_LINE.sub(lambda line: f"LINE {int(line[1]) - 1}:", str(error)),)
            if "\n\nLINE 1: EXECUTE " in str(error) and values:
                # It points into a statement of the engine's.
                error.args = (str(error).partition("\n\nLINE ")[0],)
            if await objects.found(self, error):
                return await self._statement(sql, params, objects)
            raise _unsupported.explained(error) from None
        await self._files.take(sql)
        return result

    async def _answer(self, sql: str, values: dict, columns: list | None) -> Result:
        kinds = [_types.wire(kind) for _, kind in columns or ()]
        if any(kinds):
            picked = ", ".join(f"CAST(#{i} AS {k})" if k else f"#{i}" for i, k in enumerate(kinds, 1))
            sql = f"SELECT {picked} FROM (\n{sql}\n)"
        if all(value is None or _literals.scalar(value) for value in values.values()):
            given = {name: _parameter(value) for name, value in values.items()}
            result = Result(await self._bytes(sql, given or None), columns)
            if values and columns and not any(kinds):
                result.take_names()
            return result
        # The engine takes plain values only; DuckDB's own PREPARE takes any.
        listed = ", ".join(
            _literals.literal(value)
            if name.isdigit()
            else f"{_sql.identifier(name)} := {_literals.literal(value)}"
            for name, value in values.items()
        )
        return Result(
            await self._bytes(f"PREPARE python_statement AS\n{sql};EXECUTE python_statement({listed})"),
            columns,
        )

    async def _describe(
        self, sql: str, values: dict, objects: Objects
    ) -> list[tuple[str, DuckDBPyType]] | None:
        """Name and type of each column of a query; None where it is none, or is wrong: running it will tell."""
        if not _sql.is_query(sql):
            return None
        written = _sql.substitute(sql, {name: _literals.literal(value) for name, value in values.items()})
        while True:
            try:
                async with Named(self, objects):
                    rows = Result(await self._bytes(f"DESCRIBE {written}")).all_rows()
                    named = written if written == sql else None
            except Error as error:
                if await objects.found(self, error):
                    continue
                return None
            columns = [(row[0], DuckDBPyType(row[1])) for row in rows]
            return columns if named else _parameter_names(columns, sql, values)

    # --- queries ---

    def execute(
        self, query: str, parameters: Any = None, multiple_parameter_sets: bool = False
    ) -> DuckDBPyConnection:
        """Runs `query` (one or more statements) and keeps the last result for the fetch methods.

        Raises DuckDB's exceptions, with DuckDB's messages.
        """
        objects = Objects(_variables.Scope())
        query, self._result = _text(query), None
        if not self._session.can_wait():
            return self._later(self._execute(query, parameters, objects), "execute")
        self._result = self._wait(self._run(query, parameters, objects), "execute")
        return self if _sql.statements(query) else None

    def executemany(self, query: str, parameters: Iterable[Any] | None = None) -> DuckDBPyConnection:
        """Runs `query` once for each list (or dict) of parameters, all in one transaction.

        Raises `InvalidInputException` where there is no list of parameters.
        """
        sets = list(parameters or [])
        if not sets:
            raise InvalidInputException(
                "Invalid Input Error: executemany requires a non-empty list of parameter sets to be provided"
            )
        self._result = self._wait(self._run_many(query, sets, Objects(_variables.Scope())), "executemany")
        return self

    async def _run_many(self, query: str, sets: list, objects: Objects) -> Result:
        await self._open()
        *before, last = _sql.statements(query)
        for statement in before:
            await self._statement(statement, None, objects)
        for parameters in sets:
            result = await self._statement(last, parameters, objects)
        return result

    def sql(self, query: str, *, alias: str = "", params: Any = None) -> DuckDBPyRelation | None:
        """A relation over `query`, run when its rows are needed. Any other statement is run at once."""
        query, objects = _text(query), Objects(_variables.Scope())
        if not self._session.can_wait():
            return self._later(self._fetched(query, params, alias, objects), "sql")
        relation = self._wait(self._prepared(query, params, objects), "sql")[0]
        if relation is not None and alias:
            relation.alias = alias
        return relation

    query = sql

    async def _prepared(self, sql: str, params: Any, objects: Objects) -> tuple[DuckDBPyRelation | None]:
        # In a tuple: a relation is awaitable, and run_sync would wait for what it returns.
        await self._open()
        await self._clear()
        *before, last = _sql.statements(sql) or [""]
        for statement in before:
            await self._statement(statement, None, objects)
        relation = DuckDBPyRelation(self, last, objects, params=params)
        try:
            await relation._bind()
        except Error as error:
            if _sql.is_query(last) and not isinstance(error, ParserException | ConversionException):
                # Native DuckDB says the place of an error in `execute` only.
                raise type(error)(str(error).partition("\n\nLINE ")[0]) from None
            raise
        return (None if relation._changes_only else relation,)

    @property
    def description(self) -> list[tuple] | None:
        """The last result's columns as DB-API 2.0 describes them; None where there is no result."""
        return None if self._result is None else self._result.description

    def begin(self) -> DuckDBPyConnection:
        """Begins a transaction."""
        return self.execute("BEGIN TRANSACTION")

    def commit(self) -> DuckDBPyConnection:
        """Keeps what the transaction changed."""
        with contextlib.suppress(TransactionException):  # without a transaction there is nothing to keep
            self.execute("COMMIT")
        return self

    def rollback(self) -> DuckDBPyConnection:
        """Undoes what the transaction changed."""
        return self.execute("ROLLBACK")

    def checkpoint(self) -> DuckDBPyConnection:
        """Nothing to write out: the database lives in memory."""
        return self.execute("CHECKPOINT")

    def extract_statements(self, query: str) -> list[Statement]:
        """The statements of a script, each of which `execute` takes."""
        return [Statement(text) for text in _sql.statements(query)]

    def query_progress(self) -> float:
        """Always -1: while Python asks, no query runs."""
        return -1.0

    def interrupt(self) -> None:
        """Stops this connection's running query, which raises `InterruptException`."""
        if self._handle is not None:
            self._session.interrupt(self._handle)

    def cursor(self) -> DuckDBPyConnection:
        """Another connection to the same database."""
        if self._closed:
            raise ConnectionException("Connection Error: Connection already closed!")
        self._shared = True
        twin = DuckDBPyConnection(self._session, self._name, self._database)
        twin._shared = True
        if self._session.can_wait():
            self._wait(twin._open(), "cursor")
        return twin

    duplicate = cursor

    def close(self) -> None:
        """Ends the connection; its temporary tables go with it, and so does a database of its own."""
        if self._handle is not None and not self._closed:
            if self._database and not self._shared and self._session.can_wait():
                self._wait(self._detach(), "close")
            if self._session.can_wait():
                self._wait(self._session.disconnect(self._handle), "close")
            else:
                self._later(self._session.disconnect(self._handle), "close")
        self._closed, self._result = True, None

    async def _detach(self) -> None:
        # A transaction that failed refuses it; the database then stays until the page is left.
        with contextlib.suppress(Error):
            await self._bytes(f"USE memory; DETACH {self._database}")

    def __enter__(self) -> DuckDBPyConnection:
        return self

    def __exit__(self, *_exception) -> None:
        self.close()

    def _last(self) -> Result:
        if self._closed:
            raise ConnectionException("Connection Error: Connection already closed!")
        if self._result is None:
            raise InvalidInputException("Invalid Input Error: No open result set")
        return self._result


def _text(query: Any) -> str:
    """The text of a query or of a `Statement`."""
    if isinstance(query, Statement):
        return query.query
    if not isinstance(query, str):
        raise InvalidInputException(
            "Invalid Input Error: Please provide either a DuckDBPyStatement or a string representing the query"
        )
    return query


def _parameter(value: Any) -> Any:
    found = _literals.scalar(value)
    return None if found is None else {"type": found[0], "value": found[1]}


def _parameter_names(columns: list, sql: str, values: dict) -> list:
    """The columns under the names that they have while parameters are not yet values: `$1`, `$name`."""
    written = {_literals.literal(value): name for name, value in values.items()}
    return [(f"${written[name]}" if name in written else name, kind) for name, kind in columns]


class Statement:
    """One statement of a script: its text (`query`) and the names of its parameters."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.named_parameters = set(_sql.parameters(query))
