"""Whatever SQL is typed: the rows are right, the layout read is the cheapest, no byte comes twice."""

from __future__ import annotations

import json
import math
import os
import re
from collections import defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from support.range_server import RangeServer
from support.statements import Generator

SEED = 11
#: Each shape twice; `STATEMENTS=1000` tries more of them.
COUNT = int(os.environ.get("STATEMENTS", "36"))
#: What one more request costs, in bytes: 40 ms at 20 Mbit/s, six side by side.
REQUEST = 100 * 1024 / 6
VIEWS = """
  const {tables} = await engine.attach();
  const views = Object.entries(tables).map(([name, {file, columns}]) =>
    `CREATE OR REPLACE VIEW ${name}(${columns.map((column) => `"${column}"`)}) AS FROM read_parquet('${file}')`);
  await engine.query(views.join(';'))"""


@pytest.fixture(scope="module")
def data_site(site, engine_site, tmp_path_factory) -> Path:
    """The built site's data beside the engine."""
    root = tmp_path_factory.mktemp("layouts")
    (root / "repo").mkdir()
    for entry in (engine_site[0] / "repo").iterdir():
        if entry.name != "data":
            (root / "repo" / entry.name).symlink_to(entry)
    (root / "repo/data").symlink_to((site / "data").resolve())
    return root


@pytest.fixture(scope="module")
def resources(data_site) -> list[dict]:
    newest = json.loads((data_site / "repo/data/snapshots.json").read_text())["snapshots"][0]["id"]
    descriptor = data_site / "repo/data/snapshots" / newest / "datapackage.json"
    return json.loads(descriptor.read_text())["resources"]


def files(resources: list[dict], table: str, layout: str) -> list[str]:
    return [f"{r['hash'][7:]}.parquet" for r in resources if (r["table"], r["layout"]) == (table, layout)]


@pytest.fixture(scope="module")
def native(data_site, resources):
    """Native DuckDB over the by-date objects."""
    with duckdb.connect() as db:
        db.execute("SET threads = 1")
        for table, layout in (
            ("daily_availability", "by-date"),
            ("volume_rankings", "by-date"),
            ("symbols", "by-symbol"),
        ):
            paths = [str(data_site / "repo/data/objects" / name) for name in files(resources, table, layout)]
            db.execute(f"CREATE VIEW {table} AS FROM read_parquet({paths})")
        yield db


@pytest.fixture(scope="module")
def generator(native) -> Generator:
    first, last = native.execute("SELECT min(date), max(date) FROM volume_rankings").fetchone()
    symbols = [
        row[0]
        for row in native.execute(
            "SELECT DISTINCT symbol FROM symbols ORDER BY hash(symbol) LIMIT 12"
        ).fetchall()
    ]
    return Generator(SEED, (first, last), ["BTCUSDT", "ETHUSDT", *symbols])


@pytest.fixture
def server(data_site):
    with RangeServer(data_site) as server:
        yield server


def rows(table) -> list[tuple]:
    return [tuple(row.values()) for row in table.to_pylist()]


def key(value):
    """Sorts any row; sums of doubles may differ in their last digits."""
    return tuple((v is None, f"{v:.9e}" if isinstance(v, float) else str(v)) for v in value)


def same(a, b) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) or (math.isnan(a) and math.isnan(b))
    return a == b


def test_rows_are_those_of_native_duckdb_and_no_byte_comes_twice(make_page, server, native, generator):
    page = make_page()
    page.open()
    page.run(VIEWS)
    for statement in generator.statements(COUNT):
        for before in statement.before:
            page.run("await engine.query(arg)", before)
            native.execute(before)
        got, expected = rows(page.query(statement.sql)), rows(native.execute(statement.sql).to_arrow_table())
        for after in statement.after:
            page.run("await engine.query(arg)", after)
            native.execute(after)
        if not statement.ordered:
            got, expected = sorted(got, key=key), sorted(expected, key=key)
        assert len(got) == len(expected), statement.sql
        for left, right in zip(got, expected, strict=True):
            assert all(map(same, left, right)), f"{statement.sql}: {left}, expected {right}"
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for served in server.data():
        size = (server.root / served.path).stat().st_size
        first, last = map(int, re.findall(r"\d+", served.range)) if served.range else (0, size - 1)
        spans[served.path].append((first, last))
    for path, asked in spans.items():
        asked.sort()
        assert all(end < start for (_, end), (start, _) in pairwise(asked)), f"bytes of {path} came twice"


def cost(server: RangeServer) -> float:
    return sum(served.bytes + REQUEST for served in server.data())


#: One table, under the name of `{t}`; the columns that it needs are in some of its layouts.
ASKED = {
    "daily_availability": (
        "SELECT date, count(*) AS n FROM {t} WHERE available GROUP BY 1",
        "SELECT date, close_price FROM {t} WHERE symbol = '{symbol}' ORDER BY date",
        "SELECT symbol, close_price FROM {t} WHERE date = DATE '{day}'",
    ),
    "volume_rankings": (
        "SELECT * FROM {t} WHERE symbol = '{symbol}' ORDER BY date",
        "SELECT date, rank FROM {t} WHERE symbol IN ('{symbol}', 'A') AND date BETWEEN DATE '{day}' AND DATE '{later}'",
        "SELECT year(date) AS y, sum(quote_volume_usdt) AS v FROM {t} GROUP BY 1",
    ),
}


def test_the_layout_read_is_the_cheapest_by_trial(make_page, server, resources, native):
    last: date = native.execute("SELECT max(date) FROM volume_rankings").fetchone()[0]
    fill = {"symbol": "ETHUSDT", "day": date(last.year - 2, 3, 5), "later": date(last.year - 2, 3, 25)}
    page = make_page()

    def asked(sql: str) -> float:
        page.run("await globalThis.engine?.clearCache(); await globalThis.engine?.close()")
        page.open()
        page.run(VIEWS)
        server.log.clear()
        page.query(sql)
        return cost(server)

    for table, queries in ASKED.items():
        layouts = {r["layout"] for r in resources if r["table"] == table}
        for query in queries:
            sql = query.format(t=table, **fill)
            chosen = asked(sql)
            trials = {}
            for layout in layouts:
                columns = next(r for r in resources if (r["table"], r["layout"]) == (table, layout))[
                    "schema"
                ]["fields"]
                lacks = {c["name"] for c in resources[0]["schema"]["fields"]} - {c["name"] for c in columns}
                if table == "daily_availability" and any(re.search(rf"\b{name}\b", sql) for name in lacks):
                    continue
                trials[layout] = asked(
                    query.format(t=f"read_parquet({files(resources, table, layout)})", **fill)
                )
            assert chosen <= min(trials.values()) * 1.15 + REQUEST, f"{sql}: {chosen:,.0f} of {trials}"


def test_what_the_manifest_knows_costs_nothing(make_page, server, native):
    page = make_page()
    page.open()
    page.run(VIEWS)
    server.log.clear()
    for sql in (
        "SELECT max(date) AS d FROM volume_rankings",
        "SELECT count(*) AS n FROM daily_availability",
        "SELECT min(date) AS a, max(symbol) AS b, count(*) AS n FROM daily_availability",
        "WITH t AS (FROM volume_rankings) SELECT min(symbol) AS s FROM t",
    ):
        assert page.query(sql).to_pylist() == native.execute(sql).to_arrow_table().to_pylist()
    assert server.data() == []


def test_a_limit_reads_little_and_in_the_releases_order(make_page, server, native):
    page = make_page()
    page.open()
    page.run(VIEWS)
    server.log.clear()
    sql = "SELECT * FROM volume_rankings LIMIT 5"
    assert rows(page.query(sql)) == rows(native.execute(sql).to_arrow_table())
    assert sum(served.bytes for served in server.data()) < 1_000_000


def test_parts_of_one_object_come_side_by_side(make_page, server):
    page = make_page()
    page.open()
    page.run(VIEWS)
    server.reset()
    server.latency = 0.2
    page.query(
        "SELECT date_trunc('month', date) AS m, sum(quote_volume_usdt) AS v FROM volume_rankings GROUP BY 1"
    )
    assert len({served.path for served in server.data()}) < 6 < len(server.data())
    assert server.most_at_once == 6


def test_a_stop_while_bytes_come_stops_at_once(make_page, server):
    page = make_page()
    page.open()
    page.run(VIEWS)
    server.latency, server.rate = 0.05, 200_000
    error = page.error("""
      const stop = new AbortController();
      let told = 0;
      const asked = engine.query('SELECT sum(quote_volume_usdt) AS v FROM volume_rankings', null, {
        signal: stop.signal, onProgress: () => { if (++told === 2) stop.abort(); } });
      globalThis.began = performance.now();
      await asked""")
    assert error["name"] == "AbortError"
    server.rate = None
    assert page.query("SELECT 1 AS one").to_pylist() == [{"one": 1}]


def test_a_question_does_not_wait_for_what_nobody_asked_for(make_page, server):
    page = make_page()
    page.open()
    page.run(VIEWS)
    server.latency, server.rate = 0.05, 100_000
    page.run(
        "await new Promise((begun) => { globalThis.bringing = engine.prefetch({maxBytes: 64e6, onProgress: begun}) })"
    )
    before = len(server.data())
    server.rate = 1_000_000
    page.query("SELECT count(DISTINCT symbol) AS n FROM daily_availability")
    assert len(server.data()) - before <= 2
    page.run("await engine.close(); await bringing.catch(() => null)")
