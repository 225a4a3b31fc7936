"""What the interface's extension costs until a notebook can be used: the site with it and without it, in turn.

A page of a fresh profile opens the quickstart; it can be used when its cells and its toolbar are there and the main thread
has answered once more. The kernel is held back: it takes the other processor, at moments that differ from run to run.
$RUNS (default 15) says how often. Page loads differ by some 200 ms from one to the next, so a profiler says, too, for how
long the extension's functions, and what they call, were at work until then.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from futures_explorer.site.labextension import labextension_name
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from support.browsing import serving
from support.chromium import ARGUMENTS, ensure_chromium

SITE = Path(os.environ.get("SITE", Path(__file__).parents[2] / "_site"))
RUNS = int(os.environ.get("RUNS", "15"))
#: In place of what starts Python.
NEVER = "await new Promise(() => {});"
USABLE = """
window.usable = new Promise((done) => {
    const look = () => {
        if (!document.querySelector('.jp-Notebook .jp-Cell') ||
            !document.querySelector('.jp-NotebookPanel-toolbar [data-jp-item-name="run"]')) return;
        observer.disconnect();
        setTimeout(() => done(performance.now()));
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true });
});
"""


def without_extension(folder: Path) -> Path:
    """A copy of the site whose pages do not load the extension; what it takes the place of is on again."""
    copy = Path(shutil.copytree(SITE, folder / "without", copy_function=os.link))
    config = json.loads((copy / "jupyter-lite.json").read_text())
    data = config["jupyter-config-data"]
    name = labextension_name()
    ours = [entry for entry in data["federated_extensions"] if entry["name"] == name]
    assert len(ours) == 1
    data["federated_extensions"].remove(ours[0])
    replaced = json.loads((copy / "extensions" / name / "package.json").read_text())
    for plugin in replaced["jupyterlab"]["disabledExtensions"]:
        if plugin in data.get("disabledExtensions", []):
            data["disabledExtensions"].remove(plugin)
    (copy / "jupyter-lite.json").unlink()
    (copy / "jupyter-lite.json").write_text(json.dumps(config))
    return copy


@contextlib.contextmanager
def opening(browser: Browser) -> Iterator[tuple[Page, CDPSession]]:
    """A page of a fresh profile that is about to open the quickstart; `load` opens it."""
    # No service worker: it would keep the site meanwhile.
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.route("**/kernel.mjs", lambda route: route.fulfill(body=NEVER, content_type="text/javascript"))
    page.add_init_script(USABLE)
    yield page, context.new_cdp_session(page)
    context.close()


def load(page: Page, url: str) -> float:
    """Milliseconds from the navigation until the notebook can be used."""
    page.goto(f"{url}notebooks/index.html?path=quickstart.ipynb")
    return page.evaluate("window.usable")


def usable(browser: Browser, url: str, has_extension: bool) -> tuple[float, float]:
    """Milliseconds until the notebook can be used, and of the main thread's work until then."""
    with opening(browser) as (page, cdp):
        cdp.send("Performance.enable")
        took = load(page, url)
        metrics = {entry["name"]: entry["value"] for entry in cdp.send("Performance.getMetrics")["metrics"]}
        assert (page.locator(".bf-DataPin").count() > 0) == has_extension
    return took, metrics["TaskDuration"] * 1000


def own_work(browser: Browser, url: str) -> float:
    """Milliseconds until the notebook can be used in which a function of the extension was on the main thread's stack."""
    with opening(browser) as (page, cdp):
        cdp.send("Profiler.enable")
        cdp.send("Profiler.setSamplingInterval", {"interval": 200})
        cdp.send("Profiler.start")
        load(page, url)
        profile = cdp.send("Profiler.stop")["profile"]
    own: set[int] = set()
    # A node comes before those that it calls.
    for node in profile["nodes"]:
        if node["id"] in own or f"/{labextension_name()}/" in node["callFrame"]["url"]:
            own.update((node["id"], *node.get("children", ())))
    samples = zip(profile["samples"], profile["timeDeltas"], strict=True)
    return sum(taken for sample, taken in samples if sample in own) / 1000


def run(report) -> None:
    """Adds a row: medians, and the median of the differences between neighbours."""
    with (
        tempfile.TemporaryDirectory(dir=SITE.parent) as folder,
        serving(SITE) as with_it,
        serving(without_extension(Path(folder))) as without_it,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=list(ARGUMENTS))
        sites = ((with_it, True), (without_it, False))
        for url, has_extension in sites:
            usable(browser, url, has_extension)  # the first of each compiles, and reads from the disk
        pairs = []
        for number in range(RUNS):
            order = sites if number % 2 else sites[::-1]
            found = {has_extension: usable(browser, url, has_extension) for url, has_extension in order}
            pairs.append((found[True], found[False]))
        work = [own_work(browser, with_it) for _ in range(5)]
        browser.close()
    for place, measure in enumerate(("until usable", "main thread's work until then")):
        report.add(
            f"quickstart, {measure}",
            "localhost, fresh profile, kernel held back",
            must="difference < 50 ms" if place == 0 else "",
            with_ms=round(statistics.median(ours[place] for ours, _ in pairs)),
            without_ms=round(statistics.median(plain[place] for _, plain in pairs)),
            difference_ms=round(statistics.median(ours[place] - plain[place] for ours, plain in pairs)),
            differences=" ".join(
                str(round(value)) for value in sorted(o[place] - p[place] for o, p in pairs)
            ),
        )
    report.add(
        "quickstart, the extension's own work until usable",
        "the same, by the profiler",
        must="< 50 ms",
        with_ms=round(statistics.median(work), 1),
        differences=" ".join(str(round(value)) for value in sorted(work)),
    )
