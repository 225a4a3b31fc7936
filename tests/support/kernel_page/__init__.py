"""Plain Pyodide with the kernel's wheels from the built site, in a worker: no notebook around it."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from futures_explorer.project import BASE
from futures_explorer.site.phases import link_tree
from futures_explorer.site.serve import application
from playwright.sync_api import Browser, BrowserContext, Page

HERE = Path(__file__).parent
#: The engine's bridge finds the site by what stands before this in the worker's address.
FOLDER = "extensions/kernel-tests/"
PACKAGES = ["duckdb", "nanoarrow"]


@dataclass
class Kernel:
    """Python in the browser."""

    page: Page
    #: The address of the site that serves it; ends in a slash.
    site: str
    #: From then on nothing answers there.
    stop_server: Callable[[], None]

    def run(self, code: str, **given: Any) -> Any:
        """The value of the last expression of `code`, which finds `given` as a dict; JSON values both ways."""
        return self.page.evaluate("message => kernel(message)", {"call": "run", "code": code, "given": given})


@contextmanager
def kernel_page(
    site: Path, folder: Path, browser: Browser | BrowserContext, zone: str | None = None
) -> Iterator[Kernel]:
    """Serves the built site with this page in it from `folder`, which is made, and starts Python there.

    zone: a browser's time zone, such as Asia/Tokyo; default: the machine's.
    """
    link_tree(site, folder)
    (folder / FOLDER).mkdir(parents=True)
    for name in ("page.html", "worker.mjs"):
        shutil.copy(HERE / name, folder / FOLDER / name)
    # Of the system's own choice: no other process takes it when the server has been stopped.
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(application(folder), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()

    def stop_server() -> None:
        server.should_exit = server.force_exit = True
        thread.join(timeout=10)

    base = f"http://127.0.0.1:{port}{BASE}"
    page = browser.new_page(timezone_id=zone) if zone else browser.new_page()
    try:
        page.goto(base + FOLDER + "page.html")
        runtime = json.loads((folder / "static" / "runtime.json").read_text())
        start = {"call": "start", "pyodide": base + runtime["pyodide"], "packages": PACKAGES}
        page.evaluate("message => kernel(message)", start)
        yield Kernel(page, base, stop_server)
    finally:
        page.close()
        stop_server()
