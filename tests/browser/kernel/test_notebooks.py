"""Every starter notebook shows the same in the browser and, unchanged, with native DuckDB on a computer."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from support import cells

ROOT = Path(__file__).parents[3]
NOTEBOOKS = sorted((ROOT / "content").glob("*.ipynb"))
RUN = """
import json, types
import pyodide_js
await pyodide_js.loadPackage(["binance-futures", "altair"])
runner = types.ModuleType("cells")
exec(given["runner"], vars(runner))
json.dumps(runner.run(runner.code_cells(given["notebook"])))
"""


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_notebook_shows_the_same_here_and_there(kernel, site, tmp_path, monkeypatch, notebook):
    monkeypatch.syspath_prepend(str(ROOT / "build" / "kernel" / "binance_futures"))
    from binance_futures import _native

    monkeypatch.setattr(_native, "user_cache_path", lambda *_args, **_named: tmp_path)
    monkeypatch.setenv(_native.SITE, str(site))
    monkeypatch.chdir(tmp_path)  # what a notebook writes
    text, runner = notebook.read_text("utf-8"), Path(cells.__file__).read_text("utf-8")
    native = cells.run(cells.code_cells(text))
    in_browser = json.loads(kernel.run(RUN, runner=runner, notebook=text))
    assert len(native) >= 3
    assert any(isinstance(shown, list) and shown[2] for _, shown in native)
    assert in_browser == native
    assert "duckdb_wasm" not in sys.modules  # the twin ran on native DuckDB
