"""A link's parameters: set in the open copy, shown, undone; refused with one message; never run by themselves."""

import pytest
from playwright.sync_api import expect
from support.notebook import START, Notebook

NOTICE = ".bf-Notice"


#: Whether the browser keeps a file of this name with this text in it.
SAVED = """async ([name, text]) => {
    for (const { name: database } of await indexedDB.databases()) {
        const opened = await new Promise(done => {
            indexedDB.open(database).onsuccess = event => done(event.target.result);
        });
        const kept = opened.objectStoreNames.contains("files") && await new Promise(done => {
            opened.transaction("files").objectStore("files").get(name).onsuccess = event => done(event.target.result);
        });
        opened.close();
        if (kept && JSON.stringify(kept.content).includes(text)) return true;
    }
    return false;
}"""


def parameters(notebook: Notebook) -> str:
    return notebook.code_cells.first.locator(".cm-content").inner_text()


def test_they_are_set_shown_run_on_request_and_not_set_again(page, site_url, screenshot):
    notebook = Notebook.open(page, site_url, "symbol-timeline.ipynb", "#symbol=BTCUSDT&price_days=30")
    notice = page.locator(NOTICE)
    expect(notice).to_contain_text(
        'symbol = "BTCUSDT" (it was "SOLUSDT"), price_days = 30 (it was 120)', timeout=START
    )
    expect(notice).to_contain_text("Run to answer for")
    assert parameters(notebook).splitlines()[0] == 'symbol = "BTCUSDT"'
    # The comment after a value stays.
    assert parameters(notebook).splitlines()[1].startswith("price_days = 30  # how many")
    expect(notebook.code_cells.first.locator(".jp-InputPrompt")).to_have_text("[ ]:")
    assert "#" not in page.url
    screenshot(page, "parameters")
    notice.get_by_role("button", name="Run all").click()
    notebook.wait_until_done()
    assert notebook.errors.count() == 0
    expect(notebook.code_cells.nth(2).locator(".jp-OutputArea-output")).to_contain_text("BTCUSDT traded on")
    expect(notice).to_have_count(0)


@pytest.mark.usefixtures("without_python")
def test_undo_takes_back_the_values_and_leaves_what_was_written_since(page, site_url):
    notebook = Notebook.open(page, site_url, "quickstart.ipynb", "#day=2022-02-02")
    expect(page.locator(NOTICE)).to_contain_text('day = "2022-02-02"', timeout=START)
    notebook.code_cells.first.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\nmine = 1")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(NOTICE)).to_have_count(0)
    assert parameters(notebook).splitlines() == ['day = "2021-05-19"', 'symbol = "BTCUSDT"', "mine = 1"]


@pytest.mark.usefixtures("without_python")
@pytest.mark.parametrize("look", ["390-dark"], indirect=True)
def test_what_is_not_declared_is_refused_as_a_whole(page, site_url, screenshot):
    notebook = Notebook.open(
        page, site_url, "symbol-timeline.ipynb", "#price_days=30&symbol=%22%0Aimport%20os%0A%22"
    )
    notice = page.locator(NOTICE)
    expect(notice).to_have_count(1, timeout=START)
    expect(notice).to_contain_text("expected is a symbol such as BTCUSDT. The notebook is as it was.")
    assert parameters(notebook).splitlines()[0] == 'symbol = "SOLUSDT"'
    assert parameters(notebook).splitlines()[1].startswith("price_days = 120")
    screenshot(page, "parameters-refused")
    notice.get_by_role("button", name="Close").click()
    expect(notice).to_have_count(0)


@pytest.mark.usefixtures("without_python")
def test_a_visitors_own_value_comes_back_by_undo_and_a_line_that_is_gone_is_not_invented(page, site_url):
    notebook = Notebook.open(page, site_url, "quickstart.ipynb")
    notebook.code_cells.first.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text('day = "2023-03-03"')
    page.keyboard.press("Control+s")
    page.wait_for_function(SAVED, arg=["quickstart.ipynb", "2023-03-03"])
    # Another document: only a fragment that changes would load nothing.
    page.goto("about:blank")
    notebook = Notebook.open(page, site_url, "quickstart.ipynb", "#day=2020-02-02")
    expect(page.locator(NOTICE)).to_contain_text('(it was "2023-03-03")', timeout=START)
    page.get_by_role("button", name="Undo").click()
    assert parameters(notebook) == 'day = "2023-03-03"'
    page.goto("about:blank")
    notebook = Notebook.open(page, site_url, "quickstart.ipynb", "#symbol=ETHUSDT")
    expect(page.locator(NOTICE)).to_contain_text("no longer has a line “symbol = …”", timeout=START)
    assert parameters(notebook) == 'day = "2023-03-03"'
