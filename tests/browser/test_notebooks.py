"""Each starter notebook, opened by its link and run as a visitor would: to the end, with the numbers of native DuckDB."""

import re
import sys
from pathlib import Path

import pytest
from IPython.display import Markdown
from playwright.sync_api import expect
from support import native_notebook
from support.browsing import LOOKS
from support.native_notebook import code_cells, notebooks
from support.notebook import Notebook

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "tests" / "screenshots"
#: Both widths and both schemes, each once.
TWO_LOOKS = ["1280-light", "390-dark"]
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


@pytest.mark.parametrize("look", TWO_LOOKS, indirect=True)
@pytest.mark.parametrize("name", NAMES)
def test_it_runs_to_the_end_and_says_what_native_duckdb_says(name, page, site_url, native, screenshot, look):
    notebook = Notebook.open(page, site_url, f"{name}.ipynb")
    notebook.run_all()
    print(*notebook.errors.all_inner_texts())  # a failed test shows it
    assert notebook.errors.count() == 0
    assert notebook.code_cells.count() == len(code_cells(name))

    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for index, value in enumerate(native):
        outputs = notebook.code_cells.nth(index).locator(".jp-OutputArea-output")
        if isinstance(value, Markdown) and "```" not in value.data and "|" not in value.data:
            assert plain(outputs.last.inner_text()) == plain(value.data)
        if is_chart(value):
            svg = outputs.locator(".vega-embed svg.marks")
            expect(svg).to_have_count(1)
            assert svg.evaluate(DRAWN) > 0
            svg.screenshot(path=SCREENSHOTS / f"{name}-chart-{index}-{look}.png")

    page.locator(".jp-Notebook .jp-Cell").first.scroll_into_view_if_needed()
    screenshot(page, name)
    # The whole notebook in one picture: a window as tall as it is.
    height = page.locator(".jp-Notebook .jp-WindowedPanel-inner, .jp-Notebook").first.evaluate(
        "panel => Math.max(panel.scrollHeight, ...[...panel.querySelectorAll('*')].map(e => e.scrollHeight))"
    )
    page.set_viewport_size({"width": LOOKS[look]["viewport"]["width"], "height": min(height + 150, 12_000)})
    screenshot(page, f"{name}-whole")


#: How many marks of a chart have a size on the page.
DRAWN = """svg => [...svg.querySelectorAll('g.role-mark > *')].filter(mark => {
    const box = mark.getBBox();
    return box.width > 0 || box.height > 0;
}).length"""
