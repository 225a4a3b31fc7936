"""A second visit without a network, and a visit after the site was built anew."""

import contextlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from futures_explorer.project import BASE
from playwright.sync_api import BrowserContext, Page, expect
from support.browsing import LOOKS, NO_PYTHON, serving
from support.chromium import ARGUMENTS, ensure_chromium
from support.forms import over_a_fast_line
from support.kept import build_of, change, keep_for_offline, wait_until_alone, wait_until_kept
from support.notebook import START, Notebook


@pytest.fixture
def another_build(site: Path, tmp_path: Path) -> Path:
    """The site as if its starter notebook had been changed and it had been built again."""
    copy = shutil.copytree(site, tmp_path / "another", copy_function=os.link)
    change(copy, "files/quickstart.ipynb", "Quickstart: what could", "Quickstart, again: what could")
    assert build_of(copy) != build_of(site)
    return copy


@pytest.fixture
def folder(site: Path, tmp_path: Path) -> Path:
    """What is served: a link, so that another build can take the place of the first under the same address."""
    link = tmp_path / "served"
    link.symlink_to(site)
    return link


class SlowData:
    """While `free` is not set, holds what is asked for of the data back, and with it the whole server."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.free.set()

    def watch(self, scope: dict) -> None:
        if "/data/objects/" in scope["path"]:
            self.free.wait(60)


def stop_prefetch(page: Page, slow: SlowData) -> None:
    """Stops it by its button, having read what is told of it."""
    status = page.locator("[role=status].bf-Prefetch-status")
    line = page.locator(".bf-Prefetch:not([role])")
    expect(line).to_contain_text("Keeping data for later", timeout=START)
    expect(status).to_have_text("Keeping data for later.")
    line.get_by_role("button", name="Stop").click()
    expect(line).to_have_count(0)
    expect(status).to_have_text("Stopped.")
    slow.free.set()
    expect(page.locator("body")).to_have_attribute("data-prefetch", "cancelled")


def found_compiled(page: Page, load: Callable[[], object]) -> tuple[int, int]:
    """How many bytes of JupyterLab's code `load` found compiled, and of how many files of WebAssembly the machine code."""
    browser = page.context.browser
    browser.start_tracing(page=page, categories=["devtools.timeline", "v8.wasm"])
    load()
    events = json.loads(browser.stop_tracing())["traceEvents"]
    compiled = [event["args"] for event in events if event["name"] == "v8.compile"]
    (found,) = [args["data"] for args in compiled if "/build/notebooks/bundle.js" in args.get("fileName", "")]
    return found.get("consumedCacheSize", 0), sum(event["name"] == "wasm.Deserialize" for event in events)


def tables(page: Page) -> list[str]:
    outputs = page.locator(".jp-OutputArea-output:has(table)")
    expect(outputs).to_have_count(3)
    return outputs.all_inner_texts()


@pytest.fixture
def on_disk(browser, tmp_path, trouble) -> Iterator[Callable[[], BrowserContext]]:
    """Starts a browser with a profile on disk, the one before being closed: others keep no files of the runtime's size."""
    with contextlib.ExitStack() as running:

        def start() -> BrowserContext:
            running.close()
            context = browser.browser_type.launch_persistent_context(
                tmp_path / "profile",
                executable_path=ensure_chromium(),
                args=list(ARGUMENTS),
                **LOOKS["1280-light"],
            )
            running.callback(context.close)
            context.set_default_timeout(60_000)
            trouble.watch(context)
            return context

        yield start
    assert trouble.found == []


def test_a_second_visit_finds_what_the_first_compiled_and_a_third_needs_no_network(on_disk, site, trouble):
    with contextlib.ExitStack() as online:
        url = online.enter_context(serving(site))
        trouble.origin = url.removesuffix(BASE) + "/"
        context = on_disk()
        over_a_fast_line(context, site)
        page = context.new_page()
        # The frame in which JupyterLab's code is compiled to be kept.
        with page.expect_event("framedetached", timeout=START) as gone:
            notebook = Notebook.open(page, url, "quickstart.ipynb")
            notebook.run_all()
            seen = tables(page)
            keep_for_offline(page)
        assert gone.value.url == f"{url}notebooks/jupyter-lite.json"

        context = on_disk()
        page = context.new_page()

        def visit_again() -> None:
            notebook = Notebook.open(page, url, "quickstart.ipynb")
            answered = notebook.insert_and_run("import duckdb\nduckdb.sql('SELECT 42').fetchall()")
            expect(answered).to_have_text("[(42,)]")

        bytecode, machine_code = found_compiled(page, visit_again)
        assert bytecode > 4_000_000
        assert machine_code == 2, "of Python and of DuckDB"
        page.close()
    page = context.new_page()
    notebook = Notebook.open(page, url, "quickstart.ipynb")
    notebook.run_all()
    assert notebook.errors.all_inner_texts() == []
    assert tables(page) == seen
    expect(page.locator(".jp-OutputArea-output .mark-area path").first).to_be_visible()
    # One that was never opened; it asks the site for its list of snapshots, too. The others: kernel/test_offline.py.
    notebook = Notebook.open(page, url, "bring-your-own-data.ipynb")
    notebook.run_all()
    assert notebook.errors.all_inner_texts() == []
    # The front page, and another way into the same site.
    page.goto(url)
    expect(page.get_by_role("link", name="Open the quickstart")).to_be_visible()


def test_a_new_build_is_seen_at_the_next_load_and_no_page_mixes_two(
    context: BrowserContext, site, folder, another_build, trouble
):
    content = "async (url) => (await (await fetch(url)).json()).cells[0].source.join('')"
    with serving(folder) as url:
        trouble.origin = url.removesuffix(BASE) + "/"
        old = context.new_page()
        cells = Notebook.open(old, url, "quickstart.ipynb").cells.count()
        wait_until_kept(old, build_of(site))
        old.reload()
        expect(Notebook(old).cells).to_have_count(cells, timeout=START)

        folder.unlink()
        folder.symlink_to(another_build)
        new = context.new_page()
        new.goto(f"{url}notebooks/index.html?path=quickstart.ipynb")
        expect(new.locator(".jp-Notebook h1")).to_contain_text("Quickstart, again:", timeout=START)
        # The tab that was open stays what it was; its kernel's worker, too.
        assert "again" not in old.evaluate(content, url + "files/quickstart.ipynb")
        assert "again" in new.evaluate(content, url + "files/quickstart.ipynb")
        inside = Notebook(old).insert_and_run(
            "from pyodide.http import pyfetch\n"
            f"answer = await pyfetch('{url}files/quickstart.ipynb')\n"
            "'Quickstart, again' in await answer.string()"
        )
        expect(inside).to_have_text("False")

        # Once it is closed and the new build is here as a whole, nothing of the first is left.
        old.close()
        wait_until_kept(new, build_of(another_build))
        new.reload()
        wait_until_alone(new, build_of(another_build))


def test_an_edited_copy_stays_and_the_newer_original_is_offered_beside_it(
    context: BrowserContext, folder, another_build, trouble, screenshot
):
    slow = SlowData()
    with serving(folder, slow.watch) as url:
        trouble.origin = url.removesuffix(BASE) + "/"
        page = context.new_page()
        address = f"{url}notebooks/index.html?path=quickstart.ipynb"
        notebook = Notebook.open(page, url, "quickstart.ipynb")
        # With the snapshot open: what is held back from now on is what is brought in ahead.
        notebook.insert_and_run("import binance_futures as bf\ndb = bf.connect()\n'my own'")
        slow.free.clear()
        stop_prefetch(page, slow)
        page.keyboard.press("Control+s")
        count = notebook.cells.count()
        page.add_init_script(NO_PYTHON)  # from the next load on
        # Saved: it is what the next load shows, without a word as the site's own is the same.
        page.goto(address)
        expect(notebook.cells).to_have_count(count, timeout=START)

        folder.unlink()
        folder.symlink_to(another_build)
        page.goto(address)
        notice = page.locator(".bf-Notice")
        expect(notice).to_contain_text("This notebook has changed on the site", timeout=START)
        expect(notebook.cells).to_have_count(count)
        screenshot(page, "originals")
        with context.expect_page() as opened:
            notice.get_by_role("button", name="Open the new one").click()
        new = opened.value
        expect(new.locator(".jp-Notebook h1")).to_contain_text("Quickstart, again:", timeout=START)
        assert "quickstart-new.ipynb" in new.url
        # The question has been answered.
        page.goto(address)
        expect(notebook.cells).to_have_count(count, timeout=START)
        expect(notice).to_have_count(0)
