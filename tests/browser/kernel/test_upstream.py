"""What upstream's guides show runs in a real notebook, pasted; the rest says why it cannot."""

import re

from futures_explorer.links import format as link_format
from playwright.sync_api import expect
from support.notebook import START, Notebook
from support.upstream_statements import CELLS

#: Shows a cell's error as text, so that Run All goes on.
REFUSED = """try:
    get_ipython().run_cell_magic("sql", "", {sql!r}) if {sql!r} else exec({code!r})
except Exception as error:
    print(f"{{type(error).__name__}}: {{error}}")
else:
    print("it ran")"""


def test_every_kind_of_upstreams_statements_runs_or_says_why_it_cannot(page, site_url, trouble):
    sources = [cell.code if cell.refused is None else _caught(cell.code) for cell in CELLS]
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in sources]
    carried = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    page.goto(f"{site_url}notebooks/#" + link_format.encode("upstream", link_format.pack(carried)))
    notebook = Notebook(page)
    expect(notebook.code_cells).to_have_count(len(sources), timeout=START)
    notebook.run_all()
    shown = notebook.code_cells.evaluate_all(
        "cells => cells.map(cell => [cell.querySelector('.jp-InputPrompt').textContent, "
        "[...cell.querySelectorAll('.jp-OutputArea-output')].map(o => o.textContent).join('\\n')])"
    )
    wrong = {}
    for cell, (prompt, output) in zip(CELLS, shown, strict=True):
        ran = re.fullmatch(r"\[\d+\]:", prompt)
        if not ran or "Traceback" in output or (cell.refused and not re.search(cell.refused, output)):
            wrong[cell.kind] = (prompt, output[-600:])
    assert not wrong
    # Said once of the file, once of the database and once of the threads; the address never reaches the network.
    everything = "\n".join(output for _, output in shown)
    assert everything.count("stands for it") == 2
    assert everything.count("one thread") == 1
    assert not any("github.com" in request.url for request in trouble.requests)
    # Only what asks for a page elsewhere asked.
    assert {entry.split("/")[2] for entry in trouble.found} <= {"example.com", "fapi.binance.com"}
    trouble.found.clear()


def _caught(code: str) -> str:
    sql = code.partition("\n")[2] if code.startswith("%%sql") else ""
    return REFUSED.format(sql=sql, code=code)
