"""The engine's questions unshaped, cold and again, against DuckDB-WASM's own HTTP on the released file and native DuckDB."""

from __future__ import annotations

import os
import time
from statistics import median

import duckdb
from questions import QUESTIONS, RUNS, UNSHAPED, Bench, bench, compare, figures
from support.range_server import RangeServer

FULL_SCAN = """SELECT symbol, avg(quote_volume_usdt), max(trade_count), min(rank)
  FROM read_parquet([{by_date}]) GROUP BY symbol"""


def full_scan(bench: Bench) -> tuple[float, float]:
    """Median milliseconds over cached rankings: the engine's, and native DuckDB's with one thread."""
    sql = FULL_SCAN.format(**bench.fill)
    body = """async ({sql, runs}) => {
      const {open} = await import('./static/engine-bench/engine.js');
      const engine = await open();
      await engine.attach();
      const times = [];
      for (let i = 0; i <= runs; i++) {
        const began = performance.now();
        await engine.query(sql);
        times.push(performance.now() - began);
      }
      return times.slice(1)  // the first one fetched
    }"""
    with RangeServer(bench.root) as server:
        context = bench.browser.new_context()
        ours = median(bench.page(context, server).evaluate(body, {"sql": sql, "runs": RUNS}))
        context.close()
    there = sql.replace("['", f"['{bench.fill['objects']}/").replace(", '", f", '{bench.fill['objects']}/")
    with duckdb.connect() as db:
        db.execute("SET threads = 1")
        times = []
        for _ in range(RUNS + 1):
            began = time.perf_counter()
            db.execute(there).to_arrow_table()
            times.append((time.perf_counter() - began) * 1000)
    return ours, median(times[1:])


def run(report) -> None:
    """Adds each question's rows, asked of the release that $RELEASE names, and a full scan's."""
    with bench(os.environ.get("RELEASE", "sample")) as asked:
        compare(asked, report, UNSHAPED, "unshaped")
        for name, question in QUESTIONS.items():
            _, *again = asked.again(question.sql.format(**asked.fill))
            for where, result in zip(("reload", "second tab"), again, strict=True):
                report.add(name, f"engine, {where}", limits={"requests": "= 0"}, **figures(result))
        ours, native = full_scan(asked)
    report.add("full scan of cached rankings", "native DuckDB, one thread", ms=round(native))
    row = {"ms": round(ours), "× native": round(ours / native, 2)}
    report.add("full scan of cached rankings", "engine", limits={"× native": "≤ 3"}, **row)
