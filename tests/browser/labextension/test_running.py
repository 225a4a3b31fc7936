"""While a cell runs its notebook shows what it prints, and says how to stop what cannot be interrupted."""

import re

from playwright.sync_api import expect
from support.notebook import Notebook

#: How often a cell's outputs are drawn, in `drawn` of the page.
COUNT = """cell => {
    window.drawn = 0;
    new MutationObserver(() => window.drawn++).observe(cell, {childList: true, subtree: true, characterData: true});
}"""
ORDER = """import sys
from IPython.display import clear_output, display
print("gone")
clear_output()
for number in range(200): print("a")
display("shown")
for number in range(200): print("b")
print("err", file=sys.stderr)
print("c")
42"""
#: More than goes at once, then a wait in which the page must show it; ends when the page says so.
PROGRESS = """import asyncio, time, js
for number in range(200): print("line", number)
{wait}
print("done")"""


def test_prints_are_drawn_in_batches_and_in_order(page, site_url):
    notebook = Notebook.open(page, site_url, "quickstart.ipynb")
    notebook.insert_and_run("ready = True")
    page.locator(".jp-Notebook").first.evaluate(COUNT)
    output = notebook.insert_and_run("for number in range(3000): print(number)")
    expect(output).to_have_text(re.compile(r"^0\s1\s.*2998\s2999\s$", re.DOTALL))
    assert len(output.text_content().split()) == 3000
    # One by one there were 6,000 messages, each drawn several times.
    assert page.evaluate("drawn") < 1000

    output = notebook.insert_and_run(ORDER)
    expect(output).to_have_count(6)
    texts = [text.split() for text in output.all_text_contents()]
    assert texts == [["a"] * 200, ["'shown'"], ["b"] * 200, ["err"], ["c"], ["42"]]

    output = notebook.insert_and_run("for number in range(200): print(number)\n1 / 0")
    assert output.nth(0).text_content().endswith("199\n")
    expect(output.nth(1)).to_contain_text("ZeroDivisionError")

    for wait in ("await asyncio.sleep(1)", "time.sleep(1)"):
        cell = notebook.insert_and_start(PROGRESS.format(wait=wait))
        expect(cell.locator(".jp-OutputArea-output")).to_contain_text("line 199")
        expect(cell.locator(".jp-OutputArea-output")).not_to_contain_text("done", timeout=500)
        expect(cell.locator(".jp-OutputArea-output")).to_contain_text("done")


def test_a_loop_that_cannot_be_interrupted_is_said_and_ended(page, site_url, screenshot):
    notebook = Notebook.open(page, site_url, "quickstart.ipynb")
    output = notebook.insert_and_run("variable = 1\nprint('kept')\nopen('file.txt', 'w').write('kept')")
    expect(output.first).to_have_text("kept\n")
    notice = page.locator(".bf-Notice", has_text="Interrupt")
    interrupt = page.locator("[data-command='notebook:interrupt-kernel']")

    notebook.insert_and_start("print('begun')\nwhile True: pass")
    expect(notebook.code_cells.last.locator(".jp-OutputArea-output")).to_have_text("begun\n")
    interrupt.click()
    expect(notice).to_contain_text(
        "Restart stops it: variables are lost; the notebook, its outputs and your files are kept."
    )
    screenshot(page, "interrupt")
    notice.get_by_role("button", name="Let it run").click()
    expect(notice).to_have_count(0)
    interrupt.click()
    notice.get_by_role("button", name="Restart").click()
    expect(notice).to_have_count(0)
    output = notebook.insert_and_run("print(open('file.txt').read())\nvariable")
    expect(output.first).to_have_text("kept\n")
    expect(output.last).to_contain_text("NameError")
    expect(
        notebook.code_cells.filter(has_text="print('kept')").first.locator(".jp-OutputArea-output").first
    ).to_have_text("kept\n")

    # A cell that ends by itself meanwhile needs no word.
    notebook.insert_and_start(
        "import time\nfrom js import Date\nend = Date.now() + 4000\nwhile Date.now() < end: pass"
    )
    interrupt.click()
    expect(notice).to_have_count(1)
    expect(notice).to_have_count(0)
