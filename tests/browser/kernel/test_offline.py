"""After one visit, with the server stopped: every starter notebook shows what it shows on a computer with native DuckDB."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import altair as alt
import duckdb
from futures_explorer.site.cells import code_cells
from support import cells
from support.kernel_page import kernel_page
from support.native_session import import_kernel

ROOT = Path(__file__).parents[3]
VISIT = """
import json
import pyodide_js
await pyodide_js.loadPackage(["binance-futures", "altair", "ipython", "pyodide-http"])
import binance_futures as bf
from duckdb_wasm.bridge import session
db = bf.connect()
engine = await session.engine()
before = await engine.stats()
done = await engine.prefetch()
after = await engine.stats()
json.dumps([done.state, done.bytes, after.requests - before.requests, after.bytes - before.bytes])
"""
RUN = """
import json, types
runner = types.ModuleType("cells")
exec(given["runner"], vars(runner))
json.dumps({name: runner.run(code) for name, code in given["notebooks"].items()})
"""
#: Other dates than the notebooks' own, asked for as `universe` and the quickstart do; and a column that no notebook reads.
ASK = """
import json
import binance_futures as bf
db = bf.connect()
dates = db.sql("SELECT DISTINCT date::VARCHAR FROM volume_rankings WHERE rank = 1 ORDER BY 1").fetchall()
top = [db.universe(date, 5).fetchall() for (date,) in dates[::100]]
quick = "SELECT rank, symbol, quote_volume_usdt, trade_count FROM volume_rankings WHERE date = $day::DATE ORDER BY rank"
top += [db.sql(quick, params={"day": date}).fetchmany(5) for (date,) in dates[50::100]]
try:
    db.sql("SELECT max(taker_buy_volume_base) FROM daily_availability WHERE date = '2022-06-01'").fetchall()
    error = ""
except Exception as reason:
    error = str(reason)
json.dumps([len(top), sum(map(len, top)), error])
"""


def without_requests(path: Path) -> list[str]:
    """The notebook's cells but those that ask the site themselves: no service worker answers here (../test_offline.py)."""
    return [
        cell for cell in code_cells(json.loads(path.read_text("utf-8"))) if "urlopen(bf.site()" not in cell
    ]


def test_after_one_visit_every_notebook_runs_without_a_server(site, window, tmp_path, monkeypatch):
    notebooks = {path.stem: without_requests(path) for path in sorted((ROOT / "content").glob("*.ipynb"))}
    monkeypatch.syspath_prepend(str(ROOT / "build" / "kernel" / "binance_futures"))
    from binance_futures import _native

    monkeypatch.setattr(_native, "user_cache_path", lambda *_args, **_named: tmp_path / "cache")
    monkeypatch.chdir(tmp_path)  # what a notebook writes
    import_kernel()  # its SQL cells work over native DuckDB, too
    # The names in a chart go on from those before; the browser's begin anew.
    for counts in (alt.Chart, alt.Parameter):
        monkeypatch.setattr(counts, "_counter", 0)
    with kernel_page(site, tmp_path / "site", window.context) as kernel:
        monkeypatch.setenv(_native.SITE, kernel.site)
        natively = {name: cells.run(code) for name, code in notebooks.items()}
        assert sys.modules["duckdb"] is duckdb  # the twin ran on native DuckDB
        state, chosen, requests, came = json.loads(kernel.run(VISIT))
        print(f"Brought in {came:,} bytes ({chosen:,} chosen) by {requests} requests")
        assert state == "done"
        assert came < 16e6
        kernel.stop_server()
        runner = Path(cells.__file__).read_text("utf-8")
        here = json.loads(kernel.run(RUN, runner=runner, notebooks=notebooks))
        for name, shown in natively.items():
            assert len(shown) >= 3
            assert here[name] == shown, name
        days, rows, error = json.loads(kernel.run(ASK))
        assert days > 40
        assert rows > 4.5 * days  # on the first days there were fewer symbols
        assert "is not in this browser yet, and the site does not answer. Run this again" in error
