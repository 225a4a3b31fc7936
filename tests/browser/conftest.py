"""The built site on a local server, and a browser whose every page is watched for trouble.

What costs time is shared. Take the cheapest that does for your test:
    ran             the quickstart, run to its end once for all: look at it, or add cells (they are taken away again)
    page            a page of a profile of its own
      + without_python   its kernel does not start: where the interface alone is tested, which is then there at once
    engine/: `shared` (an open engine) or `plain` (one of its own); kernel/: `kernel` (Python, and no notebook)
Tests of one shared thing run in one process, one after another; all others where there is room.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from futures_explorer.project import BASE
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from support.browsing import LOOKS, Trouble, serving, wear
from support.chromium import ARGUMENTS, ensure_chromium
from support.notebook import Notebook

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "tests" / "screenshots"
# A state comes when it comes, on a busy machine late: only a test that fails waits this long.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site's folder. $SITE names another one than _site."""
    folder = Path(os.environ.get("SITE", ROOT / "_site"))
    if not (folder / "index.html").is_file():
        pytest.exit(f"There is no built site in {folder}. Run `make build` first.", returncode=2)
    return folder


@pytest.fixture(scope="session")
def site_url(site: Path) -> Iterator[str]:
    """The site's base. Ends in a slash."""
    with serving(site) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = ensure_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def look(request: pytest.FixtureRequest) -> str:
    """The key of LOOKS in which the page is shown; parametrize it indirectly to choose."""
    return getattr(request, "param", "1280-light")


@pytest.fixture
def trouble(site_url: str) -> Trouble:
    """What the test's pages did wrong so far; a test that provokes trouble empties `found`."""
    return Trouble(origin=site_url.removesuffix(BASE) + "/")


@pytest.fixture
def context(browser: Browser, look: str, trouble: Trouble) -> Iterator[BrowserContext]:
    """A browser profile of its own; at the end, nothing must have gone wrong in any of its pages."""
    context = browser.new_context(**LOOKS[look])
    context.set_default_timeout(60_000)
    trouble.watch(context)
    yield context
    context.close()
    assert trouble.found == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def without_python(context: BrowserContext) -> None:
    """What Python and DuckDB start with never comes: pages of `context` are quick, and nothing in them can run."""
    for file in ("pyodide.asm.wasm", "memory.bin", "duckdb-eh.wasm"):
        context.route(f"**/{file}", lambda route: None)


#: Tells what a test may not change for the next one, having forgotten the variables that it made.
FACTS = """import json, os, duckdb
if "_known" not in globals():
    _known = {name: id(value) for name, value in globals().items() if not name.startswith("_")}
for _name in [name for name in globals() if not name.startswith("_") and name not in _known]:
    del globals()[_name]
print(json.dumps({
    "changed": [name for name in _known if id(globals().get(name)) != _known[name]],
    "folder": [os.getcwd(), sorted(os.listdir())],
    "environment": dict(os.environ),
    "tables": duckdb.sql("SELECT table_name FROM duckdb_tables() WHERE table_name NOT LIKE 'python_object_%' "
                         "UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1").fetchall(),
    "settings": duckdb.sql("SELECT name, value FROM duckdb_settings() ORDER BY 1").fetchall(),
}))"""


@pytest.fixture(scope="session")
def ran_trouble(site_url: str) -> Trouble:
    """What the pages of `ran` did wrong; a test that provokes trouble empties `found`."""
    return Trouble(origin=site_url.removesuffix(BASE) + "/")


@pytest.fixture(scope="session")
def _ran_once(browser: Browser, site_url: str, ran_trouble: Trouble) -> Iterator[Notebook]:
    """Beside `ran`, nothing uses it."""
    context = browser.new_context(**LOOKS["1280-light"])
    context.set_default_timeout(60_000)
    ran_trouble.watch(context)
    notebook = Notebook.open(context.new_page(), site_url, "quickstart.ipynb")
    notebook.run_all()
    assert notebook.errors.all_inner_texts() == []
    yield notebook
    context.close()
    assert ran_trouble.found == []


@pytest.fixture
def ran(_ran_once: Notebook, ran_trouble: Trouble) -> Iterator[Notebook]:
    """The quickstart, run to its end once for many tests. What a test adds at its end is taken away, cells and variables;
    everything else must be as it was: files, tables, settings, what the notebook's own variables are."""
    count = _ran_once.cells.count()

    def facts() -> dict:
        told = json.loads(_ran_once.insert_and_run(FACTS).inner_text())
        _ran_once.take_away(count)
        return told

    before = facts()
    yield _ran_once
    wear(_ran_once.page, "1280-light")
    _ran_once.take_away(count)
    assert ran_trouble.found == []
    assert facts() == before, "the test left something in the notebook that others use"


@pytest.fixture
def screenshot(request: pytest.FixtureRequest, look: str):
    """Saves a picture of a page under tests/screenshots, named by test and look."""

    def save(page: Page, name: str, look: str = look, **options) -> Path:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}-{look}.png"
        page.screenshot(path=path, **options)
        return path

    return save
