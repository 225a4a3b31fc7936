"""The built site on a local server, and a browser whose every page is watched for trouble.

What costs time is shared. Take the cheapest that does for your test:
    ran             the quickstart, run to its end once for all: look at it, or add cells (they are taken away again)
    page            a page where nothing is kept yet, at `site_url`, an origin of its own. It is in a window that others
                    were in before (support/browsing.py, Window): what they compiled is there, and nothing else.
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
from support.browsing import LOOKS, NO_PYTHON, ONE_PROCESS, Trouble, Window, serving, show_as, wear
from support.chromium import ARGUMENTS, ensure_chromium
from support.notebook import Notebook

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "tests" / "screenshots"
# A state comes when it comes, on a busy machine late: only a test that fails waits this long.
expect.set_options(timeout=30_000)


#: Files whose tests take long begin first, the longest before all: at the end no processor waits for one of them.
LONG = (
    "test_browsers.py",
    "test_bad_days.py",
    "test_offline.py",
    "test_notebooks.py",
    "test_opening.py",
    "test_keeping.py",
    "test_console.py",
    "test_reading.py",
    "test_layouts.py",
    "test_names.py",
    "test_tour.py",
    "test_queries.py",
    "test_travel.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site's folder. $SITE names another one than _site."""
    folder = Path(os.environ.get("SITE", ROOT / "_site"))
    if not (folder / "index.html").is_file():
        pytest.exit(f"There is no built site in {folder}. Run `make build` first.", returncode=2)
    return folder


@pytest.fixture
def site_url(site: Path) -> Iterator[str]:
    """The site's base, at an origin that no other test has. Ends in a slash."""
    with serving(site) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = ensure_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*ARGUMENTS, ONE_PROCESS])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def window(browser: Browser, site: Path) -> Iterator[Window]:
    with serving(site) as url:
        yield Window(browser, site, url, "1280-light")


@pytest.fixture
def look(request: pytest.FixtureRequest) -> str:
    """The key of LOOKS in which the page is shown; parametrize it indirectly to choose."""
    return getattr(request, "param", "1280-light")


@pytest.fixture
def trouble(site_url: str) -> Trouble:
    """What the test's pages did wrong so far; a test that provokes trouble empties `found`."""
    return Trouble(origin=site_url.removesuffix(BASE) + "/")


@pytest.fixture
def context(window: Window, trouble: Trouble) -> Iterator[BrowserContext]:
    """Where the test's pages are; at the end, nothing must have gone wrong in any of them."""
    with window.lent() as context:
        trouble.watch(context)
        yield context
        trouble.stop_watching(context)
    assert trouble.found == []


@pytest.fixture
def page(context: BrowserContext, look: str) -> Page:
    page = context.new_page()
    show_as(page, look)
    return page


@pytest.fixture
def without_python(page: Page) -> None:
    """Python never starts: `page` is quick, and nothing in it can run but SQL."""
    page.add_init_script(NO_PYTHON)


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
def _ran_once(browser: Browser, site: Path) -> Iterator[tuple[Notebook, Trouble]]:
    """Beside `ran`, nothing uses it."""
    with serving(site) as url:
        trouble = Trouble(origin=url.removesuffix(BASE) + "/")
        context = browser.new_context(**LOOKS["1280-light"])
        context.set_default_timeout(60_000)
        trouble.watch(context)
        notebook = Notebook.open(context.new_page(), url, "quickstart.ipynb")
        notebook.run_all()
        assert notebook.errors.all_inner_texts() == []
        yield notebook, trouble
        context.close()
        assert trouble.found == []


@pytest.fixture
def ran_trouble(_ran_once: tuple[Notebook, Trouble]) -> Trouble:
    """What the pages of `ran` did wrong; a test that provokes trouble empties `found`."""
    return _ran_once[1]


@pytest.fixture
def ran(_ran_once: tuple[Notebook, Trouble]) -> Iterator[Notebook]:
    """The quickstart, run to its end once for many tests. What a test adds at its end is taken away, cells and variables;
    everything else must be as it was: files, tables, settings, what the notebook's own variables are."""
    notebook, trouble = _ran_once
    count = notebook.cells.count()

    def facts() -> dict:
        told = json.loads(notebook.insert_and_run(FACTS).inner_text())
        notebook.take_away(count)
        return told

    before = facts()
    yield notebook
    wear(notebook.page, "1280-light")
    notebook.take_away(count)
    assert trouble.found == []
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
