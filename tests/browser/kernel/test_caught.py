"""The corpus in a real notebook, cell by cell: an error that is caught is not shown, and Run All goes on."""

import sys
from pathlib import Path

from futures_explorer.links import format as link_format
from playwright.sync_api import expect
from support.notebook import START, Notebook

CORPUS = Path(__file__).parents[2] / "corpus"
sys.path.append(str(CORPUS))

import runner  # noqa: E402

#: Between them they raise every class of error, in every kind of call.
FILES = ("errors.sql", "sessions.py", "connection.py")
FIRST = f"""import duckdb, binance_futures as bf
from pathlib import Path
Path("runner.py").write_text({(CORPUS / "runner.py").read_text("utf-8")!r}, "utf-8")
import runner"""
#: Shows nothing: whatever the cell shows has strayed.
CASES = """for code in {codes!r}:
    con = duckdb.connect()
    answer = runner.run(code, duckdb, con)
    con.close()"""
#: So many of them in a cell.
TOGETHER = 8
#: What a visitor writes, and what of it is caught.
CAUGHT = (
    ('duckdb.sql("SELECT nonsense")', "duckdb.Error"),
    ('duckdb.read_csv("absent.csv").fetchall()', "duckdb.Error"),
    ('bf.connect("2020-01-01")', "bf.UnknownSnapshot"),
    ('get_ipython().run_line_magic("sql", "SELECT nonsense")', "duckdb.Error"),
    ("bf.cache.set_budget(-1)", "ValueError"),
    ("import torch", "ImportError"),
)


def test_an_error_that_is_caught_is_not_shown_and_run_all_goes_on(page, site_url):
    cases = [case for name in FILES for case in runner.cases(name, (CORPUS / name).read_text("utf-8"))]
    groups = [cases[at : at + TOGETHER] for at in range(0, len(cases), TOGETHER)]
    sources = [FIRST, *(CASES.format(codes=[case.code for case in group]) for group in groups)]
    sources += [
        f'try:\n    {call}\n    print("nothing raised")\nexcept {error}:\n    print("caught")'
        for call, error in CAUGHT
    ]
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in sources]
    carried = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    page.goto(f"{site_url}notebooks/#" + link_format.encode("corpus", link_format.pack(carried)))
    notebook = Notebook(page)
    expect(notebook.code_cells).to_have_count(len(sources), timeout=START)
    notebook.run_all()
    texts = notebook.code_cells.evaluate_all(
        "cells => cells.map(cell => [...cell.querySelectorAll('.jp-OutputArea-output')].map(o => o.textContent).join(''))"
    )
    expected = ["" for _ in range(1 + len(groups))] + ["caught\n"] * len(CAUGHT)
    names = [
        "first",
        *(", ".join(case.name for case in group) for group in groups),
        *(call for call, _ in CAUGHT),
    ]
    assert dict(zip(names, texts, strict=True)) == dict(zip(names, expected, strict=True))
