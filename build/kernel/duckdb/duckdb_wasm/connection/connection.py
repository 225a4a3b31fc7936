"""Connections: DuckDB's `DuckDBPyConnection`."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Iterable
from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.connection import variables
from duckdb_wasm.connection.functions import Functions
from duckdb_wasm.connection.objects import Objects
from duckdb_wasm.connection.running import Running
from duckdb_wasm.connection.sources import Sources
from duckdb_wasm.connection.statements import Statement, text
from duckdb_wasm.connection.types import Types
from duckdb_wasm.enums import StatementType
from duckdb_wasm.errors import (
    BinderException,
    ConnectionException,
    ConversionException,
    Error,
    InvalidInputException,
    NotImplementedException,
    ParserException,
    TransactionException,
)
from duckdb_wasm.relation import DuckDBPyRelation
from duckdb_wasm.results.fetch import Fetching
from duckdb_wasm.results.result import Result


class DuckDBPyConnection(Running, Fetching, Sources, Functions, Types):
    """A connection to a database of this kernel's engine, in memory or in a file of the drive.

    Awaiting it does what was asked of it last, and gives it back: needed only where the browser cannot wait by
    itself.
    """

    def __init__(self, session: Any, name: str = "con", database: str = "", file: Any = None) -> None:
        super().__init__(session, name, database, file)
        self._shared = False
        self._cursors: weakref.WeakSet[DuckDBPyConnection] = weakref.WeakSet()
        self._result: Result | None = None
        #: The engine's file that holds the last query's profile.
        self._profile = ""
        #: Python objects that `register` gave a name.
        self._registered: dict[str, str] = {}

    def __await__(self):
        async def opened():
            await self._open()
            return self

        return opened().__await__()

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

    # --- queries ---

    def execute(
        self, query: str, parameters: Any = None, multiple_parameter_sets: bool = False
    ) -> DuckDBPyConnection:
        """Runs `query` (one or more statements) and keeps the last result for the fetch methods.

        Raises DuckDB's exceptions, with DuckDB's messages.
        """
        objects = Objects(variables.Scope())
        query, self._result = text(query), None
        if not self._session.can_wait():
            return self._later(self._execute(query, parameters, objects), "execute")
        self._result = self._wait(self._run(query, parameters, objects), "execute")
        return self if sql_text.statements(query) else None

    def executemany(self, query: str, parameters: Iterable[Any] | None = None) -> DuckDBPyConnection:
        """Runs `query` once for each list (or dict) of parameters, all in one transaction.

        Raises `InvalidInputException` where there is no list of parameters.
        """
        sets = list(parameters or [])
        if not sets:
            raise InvalidInputException(
                "Invalid Input Error: executemany requires a non-empty list of parameter sets to be provided"
            )
        self._result = self._wait(
            self._run_many(text(query), sets, Objects(variables.Scope())), "executemany"
        )
        return self

    async def _run_many(self, query: str, sets: list, objects: Objects) -> Result:
        await self._open()
        *before, last = await self._statements(query)
        for statement in before:
            await self._statement(statement, None, objects)
        for parameters in sets:
            result = await self._statement(last, parameters, objects)
        return result

    def sql(self, query: str, *, alias: str = "", params: Any = None) -> DuckDBPyRelation | None:
        """A relation over `query`, run when its rows are needed. Any other statement is run at once."""
        if isinstance(query, Statement) and query.named_parameters and not params:
            raise BinderException("Binder Error: This type of statement can't be prepared!")
        query, objects = text(query), Objects(variables.Scope())
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
        *before, last = await self._statements(sql) or [""]
        for statement in before:
            await self._statement(statement, None, objects)
        relation = DuckDBPyRelation(self, last, objects, params=params)
        try:
            await relation._bind()
        except Error as error:
            if sql_text.is_query(last) and not isinstance(error, ParserException | ConversionException):
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
        """Writes a database that is in a file out to it."""
        return self.execute("CHECKPOINT")

    def extract_statements(self, query: str) -> list[Statement]:
        """The statements of a script, each of which `execute` takes. Raises `ParserException` for nonsense."""
        for part in sql_text.statements(query):
            if Statement(part).type is StatementType.INVALID:
                self.execute(part)  # which it cannot: the engine's parser says why
        return [Statement(part) for part in sql_text.statements(query)]

    def enable_profiling(self) -> None:
        """From now on keeps how long each part of a query took, for `get_profiling_information`."""
        self._profile = f"python_profile_{id(self):x}.json"
        self.execute(
            f"SET enable_profiling = 'json'; SET profiling_output = {sql_text.string(self._profile)}"
        )

    def disable_profiling(self) -> None:
        """Ends `enable_profiling`."""
        self.execute("PRAGMA disable_profiling")
        self._profile = ""

    def get_profiling_information(self, format: str = "json") -> str:
        """How long each part of the last query took, as JSON."""
        if format != "json":
            raise NotImplementedException(
                f"Not implemented Error: A profile as {format} cannot be had in the browser; ask for json."
            )
        if not self._profile:
            return '{"result": "disabled"}'
        return self._wait(self._session.read_file(self._profile), "get_profiling_information").decode()

    def query_progress(self) -> float:
        """Always -1: while Python asks, no query runs."""
        if self._closed:
            raise ConnectionException("Connection Error: Connection already closed!")
        return -1.0

    def interrupt(self) -> None:
        """Stops this connection's running query, which raises `InterruptException`."""
        if self._closed:
            raise ConnectionException("Connection Error: Connection already closed!")
        if self._handle is not None:
            self._session.interrupt(self._handle)

    def cursor(self) -> DuckDBPyConnection:
        """Another connection to the same database."""
        if self._closed:
            raise ConnectionException("Connection Error: Connection already closed!")
        self._shared = True
        twin = DuckDBPyConnection(self._session, self._name, self._database, self._file)
        twin._shared, twin._also, twin._functions = True, self._also, self._functions
        self._cursors.add(twin)
        if self._session.can_wait():
            self._wait(twin._open(), "cursor")
        return twin

    duplicate = cursor

    def close(self) -> None:
        """Ends the connection; its temporary tables go with it, and so does a database of its own in memory."""
        if self._handle is not None and not self._closed:
            if self._session.can_wait():
                self._wait(self._end(), "close")
            else:
                self._later(self._end(), "close")
        self._closed, self._result = True, None
        for cursor in list(self._cursors):
            cursor.close()  # it ends with its connection

    async def _end(self) -> None:
        if self._database and not self._shared and self._file is None and self._session.can_wait():
            # A transaction that failed refuses it; the database then stays until the page is left.
            with contextlib.suppress(Error):
                await self._bytes(f"USE memory; DETACH {self._database}")
        await self._session.disconnect(self._handle)
        if self._file is not None:
            self._file.users.discard(self)
            if not self._file.users:
                await self._file.close()

    def __enter__(self) -> DuckDBPyConnection:
        return self

    def __exit__(self, *_exception) -> None:
        self.close()

    def _last(self) -> Result:
        if self._result is None:  # a closed connection has none, either
            raise InvalidInputException("Invalid Input Error: No open result set")
        return self._result
