"""How a statement reaches the engine, and what comes back."""

from __future__ import annotations

import contextlib
import re
from typing import Any

from duckdb_wasm import sql_text, types
from duckdb_wasm.connection import functions, variables
from duckdb_wasm.connection.objects import Named, Objects
from duckdb_wasm.errors import (
    BinderException,
    ConnectionException,
    ConversionException,
    Error,
    NotImplementedException,
    unsupported,
)
from duckdb_wasm.files import databases, drive, named
from duckdb_wasm.results.result import Result
from duckdb_wasm.types import DuckDBPyType
from duckdb_wasm.value import literals

#: What DuckDB leaves to icu, which is not here; UTC, as now() is.
_TODAY = ";".join(
    f"CREATE OR REPLACE TEMP MACRO {name}() AS make_timestamp(epoch_us(now()))::DATE"
    for name in ("current_date", "today")
)
#: A setting of the client's: the engine does not know it.
_ALL_FRAMES = sql_text.Pattern(
    r"\s*set\s+(?:global\s+|session\s+)?python_scan_all_frames\s*(?:=|to)\s*'?(\w+)", re.I
)
_LINE = sql_text.Pattern(r"^LINE (\d+):", re.M)


class Running:
    """A connection's part that runs statements; `relation.owner.Owner` says what relations see of it."""

    def __init__(
        self, session: Any, name: str, database: str, file: databases.DatabaseFile | None = None
    ) -> None:
        self._session = session
        self._name = name
        self._files = drive.of(session)
        self._handle: Any = None
        #: A database of its own, attached under this name; else the engine's first one.
        self._database = database
        #: The file that its database is in; else it is in memory.
        self._file = file
        if file is not None:
            file.users.add(self)
        #: Databases that others may share, in which a name is looked up that its own has not.
        self._also: tuple[str, ...] = ()
        self._closed = False
        #: Python functions in SQL, by name: those of this connection and of its cursors.
        self._functions: dict[str, functions.Function] = {}
        #: Tables of Python objects that no query can name any more.
        self._dropped: list[str] = []

    async def _open(self) -> None:
        # Returns nothing: run_sync would wait for an awaitable result, which is this connection, for ever.
        if self._closed:
            raise ConnectionException("Connection Error: Connection already closed!")
        if self._handle is None:
            self._handle = await self._session.connect()
            await self._bytes(_TODAY)
            if self._file is not None:
                await self._file.open()
                self._database = self._file.alias
                await self._bytes(f"USE {sql_text.identifier(self._database)}")
            elif self._database:
                await self._bytes(
                    f"ATTACH IF NOT EXISTS ':memory:' AS {self._database}; USE {self._database}"
                )
            if self._also:
                await self._look_in(*self._also)
            for function in self._functions.values():
                await self._bytes(function.macro())

    async def _look_in(self, *databases: str) -> None:
        """Looks up names in these databases, too, after the connection's own."""
        self._also = databases
        places = ",".join(f"{sql_text.identifier(name)}.main" for name in (self._database, *databases))
        await self._bytes(f"SET search_path = {sql_text.string(places)}")

    def _later(self, coroutine, call: str):
        return self._session.begin(coroutine, f"await {self._name}.{call}(…)")

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
        *before, last = await self._statements(sql) or [""]
        if params and any(map(sql_text.parameters, before)):
            raise NotImplementedException(
                "Not implemented Error: Prepared parameters are only supported for the last statement, please split your "
                "query up into separate 'execute' calls if you want to use prepared parameters"
            )
        for statement in before:
            await self._statement(statement, None, objects)
        if params and any(map(named.is_named, (values := literals.check(last, params)).values())):
            # Which table is read must be known before it is prepared.
            last = sql_text.substitute(
                last, {name: literals.literal(value) for name, value in values.items()}
            )
            last, params = await named.resolved(self._session, last), None
        return await self._statement(last, params, objects)

    async def _statements(self, sql: str) -> list[str]:
        """The statements of `sql`, in which files that stand for tables are those tables."""
        return [
            self._files.local(await named.resolved(self._session, statement))
            for statement in sql_text.statements(sql)
        ]

    async def _statement(self, sql: str, params: Any, objects: Objects) -> Result:
        if not sql or not unsupported.check(sql):
            return Result(b"")
        if all_frames := _ALL_FRAMES.match(sql):
            variables.scan_all_frames = all_frames.group(1).lower() in ("true", "1", "on")
            return Result(b"")
        databases.note(self._session, sql)
        async with databases.Attaching(self._session, sql) as ready:
            return await self._checked(ready, params, objects)

    async def _checked(self, sql: str, params: Any, objects: Objects) -> Result:
        values = literals.check(sql, params)
        await self._files.give(sql, values.values())
        try:
            async with Named(self, objects):
                result = await self._answer(sql, values)
        except Error as error:
            if isinstance(error, BinderException | ConversionException) and str in map(type, values.values()):
                async with Named(self, objects):
                    written = await self._as_text(sql, values)
                if written is not None:
                    return written
            if "\n\nLINE 1: EXECUTE " in str(error) and values:
                # It points into a statement of the engine's.
                error.args = (str(error).partition("\n\nLINE ")[0],)
            if await objects.found(self, error):
                return await self._checked(sql, params, objects)
            if unsupported.is_idle(sql, error):
                return Result(b"")
            error = functions.explained(self._session, error, self._functions)
            raise named.hinted(unsupported.explained(error)) from error.__cause__
        await self._files.take(sql, self._listing)
        return result

    async def _listing(self, folder: str) -> list[str]:
        """The engine's files in a folder and in those within."""
        depths = (sql_text.string("/".join([folder.rstrip("/"), *["*"] * depth])) for depth in range(1, 5))
        found = " UNION ".join(f"SELECT file FROM glob({pattern})" for pattern in depths)
        return [name for (name,) in Result(await self._bytes(f"{found} ORDER BY file")).all_rows()]

    async def _as_text(self, sql: str, values: dict) -> Result | None:
        """The statement's result with its parameters written into it; None where it is wrong all the same.

        So a text becomes the date that it is compared with, as in native DuckDB. A bound one stays text here.
        """
        written = _written(sql, values)
        try:
            result = await self._answer(written, {})
        except Error:
            return None
        return result.named(_parameter_names(result.schema, values))

    async def _answer(self, sql: str, values: dict) -> Result:
        columns = None
        if sql_text.is_query(sql):
            if literals.are_scalar(values):
                stream, found = await self._session.described_query(
                    self._handle, sql, _given(values), types.AWAITED
                )
                columns = found and [(name, DuckDBPyType(kind)) for name, kind in found]
                if stream:
                    return Result(stream, columns).with_names_of_stream()
            if values or columns is None:
                with contextlib.suppress(Error):  # what is wrong, running it will say
                    columns = await self._columns(sql, values)
        kinds = [types.wire(kind) for _, kind in columns or ()]
        if not any(kinds):
            return Result(await self._sent(sql, values), columns)
        picked = ", ".join(
            types.on_the_way(kind, k, f"#{i}")
            for i, ((_, kind), k) in enumerate(zip(columns or (), kinds, strict=True), 1)
        )
        try:
            return Result(await self._sent(f"SELECT {picked} FROM (\n{sql}\n)", values), columns)
        except Error as error:
            # Wrapped into another query, the statement began in the second line.
            error.args = (_LINE.sub(lambda line: f"LINE {int(line[1]) - 1}:", str(error)),)
            raise

    async def _sent(self, sql: str, values: dict) -> bytes:
        if literals.are_scalar(values):
            return await self._bytes(sql, _given(values))
        # The engine takes plain values only; DuckDB's own PREPARE takes any.
        listed = ", ".join(
            literals.literal(value)
            if name.isdigit()
            else f"{sql_text.identifier(name)} := {literals.literal(value)}"
            for name, value in values.items()
        )
        return await self._bytes(f"PREPARE python_statement AS\n{sql};EXECUTE python_statement({listed})")

    async def _describe(
        self, sql: str, values: dict, objects: Objects
    ) -> list[tuple[str, DuckDBPyType]] | None:
        """Name and type of each column of a query; None where it is none, or is wrong: running it will tell."""
        if not sql_text.is_query(sql):
            return None
        while True:
            try:
                async with Named(self, objects):
                    return await self._columns(sql, values)
            except Error as error:
                if not await objects.found(self, error):
                    return None

    async def _columns(self, sql: str, values: dict) -> list[tuple[str, DuckDBPyType]]:
        rows = Result(await self._bytes(f"DESCRIBE {_written(sql, values)}")).all_rows()
        return _parameter_names([(row[0], DuckDBPyType(row[1])) for row in rows], values)


def _given(values: dict) -> dict | None:
    """Plain values as the engine takes them; None where there are none."""
    found = {name: literals.scalar(value) for name, value in values.items()}
    return {name: pair and {"type": pair[0], "value": pair[1]} for name, pair in found.items()} or None


def _written(sql: str, values: dict) -> str:
    """The statement with its parameters as SQL."""
    return sql_text.substitute(sql, {name: literals.literal(value) for name, value in values.items()})


def _parameter_names(columns: list, values: dict) -> list:
    """The columns under the names that they have while parameters are not yet values: `$1`, `$name`."""
    written = {literals.literal(value): name for name, value in values.items()}
    return [(f"${written[name]}" if name in written else name, kind) for name, kind in columns]
