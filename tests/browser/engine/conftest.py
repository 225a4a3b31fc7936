"""The engine in a plain page, served under a sub-path."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from support.engine_site import PAGE, build_engine, write_object, write_snapshot
from support.range_server import RangeServer

# 280,000 rows that hardly compress: 500 symbols a day, 14 row groups.
RANKINGS = """
    SELECT (DATE '2026-01-01' + (i // 500)::INTEGER)::DATE AS date,
           CASE WHEN i % 500 = 7 THEN '币安人生USDT' ELSE 'SYM' || (i % 500) || 'USDT' END AS symbol,
           (i % 500 + 1)::SMALLINT AS rank,
           CASE WHEN i % 97 = 0 THEN NULL ELSE sqrt(i) * 1e6 END AS quote_volume_usdt,
           (hash(i) >> 1)::BIGINT AS trade_count,
           (hash(i + 1) >> 1)::BIGINT AS noise
    FROM (SELECT unnest(range(280000))::BIGINT AS i) ORDER BY date, rank
"""
TABLES = {
    "rankings": RANKINGS,
    "symbols": "SELECT 'SYM' || i || 'USDT' AS symbol, i AS days FROM range(500) t(i)",
    "empty": "SELECT 1 AS x WHERE false",
}
NEWEST = "2026-01-20-bbbbbb"
OLDER = "2025-12-31-aaaaaa"

QUERY = """
  const bytes = await eval(arg.on).query(arg.sql, arg.params);
  const chunks = [];
  for (let i = 0; i < bytes.length; i += 0x8000) chunks.push(String.fromCharCode(...bytes.subarray(i, i + 0x8000)));
  return btoa(chunks.join(''))"""


class EnginePage:
    """A page with `engine` open in it; `server` counts its requests."""

    def __init__(self, page, server: RangeServer, files: dict[str, Path]) -> None:
        self.page, self.server, self.files = page, server, files
        #: What on the page is asked: the engine, or a connection of it.
        self.asked = "engine"
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(server.url + "repo/index.html")

    def open(self, options: str = "{}") -> None:
        """Opens the engine; its one-line notices gather in `notices`."""
        self.run(f"""
          globalThis.notices = [];
          const {{open}} = await import('./static/engine-test/engine.js');
          globalThis.engine = await open({{onNotice: (line) => notices.push(line), ...{options}}})""")

    def attach(self, snapshot: str | None = None) -> None:
        """Attaches a snapshot; requests until then do not count as data."""
        self.run("globalThis.snapshot = await engine.attach(arg)", snapshot)
        self.attached = list(self.server.data())
        self.server.log.clear()

    def run(self, body: str, argument: object = None) -> object:
        """Runs the body of an async function of `arg` on the page."""
        return self.page.evaluate(f"async (arg) => {{ {body} }}", argument)

    def query(self, sql: str, params: object = None, on: str | None = None) -> pa.Table:
        """A query's result; the bytes come from the page as they were."""
        encoded = self.run(QUERY, {"sql": sql, "params": params, "on": on or self.asked})
        return pa.ipc.open_stream(base64.b64decode(encoded)).read_all()

    def error(self, body: str, argument: object = None) -> dict:
        """The error that the body rejects with: its name, message and own properties."""
        code = f"try {{ {body} }} catch (e) {{ return {{name: e.name, message: e.message, ...e}} }}"
        error = self.run(f"{code} return null", argument)
        assert error is not None, "no error was raised"
        return error

    def query_error(self, sql: str, params: object = None) -> dict:
        return self.error(f"await {self.asked}.query(arg.sql, arg.params)", {"sql": sql, "params": params})

    def file(self, table: str = "rankings") -> str:
        return self.files[table].name


@pytest.fixture(scope="session")
def engine_site(tmp_path_factory):
    """The folder that is served, and the newest snapshot's objects by table."""
    root = tmp_path_factory.mktemp("engine-site")
    site = root / "repo"
    build_engine(site / "static/engine-test")
    (site / "index.html").write_text(PAGE)
    objects = site / "data/objects"
    write_snapshot(
        site / "data", OLDER, {"old": write_object(objects, "SELECT 1 AS one")}, with_footers=False
    )
    files = {name: write_object(objects, select) for name, select in TABLES.items()}
    write_snapshot(site / "data", NEWEST, files)
    return root, files


@pytest.fixture
def server(engine_site):
    with RangeServer(engine_site[0]) as server:
        yield server


@pytest.fixture
def make_page(window, server, engine_site):
    """Pages (tabs) of one origin at which nothing is kept yet, each an `EnginePage`."""
    pages = []
    with window.lent() as context:

        def make() -> EnginePage:
            pages.append(EnginePage(context.new_page(), server, engine_site[1]))
            return pages[-1]

        yield make
        problems = [problem for page in pages for problem in page.problems]
    assert problems == []


@pytest.fixture
def plain(make_page) -> EnginePage:
    """A page whose engine is open and has the newest snapshot attached."""
    page = make_page()
    page.open()
    page.attach()
    return page


#: What an engine knows beside its snapshot: what a test that shares it must leave as it was.
KNOWN = """
    SELECT 'table' AS kind, database_name || '.' || table_name AS name, '' AS value FROM duckdb_tables() UNION ALL
    SELECT 'view', database_name || '.' || view_name, '' FROM duckdb_views() WHERE NOT internal UNION ALL
    SELECT 'setting', name, value FROM duckdb_settings() UNION ALL
    SELECT 'file', file, '' FROM glob('*') ORDER BY ALL
"""


@pytest.fixture(scope="session")
def _opened_once(window, engine_site) -> Iterator[EnginePage]:
    """Beside `shared`, nothing uses it."""
    with RangeServer(engine_site[0]) as server:
        page = EnginePage(window.context.new_page(), server, engine_site[1])
        page.open()
        page.attach()
        page.asked = "own"
        yield page
        page.page.close()
    assert page.problems == []


@pytest.fixture
def shared(_opened_once: EnginePage) -> Iterator[EnginePage]:
    """An engine that other tests use, too, and a connection of the test's own: where a test counts no requests, breaks
    nothing, and makes nothing but temporary tables. Another is `plain`, which costs a start. Afterwards the engine must
    know what it knew before."""
    page = _opened_once
    known = page.query(KNOWN, on="engine").to_pylist()
    page.run("globalThis.own = await engine.connect()")
    yield page
    page.run("await own.close()")
    assert page.query(KNOWN, on="engine").to_pylist() == known, "the test left something in the shared engine"
