"""The kernel's `duckdb`: a million rows of six columns as Arrow, tuples and columns, and 200 large results in a row.

`engine` is the same query asked in JavaScript, in the kernel's own worker: what the Python layer adds is above it.
`bare` is DuckDB-WASM's `runQuery` alone, in a worker of its own. Milliseconds are medians of runs that take turns.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

import duckdb
from bare_duckdb import bundle_bare_duckdb
from playwright.sync_api import sync_playwright
from support.chromium import ARGUMENTS, ensure_chromium
from support.kernel_page import kernel_page

ROOT = Path(__file__).resolve().parents[2]
RUNS = int(os.environ.get("RUNS", "5"))
#: 1,000,000 rows, 45 MB as Arrow.
MAKE = """CREATE TABLE million AS SELECT i, i * 0.5 AS f, (i % 1000)::INTEGER AS n, 's' || (i % 5000) AS s,
  DATE '2020-01-01' + (i % 2000)::INTEGER AS d, i % 3 = 0 AS b FROM range(1000000) t(i)"""
QUERY = "SELECT * FROM million"
FORMS = {
    "Arrow": "con.execute(QUERY).arrow()",
    "list of tuples": "con.execute(QUERY).fetchall()",
    "dict of columns": "con.execute(QUERY)._last().pydict()",
}
IMPORT = """
import asyncio, time
import nanoarrow
await asyncio.sleep(2)  # the browser still compiles Python's own WebAssembly, on a thread of its own
began = time.perf_counter()
import duckdb
(time.perf_counter() - began) * 1000
"""
IN_BROWSER = """
import gc, json, time
import duckdb
from duckdb_wasm.bridge import session
from pyodide.code import run_js
QUERY = given["query"]
con = duckdb.connect()
con.execute(given["make"])
ask = run_js("async (connection, sql) => { const t = performance.now(); "
             "const n = (await connection.query(sql)).length; return [performance.now() - t, n] }")
times = {"engine": [], **{form: [] for form in given["forms"]}}
for _ in range(given["runs"] + 1):
    milliseconds, size = await ask(con._handle, QUERY)
    times["engine"].append(milliseconds)
    for form, code in given["forms"].items():
        gc.collect()
        began = time.perf_counter()
        result = eval(code)
        times[form].append((time.perf_counter() - began) * 1000)
        del result
json.dumps({"times": times, "bytes": size})
"""
LOOP = """
import duckdb
from pyodide_js import _module
con = duckdb.connect()
con.execute(given["make"].replace("CREATE TABLE", "CREATE OR REPLACE TABLE"))
for _ in range(given["times"]):
    con.execute(given["query"])
con.execute("DROP TABLE million")
_module.HEAPU8.length
"""
#: A small query with a parameter, a thousand times: by the wheel, and by the engine's own call in JavaScript, in turn.
SMALL = """
import json, time
import duckdb
from pyodide.code import run_js
con = duckdb.connect()
ask = run_js("async (connection, sql, times) => { const t = performance.now(); "
             "for (let i = 0; i < times; i++) await connection.query(sql, [i]); return performance.now() - t }")
bare, wheel = [], []
con.execute("SELECT 1")
for _ in range(given["runs"]):
    bare.append(await ask(con._handle, "SELECT ? + 1 AS next", given["times"]))
    began = time.perf_counter()
    for i in range(given["times"]):
        con.execute("SELECT ? + 1 AS next", [i]).fetchone()
    wheel.append((time.perf_counter() - began) * 1000)
json.dumps([bare, wheel])
"""
BARE = """async ({worker, make, query, runs}) => {
  const bare = new Worker(worker, {type: "module"});
  const ask = (message) => new Promise((done, failed) => {
    bare.onmessage = ({data}) => data.error ? failed(new Error(data.error)) : done(data);
    bare.postMessage(message);
  });
  await ask({open: {}});
  await ask({raw: true, sql: make});
  const times = [];
  for (let i = 0; i <= runs; i++) times.push((await ask({raw: true, sql: query})).milliseconds);
  bare.terminate();
  return times.slice(1)
}"""


def resident(browser_folder: str) -> int:
    """Bytes of memory that the browser's processes hold, by the folder of its profile or binary in their command."""
    lines = subprocess.run(["ps", "-eo", "rss,args"], capture_output=True, text=True, check=True).stdout
    return sum(int(line.split()[0]) * 1024 for line in lines.splitlines()[1:] if browser_folder in line)


def run(report) -> None:
    executable = ensure_chromium()
    with (
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory(prefix="bench-kernel-") as scratch,
    ):
        profile = Path(scratch) / "profile"
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=executable, args=list(ARGUMENTS)
        )
        imports = []
        for run in range(RUNS):
            with kernel_page(ROOT / "_site", Path(scratch) / f"import-{run}", context) as kernel:
                imports.append(kernel.run(IMPORT))
        report.add(
            "import duckdb", "browser, nanoarrow loaded", limits={"ms": "< 50"}, ms=round(median(imports))
        )
        with kernel_page(ROOT / "_site", Path(scratch) / "site", context) as kernel:
            given = {"query": QUERY, "make": MAKE, "forms": FORMS, "runs": RUNS}
            measured = json.loads(kernel.run(IN_BROWSER, **given))
            browser = {name: median(times[1:]) for name, times in measured["times"].items()}
            native = natively()
            bare = median(kernel.page.evaluate(BARE, bare_worker(Path(scratch) / "site")))
            report.add("a million rows of six columns", "bare DuckDB-WASM", ms=round(bare))
            report.add(
                "a million rows of six columns",
                "engine, JavaScript",
                ms=round(browser["engine"]),
                **{"× bare": round(browser["engine"] / bare, 2)},
            )
            for form in FORMS:
                limits = {"× engine": "≤ 1.15"} if form == "Arrow" else {}
                report.add(
                    "a million rows of six columns",
                    form,
                    limits=limits,
                    ms=round(browser[form]),
                    **{
                        "× bare": round(browser[form] / bare, 2),
                        "× engine": round(browser[form] / browser["engine"], 2),
                        "× native": round(browser[form] / native[form], 2),
                    },
                )
            small, wheel = map(median, json.loads(kernel.run(SMALL, times=1000, runs=RUNS)))
            report.add("a small query, 1,000 times", "engine, JavaScript", ms=round(small))
            report.add(
                "a small query, 1,000 times",
                "execute(…, [i]).fetchone()",
                limits={"× engine": "≤ 2"},
                ms=round(wheel),
                **{"× engine": round(wheel / small, 2)},
            )
            loop = {"query": QUERY, "make": MAKE}
            heap, memory = kernel.run(LOOP, times=20, **loop), resident(str(profile))
            later, memory_later = kernel.run(LOOP, times=200, **loop), resident(str(profile))
            report.add(
                "200 results in a row",
                f"{measured['bytes'] / 1e6:.0f} MB each, after 20 more",
                limits={"python_heap_growth": "= 0", "ratio": "≤ 1.15"},
                python_heap_growth=later - heap,
                megabytes=round(memory_later / 1e6),
                ratio=round(memory_later / memory, 2),
            )
        context.close()


def bare_worker(site: Path) -> dict:
    """Bundles bare DuckDB-WASM beside the site's engine; what BARE is called with."""
    (engine,) = (site / "static").glob("engine-*")
    bundle_bare_duckdb(engine)
    worker = f"../../static/{engine.name}/bare_duckdb.js"
    return {"worker": worker, "make": MAKE, "query": QUERY, "runs": RUNS}


def natively() -> dict[str, float]:
    """Milliseconds of native DuckDB with one thread, by form."""
    ways = {
        "Arrow": lambda con: con.execute(QUERY).to_arrow_table(),
        "list of tuples": lambda con: con.execute(QUERY).fetchall(),
        "dict of columns": lambda con: con.execute(QUERY).to_arrow_table().to_pydict(),
    }
    found = {}
    with duckdb.connect() as con:
        con.execute(f"SET threads = 1; {MAKE}")
        for form, way in ways.items():
            times = []
            for _ in range(RUNS + 1):
                began = time.perf_counter()
                way(con)
                times.append((time.perf_counter() - began) * 1000)
            found[form] = median(times[1:])
    return found
