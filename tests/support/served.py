"""A folder served as GitHub Pages would, for tests that need a socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from futures_explorer.project import BASE
from futures_explorer.site.serve import application


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of `site`, served as GitHub Pages would."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(site), log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}{BASE}"
    finally:
        server.should_exit = True
        thread.join()
