"""The engine's cold and warm questions against DuckDB-WASM's own HTTP on the released file, and native DuckDB.

Every cold run has a fresh browser profile. Requests and bytes are counted by the server, for Parquet objects only; the
footers that `attach` brings in are counted apart. Milliseconds of the engine are those of attach and query together,
once it is open. `shaped` adds 40 ms to every answer for data and gives them
20 Mbit/s in all; the code, which is not timed here, comes as fast as it can.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import duckdb
from bare_duckdb import bundle_bare_duckdb
from futures_explorer.chromium import ARGUMENTS, ensure_chromium
from futures_explorer.release.resolve import resolve_release
from futures_explorer.site.phases import ROOT
from playwright.sync_api import sync_playwright
from support.engine_site import PAGE, build_engine
from support.range_server import RangeServer

RUNS = int(os.environ.get("RUNS", "5"))
CACHE = ROOT / ".cache/bench"
RELEASES = ROOT / ".cache/releases"
SHAPE = {"latency": 0.04, "rate": 20e6 / 8, "shaped": lambda path: path.endswith((".parquet", ".json"))}
LINES = {"local": {}, "shaped": SHAPE}
OWN = {
    "own HTTP, ranges": {
        "forceFullHTTPReads": False,
        "reliableHeadRequests": True,
        "allowFullHTTPReads": True,
    },
    "own HTTP, defaults": {},
}

# SQL over the snapshot's layouts and, where the release has them, over its file of rankings.
QUESTIONS = {
    "one date's top 20": (
        "SELECT * FROM read_parquet([{by_date}]) WHERE date = DATE '{day}' ORDER BY rank, symbol LIMIT 20",
        "SELECT * FROM 'released.parquet' WHERE date = DATE '{day}' ORDER BY rank, symbol LIMIT 20",
        "≤ 4 requests, ≤ 0.8 MB, ≥ 8× faster",
    ),
    "tradable on a date": (
        "SELECT symbol FROM read_parquet([{core}]) WHERE date = DATE '{day}' AND available",
        None,
        "≤ 2 requests, ≤ 0.25 MB",
    ),
    "symbols per day": (
        "SELECT date, count(*) FROM read_parquet([{core}]) WHERE available GROUP BY date",
        None,
        "≤ 2 requests, ≤ 0.25 MB",
    ),
    "one symbol's history": (
        "SELECT date, rank, quote_volume_usdt FROM read_parquet([{by_symbol}]) WHERE symbol = '{symbol}' ORDER BY date",
        "SELECT date, rank, quote_volume_usdt FROM 'released.parquet' WHERE symbol = '{symbol}' ORDER BY date",
        "≤ 4 requests, ≤ 0.8 MB",
    ),
    "newest date's movers": (
        "SELECT symbol, rank, rank_change_7d FROM read_parquet([{by_date}]) WHERE date = DATE '{newest}' "
        "ORDER BY abs(rank_change_7d) DESC NULLS LAST, symbol LIMIT 20",
        "SELECT symbol, rank, rank_change_7d FROM 'released.parquet' WHERE date = DATE '{newest}' "
        "ORDER BY abs(rank_change_7d) DESC NULLS LAST, symbol LIMIT 20",
        "≤ 3 requests, ≤ 0.5 MB",
    ),
}
FULL_SCAN = """SELECT symbol, avg(quote_volume_usdt), max(trade_count), min(rank)
  FROM read_parquet([{by_date}]) GROUP BY symbol"""


def tenfold(release, folder: Path) -> Path:
    """A release of ten times the rows: every symbol ten times, under ten names, ranked anew."""
    if (folder / "release.done").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect(f"{scratch}/tenfold.duckdb") as db:
        if release.availability.suffix == ".gz":
            unpacked = Path(scratch) / "availability.duckdb"
            with unpacked.open("wb") as file:
                subprocess.run(["gzip", "-dc", str(release.availability)], stdout=file, check=True)
            db.execute(f"ATTACH '{unpacked}' AS upstream (READ_ONLY)")
            source = "upstream.daily_availability"
        else:
            source = f"read_parquet('{release.availability}')"
        copies = "range(10) c(i)"
        name = "CASE WHEN i = 0 THEN symbol ELSE i || symbol END"
        volume = "quote_volume_usdt * (1 + i / 1000)"
        db.execute(
            f"COPY (SELECT * EXCLUDE (i) REPLACE ({name} AS symbol, {volume} AS quote_volume_usdt) FROM {source}, {copies} "
            f"ORDER BY date, symbol) TO '{folder}/availability-daily.parquet' (COMPRESSION zstd)"
        )
        db.execute(
            f"CREATE TABLE r AS SELECT * EXCLUDE (i) REPLACE ({name} AS symbol, {volume} AS quote_volume_usdt) "
            f"FROM read_parquet('{release.rankings}'), {copies}"
        )
        db.execute(
            "COPY (SELECT * REPLACE ((DENSE_RANK() OVER day)::SMALLINT AS rank, "
            "(PERCENT_RANK() OVER day * 100)::FLOAT AS percentile, "
            "(quote_volume_usdt * 100 / SUM(quote_volume_usdt) OVER (PARTITION BY date))::FLOAT AS market_share_pct) "
            "FROM r WINDOW day AS (PARTITION BY date ORDER BY quote_volume_usdt DESC) ORDER BY date, rank) "
            f"TO '{folder}/volume-rankings-timeseries.parquet' (COMPRESSION snappy, ROW_GROUP_SIZE 100000000)"
        )
    (folder / "release.done").touch()
    return folder


def make_site(root: Path, name: str, store: Path) -> dict:
    """The plain site of a release; returns what fills the questions' SQL."""
    release = resolve_release(name, RELEASES)
    site = root / "site"
    build_engine(site / "static/engine-bench")
    bundle_bare_duckdb(site / "static/engine-bench")
    (site / "index.html").write_text(PAGE)
    build = [Path(sys.executable).parent / "futures-explorer", "build", "--data-only", "--release", name]
    subprocess.run([*build, "--store", str(store), "--out", str(site)], cwd=ROOT, check=True)
    shutil.copy(release.rankings, site / "released.parquet")
    (descriptor,) = (site / "data/snapshots").glob("*/datapackage.json")
    resources = json.loads(descriptor.read_text())["resources"]

    def files(table: str, layout: str) -> list[str]:
        return [r["hash"][7:] + ".parquet" for r in resources if (r["table"], r["layout"]) == (table, layout)]

    def listed(names: list[str]) -> str:
        return ", ".join(f"'{name}'" for name in names)

    with duckdb.connect() as db:
        newest = db.execute(f"SELECT max(date)::VARCHAR FROM '{release.rankings}'").fetchone()[0]
    return {
        "by_date": listed(files("volume_rankings", "by-date")),
        "by_symbol": listed(files("volume_rankings", "by-symbol")),
        "core": listed(files("daily_availability", "core")),
        "objects": site / "data/objects",
        "day": "2024-05-05",
        "newest": newest,
        "symbol": "ETHUSDT",
    }


class Bench:
    def __init__(self, browser, root: Path, fill: dict) -> None:
        self.browser, self.root, self.fill = browser, root, fill

    def page(self, context, server):
        page = context.new_page()
        page.goto(server.url + "site/index.html")
        return page

    def ask(self, page, server, sql: str, keep: bool = False) -> dict:
        """One question through the engine, from `attach` on."""
        attach = """async () => {
          const {open} = await import('./static/engine-bench/engine.js');
          globalThis.engine = await open({snapshot: null});
          const began = performance.now();
          await engine.attach();
          return performance.now() - began
        }"""
        query = """async (sql) => {
          const began = performance.now();
          await engine.query(sql);
          const milliseconds = performance.now() - began;
          await engine.cacheStatus();  // what was fetched is kept now
          return milliseconds
        }"""
        server.reset()
        milliseconds = page.evaluate(attach)
        attached = counted(server)
        milliseconds += page.evaluate(query, sql)
        total = counted(server)
        opening = {f"attach {key}": attached[key] for key in attached}
        return {**{key: total[key] - attached[key] for key in total}, **opening, "milliseconds": milliseconds}

    def cold(self, line: dict, sql: str) -> dict:
        with RangeServer(self.root, **line) as server:
            context = self.browser.new_context()
            try:
                return self.ask(self.page(context, server), server, sql)
            finally:
                context.close()

    def cold_own(self, line: dict, options: dict, sql: str) -> dict:
        body = """async ({options, sql, url}) => {
          const worker = new Worker('static/engine-bench/bare_duckdb.js', {type: 'module'});
          const ask = (message) => new Promise((done) => {
            worker.onmessage = ({data}) => done(data);
            worker.postMessage(message);
          });
          await ask({open: options});
          const result = await ask({sql, url: new URL(url, location.href).href});
          if (result.error) throw new Error(result.error);
          return result
        }"""
        with RangeServer(self.root, **line) as server:
            context = self.browser.new_context()
            try:
                page = self.page(context, server)
                result = page.evaluate(body, {"options": options, "sql": sql, "url": "released.parquet"})
                return {**result, **counted(server)}
            finally:
                context.close()

    def again(self, sql: str) -> list[dict]:
        """The same question cold, after a reload, and in a second tab beside the first."""
        with RangeServer(self.root) as server:
            context = self.browser.new_context()
            page = self.page(context, server)
            results = [self.ask(page, server, sql)]
            page.reload()
            results.append(self.ask(page, server, sql))
            results.append(self.ask(self.page(context, server), server, sql))
            context.close()
            return results

    def full_scan(self) -> tuple[float, float]:
        """Median milliseconds over cached rankings: the engine's, and native DuckDB's with one thread."""
        sql = FULL_SCAN.format(**self.fill)
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
        with RangeServer(self.root) as server:
            context = self.browser.new_context()
            ours = median(self.page(context, server).evaluate(body, {"sql": sql, "runs": RUNS}))
            context.close()
        there = sql.replace("['", f"['{self.fill['objects']}/").replace(", '", f", '{self.fill['objects']}/")
        with duckdb.connect() as db:
            db.execute("SET threads = 1")
            times = []
            for _ in range(RUNS + 1):
                began = time.perf_counter()
                db.execute(there).to_arrow_table()
                times.append((time.perf_counter() - began) * 1000)
        return ours, median(times[1:])


def counted(server) -> dict:
    data = server.data()
    return {"requests": len(data), "bytes": sum(served.bytes for served in data)}


def middle(results: list[dict]) -> dict:
    return {key: median(result[key] for result in results) for key in results[0] if key != "rows"}


def figures(result: dict) -> dict:
    row = {"requests": int(result["requests"]), "MB": round(result["bytes"] / 1e6, 3)}
    if "attach requests" in result:
        row |= {
            "attach requests": int(result["attach requests"]),
            "attach MB": round(result["attach bytes"] / 1e6, 3),
        }
    return {**row, "ms": round(result["milliseconds"])}


def run(report) -> None:
    name = os.environ.get("RELEASE", "sample")
    release = resolve_release(name, RELEASES, say=print)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=list(ARGUMENTS))
        first = Path(scratch) / "one"
        bench = Bench(browser, first, make_site(first, name, Path(scratch) / "store"))
        measured = {}
        for question, (ours, released, must) in QUESTIONS.items():
            for line, shape in LINES.items():
                result = middle([bench.cold(shape, ours.format(**bench.fill)) for _ in range(RUNS)])
                measured[question] = result
                row = figures(result)
                if released:
                    for name, options in OWN.items():
                        sql = released.format(**bench.fill)
                        other = middle([bench.cold_own(shape, options, sql) for _ in range(RUNS)])
                        report.add(question, f"{name}, {line}", **figures(other))
                        row[f"× {name[10:]}"] = round(other["milliseconds"] / result["milliseconds"], 1)
                report.add(question, f"engine, cold, {line}", must, **row)
            for where, result in zip(
                ("reload", "second tab"), bench.again(ours.format(**bench.fill))[1:], strict=True
            ):
                report.add(question, f"engine, {where}", "0 data requests", **figures(result))
        scan, native = bench.full_scan()
        report.add(
            "full scan, cached", "engine, local", "≤ 3× native", ms=round(scan), ratio=round(scan / native, 2)
        )
        report.add("full scan, cached", "native, one thread", ms=round(native))

        big = Path(scratch) / "ten"
        large = tenfold(release, CACHE / f"tenfold-{release.rankings.stat().st_size}")
        bench = Bench(browser, big, make_site(big, str(large), Path(scratch) / "store-ten"))
        for question in ("one date's top 20", "one symbol's history", "newest date's movers"):
            result = middle([bench.cold({}, QUESTIONS[question][0].format(**bench.fill))])
            ratio = round(result["bytes"] / measured[question]["bytes"], 2)
            report.add(
                question, "engine, cold, ten times the rows", "bytes ≤ 1.5×", **figures(result), ratio=ratio
            )
        browser.close()
