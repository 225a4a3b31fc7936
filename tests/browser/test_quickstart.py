"""The starter notebook, opened by its link and run as a visitor would, shows what native DuckDB gives."""

import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest
from futures_explorer.project import BASE
from playwright.sync_api import expect
from support.accessibility import serious_problems
from support.answers import first_and_last, native_release, quickstart_tables
from support.browsing import LOOKS, serving, wear
from support.notebook import Notebook


@pytest.fixture(scope="session")
def release(site: Path) -> duckdb.DuckDBPyConnection:
    """The newest snapshot's tables in native DuckDB, each from the layout that holds the release's rows."""
    return native_release(site)


def test_it_runs_to_the_end_and_shows_what_native_duckdb_gives(ran, site, release, screenshot):
    page = ran.page
    expect(ran.errors).to_have_count(0)
    snapshot = json.loads((site / "data" / "snapshots.json").read_text())["snapshots"][0]
    said = {True: "Synthetic data", None: "Data of unknown origin", False: ""}[snapshot["synthetic"]]
    output = page.locator(".jp-OutputArea-output").first
    expect(output).to_contain_text(f"Snapshot {snapshot['id']}")
    expect(output).to_contain_text(said)
    if snapshot["synthetic"] is not True:
        expect(output).not_to_contain_text("Synthetic")
    tables = page.locator(".jp-OutputArea-output:has(table)")
    expect(tables).to_have_count(3)

    assert [ran.table(tables.nth(index)) for index in range(3)] == quickstart_tables(release)

    # The chart drew one area over every day, not merely a container.
    area = page.locator(".jp-OutputArea-output .mark-area path").first
    days = release.execute("SELECT count(DISTINCT date) FROM daily_availability WHERE available").fetchone()[
        0
    ]
    # An area's outline visits each day twice, there and back.
    assert area.get_attribute("d").count("L") + 1 == 2 * days
    for look in LOOKS:
        wear(page, look)
        ran.cells.last.scroll_into_view_if_needed()
        expect(page.locator(".vega-embed svg.marks")).to_be_visible()
        screenshot(page, "quickstart-end", look)
        ran.cells.first.scroll_into_view_if_needed()
        screenshot(page, "quickstart", look)


def test_a_changed_day_changes_the_answer_and_a_mistake_shows_duckdbs_message(ran, release):
    output = ran.insert_and_run("db.sql('FROM tradable_on($day)', params={'day': '2020-02-01'})")
    expected = release.execute(
        "SELECT symbol FROM daily_availability WHERE date = '2020-02-01' AND available ORDER BY symbol"
    ).fetchall()
    assert ran.table(output) == first_and_last(expected)

    # The message, and the cell's line that caused it.
    text = ran.insert_and_run("db.sql('SELECT blah FROM volume_rankings')").inner_text()
    assert 'Binder Error: Referenced column "blah" not found in FROM clause' in text
    assert "db.sql('SELECT blah" in text
    assert "_bridge" not in text
    assert "run_sync" not in text


def test_everybody_can_use_its_tables_and_its_chart(ran):
    """The bar above a notebook: labextension/test_opening.py."""
    for look in ("1280-light", "390-dark"):
        wear(ran.page, look)
        ran.page.locator(".vega-embed svg.marks").first.wait_for()
        assert serious_problems(ran.page) == []
        assert serious_problems(ran.page, ".jp-OutputArea-output table") == []


def test_a_package_that_cannot_be_fetched_is_explained_in_a_few_lines(context, page, site_url, trouble):
    context.route(lambda url: not url.startswith(site_url) or "/altair-" in url, lambda route: route.abort())
    notebook = Notebook.open(page, site_url, "quickstart.ipynb")
    # One that the site serves itself, and one that it does not.
    text = notebook.insert_and_run("import altair").inner_text()
    assert "altair could not be fetched" in text
    assert "This site carries altair" in text
    assert len(text.strip().splitlines()) <= 5
    text = notebook.insert_and_run("import numpy").inner_text()
    assert "numpy could not be fetched" in text
    assert "Check your connection" in text
    assert len(text.strip().splitlines()) <= 5
    for code, hint in (
        ("SELECT date, count(*) FROM daily_availability", "Put %%sql on the cell's first line"),
        ("open('volume-rankings-timeseries.parquet')", "was not downloaded, and need not be"),
        (
            "import duckdb; duckdb.sql('FROM volume_rankings')",
            "import binance_futures as bf; db = bf.connect()",
        ),
    ):
        assert hint in notebook.insert_and_run(code).inner_text()
    # Only what the visitor imported was asked for, and only now.
    assert {entry.split("/")[-1].split("-")[0] for entry in trouble.found} == {"altair", "numpy"}
    trouble.found.clear()


@pytest.fixture
def url_without_jspi(site, tmp_path):
    """The site as a browser sees it that cannot suspend WebAssembly (no JSPI)."""
    copy = shutil.copytree(site, tmp_path / "site", copy_function=os.link)
    (loader,) = copy.glob("static/pyodide-*/pyodide.mjs")
    text = loader.read_text()
    loader.unlink()
    loader.write_text("delete WebAssembly.Suspending; delete WebAssembly.promising;\n" + text)
    with serving(copy) as url:
        yield url


def test_without_stack_switching_the_error_names_await_and_await_works(page, url_without_jspi, trouble):
    trouble.origin = url_without_jspi.removesuffix(BASE) + "/"
    notebook = Notebook.open(page, url_without_jspi, "quickstart.ipynb")
    refused = notebook.insert_and_run(
        "import binance_futures as bf; bf.connect().execute('SELECT 1').fetchall()"
    )
    # Where the data is synthetic, a line that says so may stand before or after it.
    expect(refused.filter(has_text="Put `await` before the call: await db.execute(")).to_have_count(1)
    shown = notebook.insert_and_run("db = await bf.connect(); await db.sql('SELECT 40 + 2 AS answer')")
    assert notebook.table(shown.last) == [["42"]]
