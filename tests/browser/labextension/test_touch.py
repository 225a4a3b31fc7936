"""A phone: 390 px wide, a finger for a pointer, and no mouse."""

import contextlib
import re

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect
from support.browsing import Trouble
from support.notebook import START

#: What is smaller than 24 px (WCAG 2.5.8) and is no link within a text; an input's label is a part of it.
SMALL = """() => [...document.querySelectorAll('a, button, jp-button, select, input, summary, [role=menuitem]')]
    .filter(one => one.checkVisibility() && !one.closest('.jp-RenderedHTMLCommon, p:not(footer *), li, td'))
    .map(one => [one, (one.closest('label') ?? one).getBoundingClientRect()])
    .filter(([, {width, height}]) => width && (width < 24 || height < 24))
    .map(([one, {width, height}]) => `${one.title || one.textContent || one.tagName}: ${width} × ${height}`)"""
MOVED = """table => {
    for (let around = table.parentElement; !around.matches('.jp-Cell'); around = around.parentElement)
        if (getComputedStyle(around).overflowX === 'auto' && around.scrollWidth > around.clientWidth) return true;
    return false;
}"""
WIDE_TABLE = (
    """import duckdb; duckdb.sql("SELECT " + ", ".join(f"'a text' AS column_{i}" for i in range(12)))"""
)
#: A keyboard that leaves so many pixels, as Safari tells of it: nothing else here has one that slides in.
KEYBOARD = """height => {
    Object.defineProperty(visualViewport, "height", { value: height, configurable: true });
    visualViewport.dispatchEvent(new Event("resize"));
}"""
CARET = """() => {
    const at = getSelection().focusNode;
    const { top, bottom } = (at instanceof Element ? at : at.parentElement).getBoundingClientRect();
    return top >= 0 && bottom > top && bottom <= 300;
}"""
WIDE = "() => document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def phone(browser: Browser, trouble: Trouble):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    trouble.watch(context)
    yield context.new_page()
    context.close()
    assert trouble.found == []


def test_a_finger_reads_edits_runs_and_shares(phone: Page, site_url: str, screenshot):
    page = phone
    page.goto(site_url)
    expect(page.locator(".cards a").first).to_be_visible()
    assert page.evaluate(SMALL) == []
    assert not page.evaluate(WIDE)

    page.goto(f"{site_url}notebooks/index.html?path=volume-rankings.ipynb")
    cell = page.locator(".jp-CodeCell").first
    cell.locator(".cm-content").tap(timeout=START)
    page.keyboard.press("Control+a")
    page.keyboard.type(WIDE_TABLE)
    page.locator("[data-jp-item-name='run'] jp-button").tap()
    expect(cell.locator(".jp-OutputArea-output th").nth(11)).to_have_text(
        re.compile("column_11"), timeout=START
    )
    # It is moved in its own place.
    assert cell.locator(".jp-OutputArea-output table").evaluate(MOVED)
    assert page.evaluate(SMALL) == []
    assert not page.evaluate(WIDE)
    # Where a keyboard slides in, the page gets smaller.
    assert "interactive-widget=resizes-content" in page.locator("meta[name=viewport]").get_attribute(
        "content"
    )

    # Safari does not; it tells of less room, as here.
    line = page.locator(".jp-CodeCell").last.locator(".cm-line").last
    shown = False
    for _ in range(10):  # cells above it are still being drawn, and move it
        page.evaluate(KEYBOARD, 844)
        line.tap()
        line.evaluate("line => line.scrollIntoView({ block: 'end' })")
        covered = not page.evaluate(CARET)
        page.evaluate(KEYBOARD, 300)
        expect(page.locator("#main")).to_have_css("height", "300px")
        with contextlib.suppress(TimeoutError):
            page.wait_for_function(CARET, timeout=2000)
            shown = covered
        if shown:
            break
    assert shown
    page.evaluate(KEYBOARD, 844)
    expect(page.locator("#main")).to_have_css("height", "844px")

    # A chart that came with the site tells a point's values.
    point = page.locator(".vega-embed svg.marks .mark-symbol path").nth(3)
    tooltip = page.locator("#vg-tooltip-element")
    for _ in range(10):  # cells above it are still being drawn, and move it
        point.scroll_into_view_if_needed()
        point.tap(force=True)
        with contextlib.suppress(AssertionError):
            expect(tooltip).to_contain_text("symbol", timeout=2000)
            break
    expect(tooltip).to_contain_text("symbol")
    screenshot(page, "touch")

    page.get_by_role("menuitem", name="File").tap()
    expect(page.get_by_role("menuitem", name="Share as a Link…")).to_be_visible()
    assert page.evaluate(SMALL) == []
    page.keyboard.press("Escape")

    page.locator("[data-jp-item-name='share'] jp-button").tap()
    expect(page.get_by_label("Link", exact=True)).to_have_value(re.compile("/notebooks/"))
    assert page.evaluate(SMALL) == []
    assert not page.evaluate(WIDE)
