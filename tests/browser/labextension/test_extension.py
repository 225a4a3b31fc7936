"""The extension is part of the interface, in both apps that show notebooks."""

import pytest
from playwright.sync_api import expect

APPS = ("notebooks/index.html", "lab/index.html")


@pytest.mark.parametrize("app", APPS)
def test_its_plugins_are_active(page, site_url, app):
    page.goto(f"{site_url}{app}?path=quickstart.ipynb")
    pin = page.locator(".jp-NotebookPanel-toolbar .bf-DataPin select")
    expect(pin.locator("option:checked")).to_have_text("latest", timeout=60_000)
