"""Runs notebooks and tells what they read and answered: `python run_notebooks.py SITE NOTEBOOK… > told.json`.

A process of its own, as somebody who took the notebooks home: the kernel's packages over native DuckDB, which is set as
the engine is (build/engine/src/database.ts) and logs its reads. SITE is a folder with `data/` in it; files that the
notebooks write appear in the current folder. What is printed is `{notebook: {"reads": [[object, from, to], …], "outputs":
[[output, …], …], "error": text or null}}`: sha256, and offsets in bytes; of each code cell that ran its outputs as a
notebook file has them, in which SITE's address is `ADDRESS`. A chart that an SQL cell asks for is `{"chart": {"comments": …,
"columns": …, "rows": …}}` in place of an output: build/sqlkernel/charts.mjs draws it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from futures_explorer.site.cells import SQL, code_cells

KERNEL = Path(__file__).resolve().parents[3] / "kernel"
SETTINGS = (
    "SET threads = 1; SET prefetch_all_parquet_files = true; SET enable_external_file_cache = false; "
    "SET late_materialization_max_rows = 0"
)
#: Stands in outputs for the site's address, which a page knows and a build may not.
ADDRESS = "https://this-site.invalid/"
#: As many of a table's rows as the kernel shows (`SHOWN` of duckdb_wasm's relation).
SHOWN = 20
#: The engine answers for one symbol from this layout, where native DuckDB reads the table by date.
PRICES = "SELECT max(COLUMNS('^(date|available|.*_price)$')) FROM read_parquet($files) WHERE symbol = $symbol"
#: A comment of a cell that asks for a chart.
CHART = re.compile(r"(?:--|/\*)\s*chart\b", re.IGNORECASE)
READS = "SELECT path, pos, bytes FROM duckdb_logs_parsed('FileSystem') WHERE op = 'READ'"


class _Hook(DisplayHook):
    """What a cell's last expression shows."""

    def __call__(self, result: object = None) -> None:
        if self.exec_result is not None:
            self.exec_result.result = result
        data, metadata = self.shell.display_formatter.format(result)
        # An object without a look of its own says where in memory it was, which is nothing to publish.
        if result is not None and not (len(data) == 1 and " at 0x" in data.get("text/plain", "")):
            self.shell.outputs.append({"output_type": "execute_result", "data": data, "metadata": metadata})


class _Publisher(DisplayPublisher):
    """What `display()` shows."""

    def publish(self, data: dict, metadata: dict | None = None, **_: object) -> None:
        output = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
        self.shell.outputs.append(output)


class _Shell(InteractiveShell):
    """Gathers a cell's outputs in the order in which they come."""

    displayhook_class = _Hook
    display_pub_class = _Publisher

    def write(self, text: str) -> None:
        """As a stream: standard output."""
        if text and not (self.outputs and self.outputs[-1]["output_type"] == "stream"):
            self.outputs.append({"output_type": "stream", "name": "stdout", "text": ""})
        if text:
            self.outputs[-1]["text"] += text

    def flush(self) -> None:
        """As a stream: nothing is held back."""


def shell_of_kernel(kernel: str) -> _Shell:
    """A new shell that shows tables and charts as the kernel of that name does in the browser."""
    from duckdb_wasm.results import box, html
    from duckdb_wasm.types import DuckDBPyType
    from explorer_startup._charts import draw_altair_offline

    def shown(relation: duckdb.DuckDBPyRelation) -> tuple:
        columns = [(name, DuckDBPyType(kind)) for name, kind in columns_of(relation)]
        # Without Python, DuckDB itself writes the values.
        rows = texts_of(relation) if kernel == SQL else relation.fetchall()
        if len(rows) <= SHOWN:
            return columns, rows, [], len(rows)
        return columns, rows[: SHOWN - SHOWN // 2], rows[len(rows) - SHOWN // 2 :], len(rows)

    _Shell.clear_instance()
    shell = _Shell.instance()
    shell.history_manager.enabled = False
    shell.run_line_magic("load_ext", "duckdb_wasm.magics")
    formatters = shell.display_formatter.formatters
    relation = duckdb.DuckDBPyRelation
    formatters["text/html"].for_type(relation, lambda given: html.draw(*shown(given)))
    formatters["text/plain"].for_type(relation, lambda given, pretty, _: pretty.text(box.draw(*shown(given))))
    draw_altair_offline(shell.display_formatter.mimebundle_formatter)
    return shell


def columns_of(relation: duckdb.DuckDBPyRelation) -> list[tuple[str, str]]:
    """Names and types."""
    return [(name, str(kind)) for name, kind in zip(relation.columns, relation.types, strict=True)]


def texts_of(relation: duckdb.DuckDBPyRelation) -> list[tuple]:
    """The rows, each value as DuckDB writes it."""
    return relation.select("COLUMNS(*)::VARCHAR").fetchall()


def chart_of(source: str, relation: object) -> dict | None:
    """What the chart is drawn of that an SQL cell asks for; None where it asks for none."""
    from duckdb_wasm import sql_text

    comments = [text for kind, text, _ in sql_text.tokens(source) if kind == "space" and CHART.match(text)]
    if not comments or not isinstance(relation, duckdb.DuckDBPyRelation):
        return None
    columns = [{"name": name, "type": kind} for name, kind in columns_of(relation)]
    return {"chart": {"comments": comments, "columns": columns, "rows": texts_of(relation)}}


def run(notebook: Path, opened: list[duckdb.DuckDBPyConnection], prices: list[str]) -> dict:
    """Runs the notebook's code cells up to the first that fails; `opened` gathers its connections.

    `prices` are the files that have a symbol's prices together: of a notebook about a `symbol`'s, they are read too.
    """
    content = json.loads(notebook.read_text(encoding="utf-8"))
    kernel = content.get("metadata", {}).get("kernelspec", {}).get("name", "")
    shell = shell_of_kernel(kernel)
    error, outputs = None, []
    sources = ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "code"]
    for source, code in zip(sources, code_cells(content), strict=True):
        shell.outputs = []
        with contextlib.redirect_stdout(shell):
            done = shell.run_cell(code)
        failed = done.error_before_exec or done.error_in_exec
        if failed:
            error = f"{type(failed).__name__}: {failed}"
            break
        chart = chart_of(source, done.result) if kernel == SQL else None
        outputs.append([chart] if chart else shell.outputs)
    symbol = shell.user_ns.get("symbol")
    asks = "close_price" in notebook.read_text(encoding="utf-8")
    if asks and isinstance(symbol, str) and opened and prices:
        opened[-1].execute(PRICES, {"files": prices, "symbol": symbol}).fetchall()
    reads = [
        [Path(path).stem, int(pos), int(pos) + int(size)]
        for connection in opened
        for path, pos, size in connection.execute(READS).fetchall()
        if path.endswith(".parquet")
    ]
    opened.clear()
    return {"reads": reads, "outputs": outputs, "error": error}


def prices_of(site: Path) -> list[str]:
    """The objects of the newest snapshot's table of prices that are sorted by symbol."""
    newest = json.loads((site / "data" / "snapshots.json").read_text(encoding="utf-8"))["snapshots"][0]["id"]
    descriptor = site / "data" / "snapshots" / newest / "datapackage.json"
    return [
        str(site / "data" / "objects" / f"{resource['hash'].removeprefix('sha256:')}.parquet")
        for resource in json.loads(descriptor.read_text(encoding="utf-8"))["resources"]
        if (resource["table"], resource["layout"]) == ("daily_availability", "by-symbol")
    ]


def main(site: Path, notebooks: list[Path]) -> None:
    sys.path.insert(0, str(KERNEL / "binance_futures"))
    sys.path.append(str(KERNEL / "explorer_startup"))
    sys.path.append(str(KERNEL / "duckdb"))  # last: `duckdb` is the native one
    from binance_futures import _native
    from binance_futures._snapshot import Snapshot

    # How old the data is changes every day, and the answer stays: it is said when a visitor runs the cell.
    tell = Snapshot.tell
    Snapshot.tell = lambda snapshot: tell(snapshot, date.fromisoformat(snapshot.complete_date))
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
        told = {notebook.stem: run(notebook, opened, prices_of(site)) for notebook in notebooks}
    sys.stdout.write(json.dumps(told).replace(site.as_uri() + "/", ADDRESS))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), [Path(name).resolve() for name in sys.argv[2:]])
