"""Runs notebooks and tells what they read: `python read_notebooks.py SITE NOTEBOOK… > reads.json`.

A process of its own, as somebody who took the notebooks home: the kernel's packages over native DuckDB, which is set as
the engine is (build/engine/src/database.ts) and logs its reads. SITE is a folder with `data/` in it; files that the
notebooks write appear in the current folder. What is printed is `{notebook: {"reads": [[object, from, to], …], "error":
text or null}}`: sha256, and offsets in bytes.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
from pathlib import Path

import duckdb
from IPython.core.interactiveshell import InteractiveShell

KERNEL = Path(__file__).resolve().parents[3] / "kernel"
SETTINGS = (
    "SET threads = 1; SET prefetch_all_parquet_files = true; SET enable_external_file_cache = false; "
    "SET late_materialization_max_rows = 0"
)
READS = "SELECT path, pos, bytes FROM duckdb_logs_parsed('FileSystem') WHERE op = 'READ'"


def run(notebook: Path, opened: list[duckdb.DuckDBPyConnection]) -> dict:
    """Runs the notebook's code cells up to the first that fails; `opened` gathers its connections."""
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    shell.run_line_magic("load_ext", "duckdb_wasm.magics")
    error = None
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        with contextlib.redirect_stdout(io.StringIO()):
            done = shell.run_cell("".join(cell["source"]))
        failed = done.error_before_exec or done.error_in_exec
        if failed:
            error = f"{type(failed).__name__}: {failed}"
            break
    reads = [
        [Path(path).stem, int(pos), int(pos) + int(size)]
        for connection in opened
        for path, pos, size in connection.execute(READS).fetchall()
        if path.endswith(".parquet")
    ]
    opened.clear()
    return {"reads": reads, "error": error}


def main(site: Path, notebooks: list[Path]) -> None:
    sys.path.insert(0, str(KERNEL / "binance_futures"))
    sys.path.append(str(KERNEL / "duckdb"))  # last: `duckdb` is the native one
    from binance_futures import _native

    opened = []
    connect = duckdb.connect

    def logging() -> duckdb.DuckDBPyConnection:
        opened.append(connect())
        opened[-1].execute(SETTINGS)
        opened[-1].execute("CALL enable_logging('FileSystem')")
        return opened[-1]

    duckdb.connect = logging
    with tempfile.TemporaryDirectory() as kept:
        # Nothing is fetched: the objects are those of the site.
        (Path(kept) / "objects").symlink_to(site / "data" / "objects", target_is_directory=True)
        _native.user_cache_path = lambda *_args, **_named: Path(kept)
        os.environ[_native.SITE] = site.as_uri() + "/"
        told = {notebook.stem: run(notebook, opened) for notebook in notebooks}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), [Path(name).resolve() for name in sys.argv[2:]])
