"""Plain SQL over a snapshot's tables, as a visitor types it: cold, on a slow line, on the release and on ten times its rows.

`limit` is what two round trips and the bytes that came take on that line; measured time is held to a multiple of it. It
is the question's own, on a connection that is there; `attach ms` is what making that took beyond `open`. Requests and bytes
are those of Parquet objects from `attach` on, the footers' too.
"""

from __future__ import annotations

import os
from statistics import median

from questions import (
    CACHE,
    OWN,
    RELEASES,
    RUNS,
    SHAPED,
    UNSHAPED,
    Bench,
    bench,
    counted,
    middle,
    resolve_release,
    tenfold,
)
from support.range_server import RangeServer

ROUND_TRIP, RATE = 0.04, 20e6 / 8
OPEN = """async () => {
  const {open} = await import('./static/engine-bench/engine.js');
  globalThis.engine = await open({snapshot: null});
  const began = performance.now();
  const {tables} = await engine.attach();
  const milliseconds = performance.now() - began;
  const views = Object.entries(tables).map(([name, {file, columns}]) =>
    `CREATE VIEW ${name}(${columns.map((column) => `"${column}"`)}) AS FROM read_parquet('${file}')`);
  await engine.query(views.join(';'));
  return milliseconds
}"""
ASK = """async (sql) => {
  const began = performance.now();
  await engine.query(sql);
  return performance.now() - began
}"""
BRING = "() => new Promise((begun) => { globalThis.bringing = engine.prefetch({maxBytes: 64e6, onProgress: begun}) })"
#: SQL, its limits, and whether DuckDB-WASM's own HTTP can be asked the same of the file as released.
QUESTIONS = {
    "one symbol, all columns": (
        "SELECT * FROM volume_rankings WHERE symbol = 'BTCUSDT' ORDER BY date",
        {"requests": "≤ 5", "MB": "≤ 0.7", "× limit": "≤ 2"},
        True,
    ),
    "one symbol's prices": (
        "SELECT date, close_price FROM daily_availability WHERE symbol = 'ETHUSDT' ORDER BY date",
        {"requests": "≤ 5", "MB": "≤ 0.7", "× limit": "≤ 2"},
        None,
    ),
    "symbols per day": (
        "SELECT date, count(*) FROM daily_availability WHERE available GROUP BY 1",
        {"requests": "≤ 2", "MB": "≤ 0.15", "× limit": "≤ 2"},
        None,
    ),
    "first and last day of each symbol": (
        "SELECT symbol, min(date), max(date) FROM daily_availability WHERE available GROUP BY 1",
        {"requests": "≤ 2", "MB": "≤ 0.15", "× limit": "≤ 2"},
        None,
    ),
    "how many symbols": (
        "SELECT count(DISTINCT symbol) FROM daily_availability",
        {"requests": "≤ 2", "MB": "≤ 0.15", "× limit": "≤ 2"},
        None,
    ),
    "newest date": (
        "SELECT max(date) FROM volume_rankings",
        {"requests": "≤ 1", "MB": "≤ 0.05", "ms": "≤ 300"},
        True,
    ),
    "row count": (
        "SELECT count(*) FROM volume_rankings",
        {"requests": "≤ 1", "MB": "≤ 0.05", "ms": "≤ 300"},
        None,
    ),
    "newest ten by subquery": (
        "SELECT * FROM volume_rankings WHERE date = (SELECT max(date) FROM volume_rankings) ORDER BY rank LIMIT 10",
        {"requests": "≤ 6", "MB": "≤ 0.8", "× limit": "≤ 3"},
        True,
    ),
    "volume of each month": (
        "SELECT date_trunc('month', date) AS m, sum(quote_volume_usdt) FROM volume_rankings GROUP BY 1 ORDER BY 1",
        {"× columns": "≤ 1.15", "× limit": "≤ 1.5"},
        None,
    ),
}
POINTS = [name for name in QUESTIONS if name != "volume of each month"]
#: What must not cost more where there are ten times the rows.
STEADY = (
    "one symbol, all columns",
    "one symbol's prices",
    "newest date",
    "row count",
    "newest ten by subquery",
)


def ask(server, page, sql: str, busy: bool = False) -> dict:
    """One question in a fresh engine; `busy`: while the site brings in what may be needed later."""
    server.reset()
    attach = page.evaluate(OPEN)
    if busy:
        page.evaluate(BRING)
    milliseconds = page.evaluate(ASK, sql)
    return {**counted(server), "milliseconds": milliseconds, "attach": attach}


def cold(asked: Bench, line: dict, sql: str, busy: bool = False) -> dict:
    with RangeServer(asked.root, **line) as server:
        context = asked.browser.new_context()
        try:
            return ask(server, asked.page(context, server), sql, busy)
        finally:
            context.close()


def whole(result: dict) -> float:
    """Milliseconds from `attach` on: of a small snapshot it brings the footers, of a large one the question does."""
    return result["attach"] + result["milliseconds"]


def row(result: dict) -> dict:
    limit = 2 * ROUND_TRIP + result["bytes"] / RATE
    return {
        "requests": int(result["requests"]),
        "MB": round(result["bytes"] / 1e6, 3),
        "attach ms": round(result["attach"]),
        "ms": round(result["milliseconds"]),
        "× limit": round(result["milliseconds"] / 1000 / limit, 2),
    }


def column_bytes(asked: Bench, table: str, names: set[str]) -> int:
    """What columns of a table's by-date objects take, with its footers."""
    resources = [r for r in asked.fill["resources"] if (r["table"], r["layout"]) == (table, "by-date")]
    sizes = [
        size
        for resource in resources
        for field, size in zip(resource["schema"]["fields"], resource["columnBytes"], strict=True)
        if field["name"] in names
    ]
    return sum(sizes) + sum(r["bytes"] for r in asked.fill["resources"] if r["table"] == "footers")


def planning(asked: Bench) -> dict:
    """Milliseconds that a statement takes longer through a table than over the same objects, all of them here."""
    files = f"read_parquet([{asked.fill['by_symbol']}])"
    own = "SELECT count(*) AS n, max(rank) AS r FROM {t} WHERE symbol = 'BTCUSDT'"
    body = """async ([planned, plain]) => {
      const time = async (sql) => {
        const began = performance.now();
        await engine.query(sql);
        return performance.now() - began
      };
      await time(planned); await time(plain);
      const difference = [];
      for (let i = 0; i < 15; i++) difference.push(await time(planned) - await time(plain));
      const one = [];
      for (let i = 0; i < 15; i++) one.push(await time(planned));
      return {over: difference.sort((a, b) => a - b)[7], whole: one.sort((a, b) => a - b)[7]}
    }"""
    with RangeServer(asked.root) as server:
        context = asked.browser.new_context()
        page = asked.page(context, server)
        page.evaluate(OPEN)
        told = page.evaluate(body, [own.format(t="volume_rankings"), own.format(t=files)])
        context.close()
    return {"ms": round(told["whole"], 1), "ms over plain files": round(told["over"], 1)}


def run(report) -> None:
    """Adds each question's rows on the release that $RELEASE names and on ten times its rows."""
    name = os.environ.get("RELEASE", "sample")
    small = {}
    with bench(name) as asked:
        for key, (sql, limits, released) in QUESTIONS.items():
            result = middle([cold(asked, SHAPED, sql) for _ in range(RUNS)])
            small[key], figures, held = result, row(result), dict(limits)
            if "× columns" in limits:
                columns = column_bytes(asked, "volume_rankings", {"date", "quote_volume_usdt"})
                figures["× columns"] = round(result["bytes"] / columns, 2)
            if released:
                other = asked.cold_own(
                    SHAPED, OWN["ranges"], sql.replace("volume_rankings", "'released.parquet'")
                )
                figures["× faster than own HTTP"] = round(other["milliseconds"] / result["milliseconds"], 1)
                held["× faster than own HTTP"] = "≥ 8"
            report.add(key, "typed, cold, 40 ms, 20 Mbit/s", limits=held, **figures)
        for key in POINTS:
            busy = median(cold(asked, SHAPED, QUESTIONS[key][0], True)["milliseconds"] for _ in range(RUNS))
            quiet = small[key]["milliseconds"]
            limits = {"× quiet seconds": "≤ 1.5"}
            figures = {"ms": round(busy), "× quiet seconds": round(busy / quiet, 2)}
            report.add(key, "typed while the site brings things in", limits=limits, **figures)
        report.add("planning", "everything here", limits={"ms over plain files": "≤ 30"}, **planning(asked))
    release = resolve_release(name, RELEASES, say=print)
    large = tenfold(release, CACHE / f"tenfold-{release.rankings.stat().st_size}")
    with bench(str(large)) as asked:
        for key, (sql, _, _) in QUESTIONS.items():
            result = middle([cold(asked, SHAPED, sql) for _ in range(RUNS if key in POINTS else 1)])
            figures = {**row(result), "× bytes": round(result["bytes"] / max(small[key]["bytes"], 1), 2)}
            figures["× seconds with attach"] = round(whole(result) / whole(small[key]), 2)
            limits = {"× bytes": "≤ 1.5", "× seconds with attach": "≤ 1.5"} if key in STEADY else {}
            report.add(key, "typed, cold, ten times the rows, 40 ms, 20 Mbit/s", limits=limits, **figures)
        unshaped = cold(asked, UNSHAPED, QUESTIONS["volume of each month"][0])
        report.add("volume of each month", "typed, cold, ten times the rows, unshaped", **row(unshaped))
