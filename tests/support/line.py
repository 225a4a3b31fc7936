"""A built site at the end of a line: latency and bandwidth at the server, so for workers and service workers, too."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gzip
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from futures_explorer.project import BASE
from futures_explorer.site.serve import GZIPPED, application, free_socket

#: Bytes that pass in one turn: what is asked for at the same time comes side by side.
PIECE = 16 * 1024


@dataclass
class Line:
    """`latency` in seconds for each request, `rate` in bytes a second for all together; None: as fast as it goes.

    What has passed: `sent` bytes on the wire, and of each request its path, the Range header, when it came and its bytes.
    """

    latency: float = 0
    rate: float | None = None
    sent: int = 0
    asked: list[Asked] = field(default_factory=list)
    free_at: float = 0

    async def pass_through(self, piece: bytes) -> None:
        self.sent += len(piece)
        if self.rate:
            self.free_at = max(self.free_at, time.monotonic()) + len(piece) / self.rate
            await asyncio.sleep(max(0, self.free_at - time.monotonic()))

    def reset(self) -> None:
        """Forgets what has passed."""
        self.sent = 0
        self.asked.clear()


@dataclass
class Asked:
    """One request."""

    path: str
    range: str | None
    at: float
    bytes: int = 0


def fast() -> Line:
    """This machine to itself."""
    return Line()


def ordinary() -> Line:
    """40 ms and 20 Mbit/s."""
    return Line(latency=0.04, rate=20e6 / 8)


@functools.cache
def _zipped(path: str, _changed: float) -> bytes:
    return gzip.compress(Path(path).read_bytes(), 6)


@contextlib.contextmanager
def on_line(folder: Path, line: Line, extra: dict[str, bytes] | None = None) -> Iterator[str]:
    """Serves `folder` at the end of `line`, as GitHub Pages does: text and WebAssembly gzipped. Gives its base.

    `extra` has pages that the folder does not.
    """
    site = application(folder)

    async def shaped(scope, receive, send) -> None:
        if scope["type"] != "http":
            return await site(scope, receive, send)
        path = scope["path"].removeprefix(BASE)
        ranged = dict(scope["headers"]).get(b"range", b"").decode() or None
        asked = Asked(path, ranged, time.monotonic())
        line.asked.append(asked)
        await asyncio.sleep(line.latency)

        async def pieces(body: bytes, more: bool) -> None:
            asked.bytes += len(body)
            for start in range(0, max(1, len(body)), PIECE):
                piece = body[start : start + PIECE]
                await line.pass_through(piece)
                rest = more or start + PIECE < len(body)
                await send({"type": "http.response.body", "body": piece, "more_body": rest})

        async def answer(body: bytes, headers: dict[str, str]) -> None:
            listed = [(name.encode(), value.encode()) for name, value in headers.items()]
            await send({"type": "http.response.start", "status": 200, "headers": listed})
            await pieces(body, more=False)

        if extra and path in extra:
            return await answer(extra[path], {"content-type": "text/html"})
        file = folder / path
        if file.suffix == ".wasm" and file.is_file() and ".wasm" not in GZIPPED and not ranged:
            body = await asyncio.to_thread(_zipped, str(file), file.stat().st_mtime)
            return await answer(
                body,
                {
                    "content-type": "application/wasm",
                    "content-encoding": "gzip",
                    "content-length": str(len(body)),
                    "cache-control": "max-age=600",
                },
            )

        async def through(message) -> None:
            if message["type"] == "http.response.start":
                headers = [pair for pair in message["headers"] if pair[0].lower() != b"cache-control"]
                message = {**message, "headers": [*headers, (b"cache-control", b"max-age=600")]}
                await send(message)
            elif message["type"] == "http.response.body":
                await pieces(message.get("body", b""), message.get("more_body", False))
            else:
                await send(message)

        # Without this extension the server sends files past this function.
        scope = {**scope, "extensions": {}}
        await site(scope, receive, through)

    listener, port = free_socket(8900, tries=200)
    server = uvicorn.Server(uvicorn.Config(shaped, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    for path in folder.glob("static/**/*.wasm"):
        _zipped(str(path), path.stat().st_mtime)
    yield f"http://127.0.0.1:{port}{BASE}"
    server.should_exit = True
    thread.join(timeout=10)
