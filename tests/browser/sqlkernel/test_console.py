"""The SQL console: one cell over the data, the same answers as native DuckDB, linkable, and nothing runs by itself."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest
from playwright.sync_api import Page, expect
from support.accessibility import serious_problems
from support.browsing import LOOKS, serving, show_as
from support.native_session import import_kernel
from support.notebook import START

CORPUS = Path(__file__).parents[2] / "corpus"
sys.path.append(str(CORPUS))

import runner  # noqa: E402

import_kernel()
from duckdb_wasm import sql_text  # noqa: E402
from duckdb_wasm.results import html as _html  # noqa: E402
from duckdb_wasm.types import DuckDBPyType  # noqa: E402

#: The SQL part of the corpus.
FILES = ("statements.sql", "values.sql", "types.sql")
SHOWN = 20


#: Runs queries in turn, as `run` does; of each, what was expected and what is shown, as this browser writes them.
ASK = """async (asked) => {
    const [query, run, say, answer] = ['query', 'run', 'say', 'answer'].map((id) => document.getElementById(id));
    const table = (html) => new DOMParser().parseFromString(html, 'text/html').querySelector('table').outerHTML;
    const told = [];
    for (const [sql, expected] of asked) {
        query.value = sql;
        query.dispatchEvent(new Event('input', {bubbles: true}));
        run.click();
        while (run.disabled || say.textContent.includes('Running')) await new Promise((done) => setTimeout(done, 5));
        told.push([table(expected), answer.querySelector('table')?.outerHTML ?? answer.textContent]);
    }
    return told;
}"""


def run(page: Page, sql: str) -> None:
    page.locator("#query").fill(sql)
    page.locator("#run").click()
    # The button is disabled in the click itself, and enabled when the answer is there.
    expect(page.locator("#run")).to_be_enabled(timeout=START)
    expect(page.locator("#say")).not_to_contain_text("Running")


@pytest.fixture(scope="module")
def console(window, site) -> Iterator[Page]:
    """One for all tests: each leaves no table behind."""
    with serving(site) as url:
        page = window.context.new_page()
        trouble: list[str] = []
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(f"{url}sql/index.html")
        yield page
        page.close()
    assert trouble == []


def native_table(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The table that a relation in a Python notebook would show of the query's rows, each value as DuckDB writes it."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE kept AS\n{sql}")
    columns = con.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'kept' ORDER BY column_index"
    ).fetchall()
    rows = con.execute("SELECT COLUMNS(*)::VARCHAR FROM kept").fetchall()
    first, last = (rows, []) if len(rows) <= SHOWN else (rows[: SHOWN // 2], rows[-SHOWN // 2 :])
    return _html.draw([(name, DuckDBPyType(kind)) for name, kind in columns], first, last, len(rows))


def test_the_corpus_shows_what_native_duckdb_gives(console):
    con = duckdb.connect()
    asked = []
    for name in FILES:
        for case in runner.cases(name, (CORPUS / name).read_text("utf-8")):
            if len(sql_text.statements(case.code)) != 1:
                continue  # what it leaves behind would be the next case's
            try:
                expected = native_table(con, case.code)
            except duckdb.Error:
                continue  # no query, or one that fails: the other tests
            asked.append((case, expected))
    told = console.evaluate(ASK, [[case.code, expected] for case, expected in asked])
    wrong = [
        f"{case.name}\n  native:  {native}\n  browser: {shown}"
        for (case, _), (native, shown) in zip(asked, told, strict=True)
        if shown != native
    ]
    compared = len(told)
    assert compared > 150
    assert not wrong, f"{len(wrong)} of {compared}:\n" + "\n".join(wrong)


def test_an_error_is_duckdbs_own_at_its_place_in_the_cell(console):
    run(console, "SELECT 1;\n\nSELECT nope\nFROM (SELECT 1 AS a)")
    said = console.locator("#answer pre.error").inner_text()
    with pytest.raises(duckdb.Error) as native:
        duckdb.execute("SELECT nope\nFROM (SELECT 1 AS a)")
    assert said == str(native.value).replace("LINE 1:", "LINE 3:")


def test_statements_without_rows_say_what_they_did(console):
    for sql, said in (
        ("CREATE TABLE made AS SELECT * FROM range(3)", "Created table made"),
        ("INSERT INTO made VALUES (7), (8)", "2 rows inserted"),
        ("UPDATE made SET range = 9 WHERE range = 8", "1 row updated"),
        ("DROP TABLE made", "Dropped table made"),
    ):
        run(console, sql)
        expect(console.locator("#answer")).to_have_text(said)


def test_what_a_link_holds_is_shown_and_not_run(page, site_url, site):
    snapshot = json.loads((site / "data" / "snapshots.json").read_text())["snapshots"][0]["id"]
    page.goto(f"{site_url}sql/index.html#q={quote('SELECT 6 * 7 AS answer')}&snapshot={snapshot}")
    expect(page.locator("#query")).to_have_value("SELECT 6 * 7 AS answer")
    expect(page.locator("#say")).to_contain_text("came with the link")
    assert not page.workers
    page.locator("#run").click()
    expect(page.locator("#answer td")).to_have_text("42", timeout=START)
    expect(page.locator("#say")).to_contain_text(snapshot)
    page.locator("#copy").click()
    assert f"snapshot={snapshot}" in page.evaluate("location.hash")
    page.goto("about:blank")
    page.goto(f"{site_url}sql/index.html#q=1&snapshot=<b>")
    expect(page.locator("#note")).to_contain_text("which is no snapshot's id")


def test_the_whole_result_can_be_downloaded(console, tmp_path):
    run(console, "SELECT i, i * 1.5 AS x FROM range(1000) t(i)")
    for name in ("CSV", "Parquet"):
        with console.expect_download() as begun:
            console.get_by_role("button", name=f"Download {name}").click()
        path = tmp_path / begun.value.suggested_filename
        begun.value.save_as(path)
        assert duckdb.sql(f"SELECT count(*), sum(i), sum(x) FROM '{path}'").fetchall() == [
            (1000, 499_500, 749_250)
        ]


def test_a_long_query_is_stopped_and_the_next_one_runs(console):
    run(console, "SELECT 1")
    console.locator("#query").fill("SELECT count(*) FROM range(100000000000) a, range(10)")
    console.locator("#run").click()
    expect(console.locator("#say")).to_contain_text("Running: ")
    console.locator("#stop").click()
    expect(console.locator("#say")).to_have_text("Stopped.")
    run(console, "SELECT 42")
    expect(console.locator("#answer td")).to_have_text("42")


def test_plain_sql_costs_what_its_best_layout_costs(page, site, trouble):
    asked = []
    with serving(site, lambda scope: asked.append(scope["path"])) as url:
        page.goto(f"{url}sql/index.html")
        run(page, "SELECT date, close_price FROM daily_availability WHERE symbol = 'ETHUSDT' ORDER BY date")
        expect(page.locator("#answer caption")).to_contain_text("rows × 2 columns")
        assert 1 <= sum("/data/objects/" in path for path in asked) <= 8
    # This test's own server is what it takes for another origin.
    assert all(found.startswith("another origin: GET") for found in trouble.found)
    trouble.found.clear()


def test_it_can_be_used_by_everybody(console, screenshot):
    run(console, "FROM symbols LIMIT 5")
    for look in LOOKS:
        show_as(console, look)
        assert serious_problems(console) == []
        screenshot(console, "console", look, full_page=True)
    show_as(console, "1280-light")
