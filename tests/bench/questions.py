"""The questions that the engine is measured by, and how one is asked: in a fresh browser profile, of a counting server.

Requests and bytes are those of Parquet objects, of `attach` and of the query together; what `attach` brought in is also
told apart. Milliseconds are those of both, once the engine is open. `SHAPED` adds 40 ms to every answer for data and gives
them 20 Mbit/s in all; the code, which is not timed here, comes as fast as it can.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import duckdb
from bare_duckdb import bundle_bare_duckdb
from futures_explorer.project import ROOT
from futures_explorer.release.resolve import resolve_release
from playwright.sync_api import sync_playwright
from support.chromium import ARGUMENTS, ensure_chromium
from support.engine_site import PAGE, build_engine
from support.range_server import RangeServer

RUNS = int(os.environ.get("RUNS", "5"))
CACHE = ROOT / ".cache/bench"
RELEASES = ROOT / ".cache/releases"
UNSHAPED: dict = {}
SHAPED = {"latency": 0.04, "rate": 20e6 / 8, "shaped": lambda path: path.endswith((".parquet", ".json"))}
OWN = {
    "ranges": {"forceFullHTTPReads": False, "reliableHeadRequests": True, "allowFullHTTPReads": True},
    "defaults": {},
}


@dataclass(frozen=True)
class Question:
    """SQL over the snapshot's layouts and, where the release has them, over its file of rankings."""

    sql: str
    released: str | None
    limits: dict[str, str]
    # Least times that the engine is faster than DuckDB-WASM's own HTTP with ranges on the shaped line.
    faster: float | None = None


QUESTIONS = {
    "one date's top 20": Question(
        "SELECT * FROM read_parquet([{by_date}]) WHERE date = DATE '{day}' ORDER BY rank, symbol LIMIT 20",
        "SELECT * FROM 'released.parquet' WHERE date = DATE '{day}' ORDER BY rank, symbol LIMIT 20",
        {"requests": "≤ 4", "MB": "≤ 0.8"},
        faster=8,
    ),
    "tradable on a date": Question(
        "SELECT symbol FROM read_parquet([{core}]) WHERE date = DATE '{day}' AND available",
        None,
        {"requests": "≤ 2", "MB": "≤ 0.25"},
    ),
    "symbols per day": Question(
        "SELECT date, count(*) FROM read_parquet([{core}]) WHERE available GROUP BY date",
        None,
        {"requests": "≤ 2", "MB": "≤ 0.25"},
    ),
    "one symbol's history": Question(
        "SELECT date, rank, quote_volume_usdt FROM read_parquet([{by_symbol}]) WHERE symbol = '{symbol}' ORDER BY date",
        "SELECT date, rank, quote_volume_usdt FROM 'released.parquet' WHERE symbol = '{symbol}' ORDER BY date",
        {"requests": "≤ 4", "MB": "≤ 0.8"},
    ),
    "newest date's movers": Question(
        "SELECT symbol, rank, rank_change_7d FROM read_parquet([{by_date}]) WHERE date = DATE '{newest}' "
        "ORDER BY abs(rank_change_7d) DESC NULLS LAST, symbol LIMIT 20",
        "SELECT symbol, rank, rank_change_7d FROM 'released.parquet' WHERE date = DATE '{newest}' "
        "ORDER BY abs(rank_change_7d) DESC NULLS LAST, symbol LIMIT 20",
        {"requests": "≤ 3", "MB": "≤ 0.5"},
    ),
}
#: The three whose bytes must not grow with the rows.
STEADY = ("one date's top 20", "one symbol's history", "newest date's movers")


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
    build += ["--budget", "2000"]  # ten times the rows is more than Pages takes
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
        "resources": resources,
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
        return {**total, **opening, "milliseconds": milliseconds}

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


def counted(server) -> dict:
    data = server.data()
    return {"requests": len(data), "bytes": sum(served.bytes for served in data)}


def middle(results: list[dict]) -> dict:
    return {key: median(result[key] for result in results) for key in results[0] if key != "rows"}


def figures(result: dict) -> dict:
    row = {"requests": int(result["requests"]), "MB": round(result["bytes"] / 1e6, 3)}
    if "attach requests" in result:
        row |= {
            "by attach": int(result["attach requests"]),
            "by attach MB": round(result["attach bytes"] / 1e6, 3),
        }
    return {**row, "ms": round(result["milliseconds"])}


@contextmanager
def bench(release: str) -> Iterator[Bench]:
    """A browser, and the plain site of a release."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=list(ARGUMENTS))
        root = Path(scratch) / "served"
        yield Bench(browser, root, make_site(root, release, Path(scratch) / "store"))
        browser.close()


def compare(bench: Bench, report, line: dict, where: str) -> None:
    """Adds each question's rows on one line: asked cold, and DuckDB-WASM's own HTTP on the file as released."""
    for name, question in QUESTIONS.items():
        result = middle([bench.cold(line, question.sql.format(**bench.fill)) for _ in range(RUNS)])
        row, limits = figures(result), dict(question.limits)
        for way, options in OWN.items() if question.released else ():
            sql = question.released.format(**bench.fill)
            other = middle([bench.cold_own(line, options, sql) for _ in range(RUNS)])
            report.add(name, f"DuckDB-WASM's own HTTP, {way}, {where}", **figures(other))
            row[f"× {way}"] = round(other["milliseconds"] / result["milliseconds"], 1)
        if question.faster and line:
            limits["× ranges"] = f"≥ {question.faster}"
        report.add(name, f"engine, cold, {where}", limits=limits, **row)
