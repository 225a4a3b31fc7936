"""What the browser keeps of the data, seen from a notebook."""

import ast
import json

from support.notebook import Notebook


def test_a_second_visit_reads_no_data_again_and_what_is_kept_is_told_and_cleared(
    page, site, site_url, trouble
):
    def data_requests() -> list[str]:
        return [request.url for request in trouble.requests if "/data/objects/" in request.url]

    # The connection has been in the making since the kernel began.
    question = (
        "import binance_futures as bf; from binance_futures import _browser; ready = _browser._ready\n"
        "assert bf.connect() is ready is not None; bf.universe('2021-05-19', 5)"
    )
    notebook = Notebook.open(page, site_url, "quickstart.ipynb")
    first = notebook.table(notebook.insert_and_run(question).last)
    assert [row[0] for row in first] == ["1", "2", "3", "4", "5"]
    assert data_requests()
    trouble.requests.clear()
    page.reload()
    notebook = Notebook.open(page, site_url, "quickstart.ipynb")
    assert notebook.table(notebook.insert_and_run(question).last) == first
    assert data_requests() == []

    status = ast.literal_eval(notebook.insert_and_run("bf.cache.status()").inner_text())
    assert status["persistent"] is True
    assert 0 < status["bytes"] <= status["budget"]
    cleared = notebook.insert_and_run("bf.cache.clear(); bf.cache.status()['bytes']")
    assert cleared.inner_text() == "0"
    newest = json.loads((site / "data" / "snapshots.json").read_text())["snapshots"][0]["id"]
    said = notebook.insert_and_run(f"db = bf.connect('{newest}'); db.snapshot.id")
    assert newest in said.last.inner_text()
    unknown = notebook.insert_and_run("bf.connect('2019-01-01-abcdef')").inner_text()
    assert newest in unknown
    # Asked for once, as nobody else knows which snapshots there are.
    assert all("2019-01-01-abcdef" in entry for entry in trouble.found)
    trouble.found.clear()
