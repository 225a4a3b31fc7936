"""Every starter notebook shows the same in the browser and, unchanged, with native DuckDB on a computer."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
import pytest
from futures_explorer.site.cells import code_cells
from support import cells
from support.native_session import import_kernel

ROOT = Path(__file__).parents[3]
NOTEBOOKS = sorted((ROOT / "content").glob("*.ipynb"))
RUN = """
import json, types
import pyodide_js
await pyodide_js.loadPackage(["binance-futures", "altair", "ipython", "pyodide-http"])
runner = types.ModuleType("cells")
exec(given["runner"], vars(runner))
json.dumps(runner.run(given["cells"]))
"""


@pytest.fixture(scope="module")
def fetched(tmp_path_factory):
    """Where the snapshot's objects are kept on this computer, fetched by the first notebook."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_notebook_shows_the_same_here_and_there(kernel, fetched, tmp_path, monkeypatch, notebook):
    monkeypatch.syspath_prepend(str(ROOT / "build" / "kernel" / "binance_futures"))
    from binance_futures import _native

    monkeypatch.setattr(_native, "user_cache_path", lambda *_args, **_named: fetched)
    monkeypatch.setenv(_native.SITE, kernel.site)
    monkeypatch.chdir(tmp_path)  # what a notebook writes
    code, runner = (
        code_cells(json.loads(notebook.read_text("utf-8"))),
        Path(cells.__file__).read_text("utf-8"),
    )
    import_kernel()  # its SQL cells work over native DuckDB, too
    native = cells.run(code)
    in_browser = json.loads(kernel.run(RUN, runner=runner, cells=code))
    assert len(native) >= 3
    assert in_browser == native
    assert sys.modules["duckdb"] is duckdb  # the twin ran on native DuckDB
