"""Drives a notebook as a person would: open it, run it, read what it shows."""

import json
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

CONTENT = Path(__file__).resolve().parents[2] / "content"
#: Long enough for a first start on a slow machine; nothing waits this long when it works.
START = 120_000


@dataclass
class Notebook:
    """A notebook open in the notebooks app."""

    page: Page

    @classmethod
    def open(cls, page: Page, site_url: str, name: str, fragment: str = "") -> "Notebook":
        """Opens `<site>/notebooks/index.html?path=<name><fragment>` and waits until all of its cells are there."""
        page.goto(f"{site_url}notebooks/index.html?path={name}{fragment}")
        notebook = cls(page)
        notebook.cells.first.wait_for(timeout=START)
        cells = json.loads((CONTENT / name).read_text())["cells"]
        expect(notebook.cells).to_have_count(len(cells), timeout=START)
        return notebook

    @property
    def cells(self) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell")

    @property
    def code_cells(self) -> Locator:
        return self.page.locator(".jp-Notebook .jp-CodeCell")

    @property
    def errors(self) -> Locator:
        return self.page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']")

    def run_all(self) -> None:
        """Runs every cell and waits until each has run, or one has failed."""
        self.start_all()
        self.wait_until_done()

    def forget_outputs(self) -> None:
        """Clears every output, so that a second run can be told from the first."""
        self.page.get_by_role("menuitem", name="Edit", exact=True).click()
        self.page.get_by_text("Clear Outputs of All Cells", exact=True).click()
        expect(self.page.locator(".jp-Notebook .jp-OutputArea-output")).to_have_count(0)
        expect(self.code_cells.first.locator(".jp-InputPrompt")).to_have_text("[ ]:")

    def start_all(self) -> None:
        """Chooses Run All Cells in the menu."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Cells", exact=True).click()
        self._wait_until_started(self.code_cells.first)

    def _wait_until_started(self, cell: Locator) -> None:
        expect(cell.locator(".jp-InputPrompt")).not_to_have_text("[ ]:", timeout=START)

    def wait_until_done(self) -> None:
        """Waits until no code cell is waiting or running, and none is left without its number."""
        self.page.wait_for_function(
            """() => {
                const prompts = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')];
                const failed = document.querySelector('.jp-Notebook [data-mime-type="application/vnd.jupyter.stderr"]');
                return failed || (prompts.length && prompts.every(p => /\\[\\d+\\]/.test(p.textContent)));
            }""",
            timeout=START,
        )

    def insert_and_run(self, code: str) -> Locator:
        """Adds a cell with `code` at the end, runs it, and returns its output once it has run."""
        cell = self.insert_and_start(code)
        self.page.wait_for_function(
            "cell => /\\[\\d+\\]/.test(cell.querySelector('.jp-InputPrompt').textContent)",
            arg=cell.element_handle(),
            timeout=START,
        )
        return cell.locator(".jp-OutputArea-output")

    def insert_and_start(self, code: str) -> Locator:
        """Adds a cell with `code` at the end and starts it; the cell."""
        count = self.code_cells.count()
        # On the cell's margin: a click on its text could follow a link or start an edit.
        self.cells.last.click(position={"x": 20, "y": 8})
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("b")
        expect(self.code_cells).to_have_count(count + 1)
        self.page.keyboard.press("Enter")
        self.page.keyboard.insert_text(code)
        cell = self.code_cells.last
        self.page.keyboard.press("Control+Enter")
        self._wait_until_started(cell)
        return cell

    def take_away(self, count: int) -> None:
        """Deletes the last cells, so that `count` are left."""
        for left in range(self.cells.count() - 1, count - 1, -1):
            self.cells.last.click(position={"x": 20, "y": 8})
            self.page.keyboard.press("Escape")
            self.page.keyboard.press("d")
            self.page.keyboard.press("d")
            expect(self.cells).to_have_count(left)

    def table(self, output: Locator) -> list[list[str]]:
        """The body of the (first) table shown in `output`, as text, row by row."""
        # A cell has its number before the page has drawn its output.
        output.locator("table").first.wait_for()
        return (
            output.locator("table")
            .first.locator("tbody tr")
            .evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))")
        )
