"""axe-core finds nothing serious on the site's pages, in a notebook and in what it shows."""

from playwright.sync_api import expect
from support.accessibility import serious_problems
from support.browsing import show_as, wear

BOTH_SCHEMES = ("1280-light", "390-dark")


def test_the_front_page(page, site_url):
    for look in BOTH_SCHEMES:
        show_as(page, look)
        page.goto(site_url)
        page.get_by_role("combobox").fill("BTC")
        expect(page.get_by_role("option").first).to_be_visible()
        page.get_by_text("The same as a table").click()
        assert serious_problems(page) == []
        page.goto(f"{site_url}404.html")
        assert serious_problems(page) == []


def test_a_notebook_its_tables_and_its_chart(ran):
    """The bar above a notebook: labextension/test_opening.py."""
    for look in BOTH_SCHEMES:
        wear(ran.page, look)
        ran.page.locator(".vega-embed svg.marks").first.wait_for()
        assert serious_problems(ran.page) == []
        assert serious_problems(ran.page, ".jp-OutputArea-output table") == []
