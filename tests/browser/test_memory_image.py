"""A kernel from the memory image: that it is what a start makes, and that a first result needs no more than it."""

import contextlib
import json

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from support.browsing import LOOKS
from support.forms import over_a_slow_line
from support.notebook import START, Notebook

ANSWER = ".jp-OutputArea-output[data-mime-type='text/markdown'] p"
#: A state's names and New York's zone, in which no machine that builds the site is likely to be.
PLACE = {"locale": "en-US", "timezone_id": "America/New_York"}
#: What a cell can tell of the kernel that runs it.
FACTS = """import email, hashlib, importlib.metadata, inspect, json, os, random, sys, tempfile, time
from datetime import datetime
import nanoarrow, traitlets, pyodide_js
print(json.dumps({
    "chance": [random.random(), random.choice(range(10**9)), tempfile.mktemp(), hash("seed")],
    "zone": [time.tzname, time.timezone, time.altzone, time.daylight, datetime(2024, 7, 1).astimezone().isoformat()],
    "paths": [sys.path, sys.prefix, sys.executable, sorted(os.listdir(traitlets.__path__[0]))],
    "environment": {key: value for key, value in os.environ.items() if key != "LANG"},
    "packages": sorted(f"{found.name} {found.version}" for found in importlib.metadata.distributions()),
    "loaded": sorted({name.lower().replace("_", "-") for name in pyodide_js.loadedPackages.to_py()}),
    "source": inspect.getsource(nanoarrow.Array)[:40],
    "length": len(open(email.__path__[0].partition("/email")[0], "rb").read()),
}))"""


def facts(notebook: Notebook) -> dict:
    told = json.loads(notebook.insert_and_run(FACTS).inner_text())
    assert notebook.errors.all_inner_texts() == []
    return told


def restart(page: Page) -> None:
    page.locator("[data-command='notebook:restart-kernel']").click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_first_result_needs_no_file_of_python_and_the_next_ones_wait_for_them(
    context: BrowserContext, site_url
):
    held, asked = [], []
    context.route("**/files.bin", lambda route: held.append(route))
    over_a_slow_line(context)
    context.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page = context.new_page()
    notebook = Notebook.open(page, site_url, "quickstart.ipynb")
    for number in range(3):
        notebook.code_cells.nth(number).locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
    page.locator(ANSWER).wait_for(timeout=START)
    assert "pyodide.asm.bin" in asked
    assert "pyodide.asm.wasm" not in asked
    assert held == [], "what is imported before the first result belongs into IMPORTED of site/start.py"
    # The chart's packages are unpacked by modules that are not in the image.
    notebook.start_all()
    while not held:
        page.evaluate("new Promise(requestAnimationFrame)")
    held.pop().continue_()
    notebook.wait_until_done()
    assert notebook.errors.all_inner_texts() == []


def test_packed_webassembly_that_came_damaged_keeps_nobody_from_python(context: BrowserContext, site_url):
    came = []

    def damaged(route: Route) -> None:
        whole = bytearray(route.fetch().body())
        whole[len(whole) // 2] ^= 1
        came.append(len(whole))
        route.fulfill(body=bytes(whole))

    over_a_slow_line(context)
    context.route("**/pyodide.asm.bin", damaged)
    notebook = Notebook.open(context.new_page(), site_url, "quickstart.ipynb")
    assert notebook.insert_and_run("40 + 2").inner_text().strip() == "42"
    assert came


@pytest.fixture
def profile(browser: Browser, trouble):
    """Makes browsers that never saw the site, in another zone than the machine that built it."""
    with contextlib.ExitStack() as closing:

        def make() -> BrowserContext:
            context = browser.new_context(**LOOKS["1280-light"], **PLACE)
            closing.callback(context.close)
            trouble.watch(context)
            return context

        yield make


def test_a_kernel_from_the_image_is_what_a_start_makes(profile, site_url, trouble):
    page = profile().new_page()
    notebook = Notebook.open(page, site_url, "quickstart.ipynb")
    first = facts(notebook)
    restart(page)
    second = facts(notebook)
    assert trouble.found == []
    context = profile()
    context.route("**/memory.bin", lambda route: route.abort())
    warnings = []
    context.on("console", lambda message: warnings.append(message.text))
    started = facts(Notebook.open(context.new_page(), site_url, "quickstart.ipynb"))
    trouble.found.clear()  # the image that could not be fetched
    assert any(
        text.startswith("Python starts anew, as its memory image could not be used") for text in warnings
    )
    chances = [told.pop("chance") for told in (first, second, started)]
    assert first == second == started
    assert first["zone"][:4] == [["UTC-0500", "UTC-0400"], 18000, 14400, 1]
    for numbers in zip(*(chance[:3] for chance in chances), strict=True):
        assert len(set(numbers)) == 3
