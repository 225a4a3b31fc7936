"""Each starter notebook, opened by its link and run as a visitor would: to the end, with the numbers of native DuckDB."""

import re
import sys
from pathlib import Path

import duckdb
import pytest
from IPython.display import Markdown
from playwright.sync_api import expect
from support import native_notebook
from support.browsing import wear
from support.native_notebook import code_cells, notebooks
from support.notebook import Notebook

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "tests" / "screenshots"
#: In which it is run: a chart that fits here fits everywhere (tests/unit/test_content.py: at 1280 pixels all do).
NARROW, WIDE = "390-dark", "1280-light"
#: Of a longer result, the first and the last rows are shown, and how many are between.
SHOWN, MORE = 20, "⋮ {} more row"
#: Of a longer value, the beginning.
LONGEST = 80
#: What each code cell shows but for charts, without what says that it was computed when the site was built.
TEXTS = """() => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].map((cell) =>
    [...cell.querySelectorAll('.jp-OutputArea-output:not(.bf-Carried)')]
        .filter((output) => !output.querySelector('.vega-embed') && !/vega/.test(output.dataset.mimeType))
        .map((output) => {
            const copy = output.cloneNode(true);
            for (const part of copy.querySelectorAll('.bf-Carried, style, .duckdb-downloads')) part.remove();
            return copy.textContent.replace(/\\s+/g, ' ').trim();
        })
        .filter((text) => text))"""
#: Its table and chart are compared in test_quickstart.
NAMES = [name for name in notebooks() if name != "quickstart"]


@pytest.fixture
def native(request, site, monkeypatch, tmp_path) -> list:
    """What each code cell gives in native Python."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "build" / "kernel" / "binance_futures"), *sys.path])
    monkeypatch.setenv("BINANCE_FUTURES_SITE", site.resolve().as_uri() + "/")
    monkeypatch.chdir(tmp_path)
    return native_notebook.run(request.getfixturevalue("name"))


def is_chart(value: object) -> bool:
    return type(value).__module__.startswith("altair")


def plain(text: str) -> str:
    """Words and figures, without Markdown's signs and the breaks of lines."""
    return " ".join(re.sub(r"[*`]", "", text).split())


@pytest.mark.parametrize("look", [NARROW], indirect=True)
@pytest.mark.parametrize("name", NAMES)
def test_it_runs_to_the_end_and_says_what_native_duckdb_says(name, page, site_url, native):
    notebook = Notebook.open(page, site_url, f"{name}.ipynb")
    wear(page, NARROW)
    expect(page.locator(".bf-Carried").first).to_be_attached()
    computed = page.evaluate(TEXTS)
    notebook.run_all()
    print(*notebook.errors.all_inner_texts())  # a failed test shows it
    assert notebook.errors.count() == 0
    assert notebook.code_cells.count() == len(code_cells(name))
    compare(notebook, name, native)
    expect(page.locator(".bf-Carried")).to_have_count(0)
    assert page.evaluate(TEXTS) == computed, "what the build computed is what a run gives"
    photograph(notebook, name)


def _cut(value: str) -> str:
    return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"


def rows_of(relation: duckdb.DuckDBPyRelation) -> list[list[str]]:
    """The rows that are shown, each value as DuckDB writes it."""
    rows = [
        ["NULL" if value is None else _cut(value.strip()) for value in row]
        for row in relation.select("COLUMNS(*)::VARCHAR").fetchall()
    ]
    if len(rows) <= SHOWN:
        return rows
    hidden = len(rows) - SHOWN
    return [*rows[: SHOWN // 2], [MORE.format(hidden) + "s" * (hidden > 1)], *rows[-SHOWN // 2 :]]


def compare(notebook: Notebook, name: str, native: list) -> None:
    """What is said is what native DuckDB says; each chart drew marks, and none is cut off."""
    width = notebook.page.viewport_size["width"]
    for index, value in enumerate(native):
        outputs = notebook.code_cells.nth(index).locator(".jp-OutputArea-output")
        if isinstance(value, Markdown) and "```" not in value.data and "|" not in value.data:
            assert plain(outputs.last.inner_text()) == plain(value.data)
        if isinstance(value, duckdb.DuckDBPyRelation) and native_notebook.is_sql(name):
            if native_notebook.sources(name)[index].startswith("-- chart:"):
                expect(outputs.locator(".vega-embed svg.marks .mark-area path").first).to_be_visible()
            else:
                assert notebook.table(outputs.last) == rows_of(value)
        if is_chart(value):
            svg = outputs.locator(".vega-embed svg.marks")
            expect(svg).to_have_count(1)
            assert svg.evaluate(DRAWN) > 0
            box = svg.bounding_box()
            assert 0 <= box["x"] < box["x"] + box["width"] <= width
            # Text keeps its size: the chart was drawn narrower, not shrunk.
            assert svg.evaluate("svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width") > 0.85


def photograph(notebook: Notebook, name: str) -> None:
    """Leaves a picture of the first screen in both looks, and one of the whole notebook: in a window as tall as it is."""
    page = notebook.page
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.locator(".jp-Notebook .jp-Cell").first.scroll_into_view_if_needed()
    for look in (WIDE, NARROW):
        wear(page, look)
        page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png")
    height = page.locator(".jp-Notebook .jp-WindowedPanel-inner, .jp-Notebook").first.evaluate(
        "panel => Math.max(panel.scrollHeight, ...[...panel.querySelectorAll('*')].map(e => e.scrollHeight))"
    )
    page.set_viewport_size({"width": page.viewport_size["width"], "height": min(height + 150, 12_000)})
    page.screenshot(path=SCREENSHOTS / f"{name}-whole-{NARROW}.png")


#: How many marks of a chart have a size on the page.
DRAWN = """svg => [...svg.querySelectorAll('g.role-mark > *')].filter(mark => {
    const box = mark.getBBox();
    return box.width > 0 || box.height > 0;
}).length"""
