"""The starter notebooks after one visit, with the server stopped: those that need rankings by date run to their end."""

from __future__ import annotations

import json
from pathlib import Path

from support import cells
from support.kernel_page import kernel_page

ROOT = Path(__file__).parents[3]
#: What a visit brings in is enough for them. The others need a symbol's history or the probes of daily_availability.
RUN_OFFLINE = {"listings-and-delistings", "quickstart", "take-it-home", "universe", "volume-rankings"}
VISIT = """
import pyodide_js
await pyodide_js.loadPackage(["binance-futures", "altair", "ipython", "pyodide-http"])
import binance_futures as bf
from duckdb_wasm._bridge import session
db = bf.connect()
engine = await session.engine()
(await engine.prefetch()).state
"""
RUN = """
import json, types
runner = types.ModuleType("cells")
exec(given["runner"], vars(runner))
outcomes = {}
for name, notebook in given["notebooks"].items():
    try:
        runner.run(runner.code_cells(notebook))
        outcomes[name] = ""
    except Exception as error:
        outcomes[name] = str(error)
json.dumps(outcomes)
"""


def test_after_one_visit_notebooks_run_without_a_server_or_say_what_is_missing(site, browser, tmp_path):
    notebooks = {path.stem: path.read_text("utf-8") for path in (ROOT / "content").glob("*.ipynb")}
    assert notebooks.keys() > RUN_OFFLINE
    with kernel_page(site, tmp_path / "site", browser) as kernel:
        assert kernel.run(VISIT) == "done"
        kernel.stop_server()
        runner = Path(cells.__file__).read_text("utf-8")
        outcomes = json.loads(kernel.run(RUN, runner=runner, notebooks=notebooks))
    assert {name for name, error in outcomes.items() if not error} == RUN_OFFLINE
    for name in outcomes.keys() - RUN_OFFLINE:
        assert "is not in this browser yet, and the site does not answer. Run this again" in outcomes[name]
