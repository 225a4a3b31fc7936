"""The front page, in a profile that never saw it: its first contentful paint, its layout shifts and its size."""

from __future__ import annotations

import gzip
import statistics
from pathlib import Path

from playwright.sync_api import sync_playwright
from support.browsing import LOOKS, serving
from support.chromium import ARGUMENTS, ensure_chromium

SITE = Path(__file__).resolve().parents[2] / "_site"
RUNS = 5
#: Paint and shifts as the browser itself reports them: https://web.dev/articles/vitals
OBSERVE = """
window.shifted = 0;
new PerformanceObserver(list => { for (const { value } of list.getEntries()) window.shifted += value; })
    .observe({ type: 'layout-shift', buffered: true });
"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def run(report) -> None:
    """Adds a row for each width: medians over fresh profiles."""
    page_bytes = [(SITE / name).read_bytes() for name in ("index.html", "search.js", "favicon.svg")]
    with serving(SITE) as url, sync_playwright() as playwright:
        for look in ("1280-light", "390-dark"):
            paints, shifts, requests = [], [], []
            for _ in range(RUNS):
                browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=list(ARGUMENTS))
                page = browser.new_context(**LOOKS[look]).new_page()
                asked: list[str] = []
                page.on("request", lambda request, asked=asked: asked.append(request.url))
                page.add_init_script(OBSERVE)
                page.goto(url, wait_until="networkidle")
                paints.append(page.evaluate(PAINTED))
                shifts.append(page.evaluate("window.shifted"))
                requests.append(len(asked))
                browser.close()
            report.add(
                "front page, cold",
                f"localhost, {look}",
                must="the page before its pictures",
                limits={"first_contentful_paint_ms": "< 1000", "layout_shift": "= 0", "kilobytes": "< 100"},
                first_contentful_paint_ms=round(statistics.median(paints)),
                layout_shift=max(shifts),
                requests=statistics.median(requests),
                kilobytes=round(sum(map(len, page_bytes)) / 1e3, 1),
                kilobytes_gzipped=round(
                    sum(len(gzip.compress(content, 6)) for content in page_bytes) / 1e3, 1
                ),
            )
