"""What a visitor sees while a notebook starts, and that what is asked for early is done."""

import json
from pathlib import Path

from futures_explorer.site.chunks import chunk_name
from playwright.sync_api import BrowserContext, Route, expect
from support.browsing import LOOKS, show_as, wear
from support.notebook import START, Notebook

#: Runs all cells the moment the notebook's are there: JupyterLab's session has then not begun.
RUN_AT_ONCE = """const look = setInterval(() => {
    const there = document.querySelectorAll('.jp-Notebook .jp-Cell').length === CELLS;
    if (!there || !window.jupyterapp?.commands.isEnabled('notebook:run-all-cells')) return;
    clearInterval(look);
    void window.jupyterapp.commands.execute('notebook:run-all-cells');
}, 2);"""


def test_cells_that_are_run_before_the_kernel_is_there_run_once_it_is(
    context: BrowserContext, site: Path, site_url
):
    settings = json.loads((site / "jupyter-lite.json").read_text())
    settings["jupyter-config-data"]["exposeAppInBrowser"] = True
    context.route(f"{site_url}jupyter-lite.json", lambda route: route.fulfill(json=settings))
    cells = len(json.loads((site / "files/quickstart.ipynb").read_text())["cells"])
    # Only what a notebook needs that has not run: charts bring their own code.
    context.route("**/data/answers/*", lambda route: route.fulfill(json=None))
    page = context.new_page()
    kernels = []
    page.on("worker", lambda worker: kernels.append(worker.url) if "comlink" in worker.url else None)
    page.add_init_script(RUN_AT_ONCE.replace("CELLS", str(cells)))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    notebook = Notebook.open(page, site_url, "quickstart.ipynb")
    chunks = [url for url in asked if chunk_name(url)]
    assert chunks == [], "a notebook waits for files that its bundle should hold: `make chunks`"
    notebook.wait_until_done()
    assert notebook.errors.all_inner_texts() == []
    expect(page.locator(".jp-OutputArea-output:has(table)")).to_have_count(3)
    assert len(kernels) == 1, "the kernel was started twice"


def test_it_says_what_is_happening_from_the_first_paint_until_it_is_done(
    context: BrowserContext, site_url, screenshot
):
    page = context.new_page()
    held, let_go = [], set()

    def hold(route: Route) -> None:
        if any(part in route.request.url for part in let_go):
            route.continue_()
        else:
            held.append(route)

    def go_on(part: str) -> None:
        let_go.add(part)
        for route in [route for route in held if part in route.request.url]:
            held.remove(route)
            route.continue_()

    context.route("**/notebooks/bundle.js*", hold)
    context.route("**/pyodide.asm.{wasm,bin}", hold)
    page.goto(f"{site_url}notebooks/index.html?path=quickstart.ipynb", wait_until="commit")
    status = page.get_by_role("status").filter(has=page.get_by_role("progressbar"))
    expect(status).to_have_text("Loading the notebook …")
    for look in LOOKS:
        show_as(page, look)
        screenshot(page, "start-page", look)

    go_on("bundle.js")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=START)
    expect(status).to_have_text("Starting Python …", timeout=START)
    for look in LOOKS:
        wear(page, look)
        screenshot(page, "start-aside", look)
    go_on("pyodide.asm.")
    expect(status).to_have_count(0, timeout=START)
