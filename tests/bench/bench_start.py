"""Click to first result: the quickstart opened by its link and run, in a profile that never saw the site.

Requests are counted and bytes are weighed at the server, text and WebAssembly gzipped as GitHub Pages does.
"""

from __future__ import annotations

import gzip
import statistics
import time
from pathlib import Path

from futures_explorer.chromium import ARGUMENTS, ensure_chromium
from futures_explorer.site.serve import BASE
from playwright.sync_api import sync_playwright
from support.browsing import serving
from support.notebook import START, Notebook

SITE = Path(__file__).resolve().parents[2] / "_site"
GZIPPED = (".css", ".html", ".ipynb", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm")
#: FACTS of this project: JupyterLite, Pyodide and DuckDB-WASM with stock settings.
STOCK = "≤ 117 requests, ≤ 26.7 MB"
RUNS = 5


def weigh(path: str, ranges: list[int]) -> int:
    """Bytes of one file on the wire: what was asked of it where it was read by ranges, else the whole, gzipped."""
    file = SITE / path
    if file.is_dir():
        file = file / "index.html"
    if ranges:
        return sum(ranges)
    content = file.read_bytes() if file.is_file() else b""
    return len(gzip.compress(content, 6)) if file.name.endswith(GZIPPED) else len(content)


def span(header: str, path: str) -> int:
    first, last = header.removeprefix("bytes=").split("-")
    return int(last or (SITE / path).stat().st_size - 1) - int(first) + 1


def run(report) -> None:
    """Adds one row: time to the first table and to the end, requests and bytes until then, medians."""
    asked: list[tuple[str, str | None]] = []

    def watch(scope) -> None:
        headers = dict(scope["headers"])
        asked.append((scope["path"].removeprefix(BASE), headers.get(b"range", b"").decode() or None))

    firsts, ends, counts, sizes = [], [], [], []
    with serving(SITE, watch) as url, sync_playwright() as playwright:
        for _ in range(RUNS):
            browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=list(ARGUMENTS))
            page = browser.new_page()
            asked.clear()
            start = time.perf_counter()
            notebook = Notebook.open(page, url, "quickstart.ipynb")
            notebook.start_all()
            page.locator(".jp-OutputArea-output table").first.wait_for(timeout=START)
            firsts.append(time.perf_counter() - start)
            notebook.wait_until_done()
            ends.append(time.perf_counter() - start)
            whole = {path for path, ranged in asked if not ranged}
            counts.append(len(whole) + sum(1 for _, ranged in asked if ranged))
            ranges: dict[str, list[int]] = {}
            for path, ranged in asked:
                if ranged:
                    ranges.setdefault(path, []).append(span(ranged, path))
            sizes.append(
                sum(weigh(path, []) for path in whole) + sum(sum(spans) for spans in ranges.values())
            )
            browser.close()
    report.add(
        "quickstart, cold",
        "localhost, unshaped",
        must=STOCK,
        first_table_s=round(statistics.median(firsts), 1),
        all_cells_s=round(statistics.median(ends), 1),
        requests=statistics.median(counts),
        megabytes_gzipped=round(statistics.median(sizes) / 1e6, 1),
    )
