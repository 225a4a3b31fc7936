"""A notebook, its data and its answer travel from one person to another, and stay what they were."""

from playwright.sync_api import Page, expect
from support.notebook import START, Notebook

DAY = "2026-10-20"


def sources(notebook: Notebook) -> list[str]:
    """What every cell shows: code as it is, Markdown rendered."""
    expect(notebook.page.locator(".jp-MarkdownCell .jp-RenderedMarkdown:empty")).to_have_count(0)
    return notebook.cells.evaluate_all(
        """cells => cells.map(cell => cell.classList.contains('jp-CodeCell')
            ? [...cell.querySelectorAll('.jp-InputArea .cm-line')].map(line => line.textContent).join('\\n')
            : cell.querySelector('.jp-RenderedMarkdown').textContent)"""
    )


def open_link(page: Page, link: str) -> Notebook:
    page.goto(link)
    notebook = Notebook(page)
    notebook.cells.first.wait_for(timeout=START)
    return notebook


def answers(notebook: Notebook) -> list:
    tables = notebook.page.locator(".jp-OutputArea-output:has(table)")
    expect(tables).to_have_count(3)
    return [notebook.table(tables.nth(number)) for number in range(3)]


def test_the_same_notebook_on_the_same_data_gives_the_same_numbers_for_ever(growing, person):
    # A changes a starter notebook, does not save it, and shares it.
    a = Notebook.open(person(), growing.url, "quickstart.ipynb")
    a.code_cells.first.locator(".cm-content").click()
    a.page.keyboard.press("Control+a")
    a.page.keyboard.insert_text(f'day = "{DAY}"\nsymbol = "BTCUSDT"')
    a.page.get_by_role("button", name="Share").click()
    link = a.page.get_by_label("Link", exact=True).input_value()
    assert len(link) < 2000
    expect(a.page.get_by_role("dialog")).to_contain_text(growing.snapshots[0])
    a.page.get_by_role("button", name="Close", exact=True).last.click()
    a.run_all()
    expect(a.errors).to_have_count(0)

    # B opens it: the same cells, pinned, and nothing has run.
    page = person()
    b = open_link(page, link)
    bar = page.locator(".bf-Notice")
    expect(bar).to_contain_text("pinned to the data of 2026-10-30")
    assert sources(b) == sources(a)
    expect(page.get_by_label("Data:")).to_have_value(growing.snapshots[0])
    expect(page.locator(".jp-OutputArea-output")).to_have_count(0)
    expect(b.code_cells.locator(".jp-InputPrompt", has_text="[ ]:")).to_have_count(b.code_cells.count())
    assert page.url.endswith("?path=quickstart-shared.ipynb")
    bar.get_by_role("button", name="Run all").click()
    b.wait_until_done()
    assert answers(b) == answers(a)
    # The pin came before the first cell, and counted as no execution.
    expect(b.code_cells.first.locator(".jp-InputPrompt")).to_have_text("[1]:")
    page.keyboard.press("Control+s")

    # A newer snapshot is published, with other numbers. The link still gives A's, in the copy that B has already.
    new = growing.grow()
    page = b.page.context.new_page()
    again = open_link(page, link)
    expect(page).to_have_url(growing.url + "notebooks/?path=quickstart-shared.ipynb")
    page.locator(".bf-Notice").get_by_role("button", name="Run all").click()
    again.wait_until_done()
    expect(page.locator(".jp-OutputArea-output").first).to_contain_text(f"Snapshot {growing.snapshots[1]}")
    assert answers(again) == answers(a)

    # The pin is taken off in the toolbar: the next connection has the new numbers.
    page.get_by_label("Data:").select_option("latest")
    again.run_all()
    expect(page.locator(".jp-OutputArea-output").first).to_contain_text(f"Snapshot {new}")
    assert answers(again) != answers(a)

    # Pinned again; a kernel that starts anew is told before its first cell.
    page.get_by_label("Data:").select_option(growing.snapshots[1])
    page.get_by_role("button", name="Restart the kernel and run all cells").click()
    page.get_by_role("dialog").get_by_role("button", name="Restart").click()
    expect(page.locator(".jp-OutputArea-output").first).to_contain_text(
        f"Snapshot {growing.snapshots[1]}", timeout=START
    )
