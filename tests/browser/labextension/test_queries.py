"""A long query shows how far it is and can be stopped; SQL cells are coloured as SQL."""

import pytest
from futures_explorer.links import format as link_format
from playwright.sync_api import expect
from support.notebook import START, Notebook

#: Runs for hours.
ENDLESS = 'duckdb.sql("SELECT count(*) FROM range(100000000000) a, range(10)").fetchall()'


#: What the page is told of a query that began before any cell: undefined, for nothing.
UNTOLD = """async () => {
    while (!globalThis.watchDuckDBQuery) await new Promise((resolve) => setTimeout(resolve, 50));
    return watchDuckDBQuery(new AbortController()) === undefined;
}"""


def test_a_long_query_can_be_stopped_and_the_kernel_lives_on(page, site_url, screenshot):
    with page.expect_worker(lambda worker: "comlink" in worker.url, timeout=START) as started:
        notebook = Notebook.open(page, site_url, "quickstart.ipynb")
    assert started.value.evaluate(UNTOLD)
    notebook.insert_and_run(
        "import duckdb\nduckdb.sql('CREATE TABLE kept AS SELECT 42 AS answer')\nkept = 'alive'"
    )
    running = page.locator(".bf-Query")

    cell = notebook.insert_and_start(ENDLESS)
    expect(running).to_contain_text("Running a query: ", timeout=30_000)
    assert running.evaluate("node => node.closest('.jp-Cell').textContent").count("range(100000000000)") == 1
    screenshot(page, "query-running")
    running.get_by_role("button", name="Stop").click()
    expect(cell.locator(".jp-OutputArea-output")).to_contain_text("INTERRUPT Error: Interrupted!")
    expect(running).to_have_count(0)

    cell = notebook.insert_and_start(ENDLESS)
    expect(running).to_have_count(1, timeout=30_000)
    page.locator("[data-command='notebook:interrupt-kernel']").click()
    expect(cell.locator(".jp-OutputArea-output")).to_contain_text("INTERRUPT Error: Interrupted!")

    output = notebook.insert_and_run("kept, duckdb.sql('FROM kept').fetchall()")
    expect(output).to_contain_text("('alive', [(42,)])")

    # A kernel that is restarted says nothing more: the line goes with it.
    notebook.insert_and_start("import duckdb\n" + ENDLESS)
    expect(running).to_have_count(1, timeout=30_000)
    page.locator("[data-command='notebook:restart-kernel']").click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(running).to_have_count(0)


@pytest.mark.usefixtures("without_python")
def test_sql_cells_are_coloured_as_sql(page, site_url):
    cells = [
        {"cell_type": "code", "source": text, "metadata": {}, "outputs": []}
        for text in ("a = 1", "%%sql\nSELECT 1")
    ]
    packed = link_format.pack({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    page.goto(f"{site_url}notebooks/#" + link_format.encode("coloured", packed))
    notebook = Notebook(page)
    first = notebook.code_cells.filter(has_text="%%sql").first
    expect(first.locator(".cm-content[data-language='sql']")).to_have_count(1, timeout=START)
    assert first.locator(".cm-line span[class]").count() > 0
    expect(notebook.code_cells.first.locator(".cm-content[data-language='python']")).to_have_count(1)
