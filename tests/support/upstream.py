"""A server on this machine that plays GitHub: its release API and its downloads, with faults on demand."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

RANKINGS = "volume-rankings-timeseries.parquet"
DATABASE = "availability.duckdb.gz"


@dataclass
class Fault:
    """How one answer goes wrong: another status, headers or body, or a body that stops early."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    # Send so many bytes of the body, then cut the connection.
    cut: int | None = None
    # Leave out Content-Length, so that a body which stops early looks like one that ended.
    no_length: bool = False
    # Called once the headers are out.
    then: threading.Event | None = None
    # Waited for before the rest of the body is sent.
    hold: threading.Event | None = None


class Upstream:
    """One release with tag `latest` of `repository`, made of the files in `folder`.

    `faults` maps a path to what happens to the next requests for it, in order; then all is well.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: dict[str, list[Fault]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.repository = "acme/data"
        self.ranges = True
        self.digests = True

    @property
    def api(self) -> str:
        return f"/repos/{self.repository}/releases/tags/latest"

    def asked(self, path: str) -> list[dict[str, str]]:
        """The headers of each request for `path`."""
        return [headers for asked, headers in self.requests if asked == path]

    def answer(self, path: str) -> tuple[int, str, bytes]:
        if path == self.api:
            return 200, "application/json", json.dumps(self.listing()).encode()
        name = path.removeprefix("/download/")
        file = self.folder / name
        if path.startswith("/download/") and "/" not in name and file.is_file():
            return 200, "application/octet-stream", file.read_bytes()
        return 404, "text/plain", b"Not Found"

    def listing(self) -> dict:
        assets = []
        for path in sorted(self.folder.iterdir()):
            data = path.read_bytes()
            assets.append(
                {
                    "name": path.name,
                    "size": len(data),
                    "state": "uploaded",
                    "digest": f"sha256:{hashlib.sha256(data).hexdigest()}" if self.digests else None,
                    "updated_at": "2026-11-01T03:20:11Z",
                    "browser_download_url": f"{self.url}/download/{path.name}",
                }
            )
        return {"tag_name": "latest", "published_at": "2025-01-01T00:00:00Z", "assets": assets}


def assert_is_release(folder: str | Path, upstream: Upstream) -> None:
    """The folder has the bytes that are served."""
    for name in (RANKINGS, DATABASE):
        assert (Path(folder) / name).read_bytes() == (upstream.folder / name).read_bytes()


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[Upstream]:
    """Serve the release in `folder` on a free port of this machine."""
    upstream = Upstream(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            upstream.requests.append((path, {name.lower(): value for name, value in self.headers.items()}))
            queue = upstream.faults.get(path, [])
            fault = queue.pop(0) if queue else Fault()
            status, kind, body = upstream.answer(path)
            headers = {"Content-Type": kind, "Date": self.date_time_string()}
            wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            if status == 200 and wanted and upstream.ranges:
                start, total = int(wanted[1]), len(body)
                status, body = (206, body[start:]) if start < total else (416, b"")
                if status == 206:
                    headers["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
            status = fault.status or status
            body = body if fault.body is None else fault.body
            headers |= {} if fault.no_length else {"Content-Length": str(len(body))}
            headers |= fault.headers
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(body if fault.cut is None else body[: fault.cut])
                self.wfile.flush()
                if fault.then:
                    fault.then.set()
                if fault.hold:
                    fault.hold.wait(60)
            if fault.cut is not None or fault.no_length:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    upstream.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
