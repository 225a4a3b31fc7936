"""The front page's search field, its links and its 404 page, with a keyboard and at both widths."""

import json

import duckdb
import pytest
from futures_explorer.project import BASE
from futures_explorer.site.gallery import PAGES
from futures_explorer.site.landing import write_landing
from playwright.sync_api import Page, expect
from support.accessibility import serious_problems
from support.browsing import LOOKS, serving, show_as

SPELLINGS = json.loads((PAGES / "spellings.json").read_text(encoding="utf-8"))


@pytest.fixture
def leads_to(page: Page):
    """Waits until the page leads to a notebook, named with what its address sets: labextension/test_parameters.py."""
    page.route(
        "**/notebooks/index.html?*",
        lambda route: route.fulfill(body="<title>Notebook</title>", content_type="text/html"),
    )

    def wait(name: str, sets: str) -> None:
        page.wait_for_url(f"**/notebooks/index.html?path={name}.ipynb#{sets}")

    return wait


def open_front(page: Page, site_url: str) -> None:
    page.goto(site_url)
    expect(page.get_by_role("combobox", name="Look up a symbol or a day")).to_be_visible()


def test_a_symbol_is_completed_and_opens_its_timeline_already_set(
    page, site_url, trouble, screenshot, leads_to
):
    open_front(page, site_url)
    assert not [r for r in trouble.requests if r.url.endswith("symbols.json")], "fetched before it is wanted"
    field = page.get_by_role("combobox")
    field.press_sequentially("eth")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("ETHUSDT")
    expect(options.first).to_contain_text("since 20")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_contain_text("symbol")
    screenshot(page, "front-search")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "found-0")
    field.press("Enter")
    leads_to("symbol-timeline", "symbol=ETHUSDT")


def test_a_symbol_is_found_as_other_tools_spell_it(page, site_url):
    open_front(page, site_url)
    spelled = ["btcusdt", "BTC/USDT:USDT", "BTC-USDT", "BTCUSDT.P", "BTC_USDT", "BINANCE:BTCUSDT.P", "btc/us"]
    for text in spelled + [entry["example"] for entry in SPELLINGS]:
        page.get_by_role("combobox").fill(text)
        expect(page.get_by_role("option").first.locator("strong")).to_have_text("BTCUSDT")
        # What is written next is seen to be answered.
        page.get_by_role("combobox").fill("")
        expect(page.get_by_role("option")).to_have_count(0)


def test_a_day_is_answered_and_offers_two_notebooks_of_which_enter_takes_the_first(
    page, site, site_url, leads_to
):
    open_front(page, site_url)
    field = page.get_by_role("combobox")
    field.fill("2021-5-19")
    expect(page.get_by_role("option")).to_have_count(2)
    newest = json.loads((site / "data/snapshots.json").read_text())["snapshots"][0]["id"]
    folder = site / "data/snapshots" / newest
    resources = json.loads((folder / "datapackage.json").read_text())["resources"]
    (days,) = (str(folder / r["path"]) for r in resources if (r["table"], r["layout"]) == ("days", "by-date"))
    (count,) = duckdb.read_parquet(days).filter("date = DATE '2021-05-19'").project("tradable").fetchone()
    expect(page.get_by_role("option").first).to_contain_text(f"{count} symbols could be traded")
    field.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    field.press("Enter")
    leads_to("quickstart", "day=2021-05-19")


def test_what_is_not_there_is_said_in_a_sentence(page, site_url):
    open_front(page, site_url)
    for typed, answer in (
        ("2021-02-30", "There is no 2021-02-30 in the calendar"),
        ("1999-01-01", "The data runs from 20"),
        ("2021-05", "A day is written like 20"),
        ("<b>nope", "No symbol in this snapshot has “<b>nope” in its name"),
        ("", "Write a symbol, or a day, first"),
    ):
        page.get_by_role("combobox").fill(typed)
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_role("status")).to_contain_text(answer)
        assert page.url == site_url


def test_without_the_list_of_symbols_it_says_so_and_tries_again(page, context, site_url, trouble):
    context.route("**/symbols.json", lambda route: route.abort())
    open_front(page, site_url)
    page.get_by_role("combobox").fill("eth")
    expect(page.get_by_role("status")).to_contain_text("could not be fetched")
    context.unroute("**/symbols.json")
    page.get_by_role("combobox").fill("ethu")
    expect(page.get_by_role("option").first).to_contain_text("ETHUSDT")


def test_a_short_address_opens_the_notebook_with_what_follows_the_hash(page, site_url, leads_to):
    page.goto(f"{site_url}open/universe/#top=25")
    leads_to("universe", "top=25")


@pytest.fixture
def pages_url(site, tmp_path):
    """The site's own pages, served at the address that they were made for."""
    (tmp_path / "data").symlink_to(site / "data")
    (tmp_path / "static").symlink_to(site / "static")
    write_landing(tmp_path)
    with serving(tmp_path) as url:
        yield url


def test_an_unknown_address_leads_back(page, pages_url, trouble, screenshot):
    trouble.origin = pages_url.removesuffix(BASE) + "/"
    page.goto(f"{pages_url}notebooks/nowhere/at/all.html")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing at this address")
    assert [entry.split(":")[0] for entry in trouble.found] == ["404"]
    trouble.found.clear()
    for look in LOOKS:
        show_as(page, look)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"it scrolls sideways: {look}"
        )
        screenshot(page, "404", look, full_page=True)
    page.get_by_role("link", name="Front page").click()
    page.wait_for_url(pages_url + "index.html")


def test_nothing_on_the_front_page_moves_while_it_loads(page, site_url):
    page.add_init_script(
        """window.shifted = 0;
        new PerformanceObserver(list => { for (const shift of list.getEntries()) window.shifted += shift.value; })
            .observe({type: 'layout-shift', buffered: true});"""
    )
    page.goto(site_url, wait_until="networkidle")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    for picture in page.locator(".cards img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0
    # Observers hear of a frame's shifts after it was drawn.
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("window.shifted") == 0


def test_everybody_can_use_it(page, site_url):
    for look in ("1280-light", "390-dark"):
        show_as(page, look)
        page.goto(site_url)
        page.get_by_role("combobox").fill("BTC")
        expect(page.get_by_role("option").first).to_be_visible()
        page.get_by_text("The same as a table").click()
        assert serious_problems(page) == []
        page.goto(f"{site_url}404.html")
        assert serious_problems(page) == []
