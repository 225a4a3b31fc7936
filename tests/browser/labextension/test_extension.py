"""The extension is part of the interface, in both apps that show notebooks."""

import pytest
from playwright.sync_api import expect
from support.notebook import START, Notebook

APPS = ("notebooks/index.html", "lab/index.html")


@pytest.mark.parametrize("app", APPS)
def test_its_plugins_are_active(page, site_url, app):
    page.goto(f"{site_url}{app}?path=quickstart.ipynb")
    pin = page.locator(".jp-NotebookPanel-toolbar .bf-DataPin select")
    expect(pin.locator("option:checked")).to_have_text("latest", timeout=60_000)


def test_the_site_works_without_it(context, page, site_url):
    def without(route):
        response = route.fetch()
        config = response.json()
        config["jupyter-config-data"].setdefault("disabledExtensions", []).append(
            "@futures-explorer/labextension"
        )
        route.fulfill(response=response, json=config)

    context.route(f"{site_url}jupyter-lite.json*", without)
    page.goto(f"{site_url}notebooks/index.html?path=quickstart.ipynb")
    notebook = Notebook(page)
    notebook.cells.first.wait_for(timeout=START)
    expect(page.locator(".bf-DataPin")).to_have_count(0)
    assert notebook.insert_and_run("import binance_futures as bf; bf.connect().snapshot.id").last.inner_text()
    expect(notebook.errors).to_have_count(0)
