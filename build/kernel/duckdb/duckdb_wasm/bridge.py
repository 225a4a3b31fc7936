"""The only module that touches JavaScript: it finds the engine, starts it and waits for it.

One function, `Session.call`, crosses from a promise to a synchronous result. Its precondition is that the browser can
suspend WebAssembly (JSPI, `pyodide.ffi.can_run_sync()`); where it cannot, the notebook awaits: `await con.sql(…)`.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Awaitable, Coroutine
from typing import Any

from duckdb_wasm.errors import Error, InterruptException, IOException, from_message
from duckdb_wasm.waiting import Later, cannot_wait


class Session:
    """The engine, started on first use and shared by every connection of this kernel."""

    def __init__(self) -> None:
        self._engine = None
        self._last: Any = None
        #: What stops the running query of each connection.
        self._running: dict[int, Any] = {}

    def can_wait(self) -> bool:
        """Whether a promise can be awaited inside a synchronous call here and now."""
        from pyodide.ffi import can_run_sync

        return can_run_sync()

    def call(self, coroutine: Coroutine, door: str) -> Any:
        """Waits for a coroutine of this session and gives its result.

        Raises `NotSupportedError` where the browser cannot wait; the message names `door`, the awaited call.
        """
        if not self.can_wait():
            coroutine.close()
            raise cannot_wait(door)
        from pyodide.ffi import run_sync

        results, errors = [], []

        async def run() -> None:
            # Kept here: a result that can be awaited, as connections can, would be awaited on its way through JavaScript;
            # and the event loop reports an error that leaves the coroutine, even one that the caller catches.
            try:
                results.append(await coroutine)
            except Exception as error:
                errors.append(error)

        run_sync(run())
        if not errors:
            return results[0]
        error = errors.pop()
        if isinstance(error, Error):
            # The frames of the event loop say nothing to the person who wrote the query.
            raise error.with_traceback(None) from None
        raise error

    def begin(self, coroutine: Coroutine, door: str) -> Later:
        """Begins a coroutine, after those begun before, without waiting for it."""
        from asyncio import ensure_future, wait

        before = self._last

        async def in_turn():
            if before is not None and not before.done():
                await wait([before])
            return await coroutine

        self._last = ensure_future(in_turn())
        return Later(self._last, door)

    async def engine(self) -> Any:
        """The engine (a JavaScript object), started by the first call."""
        if self._engine is None:
            self._engine = await _start_engine()
        return self._engine

    async def attach(self, snapshot: str | None) -> dict:
        """Makes a snapshot's objects readable and returns its Data Package descriptor."""
        from js import JSON

        engine = await self.engine()
        return json.loads(JSON.stringify(await _translated(engine.attach(snapshot))))

    async def connect(self) -> Any:
        """A new connection of the engine (a JavaScript object)."""
        return await _translated((await self.engine()).connect())

    async def query(self, connection: Any, sql: str, params: dict | None = None) -> bytes:
        """Runs `sql`; the last statement's result as an Arrow IPC stream. Raises DuckDB's own exceptions.

        `params` are by name (`1`, `2` … for `?`): None or `{"type": …, "value": …}` each.
        """
        from js import AbortController

        given = list(params.values()) if params and all(name.isdigit() for name in params) else params
        stop = AbortController.new()
        self._running[id(connection)] = stop
        watch = _watch(stop)
        try:
            options = _object({"signal": stop.signal, "onProgress": watch and watch.onProgress})
            answer = connection.query(sql, None if given is None else _object(given), options)
            return (await _translated(answer)).to_bytes()
        finally:
            self._running.pop(id(connection), None)
            if watch:
                watch.onEnd()

    def interrupt(self, connection: Any) -> None:
        """Stops the connection's running query."""
        stop = self._running.get(id(connection))
        if stop is not None:
            stop.abort()

    async def insert_arrow(self, connection: Any, table: str, stream: bytes) -> None:
        """Creates the connection's table `table` from an Arrow IPC stream."""
        await _translated(connection.insertArrow(table, _object(stream)))

    async def register_file(self, name: str, content: bytes) -> None:
        """Makes `content` the engine's file `name`."""
        await _translated((await self.engine()).registerFile(name, _object(content)))

    async def read_file(self, name: str) -> bytes:
        """The content of the engine's file `name`."""
        return (await _translated((await self.engine()).readFile(name))).to_bytes()

    async def drop_file(self, name: str) -> None:
        """Forgets the engine's file `name`."""
        await _translated((await self.engine()).dropFile(name))

    def load_package(self, name: str) -> str | None:
        """Fetches a package that Pyodide knows, saying so; why it cannot, or None where it did."""
        from pyodide_js import loadPackage, lockfile

        if name not in lockfile.packages.to_py():
            return "it has no build for the browser."
        if not self.can_wait():
            return f"put `import {name}` into a cell of its own first, which fetches it."
        print(f"Fetching {name} …")

        async def load() -> None:
            await loadPackage(name)

        try:
            self.call(load(), f"import {name}")
            __import__(name)
        except Exception as error:
            return (
                f"it is fetched from another host, which needs a network connection ({type(error).__name__})."
            )
        return None

    async def disconnect(self, connection: Any) -> None:
        """Ends a connection once its queries are done."""
        await _translated(connection.close())

    async def stats(self) -> dict[str, int]:
        """Requests, bytes and cache hits of the engine so far."""
        return (await (await self.engine()).stats()).to_py()


def _object(value: Any) -> Any:
    from js import Object
    from pyodide.ffi import to_js

    return to_js(value, dict_converter=Object.fromEntries)


def _watch(stop: Any) -> Any:
    """What the site wants to be told of a query, which it may stop; None where it asked for nothing. See README.md."""
    import js

    begin = getattr(js, "watchDuckDBQuery", None)
    return begin(stop) if begin else None


async def _translated(promise: Awaitable) -> Any:
    """Awaits a promise; a JavaScript error becomes the Python exception that native DuckDB raises."""
    from pyodide.ffi import JsException

    try:
        return await promise
    except JsException as error:
        # `from None`: the JavaScript stack says nothing to the person who wrote the query.
        if error.name == "AbortError":
            raise InterruptException(error.message) from None
        raise from_message(error.message) from None


async def _start_engine() -> Any:
    import js
    from js import location
    from pyodide.code import run_js
    from pyodide.ffi import JsException
    from pyodide.http import pyfetch

    # The notebook's page begins to open one while Python starts (build/start/src/kernel.ts).
    opening = getattr(js, "explorerEngine", None)
    if opening is not None:
        with contextlib.suppress(JsException):
            return await opening
        # What failed then may work now; if not, this says why.
    # The kernel's worker is served from <site>/extensions/…
    site = location.href.partition("/extensions/")[0] + "/"
    response = await pyfetch(site + "static/runtime.json")
    if not response.ok:
        raise IOException(
            f"IO Error: {site}static/runtime.json answered HTTP {response.status}, expected 200. It says where the "
            "engine is; this site was not built with it."
        )
    runtime = json.loads(await response.string())
    module = await run_js("(url) => import(url)")(site + runtime["engine"])
    options = run_js("(dataUrl) => ({ dataUrl })")(site + runtime["data"])
    return await _translated(module.open(options))


#: Shared by every connection of this kernel.
session = Session()
