"""The local server: what GitHub Pages does with a project site, on this machine.

It serves under a sub-path, answers Range requests, gzips the types that Pages gzips, and sends no
COOP/COEP headers.
"""

import asyncio
import contextlib
import functools
import gzip
import socket
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from futures_explorer.errors import ExplorerError
from futures_explorer.project import BASE

#: Text; WebAssembly, which Pages gzips too, is left as it is: locally that only costs time.
GZIPPED = (
    ".css",
    ".html",
    ".ipynb",
    ".js",
    ".json",
    ".map",
    ".mjs",
    ".svg",
    ".txt",
    ".xml",
    ".webmanifest",
)
#: Bytes read from a file at a time.
CHUNK = 2**20


@functools.cache
def _gzipped(path: str, etag: str) -> bytes:
    """A file's content, gzipped; kept while its `etag` holds, as every page load asks for the same megabytes."""
    return gzip.compress(Path(path).read_bytes(), 6)


class _Site(StaticFiles):
    """Static files that a browser asks about again, so that a rebuilt site is seen at once.

    Whole responses of text types are gzipped; everything else, and every range, passes untouched.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        asked = Headers(scope=scope)
        if not isinstance(response, FileResponse):
            return response
        response.chunk_size = CHUNK
        wanted = "gzip" in asked.get("accept-encoding", "") and "range" not in asked
        if not wanted or not str(response.path).endswith(GZIPPED):
            return response
        body = await asyncio.to_thread(_gzipped, str(response.path), response.headers["ETag"])
        del response.headers["Content-Length"]
        headers = {**response.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(body, response.status_code, headers)


def application(site: Path, base: str = BASE) -> ASGIApp:
    """The ASGI application that serves the folder `site` under the path `base` (which ends in a slash)."""
    # html=True serves index.html for a folder and 404.html, where the site has one.
    files = Mount(base.rstrip("/"), _Site(directory=site, html=True))
    home = Route("/", lambda _: RedirectResponse(base))
    return Starlette(routes=[home, files])


def free_socket(port: int, tries: int = 20) -> tuple[socket.socket, int]:
    """A listening socket on 127.0.0.1 at `port`, or at the next free one within `tries`; and its port."""
    for candidate in range(port, port + tries):
        listener = socket.socket()
        # Without it a port stays taken for a minute after the server before was stopped.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", candidate))
            # Only a listening port is taken: two programs may bind the same one.
            listener.listen()
        except OSError:
            listener.close()
            continue
        return listener, candidate
    raise ExplorerError(
        f"Ports {port} to {port + tries - 1} are all taken. Choose another: make serve PORT=…"
    )


def serve(site: Path, port: int, say=print) -> None:
    """Serves until interrupted. Says where; where `port` is taken says so and takes the next free one."""
    if not (site / "index.html").is_file():
        raise ExplorerError(f"There is no built site in {site}. Run `make build` first.")
    listener, got = free_socket(port)
    if got != port:
        say(f"Port {port} is taken by another program; using {got} instead.")
    say(f"\n  The explorer is at  http://127.0.0.1:{got}{BASE}\n\n  Stop it with Ctrl+C.")
    config = uvicorn.Config(application(site), log_level="warning", access_log=False)
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
