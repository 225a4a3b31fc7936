"""The SQL tour as a visitor has it: no Python is fetched, it works without a network, and notebooks side by side."""

import contextlib
import re

from futures_explorer.project import BASE
from playwright.sync_api import Page, expect
from support.application import take_application
from support.browsing import serving
from support.forms import kept, over_a_slow_line
from support.kept import keep_for_offline
from support.notebook import START, Notebook

#: What Python is fetched as (build/start).
OF_PYTHON = re.compile(r"/pyodide[^/]*\.(?:m?js|wasm|bin|json)$|/memory\.bin|/files\.bin|\.whl$")
PLAIN = re.compile(r"/(?:duckdb-eh|pyodide\.asm)\.wasm$")
ENGINE = re.compile(r"/static/engine-[^/]+/worker\.js")
ENDLESS = "SELECT count(*) FROM range(100000000000) a, range(10)"
#: From the next load on, `order` tells when the page begins to open the engine and when JupyterLab's code has run.
ORDER = """window.order = [];
let opening;
Object.defineProperty(window, 'explorerOpening', {
    get: () => opening,
    set: (begun) => { opening = begun; order.push('engine'); },
});
const loaded = ({target}) => { if (target.src?.includes('/bundle.js')) order.push('JupyterLab'); };
document.addEventListener('load', loaded, true);"""
NEW = """async ([name, cells]) => {
    const content = {
        nbformat: 4, nbformat_minor: 5, metadata: {kernelspec: {name: 'sql', display_name: 'SQL (DuckDB)'}},
        cells: cells.map((source, i) => (
            {id: `c${i}`, cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null})),
    };
    await application.serviceManager.contents.save(name, {type: 'notebook', format: 'json', content});
}"""


def test_it_fetches_no_python_and_once_kept_runs_without_a_server(context, site, trouble):
    with contextlib.ExitStack() as online:
        asked: list[str] = []
        url = online.enter_context(serving(site, lambda scope: asked.append(scope["path"])))
        trouble.origin = url.removesuffix(BASE) + "/"
        page = context.new_page()
        over_a_slow_line(context)
        notebook = Notebook.open(page, url, "sql-tour.ipynb")
        # What the build computed is there before anything has run; a chart is drawn when it is about to be seen.
        expect(page.locator(".jp-OutputArea-output table").last).to_be_visible(timeout=START)
        chart = page.locator(".jp-OutputArea-output .vega-embed svg.marks")
        expect(chart).to_have_count(0)
        page.locator(".jp-CodeCell", has_text="-- chart:").first.scroll_into_view_if_needed()
        expect(chart).to_have_count(1)
        notebook.run_all()
        assert notebook.errors.all_inner_texts() == []
        assert [path for path in asked if OF_PYTHON.search(path)] == []
        seen = tables(page)
        keep_for_offline(page)
        # Of what has two forms one came, and is kept.
        assert {path.removeprefix(BASE) for path in asked if PLAIN.search(path)} == set()
        assert kept(page, site) == {"plain": 0, "packed": 2}
    page.add_init_script(ORDER)
    page.reload()
    expect(notebook.code_cells.first).to_be_visible(timeout=START)
    assert page.evaluate("order.slice(0, 2)") == ["engine", "JupyterLab"]
    notebook.run_all()
    assert notebook.errors.all_inner_texts() == []
    assert tables(page) == seen


def tables(page: Page) -> list[str]:
    """What every table shows that was computed here."""
    expect(page.locator(".bf-Carried")).to_have_count(0)
    return page.locator(".jp-OutputArea-output table").all_inner_texts()


def test_a_second_notebook_shares_the_engine_and_not_the_connection(page, site_url):
    take_application(page)
    with page.expect_worker(lambda worker: ENGINE.search(worker.url), timeout=START):
        page.goto(f"{site_url}notebooks/index.html?path=sql-tour.ipynb")
    page.wait_for_function("window.application?.serviceManager.isReady", timeout=START)
    page.evaluate(NEW, ["one.ipynb", ["CREATE TABLE mine AS SELECT 42 AS answer", "FROM mine"]])
    page.evaluate(NEW, ["two.ipynb", ["FROM mine", "SELECT count(*) > 1000 AS many FROM days"]])
    engines = []
    page.on("worker", lambda worker: engines.append(worker.url) if ENGINE.search(worker.url) else None)
    page.goto(f"{site_url}lab/index.html?path=sql-tour.ipynb&path=one.ipynb&path=two.ipynb")
    shown = {}
    for name in ("one.ipynb", "two.ipynb"):
        page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel", has_text=name).click(timeout=START)
        cells = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell")
        expect(cells).to_have_count(2, timeout=START)
        for cell in cells.all():
            cell.locator(".cm-content").click()
            page.keyboard.press("Control+Enter")
            expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"), timeout=START)
        shown[name] = cells.locator(".jp-OutputArea").all_inner_texts()
    assert "42" in shown["one.ipynb"][1]
    assert "Catalog Error: Table with name mine does not exist!" in shown["two.ipynb"][0]
    assert "true" in shown["two.ipynb"][1]
    assert len(engines) == 1


def test_interrupt_keeps_the_tables_and_restart_does_not(page, site_url):
    notebook = Notebook.open(page, site_url, "sql-tour.ipynb")
    shown = notebook.insert_and_run("CREATE TABLE mine AS SELECT 42 AS answer")
    expect(shown.last).to_have_text("Created table mine")
    cell = notebook.insert_and_start(ENDLESS)
    expect(page.locator(".bf-Query")).to_have_count(1, timeout=START)
    page.locator("[data-command='notebook:interrupt-kernel']").click()
    expect(cell.locator(".jp-OutputArea-output")).to_contain_text(
        "Stopped. The connection and its tables are as they were."
    )
    assert notebook.table(notebook.insert_and_run("FROM mine")) == [["42"]]
    page.locator("[data-command='notebook:restart-kernel']").click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute(
        "data-status", "idle", timeout=START
    )
    expect(notebook.insert_and_run("FROM mine").last).to_contain_text(
        "Catalog Error: Table with name mine does not exist!"
    )
    assert notebook.table(notebook.insert_and_run("SELECT count(*) > 1000 AS many FROM days").last) == [
        ["true"]
    ]
