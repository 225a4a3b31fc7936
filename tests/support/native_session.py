"""A session of the kernel's `duckdb` over native DuckDB: the real engine of the same version, giving the same Arrow."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import re
import sys
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

# DuckDB looks for this class by its name when it first needs it: before another package has that name.
duckdb.execute("SELECT ?", [duckdb.Value(1, "INTEGER")])
PACKAGE = Path(__file__).parents[2] / "build" / "kernel" / "duckdb" / "duckdb_wasm"


def import_kernel():
    """The package `duckdb_wasm`, from its folder: `duckdb` stays the native one."""
    if "duckdb_wasm" not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            "duckdb_wasm", PACKAGE / "__init__.py", submodule_search_locations=[str(PACKAGE)]
        )
        module = importlib.util.module_from_spec(spec)
        sys.modules["duckdb_wasm"] = module
        spec.loader.exec_module(module)
    return sys.modules["duckdb_wasm"]


class NativeSession:
    """What `duckdb_wasm.bridge.Session` is in the browser. `waits` False: as in a browser without JSPI."""

    def __init__(self, waits: bool = True, folder: Path | None = None) -> None:
        self.waits = waits
        self._folder = folder or Path(tempfile.mkdtemp())
        self._last: Any = None
        #: Every SQL text sent, in order.
        self.sent: list[str] = []
        #: Tables made from Arrow, in order.
        self.inserted: list[str] = []

    @cached_property
    def database(self) -> duckdb.DuckDBPyConnection:
        """Opened when it is first asked for: a session that is only there in case costs nothing."""
        return duckdb.connect()

    def can_wait(self) -> bool:
        return self.waits

    def call(self, coroutine, door: str):
        from duckdb_wasm.waiting import cannot_wait

        if not self.waits:
            coroutine.close()
            raise cannot_wait(door)
        try:
            coroutine.send(None)
        except StopIteration as done:
            return done.value
        raise AssertionError("a coroutine of the kernel waited for something else than the engine")

    def begin(self, coroutine, door: str):
        from duckdb_wasm.waiting import Later

        before = self._last

        async def in_turn():
            if before is not None and not before.done():
                await asyncio.wait([before])
            return await coroutine

        self._last = asyncio.ensure_future(in_turn())
        return Later(self._last, door)

    async def connect(self):
        handle = self.database.cursor()
        # As in the engine: its files are its own, and Python's variables are none of its business.
        handle.execute(f"SET file_search_path = '{self._folder}'; SET python_enable_replacements = false")
        return handle

    async def answer_host_calls(self, answer) -> None:
        def call_host(*given):
            name, row = given[:2]
            reply = json.loads(answer(json.dumps({"name": name, "rows": [row]})))
            if "error" in reply:
                raise ValueError(reply["error"])
            return reply["rows"][0]

        self.database.create_function("call_host", call_host, None, "VARCHAR", null_handling="special")

    async def disconnect(self, handle) -> None:
        handle.close()

    def interrupt(self, handle) -> None:
        handle.interrupt()

    async def described_query(
        self, handle, sql: str, params: dict | None, awaited: str
    ) -> tuple[bytes, list | None]:
        try:
            columns = handle.execute(f"DESCRIBE {sql}", _values(params)).fetchall()
        except duckdb.Error:
            columns = None
        if any(re.search(awaited, kind) for _, kind, *_ in columns or ()):
            self.sent.append(sql)
            return b"", [row[:2] for row in columns]
        return await self.query(handle, sql, params), columns and [row[:2] for row in columns]

    async def query(self, handle, sql: str, params: dict | None = None) -> bytes:
        from duckdb_wasm.errors import from_message

        self.sent.append(sql)
        if sql.startswith("SELECT file FROM glob("):
            # What the engine wrote is among its own files; this one wrote it where Python is.
            handle = duckdb.connect()
        try:
            statements = handle.extract_statements(sql)
            if not statements:
                return b""
            for statement in statements[:-1]:
                handle.execute(statement)
            handle.execute(statements[-1], _values(params))
            return ipc(handle.to_arrow_reader())
        except duckdb.Error as error:
            raise from_message(str(error)) from None

    async def insert_arrow(self, handle, table: str, stream: bytes) -> None:
        from duckdb_wasm.errors import from_message

        content = pa.ipc.open_stream(stream).read_all()
        self.inserted.append(table)
        try:
            handle.register("inserted", content)
            handle.execute(f'CREATE TABLE "{table}" AS FROM inserted')
        except duckdb.Error as error:
            raise from_message(str(error)) from None
        finally:
            handle.unregister("inserted")

    async def register_file(self, name: str, content: bytes) -> None:
        if Path(name).is_absolute():
            return  # this engine finds it where it is
        (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self._folder / name).write_bytes(content)

    async def read_file(self, name: str) -> bytes:
        return Path(name).read_bytes()

    async def drop_file(self, name: str) -> None:
        if not Path(name).is_absolute():
            (self._folder / name).unlink(missing_ok=True)

    def load_package(self, name: str) -> str | None:
        return "it is not installed."

    async def stats(self) -> dict[str, int]:
        return {"requests": 0, "bytes": 0, "cacheHits": 0}


def ipc(reader: pa.RecordBatchReader) -> bytes:
    """A record batch reader as an Arrow IPC stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


def _values(params: dict | None) -> list | dict | None:
    """The engine's parameters as native DuckDB takes them."""
    if not params:
        return None
    values = {name: given and duckdb.Value(_python(given), given["type"]) for name, given in params.items()}
    return list(values.values()) if all(name.isdigit() for name in values) else values


def _python(given: dict) -> Any:
    return bytes.fromhex(given["value"].replace("\\x", "")) if given["type"] == "BLOB" else given["value"]
