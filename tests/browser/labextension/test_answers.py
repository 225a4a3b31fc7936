"""What a starter notebook answered when the site was built: seen before Python, labelled, and gone when it is no answer."""

import json

import pytest
from playwright.sync_api import Page, Route, expect
from support.browsing import LOOKS, wear
from support.notebook import CONTENT, START, Notebook

LABEL = "Computed when this site was built"


def labels(page: Page):
    return page.locator(".jp-OutputArea-output .bf-Carried, .jp-OutputArea-output.bf-Carried")


def test_answers_are_seen_before_python_and_a_cell_runs_what_it_needs(page, site_url, screenshot):
    held: list[Route] = []
    free: list[bool] = []
    page.context.route(
        "**/pyodide.asm.{wasm,bin}", lambda route: route.continue_() if free else held.append(route)
    )
    notebook = Notebook.open(page, site_url, "quickstart.ipynb")
    answer = page.locator(".jp-OutputArea-output[data-mime-type='text/markdown']")
    expect(answer).to_contain_text("you could trade", timeout=START)
    expect(labels(page).first).to_contain_text(LABEL)
    expect(labels(page).first).to_contain_text("synthetic data, snapshot 2026-10-31-")
    expect(page.locator(".jp-OutputArea-output:has(table)")).to_have_count(3)
    assert page.locator(".jp-OutputArea-output .duckdb-table").first.evaluate(
        "table => getComputedStyle(table.querySelector('td')).textAlign"
    ), "a table keeps its look"
    expect(notebook.code_cells.first.locator(".jp-InputPrompt")).to_have_text("[ ]:")
    count = labels(page).count()
    assert count == 6, "each cell with an answer says so"
    for look in LOOKS:
        wear(page, look)
        screenshot(page, "answers", look)
    # One cell alone: what it needs runs first.
    free.append(True)
    for route in held:
        route.continue_()
    notebook.code_cells.nth(3).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(notebook.code_cells.nth(3).locator(".jp-InputPrompt")).to_have_text("[4]:", timeout=START)
    expect(labels(page)).to_have_count(count - 3)
    assert notebook.errors.count() == 0
    expect(page.get_by_role("button", name="Run all", exact=True)).to_be_visible()


@pytest.mark.usefixtures("without_python")
def test_where_the_address_asks_for_something_else_they_go(page, site_url, screenshot):
    notebook = Notebook.open(page, site_url, "quickstart.ipynb", "#day=2024-01-01")
    notice = page.locator(".bf-Notice")
    expect(notice).to_contain_text("Run to answer for 2024-01-01.", timeout=START)
    expect(labels(page)).to_have_count(0)
    expect(notebook.cells.locator(".jp-OutputArea-output")).to_have_count(0)
    screenshot(page, "answers-asked-otherwise")
    notice.get_by_role("button", name="Undo").click()
    expect(labels(page).first).to_be_visible()
    # What the notebook asks anyway is answered.
    page.goto(f"{site_url}notebooks/index.html?path=quickstart.ipynb#symbol=BTCUSDT")
    page.reload()
    expect(labels(page).first).to_be_visible(timeout=START)


def test_they_are_of_the_snapshot_that_the_notebook_asks(growing, person):
    answers = growing.folder / "data/answers/quickstart.json"
    first = growing.snapshots[0]
    cells = json.loads((CONTENT / "quickstart.ipynb").read_text("utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"][:2]
    built = [[], [{"output_type": "stream", "name": "stdout", "text": "as it was built\n"}]]
    told = {
        "snapshot": first,
        "synthetic": True,
        "cells": [{"source": one, "outputs": of} for one, of in zip(code, built, strict=True)],
    }
    answers.write_text(json.dumps(told))
    page = person()
    Notebook.open(page, growing.url, "quickstart.ipynb")
    expect(labels(page)).to_have_count(1, timeout=START)
    expect(labels(page)).to_contain_text(first)
    growing.grow()
    page.reload()
    pins = page.locator(".bf-DataPin select")
    expect(pins.locator("option")).to_have_count(3, timeout=START)
    expect(labels(page)).to_have_count(0)
    pins.select_option(first)
    expect(labels(page)).to_have_count(1)
    pins.select_option("")
    expect(labels(page)).to_have_count(0)
