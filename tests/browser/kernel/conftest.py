"""Plain Pyodide with the kernel's wheels from the built site, in a worker: no notebook around it."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from futures_explorer.site.phases import link_tree
from futures_explorer.site.serve import BASE, application, free_socket
from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
#: The engine's bridge finds the site by what stands before this in the worker's address.
FOLDER = "extensions/kernel-tests/"
PACKAGES = ["duckdb", "nanoarrow"]


@dataclass
class Kernel:
    """Python in the browser."""

    page: Page

    def run(self, code: str, **given: Any) -> Any:
        """The value of the last expression of `code`, which finds `given` as a dict; JSON values both ways."""
        return self.page.evaluate("message => kernel(message)", {"call": "run", "code": code, "given": given})


@pytest.fixture(scope="session")
def kernel_site(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site with the tests' page in it."""
    folder = tmp_path_factory.mktemp("site") / "site"
    link_tree(site, folder)
    (folder / FOLDER).mkdir(parents=True)
    for name in ("page.html", "worker.mjs"):
        shutil.copy(HERE / name, folder / FOLDER / name)
    return folder


@pytest.fixture(scope="session")
def kernel(kernel_site: Path, browser: Browser) -> Iterator[Kernel]:
    """One Python for all tests of a run: it starts in some seconds."""
    listener, port = free_socket(8900, tries=200)
    server = uvicorn.Server(uvicorn.Config(application(kernel_site), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{port}{BASE}"
    page = browser.new_page()
    page.goto(base + FOLDER + "page.html")
    runtime = json.loads((kernel_site / "static" / "runtime.json").read_text())
    start = {"call": "start", "pyodide": base + runtime["pyodide"], "packages": PACKAGES}
    page.evaluate("message => kernel(message)", start)
    yield Kernel(page)
    page.close()
    server.should_exit = True
    thread.join(timeout=10)
