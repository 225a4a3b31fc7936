"""Click to first result: the quickstart opened by its link and run, against a bare page without Jupyter (bare.html).

Both in turn, so that a busy machine slows both: the ratio is what counts. A second visit is one of the same profile
after the browser was closed, so that what a browser keeps between visits, such as machine code, is there: for both.
Requests are counted and bytes are weighed at the server, text and WebAssembly gzipped as GitHub Pages does. $RUNS
(default 5) says how often.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from futures_explorer.project import BASE
from playwright.sync_api import Page, Playwright, sync_playwright
from support.browsing import serving
from support.chromium import ARGUMENTS, ensure_chromium
from support.kept import wait_until_kept
from support.notebook import START, Notebook

HERE = Path(__file__).parent
SITE = Path(os.environ.get("SITE", HERE.parents[1] / "_site"))
GZIPPED = (".css", ".html", ".ipynb", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm")
RUNS = int(os.environ.get("RUNS", "5"))
#: Milliseconds that a visit goes on: a browser keeps machine code when nothing new has been compiled for a while.
LASTS = 4000
#: Milliseconds that a browser is given to start itself, which is not measured.
LAUNCH = 1000


class Server:
    """Notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []

    def watch(self, scope) -> None:
        ranged = dict(scope["headers"]).get(b"range", b"").decode() or None
        self.asked.append((scope["path"].removeprefix(BASE), ranged))

    def weighed(self) -> tuple[int, int, int]:
        """Requests, bytes on the wire, and bytes of data among them, since `asked` was emptied."""
        whole = {path for path, ranged in self.asked if not ranged}
        ranges = [(path, span(ranged, path)) for path, ranged in self.asked if ranged]
        sizes = [*((path, weigh(path)) for path in whole), *ranges]
        data = sum(size for path, size in sizes if path.startswith("data/objects/"))
        return len(sizes), sum(size for _, size in sizes), data


def weigh(path: str) -> int:
    file = SITE / path
    file = file / "index.html" if file.is_dir() else file
    content = file.read_bytes() if file.is_file() else b""
    return len(gzip.compress(content, 6)) if file.name.endswith(GZIPPED) else len(content)


def span(header: str, path: str) -> int:
    first, last = header.removeprefix("bytes=").split("-")
    return int(last or (SITE / path).stat().st_size - 1) - int(first) + 1


@contextlib.contextmanager
def visit(playwright: Playwright, profile: str) -> Iterator[Page]:
    """A page of a browser whose profile lies in a folder: an empty one, or as the visit before left it."""
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=ensure_chromium(), args=list(ARGUMENTS)
    )
    page = context.new_page()
    page.wait_for_timeout(LAUNCH)
    yield page
    context.close()


def bare(page: Page, url: str) -> float:
    """Seconds until the bare page has started Python and answered a question."""
    page.route(f"{url}bare.html", lambda route: route.fulfill(path=HERE / "bare.html"))
    start = time.perf_counter()
    page.goto(f"{url}bare.html")
    page.locator("#done").wait_for(timeout=START)
    return time.perf_counter() - start


def explorer(page: Page, url: str, server: Server) -> tuple[float, tuple[int, int, int]]:
    """Seconds until the quickstart shows its answer, a sentence, and what was asked of the server until then."""
    server.asked.clear()
    start = time.perf_counter()
    notebook = Notebook.open(page, url, "quickstart.ipynb")
    for number in range(3):  # the cells up to the answer; what those below need is not the first result's
        notebook.code_cells.nth(number).locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
    page.locator(".jp-OutputArea-output[data-mime-type='text/markdown'] p").wait_for(timeout=START)
    took = time.perf_counter() - start
    weighed = server.weighed()
    notebook.run_all()
    return took, weighed


def run(report) -> None:
    """Adds rows: first visit, second visit, and a visit without a network."""
    build = json.loads((SITE / "static/build.json").read_text())["id"]
    cold, again = {"bare": [], "explorer": []}, {"bare": [], "explorer": []}
    weights, weights_again, offline = [], [], []
    with sync_playwright() as playwright:
        for _ in range(RUNS):
            server = Server()
            with tempfile.TemporaryDirectory() as bares, tempfile.TemporaryDirectory() as ours:
                with serving(SITE, server.watch) as url:
                    for times in (cold["bare"], again["bare"]):
                        with visit(playwright, bares) as page:
                            times.append(bare(page, url))
                            page.wait_for_timeout(LASTS)
                    for times, weighed in ((cold, weights), (again, weights_again)):
                        with visit(playwright, ours) as page:
                            took, asked = explorer(page, url, server)
                            wait_until_kept(page, build)
                            page.wait_for_timeout(LASTS)
                        times["explorer"].append(took)
                        weighed.append(asked)
                with visit(playwright, ours) as page:
                    offline.append(explorer(page, url, server)[0])

    def row(
        measure: str,
        times: dict[str, list[float]],
        weighed: list[tuple[int, int, int]],
        limits: dict[str, str],
    ) -> None:
        ratios = [ours / theirs for ours, theirs in zip(times["explorer"], times["bare"], strict=True)]
        requests, size, data = (statistics.median(column) for column in zip(*weighed, strict=True))
        report.add(
            measure,
            "localhost, unshaped",
            limits=limits,
            first_result_s=round(statistics.median(times["explorer"]), 1),
            bare_page_s=round(statistics.median(times["bare"]), 1),
            ratio=round(statistics.median(ratios), 2),
            requests=requests,
            megabytes_gzipped=round(size / 1e6, 1),
            data_bytes=data,
        )

    row("quickstart, first visit", cold, weights, {"ratio": "≤ 2", "megabytes_gzipped": "≤ 22"})
    row("quickstart, second visit", again, weights_again, {"ratio": "≤ 1.5", "data_bytes": "= 0"})
    report.add(
        "quickstart, second visit, offline",
        "no server",
        limits={"works": f"= {RUNS}"},
        first_result_s=round(statistics.median(offline), 1),
        works=len(offline),
    )
