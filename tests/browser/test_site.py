"""The site as a whole: its front page and its apps load, and stay on their own origin."""

import json
import zipfile

import pytest
from playwright.sync_api import expect
from support.browsing import LOOKS, show_as
from support.notebook import Notebook

#: What can be seen when an app is up. JupyterLab and the notebooks app: labextension/test_extension.py.
APPS = {
    "repl/index.html": ".jp-CodeConsole",
    "tree/index.html": ".jp-DirListing-item",
}


@pytest.mark.usefixtures("without_python")
def test_the_front_page_states_the_snapshot_and_leads_to_the_quickstart(page, site, site_url, screenshot):
    newest = json.loads((site / "data" / "snapshots.json").read_text())["snapshots"][0]
    page.goto(site_url)
    facts = page.locator("dl")
    for fact in (
        newest["id"],
        newest["dates"]["first"],
        newest["dates"]["complete"],
        f"{newest['counts']['symbols']:,}",
        f"{newest['counts']['available_rows']:,}",
    ):
        expect(facts).to_contain_text(fact)
    notice = page.get_by_role("note")
    if newest["synthetic"] is False:
        expect(notice).to_have_count(0)
    else:
        expect(notice).to_contain_text("Synthetic data" if newest["synthetic"] else "unknown origin")
    for look in LOOKS:
        show_as(page, look)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"it scrolls sideways: {look}"
        )
        screenshot(page, "front", look, full_page=True)
    page.get_by_role("link", name="Open the quickstart").click()
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=60_000)


@pytest.mark.usefixtures("without_python")
@pytest.mark.parametrize("app", APPS)
def test_an_app_loads_from_this_site_alone(page, site_url, app, screenshot, trouble):
    page.goto(site_url + app)
    expect(page.locator(APPS[app]).first).to_be_visible(timeout=60_000)
    screenshot(page, app.split("/")[0])
    assert trouble.requests, "the page asked for nothing: it was not watched"


def test_the_engine_asks_for_ranges_of_known_size_and_never_for_a_head(page, site_url, trouble):
    page.goto(site_url)
    size, name = page.evaluate(
        """async (base) => {
            const runtime = await (await fetch(base + 'static/runtime.json')).json();
            const { open } = await import(base + runtime.engine);
            const engine = await open();
            const snapshot = await engine.attach();
            const { file } = snapshot.resources.find(
                r => r.table === 'volume_rankings' && r.layout === 'by-date' && r.bytes > 1e6);
            const bytes = await engine.query(`SELECT min(rank) FROM '${file}' WHERE date = '2022-03-04'`);
            return [bytes.length, file];
        }""",
        site_url,
    )
    assert size > 0
    data = [request for request in trouble.requests if request.url.endswith(name)]
    assert data
    assert {request.method for request in trouble.requests} == {"GET"}
    assert all("range" in request.headers for request in data)


def test_every_package_that_the_site_serves_can_be_imported(page, site, site_url):
    (lock,) = site.glob("static/pyodide-*/pyodide-lock.json")
    packages = json.loads(lock.read_text())["packages"].values()
    served = [entry for entry in packages if "://" not in entry["file_name"]]
    # IPython brings it along; it imports matplotlib, which the site does not serve.
    modules = sorted(name for entry in served for name in entry["imports"] if name != "matplotlib_inline")
    assert len(modules) > 30
    # Ours come compiled, but for what IPython reads as its configuration.
    (own,) = (lock.parent / entry["file_name"] for entry in served if entry["name"] == "explorer-startup")
    sources = [name for name in zipfile.ZipFile(own).namelist() if name.endswith(".py")]
    assert sources
    assert all(".data/" in name for name in sources)
    notebook = Notebook.open(page, site_url, "quickstart.ipynb")
    names = ", ".join(entry["name"] for entry in served)
    notebook.insert_and_run(f"import pyodide_js; await pyodide_js.loadPackage({names.split(', ')!r})")
    output = notebook.insert_and_run(
        f"import importlib; len([importlib.import_module(n) for n in {modules!r}])"
    )
    assert output.last.inner_text() == str(len(modules))
