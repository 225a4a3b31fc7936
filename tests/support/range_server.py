"""A local static server with Range that counts what it served and misbehaves on request."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".json": "application/json",
    ".html": "text/html",
}


@dataclass(frozen=True)
class Served:
    """One request as the server saw it."""

    method: str
    path: str
    range: str | None
    status: int
    bytes: int


@dataclass
class Answer:
    """What the server is about to send; a fault changes it. `cut` closes the connection after so many bytes."""

    status: int
    headers: dict[str, str]
    body: bytes
    cut: int | None = None


Fault = Callable[["Answer", str, str | None], None]


@dataclass
class RangeServer:
    """Serves `root` at `url`. `faults` see (answer, path, range header) of every request and may change the answer.

    `latency` (seconds) delays answers; `rate` (bytes per second) is shared by all connections. Both hold for the paths
    that `shaped` chooses.
    """

    root: Path
    latency: float = 0
    rate: float | None = None
    shaped: Callable[[str], bool] = lambda path: True
    log: list[Served] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    #: How many requests for Parquet objects were under way at once, at most.
    most_at_once: int = 0

    def __enter__(self) -> RangeServer:
        server = self
        self.line, self.free_at = threading.Lock(), 0.0
        self.under_way = 0

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # headers and body are two writes: else each answer waits 40 ms

            def do_GET(self) -> None:
                with server.counted(urlsplit(self.path).path):
                    server.answer(self)

            do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        # Looks every 20 ms whether it is to end.
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/"
        return self

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.http.server_close()

    def reset(self) -> None:
        """Forgets what was served and behaves again."""
        self.log.clear()
        self.faults.clear()
        self.most_at_once = 0

    def data(self) -> list[Served]:
        """Requests for Parquet objects."""
        return [served for served in self.log if served.path.endswith(".parquet")]

    @contextlib.contextmanager
    def counted(self, path: str) -> Iterator[None]:
        """Counts a request as under way."""
        one = int(path.endswith(".parquet"))
        with self.line:
            self.under_way += one
            self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            yield
        finally:
            with self.line:
                self.under_way -= one

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = unquote(urlsplit(request.path).path).lstrip("/")
        is_shaped = self.shaped(path)
        time.sleep(self.latency * is_shaped)
        answer = self.plain(path, request.headers["Range"])
        for fault in list(self.faults):
            fault(answer, path, request.headers["Range"])
        if answer.status >= 400:
            answer.headers.pop("Cache-Control", None)
        body = b"" if request.command == "HEAD" else answer.body
        self.log.append(Served(request.command, path, request.headers["Range"], answer.status, len(body)))
        request.send_response(answer.status)
        for name, value in ({"Content-Length": str(len(answer.body))} | answer.headers).items():
            request.send_header(name, value)
        request.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.send(
                request, body if answer.cut is None else body[: answer.cut], self.rate if is_shaped else None
            )
        if answer.cut is not None:
            request.close_connection = True

    def send(self, request: BaseHTTPRequestHandler, body: bytes, rate: float | None) -> None:
        if rate is None:
            request.wfile.write(body)
            return
        for start in range(0, len(body), 16384):
            piece = body[start : start + 16384]
            with self.line:
                self.free_at = max(self.free_at, time.monotonic()) + len(piece) / rate
                wait = self.free_at - time.monotonic()
            time.sleep(max(0, wait))
            request.wfile.write(piece)

    def plain(self, path: str, wanted: str | None) -> Answer:
        file = (self.root / path).absolute()
        if not file.is_relative_to(self.root.absolute()) or not file.is_file():
            return Answer(404, {"Content-Type": "text/plain"}, b"not found")
        headers = {
            "Content-Type": TYPES.get(file.suffix, "application/octet-stream"),
            "Accept-Ranges": "bytes",
        }
        # Code as on GitHub Pages; data past the browser's own cache, so that what is counted is the engine's doing.
        headers["Cache-Control"] = "no-store" if file.suffix == ".parquet" else "max-age=600"
        size = file.stat().st_size
        if suffix := re.fullmatch(r"bytes=-(\d+)", wanted or ""):
            wanted = f"bytes={max(0, size - int(suffix[1]))}-"
        match = re.fullmatch(r"bytes=(\d+)-(\d*)", wanted or "")
        if not match:
            return Answer(200, headers, file.read_bytes())
        start, end = int(match[1]), min(int(match[2] or size), size - 1)
        if start >= size:
            return Answer(416, headers | {"Content-Range": f"bytes */{size}"}, b"")
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
        with file.open("rb") as opened:
            opened.seek(start)
            return Answer(206, headers, opened.read(end + 1 - start))
