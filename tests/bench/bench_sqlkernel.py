"""A visit to the SQL tour by its link, against a bare page with the engine alone (bare_sql.html), which is asked, too.

As bench_start.py, in turn and by the same lines; what is measured is the visitor's own first result, run as soon as its
cell is seen. Bytes are counted at the server, on the wire.
"""

from __future__ import annotations

import tempfile
import time

from bench_start import CONDITIONS, HERE, LASTS, RUNS, SITE, bare, median, released, run_cell, visit
from playwright.sync_api import Page, sync_playwright
from support.line import Line, on_line
from support.notebook import START

EXTRA = {"bare_sql.html": (HERE / "bare_sql.html").read_bytes()}
HAS_RUN = """() => {
    const cell = document.querySelectorAll('.jp-CodeCell')[1];
    return /\\[\\d+\\]/.test(cell?.querySelector('.jp-InputPrompt').textContent) && !cell.querySelector('.bf-Carried')
        && cell.querySelector('.jp-OutputArea-output table') !== null;
}"""


def tour(page: Page, url: str, line: Line) -> dict[str, float]:
    """Seconds until the visitor's own first result, and the megabytes until then."""
    line.reset()
    start = time.perf_counter()
    page.goto(f"{url}notebooks/index.html?path=sql-tour.ipynb", wait_until="commit")
    run_cell(page, 1)
    page.wait_for_function(HAS_RUN, timeout=START)
    return {"s": time.perf_counter() - start, "megabytes": line.sent / 1e6}


def run(report) -> None:
    """Adds rows: the first visit and the second under each condition."""
    with sync_playwright() as playwright:
        for condition in ("unshaped", "line"):
            make, slower = CONDITIONS[condition]
            line = make()
            bares, ours = ([], []), ([], [])
            with (
                released() as folder,
                on_line(folder, line, EXTRA) as bare_url,
                on_line(SITE, line) as url,
            ):
                for _ in range(RUNS):
                    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
                        for times in bares:
                            with visit(playwright, one, slower) as page:
                                times.append(bare(page, bare_url, "bare_sql.html"))
                                page.wait_for_timeout(LASTS)
                        for marks in ours:
                            with visit(playwright, other, slower) as page:
                                marks.append(tour(page, url, line))
                                page.wait_for_timeout(LASTS)
            for which, marks, others, limits in (
                ("first", ours[0], bares[0], {"ratio": "≤ 1.5", "megabytes": "≤ 12"}),
                ("second", ours[1], bares[1], {"ratio": "≤ 1.3"}),
            ):
                ratios = [mark["s"] / other for mark, other in zip(marks, others, strict=True)]
                report.add(
                    f"sql-tour, own first result, {which} visit",
                    condition,
                    limits=limits,
                    s=median([mark["s"] for mark in marks]),
                    bare_s=median(others),
                    megabytes=median([mark["megabytes"] for mark in marks]),
                    ratio=median(ratios),
                )
