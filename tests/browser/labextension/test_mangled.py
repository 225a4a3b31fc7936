"""Links as mail and chat leave them: opened, or one sentence says what is missing."""

from urllib.parse import quote

import pytest
from futures_explorer.links import format as link_format
from playwright.sync_api import expect
from support.notebook import START

NOTEBOOK = {
    "nbformat": 4,
    "cells": [{"cell_type": "markdown", "source": "Sent by a friend", "metadata": {}}],
}


@pytest.mark.usefixtures("without_python")
def test_they_open_what_was_sent_or_say_what_is_missing(page, site_url, trouble, screenshot):
    packed = link_format.pack(NOTEBOOK)
    fragment = link_format.encode("friend", packed)
    for mangled in (
        f"notebooks/#{quote(fragment, safe='')}",
        f"notebooks/index.html#{fragment.replace('&', '&amp;')}).",
        f"notebooks/%23{fragment}",
        f"notebooks/index.html%23{quote(fragment, safe='')}%22",
    ):
        page.goto("about:blank")
        page.goto(site_url + mangled)
        expect(page.locator(".jp-RenderedMarkdown").first).to_have_text("Sent by a friend", timeout=START)
        assert (
            page.url
            == f"{site_url}notebooks/{'index.html' if 'index' in mangled else ''}?path=friend-shared.ipynb"
        )

    for mangled in (
        "open/symbol-timeline/%23symbol=btcusdt",
        "notebooks/index.html?path=symbol-timeline.ipynb%23symbol=BTC/USDT:USDT",
        "open/symbol-timeline/).#symbol%3DBINANCE%3ABTCUSDT.P",
    ):
        page.goto(site_url + mangled)
        expect(page.locator(".bf-Notice")).to_contain_text(
            'Set by the link: symbol = "BTCUSDT"', timeout=START
        )
        # Undone, so that the next link sets it anew.
        page.get_by_role("button", name="Undo").click()

    page.goto(f"{site_url}notebooks/")
    dialog = page.locator(".jp-Dialog-content")
    expect(dialog).to_contain_text(
        "what stood after its “#”, the notebook, was lost on the way", timeout=START
    )
    screenshot(page, "link-lost")
    page.keyboard.press("Enter")
    expect(page.locator("#jp-title h1")).to_have_text("quickstart")

    page.goto(f"{site_url}notebooks/#{fragment[:-9]}")
    expect(dialog).to_contain_text("This link is cut off or damaged", timeout=START)
    expect(dialog).to_contain_text("ask the sender for it again")

    # Addresses that the server did not find, and the 404 page did.
    found = [line for line in trouble.found if line.startswith("404")]
    trouble.found[:] = [line for line in trouble.found if line not in found]
    assert len(set(found)) == 4
