"""The only module that touches JavaScript: it finds the engine, starts it and waits for it.

One function, `Session.call`, crosses from a promise to a synchronous result. There are two ways behind it:

- The browser can suspend WebAssembly (JSPI, `pyodide.ffi.can_run_sync()`): the engine's methods give promises.
- The page has put a bridge beside the engine (build/start/src/waiting): `explorerWaitingEngine` has the same methods, and
  each gives its result, standing still until then. What awaits nothing else runs to its end in one step.

Where there is neither, the notebook awaits: `await con.sql(…)`.
"""

from __future__ import annotations

import contextlib
import json
import types
from collections.abc import Callable, Coroutine, Generator
from contextvars import ContextVar
from functools import cache
from typing import Any

from duckdb_wasm.errors import (
    Error,
    InterruptException,
    InvalidInputException,
    IOException,
    NotImplementedException,
    from_message,
)
from duckdb_wasm.errors.unsupported import not_implemented
from duckdb_wasm.waiting import Later, cannot_wait

#: Whether the call under way stands still at every promise of the engine's, in the middle of its coroutine.
_stands_still: ContextVar[bool] = ContextVar("stands_still", default=False)


class Session:
    """The engine, started on first use and shared by every connection of this kernel."""

    def __init__(self) -> None:
        self._engine = None
        self._last: Any = None
        #: What stops the running query of each connection.
        self._running: dict[int, Any] = {}
        #: Whether the engine stands still until Python has computed something for it.
        self._computing = False

    def can_wait(self) -> bool:
        """Whether a promise can be awaited inside a synchronous call here and now."""
        from pyodide.ffi import can_run_sync

        # While a function computes, `call` says what cannot be.
        return self._computing or can_run_sync() or _waiting_engine() is not None

    @property
    def stands_still(self) -> bool:
        """Whether the engine's methods wait for their results, so that nothing happens meanwhile."""
        return _waiting_engine() is not None

    def call(self, coroutine: Coroutine, door: str) -> Any:
        """Waits for a coroutine of this session and gives its result.

        Raises `NotSupportedError` where the browser cannot wait; the message names `door`, the awaited call.
        """
        if self._computing:
            coroutine.close()
            raise InvalidInputException(
                "Invalid Input Error: A Python function that SQL calls cannot query the database in the browser: the "
                "engine waits for it. Query before, and let the function use the result."
            )
        if not self.can_wait():
            coroutine.close()
            raise cannot_wait(door)
        from pyodide.ffi import can_run_sync

        if not can_run_sync():
            return _at_once(coroutine)
        token = _stands_still.set(True)
        try:
            awaited = coroutine.send(None)
        except StopIteration as ended:
            return ended.value
        except Error as error:
            # The frames of this module say nothing to the person who wrote the query.
            raise error.with_traceback(None) from None
        finally:
            _stands_still.reset(token)
        return _to_its_end(coroutine, awaited)

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
        return json.loads(JSON.stringify(await _translated(engine, "attach", snapshot)))

    async def connect(self) -> Any:
        """A new connection of the engine (a JavaScript object)."""
        return await _translated(await self.engine(), "connect")

    async def query(self, connection: Any, sql: str, params: dict | None = None) -> bytes:
        """Runs `sql`; the last statement's result as an Arrow IPC stream. Raises DuckDB's own exceptions.

        `params` are by name (`1`, `2` … for `?`): None or `{"type": …, "value": …}` each.
        """
        return (await self._query(connection, sql, params, None)).to_bytes()

    async def described_query(
        self, connection: Any, sql: str, params: dict | None, awaited: str
    ) -> tuple[bytes, list[tuple[str, str]] | None]:
        """Runs one query; its result, and name and type of each column, None where DuckDB cannot tell.

        The result is empty where a type matches the regular expression `awaited`: then it was not run.
        """
        answer = await self._query(connection, sql, params, awaited)
        # The columns follow the stream (`describe` in build/engine/README.md).
        end = answer.length - 4
        start = end - int.from_bytes(answer.subarray(end).to_bytes(), "little")
        columns = json.loads(answer.subarray(start, end).to_bytes())
        return answer.subarray(0, start).to_bytes(), columns

    async def _query(self, connection: Any, sql: str, params: dict | None, describe: str | None) -> Any:
        from js import AbortController

        given = list(params.values()) if params and all(name.isdigit() for name in params) else params
        stop = AbortController.new()
        self._running[id(connection)] = stop
        watch = _watch(stop)
        try:
            options = _object(
                {"signal": stop.signal, "onProgress": watch and watch.onProgress, "describe": describe}
            )
            given = None if given is None else _object(given)
            return await _translated(connection, "query", sql, given, options)
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
        await _translated(connection, "insertArrow", table, _object(stream))

    async def register_file(self, name: str, content: bytes) -> None:
        """Makes `content` the engine's file `name`."""
        await _translated(await self.engine(), "registerFile", name, _object(content))

    async def read_file(self, name: str) -> bytes:
        """The content of the engine's file `name`."""
        return (await _translated(await self.engine(), "readFile", name)).to_bytes()

    async def drop_file(self, name: str) -> None:
        """Forgets the engine's file `name`."""
        await _translated(await self.engine(), "dropFile", name)

    def load_package(self, name: str) -> str | None:
        """Fetches a package that Pyodide knows, saying so; why it cannot, or None where it did."""
        from pyodide_js import lockfile

        if name not in lockfile.packages.to_py():
            return "it has no build for the browser."
        if not self.can_wait():
            return f"put `import {name}` into a cell of its own first, which fetches it."
        print(f"Fetching {name} …")

        try:
            self.call(self.fetch_package(name), f"import {name}")
            __import__(name)
        except Exception as error:
            return (
                f"it is fetched from another host, which needs a network connection ({type(error).__name__})."
            )
        return None

    async def fetch_package(self, name: str) -> None:
        """Makes a package that Pyodide knows importable."""
        from pyodide_js import loadPackage, lockfile

        if self.stands_still:
            _load_now(name, lockfile.packages.to_py())
        else:
            await loadPackage(name)

    async def answer_host_calls(self, answer: Callable[[str], str]) -> None:
        """Makes the SQL function `call_host(name, row)`: the engine asks `answer`, JSON to JSON, for vectors of rows.

        Raises `NotImplementedException` where the page has no service worker for that.
        """
        import js
        from pyodide.ffi import create_proxy

        def alone(call: str) -> str:
            self._computing = True
            try:
                return answer(call)
            finally:
                self._computing = False

        if not hasattr(js, "explorerAnswerHostCalls"):
            raise not_implemented("Python functions in SQL")
        try:
            await _translated(js, "explorerAnswerHostCalls", await self.engine(), create_proxy(alone))
        except Error as error:
            raise NotImplementedException(f"{not_implemented('Python functions in SQL')} ({error})") from None

    async def disconnect(self, connection: Any) -> None:
        """Ends a connection once its queries are done."""
        await _translated(connection, "close")

    async def stats(self) -> dict[str, int]:
        """Requests, bytes and cache hits of the engine so far."""
        return await self.ask("stats")

    async def ask(self, call: str, *args: Any) -> Any:
        """What the engine's method `call` gives, as plain Python objects."""
        from js import JSON

        answer = await _translated(await self.engine(), call, *args)
        return None if answer is None else json.loads(JSON.stringify(answer))

    async def fetch(self, url: str) -> str:
        """The text at `url`. Raises `IOException` where it cannot be had."""
        return await _fetch(url)


def _object(value: Any) -> Any:
    from js import Object
    from pyodide.ffi import to_js

    return to_js(value, dict_converter=Object.fromEntries)


def _watch(stop: Any) -> Any:
    """What the site wants to be told of a query, which it may stop; None where it asked for nothing. See README.md."""
    import js

    begin = getattr(js, "watchDuckDBQuery", None)
    return begin(stop) if begin else None


def _waiting_engine() -> Any:
    """The engine whose methods wait, where the page has made one; see README.md."""
    import js

    return getattr(js, "explorerWaitingEngine", None)


def _to_its_end(coroutine: Coroutine, awaited: Any) -> Any:
    """Waits for a coroutine that has begun, and awaits something of the event loop's."""
    from pyodide.ffi import run_sync

    results, errors = [], []

    async def run() -> None:
        # Kept here: a result that can be awaited, as connections can, would be awaited on its way through JavaScript;
        # and the event loop reports an error that leaves the coroutine, even one that the caller catches.
        try:
            results.append(await _rest(coroutine, awaited))
        except Exception as error:
            errors.append(error)

    run_sync(run())
    if not errors:
        return results[0]
    error = errors.pop()
    if isinstance(error, Error):
        raise error.with_traceback(None) from None
    raise error


@types.coroutine
def _rest(begun: Coroutine, awaited: Any) -> Generator[Any, Any, Any]:
    while True:
        try:
            try:
                given = yield awaited
            except BaseException as error:
                awaited = begun.throw(error)
            else:
                awaited = begun.send(given)
        except StopIteration as ended:
            return ended.value


def _at_once(coroutine: Coroutine) -> Any:
    """Runs a coroutine of which nothing has to be awaited, as the engine's methods wait themselves."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value
    except Error as error:
        raise error.with_traceback(None) from None
    coroutine.close()
    raise RuntimeError(
        "A call that had to end at once waits for something. This is a mistake of this site's."
    )


async def _translated(of: Any, method: str, *args: Any) -> Any:
    """Calls a method of a JavaScript object, and awaits a promise; errors become the exceptions of native DuckDB."""
    from pyodide.ffi import JsException, run_sync

    try:
        if _stands_still.get():
            # A third of a millisecond less than by way of the event loop.
            value, *errors = run_sync(_settled()(of, method, *args))
            if errors:
                raise errors[0]
            return value
        answer = getattr(of, method)(*args)
        # A promise reaches Python as a JsPromise or as a future.
        return await answer if hasattr(answer, "__await__") else answer
    except JsException as error:
        # `from None`: the JavaScript stack says nothing to the person who wrote the query.
        if error.name == "AbortError":
            raise InterruptException(error.message) from None
        raise from_message(error.message) from None


@cache
def _settled() -> Any:
    """Calls a method for a promise of its value, or of nothing and its error.

    One that is rejected would be reported by the event loop, even where Python catches the error.
    """
    from pyodide.code import run_js

    return run_js(
        """async (of, method, ...args) => {
             try { return [await of[method](...args)] } catch (error) { return [undefined, error] }
           }"""
    )


async def _fetch(url: str) -> str:
    from pyodide.ffi import JsException

    try:
        if _waiting_engine() is None:
            from pyodide.http import pyfetch

            response = await pyfetch(url)
            status, text = response.status, await response.string()
        else:
            status, content = _fetch_now(url)
            text = content.decode()
    except (JsException, OSError) as error:
        raise IOException(f"IO Error: {url} could not be fetched: {error}") from None
    if not 200 <= status < 300:
        raise IOException(f"IO Error: {url} answered HTTP {status}, expected 200.")
    return text


def _fetch_now(url: str) -> tuple[int, bytes]:
    """HTTP status and content, by a request that this worker stands still for."""
    from js import XMLHttpRequest

    request = XMLHttpRequest.new()
    request.open("GET", url, False)
    request.responseType = "arraybuffer"
    request.send()
    return request.status, request.response.to_bytes() if request.response else b""


def _load_now(name: str, known: dict[str, dict]) -> None:
    """Does what Pyodide's `loadPackage` does, without a promise; `known` are the packages of its lock file."""
    import hashlib
    import importlib

    from pyodide._package_loader import get_install_dir, unpack_buffer
    from pyodide_js import _api, loadedPackages

    package = known[name]
    if hasattr(loadedPackages, package["name"]):
        return
    for needed in package["depends"]:
        _load_now(needed, known)
    file = package["file_name"]
    status, content = _fetch_now(file if "://" in file else _api.config.packageBaseUrl + file)
    found = hashlib.sha256(content).hexdigest()
    if status != 200 or found != package["sha256"]:
        raise OSError(f"{file}: HTTP {status}, SHA-256 {found}, expected {package['sha256']}")
    folder = get_install_dir(package["install_dir"])
    unpack_buffer(
        _object(content), filename=file, extract_dir=folder, metadata={"INSTALLER": "pyodide.loadPackage"}
    )
    setattr(loadedPackages, package["name"], "pyodide")
    importlib.invalidate_caches()


async def _start_engine() -> Any:
    import js
    from js import location
    from pyodide.code import run_js
    from pyodide.ffi import JsException

    if _waiting_engine() is not None:
        return _waiting_engine()
    # The notebook's page begins to open one while Python starts (build/start/src/kernel.ts).
    opening = getattr(js, "explorerEngine", None)
    if opening is not None:
        with contextlib.suppress(JsException):
            return await opening
        # What failed then may work now; if not, this says why.
    # The kernel's worker is served from <site>/extensions/…
    site = location.href.partition("/extensions/")[0] + "/"
    # It says where the engine is.
    runtime = json.loads(await _fetch(site + "static/runtime.json"))
    module = await run_js("(url) => import(url)")(site + runtime["engine"])
    # A site need not have snapshots.
    data = runtime.get("data")
    options = run_js("(dataUrl) => (dataUrl ? { dataUrl } : {})")(data and site + data)
    return await _translated(module, "open", options)


#: Shared by every connection of this kernel.
session = Session()
