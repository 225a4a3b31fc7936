"""A notebook, its data and its answer travel from one person to another, and stay what they were."""

import json
import re

from futures_explorer.links import format as link_format
from playwright.sync_api import Page, expect
from support.browsing import NO_PYTHON
from support.links import starters
from support.notebook import START, Notebook

DAY = "2026-10-20"


def sources(notebook: Notebook) -> list[str]:
    """What every cell shows: code as it is, Markdown rendered; a heading gets its ¶ later than its text."""
    expect(notebook.page.locator(".jp-MarkdownCell .jp-RenderedMarkdown:empty")).to_have_count(0)
    return notebook.cells.evaluate_all(
        """cells => cells.map(cell => cell.classList.contains('jp-CodeCell')
            ? [...cell.querySelectorAll('.jp-InputArea .cm-line')].map(line => line.textContent).join('\\n')
            : cell.querySelector('.jp-RenderedMarkdown').textContent.replaceAll('¶', ''))"""
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


def share_with_outputs(page: Page, screenshot) -> str:
    """The link that the dialog makes with outputs and pictures; each is off until it is ticked."""
    page.locator(".vega-embed").last.scroll_into_view_if_needed()
    page.get_by_role("button", name="Share").click()
    link = page.get_by_label("Link", exact=True)
    plain = link.input_value()
    outputs, pictures = (page.get_by_role("checkbox", name=name) for name in ("With outputs", "pictures"))
    expect(outputs).not_to_be_checked()
    expect(pictures).to_be_hidden()
    outputs.check()
    expect(link).not_to_have_value(plain)
    # JupyterLab makes a chart's picture once it has drawn it; the box looks anew each time.
    while not pictures.is_visible():
        outputs.uncheck()
        expect(link).to_have_value(plain)
        outputs.check()
        expect(link).not_to_have_value(plain)
    with_texts = link.input_value()
    expect(pictures).not_to_be_checked()
    pictures.check()
    expect(link).not_to_have_value(with_texts)
    full = link.input_value()
    assert len(plain) < len(with_texts) < len(full)
    screenshot(page, "share-outputs")
    outputs.uncheck()
    expect(link).to_have_value(plain)
    page.get_by_role("button", name="Close", exact=True).last.click()
    return full


def test_the_same_notebook_on_the_same_data_gives_the_same_numbers_for_ever(growing, person, screenshot):
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
    full = share_with_outputs(a.page, screenshot)

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
    page.add_init_script(NO_PYTHON)
    open_link(page, link)
    expect(page).to_have_url(growing.url + "notebooks/?path=quickstart-shared.ipynb")
    page.close()

    # With outputs it is a copy of its own. It says of each that it was not computed here, until the cell is run.
    page = b.page.context.new_page()
    again = open_link(page, full)
    expect(page).to_have_url(growing.url + "notebooks/?path=quickstart-shared-2.ipynb")
    bar = page.locator(".bf-Notice")
    expect(bar).to_contain_text("Nothing has run yet")
    expect(bar).to_contain_text("came with the link")
    marks = page.locator(".bf-Carried")
    expect(marks).to_have_count(again.code_cells.count() - 1)  # the first sets parameters and shows nothing
    expect(page.locator(".jp-OutputArea-output img")).to_have_count(1)
    expect(page.locator(".jp-OutputArea-output :is(table, canvas, .vega-embed)")).to_have_count(0)
    expect(again.code_cells.locator(".jp-InputPrompt", has_text="[ ]:")).to_have_count(
        again.code_cells.count()
    )
    screenshot(page, "link-outputs")
    bar.get_by_role("button", name="Run all").click()
    again.wait_until_done()
    expect(marks).to_have_count(0)
    expect(page.locator(".jp-OutputArea-output").first).to_contain_text(f"Snapshot {growing.snapshots[1]}")
    assert answers(again) == answers(a)

    # The pin is taken off in the toolbar: the next connection has the new numbers.
    page.get_by_label("Data:").select_option("latest")
    again.run_all()
    expect(page.locator(".jp-OutputArea-output").first).to_contain_text(f"Snapshot {new}")
    assert answers(again) != answers(a)

    # The site changes its quickstart and its kernel. A link that only names the notebook still shows what it was.
    former = link_format.pack(starters()["quickstart.ipynb"])
    growing.change("files/quickstart.ipynb", "# Quickstart", "# Another start")
    kernels = growing.folder / "data/environments"
    kernel = next(kernels.iterdir())
    older = kernel.read_text().replace('"altair": "5', '"altair": "4')
    (kernels / "0123456789ab.json").write_text(older)
    made_with = json.loads(older)
    named = link_format.encode(
        "quickstart",
        former,
        same=True,
        snapshot=growing.snapshots[1],
        environment=link_format.Environment("0123456789ab", made_with["python"], made_with["duckdb"]),
    )
    # B's browser keeps the build that it has; C's has none.
    other = person()
    other.add_init_script(NO_PYTHON)
    short = open_link(other, f"{growing.url}notebooks/#{named}")
    expect(short.cells.first).to_contain_text("Quickstart: what could you trade")
    bar = short.page.locator(".bf-Notice")
    expect(bar).to_contain_text("this is what it was then")
    expect(bar).to_contain_text(re.compile(r"made with altair 4[\d.]+ \(now 5[\d.]+\); results may differ"))

    # Pinned again; a kernel that starts anew is told before its first cell.
    page.get_by_label("Data:").select_option(growing.snapshots[1])
    page.get_by_role("button", name="Restart the kernel and run all cells").click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    expect(page.locator(".jp-OutputArea-output").first).to_contain_text(
        f"Snapshot {growing.snapshots[1]}", timeout=START
    )
