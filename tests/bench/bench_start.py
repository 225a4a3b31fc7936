"""A visit to the quickstart by its link, against a bare page without Jupyter (bare.html), which is asked a question too.

The bare page has DuckDB's WebAssembly as released, the site has it trimmed: what that gives is the site's.

Both in turn, so that a busy machine slows both: the ratio is what counts. Each is measured unshaped, on a line of 40 ms
and 20 Mbit/s ("line"), and on that line with the processor slowed four times by the browser ("phone"); with a profile on
disk and in a private window. A second visit is one of the same profile after the browser was closed, so that what a
browser keeps between visits, such as machine code, is there: for both. Bytes are counted at the server, on the wire.
$RUNS (default 5) says how often.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from futures_explorer.site.phases import link_tree
from futures_explorer.site.runtime import duckdb_wasm
from playwright.sync_api import Page, Playwright, sync_playwright
from support.chromium import ARGUMENTS, ensure_chromium
from support.line import Line, fast, on_line, ordinary
from support.notebook import START, Notebook

HERE = Path(__file__).parent
SITE = Path(os.environ.get("SITE", HERE.parents[1] / "_site"))
RUNS = int(os.environ.get("RUNS", "5"))
EXTRA = {"bare.html": (HERE / "bare.html").read_bytes()}
#: Of each condition its line, and how many times slower the processor is.
CONDITIONS = {"unshaped": (fast, 1), "line": (ordinary, 1), "phone": (ordinary, 4)}
#: Milliseconds that a visit goes on: a browser keeps machine code when nothing new has been compiled for a while.
LASTS = 4000
#: Milliseconds that a browser is given to start itself, which is not measured.
LAUNCH = 1000
#: Milliseconds without a byte after which a site is quiet.
QUIET = 12_000
ANSWER = ".jp-OutputArea-output[data-mime-type='text/markdown'] p"
#: The middle of the first line of a code cell's editor, once it is what a click there would hit.
REACHABLE = """index => {
    const line = document.querySelectorAll('.jp-Notebook .jp-CodeCell')[index]?.querySelector('.cm-content .cm-line');
    if (!line) return null;
    const { x, y, width, height } = line.getBoundingClientRect();
    const place = [x + Math.min(width, 20) / 2, y + height / 2];
    return line.contains(document.elementFromPoint(...place)) ? place : null;
}"""
HAS_RUN = (
    """() => /\\[\\d+\\]/.test(document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')[2]?.textContent)"""
)

Marks = dict[str, float]


@contextlib.contextmanager
def released() -> Iterator[Path]:
    """The site, but for DuckDB's WebAssembly, which is as released: where bare pages are."""
    with tempfile.TemporaryDirectory(dir=SITE.parent / ".cache") as scratch:
        folder = Path(scratch) / "site"
        link_tree(SITE, folder)
        for trimmed in folder.glob(f"static/*/{duckdb_wasm().name}"):
            trimmed.unlink()
            shutil.copyfile(duckdb_wasm(), trimmed)
        yield folder


@contextlib.contextmanager
def visit(playwright: Playwright, profile: str | None, slower: int) -> Iterator[Page]:
    """A page of a browser: whose profile lies in a folder, as the visit before left it; None: of a private window."""
    browser = None
    if profile is None:
        browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=list(ARGUMENTS))
        context = browser.new_context()
    else:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=ensure_chromium(), args=list(ARGUMENTS)
        )
    page = context.new_page()
    page.wait_for_timeout(LAUNCH)
    if slower > 1:
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    yield page
    context.close()
    if browser:
        browser.close()


def see(page: Page, selector: str) -> None:
    """Returns with the frame in which `selector` is seen: a locator would look again after half a second only."""
    script = "selector => document.querySelector(selector)?.checkVisibility()"
    page.wait_for_function(script, arg=selector, timeout=START)


def run_cell(page: Page, index: int) -> None:
    """Clicks into a code cell as soon as a click there would reach it, and runs it."""
    place = page.wait_for_function(REACHABLE, arg=index, timeout=START).json_value()
    page.mouse.click(*place)
    page.keyboard.press("Control+Enter")  # those above, which have not run here, run with it


def bare(page: Page, url: str, name: str = "bare.html") -> float:
    """Seconds until a bare page has started and answered a question."""
    start = time.perf_counter()
    page.goto(f"{url}{name}", wait_until="commit")
    see(page, "#done")
    return time.perf_counter() - start


def explorer(page: Page, url: str, line: Line) -> Marks:
    """When an answer is seen and when the visitor's own is there, in seconds, and the megabytes until then.

    The cells up to the answer are run as soon as they are seen; what those below need is not the first answer's.
    """
    line.reset()
    start = time.perf_counter()
    page.goto(f"{url}notebooks/index.html?path=quickstart.ipynb", wait_until="commit")
    see(page, ANSWER)
    marks = {"seen_s": time.perf_counter() - start, "seen_megabytes": line.sent / 1e6}
    run_cell(page, 2)
    page.wait_for_function(HAS_RUN, timeout=START)
    see(page, ANSWER)
    data = sum(asked.bytes for asked in line.asked if asked.path.startswith("data/objects/"))
    return marks | {
        "own_s": time.perf_counter() - start,
        "own_megabytes": line.sent / 1e6,
        "data_bytes": data,
    }


def ask(page: Page, day: str) -> float:
    """Seconds that a question about another day takes."""
    start = time.perf_counter()
    Notebook(page).insert_and_run(f"len(db.sql(\"FROM rankings_on('{day}')\").fetchall())")
    return time.perf_counter() - start


def until_quiet(page: Page, line: Line) -> None:
    """Returns when nothing has come for a while."""
    before = -1
    while before != line.sent:
        before = line.sent
        page.wait_for_timeout(QUIET)


def median(values: list[float]) -> float:
    return round(statistics.median(values), 2)


def first_visits(playwright: Playwright, report, condition: str) -> None:
    """First and second visits under one condition, with a profile and in a private window."""
    make, slower = CONDITIONS[condition]
    seen_must = {"unshaped": {"seen_ratio": "≤ 1"}, "line": {"seen_s": "≤ 4", "seen_megabytes": "≤ 4"}}
    seen_must["phone"] = {"seen_s": "≤ 10"}
    own_must = {"unshaped": "≤ 2", "line": "≤ 1.3", "phone": "≤ 2"}[condition]
    line = make()
    with (
        released() as folder,
        on_line(folder, line, EXTRA) as bare_url,
        on_line(SITE, line) as url,
    ):
        for window in ("profile", "private window"):
            bares, ours, again, bares_again = [], [], [], []
            for _ in range(RUNS):
                with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
                    for profile, times in ((one, bares), (one, bares_again)):
                        if window == "profile" or times is bares:
                            with visit(playwright, profile if window == "profile" else None, slower) as page:
                                times.append(bare(page, bare_url))
                                page.wait_for_timeout(LASTS)
                    for profile, marks in ((other, ours), (other, again)):
                        if window == "profile" or marks is ours:
                            with visit(playwright, profile if window == "profile" else None, slower) as page:
                                marks.append(explorer(page, url, line))
                                page.wait_for_timeout(LASTS)
            _row(report, f"first visit, {window}", condition, ours, bares, seen_must[condition], own_must)
            if again:
                _row(report, "second visit", condition, again, bares_again, {"data_bytes": "= 0"}, "≤ 1.4")


def _row(
    report,
    measure: str,
    condition: str,
    ours: list[Marks],
    bares: list[float],
    limits: dict[str, str],
    own: str,
) -> None:
    ratios = {
        name: median([marks[f"{name}_s"] / other for marks, other in zip(ours, bares, strict=True)])
        for name in ("seen", "own")
    }
    figures = {name: median([marks[name] for marks in ours]) for name in ours[0]}
    report.add(
        f"quickstart, {measure}",
        condition,
        limits=limits
        | {"own_ratio": own}
        | ({"own_megabytes": "≤ 18"} if measure.startswith("first") else {}),
        **figures,
        bare_s=median(bares),
        seen_ratio=ratios["seen"],
        own_ratio=ratios["own"],
    )


def whole_visit(playwright: Playwright, report) -> None:
    """One notebook read and run on a line, until the site is quiet; and a question meanwhile against one after."""
    line = ordinary()
    sent, ratios = [], []
    with on_line(SITE, line) as url:
        for _ in range(RUNS):
            with (
                tempfile.TemporaryDirectory() as profile,
                visit(playwright, profile, 1) as page,
            ):
                explorer(page, url, line)
                Notebook(page).run_all()
                page.wait_for_timeout(LASTS)  # so that what is brought in unasked has begun
                soon = ask(page, "2023-03-03")
                until_quiet(page, line)
                sent.append(line.sent / 1e6)
                ratios.append(soon / ask(page, "2023-09-09"))
    report.add(
        "quickstart read and run, until the site is quiet",
        "line",
        limits={"megabytes": "≤ 30"},
        megabytes=median(sent),
    )
    report.add(
        "a question asked in the first minute", "line", limits={"ratio": "≤ 1.5"}, ratio=median(ratios)
    )


def run(report) -> None:
    """Adds rows: first and second visits under each condition, and a whole visit on a line."""
    with sync_playwright() as playwright:
        for condition in CONDITIONS:
            first_visits(playwright, report, condition)
        whole_visit(playwright, report)
