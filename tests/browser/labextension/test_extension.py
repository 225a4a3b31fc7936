"""The extension is part of the interface, in both apps that show notebooks."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from futures_explorer.project import BASE
from playwright.sync_api import expect
from support.browsing import serving
from support.notebook import START, Notebook

APPS = ("notebooks/index.html", "lab/index.html")


@pytest.mark.usefixtures("without_python")
@pytest.mark.parametrize("app", APPS)
def test_its_plugins_are_active(page, site, site_url, trouble, app):
    page.goto(f"{site_url}{app}?path=quickstart.ipynb")
    pin = page.locator(".jp-NotebookPanel-toolbar .bf-DataPin select")
    expect(pin.locator("option:checked")).to_have_text("latest", timeout=60_000)
    # What they add to a page that nobody shares from: one file each.
    folder = f"{site_url}extensions/"
    ours = tuple(f"{folder}{name}/" for name in ("@futures-explorer/labextension", "jupyterlite-duckdb-sql"))
    added = sorted({request.url for request in trouble.requests if request.url.startswith(ours)})
    assert [url.removeprefix(folder).partition("/static/")[0] for url in added] == [
        "@futures-explorer/labextension",
        "jupyterlite-duckdb-sql",
    ]
    assert all((site / url.removeprefix(site_url)).stat().st_size < 60_000 for url in added)


@pytest.mark.usefixtures("without_python")
def test_settings_are_fetched_once_and_what_a_visitor_sets_is_found_again(page, site_url, trouble):
    choice = page.locator(".lm-Menu-item").filter(has_text="Auto Close Brackets")
    for is_set in (False, True):
        trouble.requests.clear()
        Notebook.open(page, site_url, "quickstart.ipynb")
        expect(page.locator(".jp-NotebookPanel-toolbar .bf-DataPin select")).to_be_visible()
        asked = [request.url for request in trouble.requests if request.service_worker is None]
        schemas = [url.partition("/build/schemas/")[2] for url in asked if "/build/schemas/" in url]
        assert sorted(schemas) == ["all.json", "all_federated.json"]
        page.get_by_role("menuitem", name="Settings", exact=True).click()
        expect(choice).to_have_class(re.compile("lm-mod-toggled") if is_set else "lm-Menu-item")
        if not is_set:
            choice.click()
            page.get_by_role("menuitem", name="Settings", exact=True).click()
            expect(choice).to_have_class(re.compile("lm-mod-toggled"))
        page.keyboard.press("Escape")


def test_the_site_works_without_it(page, site, tmp_path, trouble):
    copy = Path(shutil.copytree(site, tmp_path / "site", copy_function=os.link))
    config = json.loads((copy / "jupyter-lite.json").read_text())
    config["jupyter-config-data"].setdefault("disabledExtensions", []).append(
        "@futures-explorer/labextension"
    )
    config["jupyter-config-data"]["exposeAppInBrowser"] = True
    # Written anew: the copy's files are the site's own.
    (copy / "jupyter-lite.json").unlink()
    (copy / "jupyter-lite.json").write_text(json.dumps(config))
    with serving(copy) as url:
        trouble.origin = url.removesuffix(BASE) + "/"
        notebook = Notebook.open(page, url, "quickstart.ipynb")
        expect(page.locator(".bf-DataPin")).to_have_count(0)
        # JupyterLab alone forgets what it is asked to run before there is a kernel, and its indicator says "idle" before.
        page.wait_for_function(
            "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'", timeout=START
        )
        notebook.run_all()
        expect(notebook.errors).to_have_count(0)
        # Before the server goes: the page may still ask for something.
        page.close()
