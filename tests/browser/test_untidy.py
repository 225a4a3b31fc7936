"""A host that changes files, a deployment at a bad moment, what is blocked: the page works, or says what is wrong."""

import mimetypes
import os
import shutil
import threading
import time
from pathlib import Path

import pytest
from futures_explorer.project import BASE
from playwright.sync_api import Page, Route, expect
from support.browsing import NO_PYTHON, Window, serving
from support.forms import over_a_slow_line
from support.kept import build_of, change, wait_until_forgotten, wait_until_kept
from support.notebook import START, Notebook

STATUS = "#explorer-start"
#: Resolves when this page's requests go through the service worker.
CONTROLLED = """() => new Promise((resolve) => {
    const { serviceWorker } = navigator;
    if (serviceWorker.controller) resolve();
    else serviceWorker.addEventListener('controllerchange', () => resolve());
})"""


class Served:
    """A copy of the site that can be changed while it is served; `hold` is a part of a path that waits until `free`."""

    def __init__(self, site: Path, folder: Path) -> None:
        self._folder, self._site = folder, site
        self.link = folder / "served"
        self.now = self._copy("first")
        self.link.symlink_to(self.now)
        self.hold: str | None = None
        self.held, self.free = threading.Event(), threading.Event()

    def _copy(self, name: str) -> Path:
        return Path(shutil.copytree(self._site, self._folder / name, copy_function=os.link))

    def watch(self, scope: dict) -> None:
        if self.hold and self.hold in scope["path"]:
            self.held.set()
            self.free.wait(60)

    def rewrite(self, name: str, text: str) -> None:
        """The host puts another file in place of the build's."""
        file = self.now / name
        file.unlink()
        file.write_text(text, encoding="utf-8")

    def deploy(self, prepare) -> None:
        """Another build takes the place of what is served."""
        self.now = self._copy("second")
        prepare(self.now)
        self.link.unlink()
        self.link.symlink_to(self.now)


@pytest.fixture
def served(site, tmp_path):
    return Served(site, tmp_path)


@pytest.fixture
def tab(window: Window):
    """A page in which requests may fail."""
    with window.lent() as context:
        yield context.new_page()


@pytest.fixture
def quick(tab: Page) -> Page:
    """The same, where Python never starts."""
    tab.add_init_script(NO_PYTHON)
    return tab


def again(folder: Path) -> None:
    change(folder, "files/quickstart.ipynb", "Quickstart: what could", "Quickstart, again: what could")


def controlled(page: Page, url: str, name: str = "quickstart.ipynb") -> Notebook:
    """A notebook on a page that has a service worker."""
    notebook = Notebook.open(page, url, name)
    page.evaluate(CONTROLLED)
    return notebook


def test_a_file_that_the_host_changed_does_not_keep_the_page_from_loading(served, quick):
    text = (served.now / "jupyter-lite.json").read_text("utf-8")
    served.rewrite("jupyter-lite.json", text + "\n\n")
    with serving(served.link) as url:
        controlled(quick, url)
        for _ in range(2):
            quick.reload()
            expect(quick.locator(".jp-Notebook h1")).to_contain_text("Quickstart", timeout=START)
            expect(quick.locator(f"{STATUS}.failed")).to_have_count(0)


def test_a_site_deployed_while_a_page_loads_is_loaded_whole(served, quick):
    with serving(served.link, served.watch) as url:
        # What a browser has of a build is enough for a page of it: the quickstart it does not have yet.
        controlled(quick, url, "take-it-home.ipynb")
        served.hold = "/data/answers/quickstart.json"
        quick.goto(f"{url}notebooks/index.html?path=quickstart.ipynb", wait_until="commit")
        assert served.held.wait(60)
        served.deploy(again)
        served.hold = None
        served.free.set()
        expect(quick.locator(".jp-Notebook h1")).to_contain_text("Quickstart, again:", timeout=START)
        assert quick.evaluate("sessionStorage.getItem('explorer-reloaded')"), "it was loaded anew"


def test_a_site_deployed_while_a_page_is_open_is_said(served, quick, screenshot):
    def without_dialog(folder: Path) -> None:
        for chunk in folder.glob("extensions/@futures-explorer/labextension/static/dialog.*.js"):
            chunk.unlink()
        again(folder)

    with serving(served.link) as url:
        controlled(quick, url)
        served.deploy(without_dialog)
        quick.get_by_role("button", name="Share").click()
        failed = quick.locator(f"{STATUS}.failed.aside")
        expect(failed).to_contain_text("This site was updated while the page was open.")
        screenshot(quick, "untidy-deployed")
        failed.get_by_role("button", name="Reload").click()
        expect(quick.locator(".jp-Notebook h1")).to_contain_text("Quickstart, again:", timeout=START)


def test_a_server_on_the_way_that_has_a_file_of_yesterday_is_said(served, quick, site):
    with serving(served.link) as url:
        controlled(quick, url)
        served.deploy(again)
        new = (served.now / "files/quickstart.ipynb").read_text("utf-8")
        served.rewrite("files/quickstart.ipynb", (site / "files/quickstart.ipynb").read_text("utf-8"))
        quick.goto(f"{url}notebooks/index.html?path=quickstart.ipynb")
        failed = quick.locator(f"{STATUS}.failed")
        expect(failed).to_contain_text(
            "A server on the way still has files/quickstart.ipynb of this site's last state. Reload",
            timeout=START,
        )
        expect(quick.locator(".jp-Notebook h1")).to_have_count(0)
        # Some minutes later.
        served.rewrite("files/quickstart.ipynb", new)
        failed.get_by_role("button", name="Reload").click()
        expect(quick.locator(".jp-Notebook h1")).to_contain_text("Quickstart, again:", timeout=START)


def test_modules_of_a_wrong_type_get_theirs_once_there_is_a_service_worker(served, tab):
    known = mimetypes.guess_type("kernel.mjs")[0]
    mimetypes.add_type("text/plain", ".mjs")  # the server asks this
    try:
        with serving(served.link) as url:
            controlled(tab, url)
            answered = Notebook.open(tab, url, "quickstart.ipynb").insert_and_run("40 + 2")
            expect(answered).to_have_text("42")
    finally:
        mimetypes.add_type(known, ".mjs")


def test_what_is_kept_for_later_waits_while_a_cell_runs_and_can_be_taken_back(served, tab):
    asked: list[tuple[float, str]] = []
    is_quick = threading.Event()

    def slowly(scope: dict) -> None:
        asked.append((time.time(), scope["path"]))
        if not is_quick.is_set():
            time.sleep(0.03)

    with serving(served.link, slowly) as url:
        notebook = controlled(tab, url)
        notebook.insert_and_run("import time")
        before = len(asked)
        tab.evaluate("window.explorerOffline.choose(true)")
        patience = time.monotonic() + START / 1000
        while len(asked) < before + 40:
            assert time.monotonic() < patience, "nothing is being kept"
            tab.wait_for_timeout(50)
        cell = notebook.insert_and_run(
            "begun = time.time()\nwhile time.time() < begun + 4: pass\nprint(begun, time.time())"
        )
        begun, ended = map(float, cell.inner_text().split())
        # What is under way ends by itself; that, and word of the cell, is given half a second on a busy machine.
        meanwhile = {path.removeprefix(BASE) for at, path in asked if begun + 0.5 < at < ended}
        assert meanwhile <= {"service-worker.js"}, "which browsers look at when they like"
        is_quick.set()
        wait_until_kept(tab, build_of(served.now))
        assert max(at for at, _ in asked) > ended, "it went on"

        tab.get_by_role("menuitem", name="File", exact=True).click()
        tab.get_by_text("Keep for Offline Use…", exact=True).click()
        dialog = tab.get_by_role("dialog", name="Keep for offline use")
        dialog.get_by_role("button", name="Take it back").click()
        expect(dialog.get_by_role("status")).to_have_text("Nothing is kept for offline use any more.")
        wait_until_forgotten(tab)
        assert not tab.evaluate("window.explorerOffline.isChosen()")


@pytest.mark.parametrize("part", ["build/notebooks/bundle.js", "kernel.mjs", "pyodide.asm."])
def test_what_is_blocked_is_named_with_what_to_do(served, tab, part, screenshot):
    tab.context.route(f"**/{part}*", lambda route: route.abort())
    with serving(served.link) as url:
        tab.goto(f"{url}notebooks/index.html?path=quickstart.ipynb")
        failed = tab.locator(f"{STATUS}.failed")
        expect(failed).to_contain_text(part, timeout=START)
        expect(failed.get_by_role("button", name="Reload")).to_be_visible()
        assert "slow" not in failed.inner_text()
        screenshot(tab, f"untidy-{part.rpartition('/')[2].rstrip('.')}")


def test_unknown_types_blocked_wheels_and_blocked_packed_files_do_no_harm(served, tab):
    def untyped(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-type": "application/octet-stream"})

    tab.context.route("**/*.wasm", untyped)
    refused = set()

    def refuse(route: Route) -> None:
        refused.add(route.request.url.rpartition("/")[2])
        route.abort()

    over_a_slow_line(tab.context)
    tab.context.route("**/{*.whl,duckdb-eh.bin,pyodide.asm.bin}", refuse)
    with serving(served.link) as url:
        notebook = Notebook.open(tab, url, "quickstart.ipynb")
        answering = notebook.code_cells.nth(2)
        answering.locator(".cm-content").click()
        tab.keyboard.press("Control+Enter")
        expect(answering.locator(".jp-InputPrompt")).to_have_text("[3]:", timeout=START)
        expect(answering.locator("[data-mime-type='text/markdown']")).to_contain_text("you could")
        assert refused >= {"duckdb-eh.bin", "pyodide.asm.bin"}


def test_without_a_service_worker_files_are_kept_in_memory_and_it_is_said(served, browser, screenshot):
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    with serving(served.link) as url:
        notebook = Notebook.open(page, url, "quickstart.ipynb")
        written = notebook.insert_and_run(
            "open('universe.csv', 'w').write('a,b')\nopen('universe.csv').read()"
        )
        expect(written).to_have_text("'a,b'")
        expect(page.locator(".bf-Notice")).to_contain_text("last until this page is left")
        screenshot(page, "untidy-memory")
    context.close()
