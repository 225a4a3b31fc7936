"""A notebook in SQL, opened by a link that names its kernel: the answers of native DuckDB, charts, files, and no Python."""

import json
import re

import duckdb
import pytest
from futures_explorer.links import format as link_format
from playwright.sync_api import Page, expect
from support.accessibility import serious_problems
from support.browsing import LOOKS, wear
from support.notebook import START, Notebook
from support.upstream_statements import RANKINGS, RELEASE

PARAMETERS = "SET VARIABLE day = DATE '2024-01-01';\nSET VARIABLE top = 5;"
CELLS = (
    PARAMETERS,
    "SELECT rank, symbol, trade_count FROM universe(getvariable('day'), getvariable('top')) JOIN volume_rankings\n"
    "USING (rank, symbol) WHERE date = getvariable('day') ORDER BY rank",
    '-- chart: area x=date y=symbols title="Symbols per day"\nFROM symbols_per_day()',
    "COPY (SELECT 42 AS answer) TO 'kept.csv'",
    "FROM 'kept.csv'",
    "CREATE TABLE mine AS FROM range(3)",
    "SELECT count(*) AS n FROM mine",
)
ENDLESS = "SELECT count(*) FROM range(100000000000) a, range(10)"


def link(site_url: str, cells: tuple[str, ...] = CELLS) -> str:
    made = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in cells]
    packed = link_format.pack({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})
    return f"{site_url}notebooks/#" + link_format.encode("in sql", packed, kernel="sql")


def opened(page: Page, site_url: str, cells: tuple[str, ...] = CELLS) -> Notebook:
    page.goto(link(site_url, cells))
    notebook = Notebook(page)
    expect(notebook.code_cells).to_have_count(len(cells), timeout=START)
    return notebook


@pytest.fixture
def release(site) -> duckdb.DuckDBPyConnection:
    newest = json.loads((site / "data" / "snapshots.json").read_text())["snapshots"][0]["id"]
    folder = site / "data" / "snapshots" / newest
    resources = json.loads((folder / "datapackage.json").read_text())["resources"]
    files = [
        str(folder / r["path"])
        for r in resources
        if (r["table"], r["layout"]) == ("volume_rankings", "by-date")
    ]
    con = duckdb.connect()
    con.read_parquet(files).create_view("volume_rankings")
    return con


def test_it_answers_as_native_duckdb_does_and_fetches_no_python(page, site_url, release, screenshot):
    notebook = opened(page, site_url)
    assert notebook.cells.locator(".jp-OutputArea-output").count() == 0, "nothing runs by itself"
    notebook.run_all()
    assert notebook.errors.count() == 0
    rows = release.execute(
        "SELECT rank, symbol, trade_count FROM volume_rankings WHERE date = DATE '2024-01-01' AND rank <= 5 ORDER BY rank"
    ).fetchall()
    assert notebook.table(notebook.code_cells.nth(1)) == [[str(value) for value in row] for row in rows]
    expect(notebook.code_cells.nth(2).locator("svg.marks .mark-area path").first).to_be_visible()
    assert notebook.table(notebook.code_cells.nth(4)) == [["42"]]
    expect(notebook.code_cells.nth(5).locator(".jp-OutputArea-output")).to_have_text("Created table mine")
    assert notebook.table(notebook.code_cells.nth(6)) == [["3"]]
    # Whatever a worker asks for may not be told of: without one there is no Python.
    assert [worker.url for worker in page.workers if "comlink" in worker.url] == []
    with page.expect_download() as begun:
        notebook.code_cells.nth(1).get_by_role("button", name="CSV").click()
    assert duckdb.read_csv(begun.value.path()).fetchall() == rows
    for look in LOOKS:
        wear(page, look)
        screenshot(page, "sql-notebook", look)
    assert serious_problems(page, ".jp-Notebook .jp-OutputArea-output:has(table)") == []


def test_what_upstreams_guides_show_runs_pasted(page, site_url, release, trouble):
    cells = (
        "-- Here\nINSTALL httpfs; LOAD httpfs;\nSET http_timeout = 60000;\n-- Four (default: all)\nSET threads = 4;",
        f"FROM read_parquet('{RELEASE}{RANKINGS}') SELECT symbol, rank\nWHERE date = '2024-01-15' AND rank < 4 ORDER BY 2",
        f"SELECT DISTINCT filename FROM read_parquet('{RANKINGS}', filename = true) WHERE date = '2024-01-15'",
        "SELECT today() = current_date AS same, current_date > DATE '2026-01-01' AS later",
        f"COPY (FROM '{RANKINGS}' WHERE rank = 1 AND date = '2024-01-15') TO '{RANKINGS}'",
        f"SELECT count(*) AS rows FROM '{RANKINGS}'",
        "SELECT * FROM 'https://example.com/data.parquet'",
    )
    notebook = opened(page, site_url, cells)
    notebook.run_all()
    shown = [
        cell.locator(".jp-OutputArea-output").all_inner_texts() for cell in notebook.code_cells.all()[:2]
    ]
    assert "one thread" in shown[0][-1]
    assert shown[1][0].startswith(f"{RANKINGS}: this site's snapshot ")
    assert notebook.table(notebook.code_cells.nth(1)) == [
        [symbol, str(rank)]
        for symbol, rank in release.execute(
            "SELECT symbol, rank FROM volume_rankings WHERE date = '2024-01-15' AND rank <= 3 ORDER BY rank"
        ).fetchall()
    ]
    assert notebook.table(notebook.code_cells.nth(2)) == [[RANKINGS]]
    assert notebook.table(notebook.code_cells.nth(3)) == [["true", "true"]]
    # A file of the visitor's own goes first.
    assert notebook.table(notebook.code_cells.nth(5)) == [["1"]]
    expect(notebook.errors).to_have_text(re.compile("is an example's address"))
    assert not any("github.com" in request.url for request in trouble.requests)
    assert {entry.split("/")[2] for entry in trouble.found} <= {"example.com"}
    trouble.found.clear()


def test_errors_completion_stop_and_restart(page, site_url):
    notebook = opened(
        page,
        site_url,
        ("SELECT 1;\n\nSELECT nope FROM (SELECT 1 AS a)", ENDLESS, "SELECT sym", "ATTACH 'no.duckdb'"),
    )
    bar = page.locator(".bf-Notice", has_text="Opened from a link")
    expect(bar).to_contain_text("Nothing has run yet")
    notebook.code_cells.first.click(position={"x": 20, "y": 8})
    page.keyboard.press("Control+Enter")
    error = notebook.errors.first
    expect(error).to_contain_text("LINE 3: SELECT nope FROM (SELECT 1 AS a)", timeout=START)
    expect(bar).not_to_contain_text("Nothing has run yet")
    expect(bar.get_by_role("button", name="Run all")).to_be_visible()
    expect(error).not_to_contain_text(".js")

    cell = notebook.code_cells.nth(1)
    cell.click(position={"x": 20, "y": 8})
    page.keyboard.press("Control+Enter")
    running = page.locator(".bf-Query")
    expect(running).to_contain_text("Running a query: ", timeout=START)
    running.get_by_role("button", name="Stop").click()
    expect(cell.locator(".jp-OutputArea-output")).to_contain_text("Stopped.")
    expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"))

    notebook.code_cells.nth(3).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(notebook.errors.nth(2)).to_contain_text("There is no file no.duckdb", timeout=START)

    notebook.code_cells.nth(2).locator(".cm-content").click()
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    expect(page.locator(".jp-Completer-item").first).to_contain_text("symbol", timeout=START)
