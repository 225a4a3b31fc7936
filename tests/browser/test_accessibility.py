"""axe-core finds nothing serious on the site's pages, in a notebook and in what it shows."""

import pytest
from playwright.sync_api import expect
from support.accessibility import serious_problems
from support.notebook import Notebook

BOTH_SCHEMES = ["1280-light", "390-dark"]


@pytest.mark.parametrize("look", BOTH_SCHEMES, indirect=True)
def test_the_front_page(page, site_url):
    page.goto(site_url)
    page.get_by_role("combobox").fill("BTC")
    expect(page.get_by_role("option").first).to_be_visible()
    page.get_by_text("The same as a table").click()
    assert serious_problems(page) == []
    page.goto(f"{site_url}404.html")
    assert serious_problems(page) == []


@pytest.mark.parametrize("look", BOTH_SCHEMES, indirect=True)
def test_a_notebook_its_tables_and_its_chart(page, site_url):
    notebook = Notebook.open(page, site_url, "quickstart.ipynb", "#day=2021-05-20")
    expect(page.locator(".bf-Notice")).to_be_visible()
    notebook.run_all()
    assert notebook.errors.count() == 0
    page.locator(".vega-embed svg.marks").first.wait_for()
    assert serious_problems(page) == []
    assert serious_problems(page, ".jp-OutputArea-output table") == []
