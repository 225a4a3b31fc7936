"""What can be done to a visitor by a link, and what cannot: nothing runs, nothing is replaced, nothing leaves the site."""

import json
import re
from pathlib import Path

import pytest
from futures_explorer.links import format as link_format
from playwright.sync_api import Page, expect
from support.accessibility import serious_problems
from support.notebook import START, Notebook

ROOT = Path(__file__).resolve().parents[3]
VECTORS = json.loads((ROOT / "tests/unit/links/links.json").read_text("utf-8"))
#: One of each kind; all of them are refused on the host, in tests/unit/links.
REFUSED = (
    "cut off by a chat program",
    "of an unknown version",
    "a decompression bomb",
    "metadata that claims trust",
    "name: a path that climbs out",
)
#: Each would act, if anything in a notebook from a link did.
HOSTILE = """\
# Hello <script>window.acted = 'script'</script>
<img src=x: onerror="window.acted = 'onerror'">
<iframe src="https://example.org/frame"></iframe>
<object data="https://example.org/object"></object>
<form action="https://example.org/form"><button>x</button></form>
<style>body { display: none }</style>
<svg onload="window.acted = 'svg'"><script>window.acted = 'svg script'</script></svg>
<a id="js" href="javascript:window.acted='href'">click</a>
<div data-commandlinker-command="notebook:run-all-cells">click</div>

![](https://example.org/pixel.png)
<p style="background: url(https://example.org/background.png)">.</p>
"""
#: Resolves once a store of JupyterLite, such as the one of what is open, holds a text.
UNTIL_STORED = """async ([store, text]) => {
    for (;;) {
        for (const { name } of await indexedDB.databases()) {
            if (!name.startsWith('JupyterLite Storage')) continue;
            const db = await new Promise((done) => {
                const asked = indexedDB.open(name);
                asked.onsuccess = () => done(asked.result);
            });
            const values = await new Promise((done) => {
                const all = db.transaction(store).objectStore(store).getAll();
                all.onsuccess = () => done(all.result);
            });
            db.close();
            if (JSON.stringify(values).includes(text)) return;
        }
        await new Promise((done) => setTimeout(done, 100));
    }
}"""


def notebook(*cells: tuple[str, str]) -> dict:
    made = [{"cell_type": kind, "source": source, "metadata": {}} for kind, source in cells]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}


def link(site_url: str, *cells: tuple[str, str], outputs: tuple[dict, ...] = (), **pinned) -> str:
    made = notebook(*cells)
    for cell in made["cells"]:
        cell["outputs"] = list(outputs)
    return f"{site_url}notebooks/#" + link_format.encode("made", link_format.pack(made, "pictures"), **pinned)


def opened(page: Page, address: str) -> Notebook:
    # A change of the fragment alone loads no page: a visitor's link comes from elsewhere.
    page.goto("about:blank")
    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=START)
    return Notebook(page)


def own_files(page: Page) -> list[str]:
    """The visitor's files: what this browser keeps of them."""
    return page.evaluate(
        """async () => {
            const names = [];
            for (const { name } of await indexedDB.databases()) {
                const db = await new Promise((done) => {
                    const asked = indexedDB.open(name);
                    asked.onsuccess = () => done(asked.result);
                });
                if (db.objectStoreNames.contains('files')) {
                    names.push(...await new Promise((done) => {
                        const keys = db.transaction('files').objectStore('files').getAllKeys();
                        keys.onsuccess = () => done(keys.result);
                    }));
                }
                db.close();
            }
            return names.sort();
        }"""
    )


@pytest.mark.usefixtures("without_python")
def test_broken_and_hostile_links_are_refused_and_the_page_works(page, site_url, screenshot):
    said = {vector["what"]: vector for vector in VECTORS["refuse"]}
    for what in REFUSED:
        page.goto("about:blank")
        page.goto(f"{site_url}notebooks/#{said[what]['fragment']}")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("This link cannot be opened", timeout=START)
        expect(dialog).to_contain_text(said[what]["says"])
        assert not [name for name in own_files(page) if "-shared" in name]
    screenshot(page, "link-refused")
    assert serious_problems(page, ".jp-Dialog") == []
    dialog.get_by_role("button", name="OK").click()
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
    assert page.url == f"{site_url}notebooks/?path=quickstart.ipynb"


@pytest.mark.usefixtures("without_python")
def test_nothing_in_a_notebook_from_a_link_acts(context, page, site_url, trouble):
    reached, blocked = [], []
    context.route("https://example.org/**", lambda route: (reached.append(route.request.url), route.abort()))
    page.on("requestfailed", lambda request: blocked.append((request.url, request.failure)))
    cells = (("markdown", HOSTILE), ("code", "acted = 1"), ("raw", HOSTILE))
    # As an output it is no safer: each of these bundles goes through a writer that keeps texts only.
    outputs = tuple(
        {"output_type": "display_data", "metadata": {"trusted": True}, "data": data}
        for data in ({"text/markdown": HOSTILE}, {"text/plain": HOSTILE, "text/html": HOSTILE})
    )
    address = link(site_url, *cells, outputs=outputs)
    made = opened(page, address)
    expect(page.locator(".bf-Notice")).to_contain_text("Opened from a link, with the newest data.")
    expect(page.locator(".jp-RenderedMarkdown h1")).to_have_count(2)
    expect(page.locator(".jp-OutputArea-child").first).to_have_text("Came with the link, not run here:")
    expect(made.code_cells.first.locator(".jp-InputPrompt")).to_have_text("[ ]:")
    rendered = page.locator(".jp-RenderedMarkdown")
    expect(rendered.locator("script, iframe, object, [action], style, [onerror], [onload]")).to_have_count(0)
    expect(rendered.locator("[data-commandlinker-command], a[href^=javascript]")).to_have_count(0)
    assert page.evaluate("window.acted") is None
    # A reload of the copy is as careful.
    page.reload()
    expect(page.locator(".jp-RenderedMarkdown h1")).to_have_count(2, timeout=START)
    expect(page.locator(".bf-Carried")).to_be_visible()
    expect(page.locator(".bf-Notice")).to_be_visible()
    assert page.evaluate("window.acted") is None
    # A copy is known under another name, too.
    page.get_by_role("menuitem", name="File", exact=True).click()
    page.get_by_role("menuitem", name="Rename…").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("mine.ipynb")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.evaluate(UNTIL_STORED, ["files", "mine.ipynb"])
    page.goto("about:blank")
    page.goto(f"{site_url}notebooks/index.html?path=mine.ipynb")
    expect(page.locator(".jp-RenderedMarkdown h1")).to_have_count(2, timeout=START)
    expect(page.locator(".bf-Notice")).to_be_visible()
    # So is it in JupyterLab, which opens again by itself what was open.
    page.goto("about:blank")
    page.goto(address.replace("/notebooks/#", "/lab/index.html#"))
    expect(page.locator(".jp-RenderedMarkdown h1")).to_have_count(2, timeout=START)
    expect(page.locator(".bf-Notice")).to_contain_text("Opened from a link")
    expect(page.locator(".lm-TabBar-tab.jp-mod-current", has_text="made-shared.ipynb")).to_be_visible()
    page.evaluate(UNTIL_STORED, ["statedb", "made-shared.ipynb"])
    page.goto("about:blank")
    page.goto(f"{site_url}lab/index.html")
    expect(page.locator(".jp-RenderedMarkdown h1")).to_have_count(2, timeout=START)
    assert page.evaluate("window.acted") is None
    # The browser says of a picture that it was asked for, even where the page's policy stopped it before the network.
    pictures = [url for url, failure in blocked if failure == "csp" and "example.org" in url]
    assert {url.rpartition("/")[2] for url in pictures} == {"pixel.png", "background.png"}
    assert reached == []
    trouble.found.clear()


@pytest.mark.usefixtures("without_python")
def test_a_copy_replaces_no_file_and_is_found_again_while_it_is_unchanged(page, site_url, trouble):
    first = link(site_url, ("markdown", "one"), ("code", "1 + 1"))
    other = link(site_url, ("markdown", "two"), ("code", "1 + 1"))
    for address, name in ((first, "made-shared"), (other, "made-shared-2"), (first, "made-shared")):
        made = opened(page, address)
        expect(page).to_have_url(f"{site_url}notebooks/?path={name}.ipynb")
    cell = made.code_cells.first
    cell.locator(".cm-content").click()
    page.keyboard.insert_text("0 + ")
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !document.title.startsWith('*')")
    expect(page.locator(".jp-NotebookCheckpoint, .bf-Notice").first).to_be_visible()
    opened(page, first)
    expect(page).to_have_url(f"{site_url}notebooks/?path=made-shared-3.ipynb")
    expect(page.locator(".jp-CodeCell .cm-content")).to_have_text("1 + 1")

    # A notebook of the site's own that it neither has nor kept: the present one, and that is said.
    opened(page, f"{site_url}notebooks/#v=1&name=quickstart&same=0123456789ab")
    expect(page.locator(".bf-Notice")).to_contain_text("does not keep what it was; this is today's")
    assert set(trouble.found) == {f"404: {site_url}data/notebooks/0123456789ab.json"}
    trouble.found.clear()


@pytest.mark.parametrize("look", ["1280-light", "390-dark"], indirect=True)
def test_data_and_packages_that_are_no_longer_there_are_said_and_chosen(
    page, site, site_url, screenshot, look, trouble
):
    newest = json.loads((site / "data" / "snapshots.json").read_text())["snapshots"][0]["id"]
    old = link_format.Environment("0123456789ab", "3.13.0", "1.4.0")
    outputs = ({"output_type": "stream", "name": "stdout", "text": "3"},)
    address = link(
        site_url, ("code", "1 + 1"), outputs=outputs, snapshot="2019-12-31-0123ab", environment=old
    )
    opened(page, address)
    bar = page.locator(".bf-Notice")
    expect(bar).to_contain_text("This site no longer publishes that data (2019-12-31-0123ab)")
    expect(bar).to_contain_text(re.compile(r"Python 3\.13\.0 \(now 3\..*DuckDB 1\.4\.0 \(now"))
    expect(bar.get_by_role("button", name="Run all")).to_have_count(0)
    screenshot(page, "link-missing-data")
    assert serious_problems(page, ".bf-Notice") == []
    bar.get_by_role("button", name=f"Use {newest[:10]}").click()
    expect(bar).to_contain_text(f"pinned to the data of {newest[:10]}")
    expect(bar.get_by_role("button", name="Run all")).to_be_visible()
    assert serious_problems(page, ".jp-NotebookPanel") == []

    # Sharing it by the menu, then by the keyboard alone. Until the kernel is ready the notebook may take the focus.
    expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute(
        "data-status", "idle", timeout=START
    )
    page.get_by_role("menuitem", name="File", exact=True).click()
    page.get_by_role("menuitem", name="Share as a Link…").click()
    dialog = page.get_by_role("dialog", name="Share this notebook")
    expect(dialog).to_be_visible(timeout=20_000)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("Control+Shift+c")
    expect(page.locator(".lm-CommandPalette-input")).to_be_focused()
    page.keyboard.type("share as a link")
    expect(page.locator(".lm-CommandPalette-item")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Copy: Link")).to_be_focused()
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("checkbox", name="With outputs")).to_be_focused()
    page.keyboard.press("Space")
    expect(dialog).to_contain_text("with outputs)")
    page.keyboard.press("Shift+Tab")
    assert f"snapshot={newest}" in dialog.get_by_label("Link", exact=True).input_value()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("status").first).to_have_text(re.compile("Copied|Press"))
    dialog.get_by_text("QR code", exact=True).focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("img", name="QR code of the link")).to_be_in_viewport()
    screenshot(page, "share")
    assert serious_problems(page, ".jp-Dialog") == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    # Nothing is known of that kernel but what the link says.
    assert set(trouble.found) == {f"404: {site_url}data/environments/0123456789ab.json"}
    trouble.found.clear()


@pytest.mark.usefixtures("without_python")
def test_a_notebook_is_fetched_from_an_address_with_the_same_care(context, page, site_url, trouble):
    made = notebook(("markdown", "fetched"), ("code", "1 + 1"))
    made["cells"][1] |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": "not run here"}]}
    made["cells"][1]["metadata"]["trusted"] = True
    answers = {
        "https://raw.githubusercontent.com/someone/repository/main/there.ipynb": {"body": json.dumps(made)},
        "https://raw.githubusercontent.com/someone/repository/main/gone.ipynb": {"status": 404},
        "https://raw.githubusercontent.com/someone/repository/main/page.ipynb": {
            "body": "<html>",
            "content_type": "text/html",
        },
        "https://raw.githubusercontent.com/someone/repository/main/large.ipynb": {"body": " " * 17_000_000},
    }
    cors = {"Access-Control-Allow-Origin": "*"}
    context.route("https://raw.githubusercontent.com/**", lambda route: route.abort())
    for address, answer in answers.items():
        context.route(address, lambda route, *, answer=answer: route.fulfill(**answer, headers=cors))
    asked = f"{site_url}notebooks/index.html?fromURL=https://github.com/someone/repository/blob/main/"
    opened(page, f"{asked}there.ipynb&snapshot=2019-12-31-0123ab")
    expect(page).to_have_url(f"{site_url}notebooks/index.html?path=there-shared.ipynb")
    expect(page.locator(".bf-Notice")).to_contain_text(
        "Opened from raw.githubusercontent.com/someone/repository/main/"
    )
    expect(page.locator(".bf-Notice")).to_contain_text("pinned to the data of 2019-12-31")
    expect(page.locator(".jp-OutputArea-output")).to_have_count(0)
    for name, says in (
        ("gone", "HTTP 404"),
        ("page", "a web page"),
        ("large", "larger than"),
        ("x", "did not answer"),
    ):
        page.goto(f"{asked}{name}.ipynb")
        expect(page.get_by_role("dialog")).to_contain_text(says, timeout=START)
    # What was asked of another host is what the address named, and nothing else.
    elsewhere = [entry for entry in trouble.found if "another origin" in entry]
    assert {entry.rpartition("/")[2] for entry in elsewhere} == {
        "there.ipynb",
        "gone.ipynb",
        "page.ipynb",
        "large.ipynb",
        "x.ipynb",
    }
    trouble.found.clear()
