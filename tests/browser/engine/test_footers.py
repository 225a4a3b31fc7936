"""A snapshot with many footers: a question brings in those that it needs, and outlines stand for the others."""

from __future__ import annotations

import base64
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from support.engine_site import describe, footer, write_descriptor, write_footers, write_object
from support.range_server import RangeServer

DAYS, MONTHS = 28, range(1, 11)
# Every type of the release. All names but two begin with the same 8 bytes, which is what DuckDB compares of a text.
ROWS = """
    SELECT (DATE '2024-01-01' + to_months(m - 1) + to_days(d - 1))::DATE AS date,
           CASE s WHEN 0 THEN 'ADAUSDT' WHEN 499 THEN '币安人生USDT'
             ELSE '1000SAME' || lpad(s::VARCHAR, 3, '0') || 'USDT' END AS symbol,
           (s + 1)::SMALLINT AS rank, s % 2 = 0 AS available, (s % 100)::TINYINT AS days, s * m AS file_size,
           CASE WHEN s % 9 = 0 THEN NULL ELSE hash(s * d + m) / 1e9 END AS volume, (s / 3)::FLOAT AS share,
           TIMESTAMP '2024-01-01 00:00:01' + to_hours(s::INTEGER) AS probed, (hash(s + d * m) >> 1)::BIGINT AS noise
    FROM range(500) a(s), range(1, 29) b(d), (SELECT unnest([{months}])::INTEGER AS m)
"""
SNAPSHOT = "2026-02-01-cccccc"


@dataclass
class Lazy:
    """A page with the snapshot attached, and native DuckDB on the same objects."""

    page: object
    server: RangeServer
    by_date: list[Path]
    by_symbol: list[Path]

    def both(self, query: str) -> tuple[list, list]:
        """What the engine answers and what native DuckDB does; {dates} and {symbols} are the objects."""

        def filled(names) -> str:
            lists = {
                key: ", ".join(f"'{names(path)}'" for path in paths)
                for key, paths in (("dates", self.by_date), ("symbols", self.by_symbol))
            }
            return query.format(**{key: f"read_parquet([{text}])" for key, text in lists.items()})

        with duckdb.connect() as db:
            expected = db.execute(filled(str)).to_arrow_table().to_pylist()
        return self.page.query(filled(lambda path: path.name)).to_pylist(), expected

    def asked(self) -> list[str]:
        """Names of the objects that were asked for since the last call."""
        names = [served.path.split("/")[-1] for served in self.server.data()]
        self.server.log.clear()
        return names


def resource(path: Path, name: str, layout: str, order: list[str]) -> dict:
    """As the pipeline describes an object."""
    file = pq.ParquetFile(path)
    fields = [{"name": field.name, "arrowType": str(field.type)} for field in file.schema_arrow]
    ends = pc.min_max(file.read([order[0]])[order[0]]).as_py()
    return {
        **describe(path, name, "rankings"),
        "layout": layout,
        "rows": file.metadata.num_rows,
        "order": order,
        "bounds": {order[0]: [str(ends["min"]), str(ends["max"])]},
        "schema": {"fields": fields},
    }


@pytest.fixture(scope="module")
def many_site(engine_site, tmp_path_factory):
    """A site of its own: the snapshot's objects by date and by symbol, and more footers than come at once."""
    root = tmp_path_factory.mktemp("footers")
    shutil.copytree(engine_site[0] / "repo", root / "repo")
    data = root / "repo/data"
    objects = data / "objects"
    by_date = [write_object(objects, ROWS.format(months=m) + "ORDER BY date, rank", 4096) for m in MONTHS]
    every = ROWS.format(months=", ".join(map(str, MONTHS)))
    by_symbol = [
        write_object(objects, f"FROM ({every}) WHERE symbol {part} ORDER BY symbol, date", 8192)
        for part in ("< '1000SAME250'", "BETWEEN '1000SAME250' AND '1001'", "> '1001'")
    ]
    resources = [resource(path, f"d{i}", "by-date", ["date", "rank"]) for i, path in enumerate(by_date)]
    resources += [
        resource(path, f"s{i}", "by-symbol", ["symbol", "date"]) for i, path in enumerate(by_symbol)
    ]
    bundle = write_footers(objects, [*by_date, *by_symbol], padding=80_000)
    write_descriptor(
        data, SNAPSHOT, [*resources, {**describe(bundle, "footers", "footers"), "layout": "all"}]
    )
    return root, by_date, by_symbol, bundle


@pytest.fixture
def server(many_site):
    with RangeServer(many_site[0]) as server:
        yield server


@pytest.fixture
def lazy(plain, server, many_site) -> Lazy:
    assert plain.attached == []
    return Lazy(plain, server, *many_site[1:3])


def test_a_date_costs_the_footer_of_its_object_only(lazy):
    got, expected = lazy.both("SELECT * FROM {dates} WHERE date = DATE '2024-05-05' ORDER BY rank LIMIT 20")
    assert got == expected
    assert len(got) == 20
    asked = lazy.asked()
    assert set(asked) == {lazy.by_date[4].name}
    assert len(asked) <= 3
    lazy.both("SELECT sum(noise % 7) AS n FROM {dates} WHERE date > '2024-05-20' AND date <= '2024-06-02'")
    assert lazy.by_date[5].name in (asked := set(lazy.asked()))
    assert asked <= {path.name for path in lazy.by_date[4:6]}


def test_a_symbol_costs_the_footers_of_the_objects_that_duckdb_cannot_tell_apart(lazy):
    for symbol, rows, objects in (
        ("0", 0, []),
        ("ADAUSDT", len(MONTHS) * DAYS, [2]),
        ("币安人生USDT", len(MONTHS) * DAYS, []),  # the same object, which is small and came whole
        ("1000SAME001USDT", len(MONTHS) * DAYS, [0, 1]),
    ):
        got, expected = lazy.both(
            f"SELECT date, rank FROM {{symbols}} WHERE symbol = '{symbol}' ORDER BY date"
        )
        assert got == expected
        assert len(got) == rows
        assert set(lazy.asked()) == {lazy.by_symbol[i].name for i in objects}


def test_what_the_footers_would_say_needs_none(lazy):
    for query in (
        "SELECT column_name, column_type FROM (DESCRIBE FROM {dates})",
        "SELECT column_name, column_type FROM (DESCRIBE FROM {symbols})",
        "SELECT count(*) AS n FROM {dates} WHERE date < '2000-01-01'",
    ):
        got, expected = lazy.both(query)
        assert got == expected
    assert lazy.asked() == []


def test_a_question_about_all_objects_takes_all_footers_in_one_request(lazy, many_site):
    queries = [
        "SELECT count(*) AS n, min(date) AS first, max(date) AS last FROM {dates}",
        # Which dates is known only while it runs.
        "SELECT count(*) AS n, sum(rank) AS r FROM {dates} WHERE date = (SELECT max(date) - 40 FROM {symbols})",
        "SELECT count(*) AS n FROM {dates} WHERE date = '2024-03-03' OR date = '2024-09-09'",
        "SELECT count(*) AS n FROM {dates} WHERE date IN (DATE '2024-03-03', DATE '2024-09-09')",
        "SELECT month(date) AS m, sum(share) AS s FROM {dates} WHERE rank < 3 GROUP BY 1 ORDER BY 1",
        "SELECT count(*) AS n FROM {dates} d JOIN {symbols} s USING (date, symbol) WHERE d.date = '2024-02-02'",
        "SELECT count(*) AS n FROM (FROM {dates} WHERE date = '2024-01-01' UNION ALL FROM {dates} WHERE rank = 1)",
    ]
    for query in queries:
        got, expected = lazy.both(query)
        assert got == expected, query
    asked = lazy.asked()
    assert asked[0] == many_site[3].name
    assert asked.count(many_site[3].name) == 1


def test_no_statement_sees_an_outline(lazy):
    """What reads footers by itself, or is planned before it is known what for, gets the real ones."""
    file = lazy.by_date[2]
    count = f"SELECT count(*) AS n FROM parquet_metadata('{file.name}')"
    lazy.page.query(
        f"SELECT rank FROM '{file.name}' WHERE date < '2000-01-01'"
    )  # DuckDB knows the outline now
    assert lazy.page.query(count).to_pylist() == [{"n": pq.ParquetFile(file).metadata.num_row_groups * 10}]
    other = lazy.by_date[3]
    lazy.page.query(f"PREPARE later AS SELECT sum(rank) AS r FROM '{other.name}' WHERE date = $1")
    with duckdb.connect() as db:
        expected = db.execute(f"SELECT sum(rank) FROM '{other}' WHERE date = '2024-04-04'").fetchone()[0]
    assert lazy.page.query("EXECUTE later(DATE '2024-04-04')").to_pylist() == [{"r": expected}]
    lazy.page.query("BEGIN")
    got, expected = lazy.both("SELECT sum(rank) AS r FROM {dates} WHERE date = '2024-07-07'")
    assert got == expected
    lazy.page.query("COMMIT")


def test_an_object_that_was_misjudged_is_read_after_all(lazy, many_site):
    """A list of objects of two layouts: only those of the first one's are looked after."""
    objects = [*lazy.by_date[:2], lazy.by_symbol[0]]
    query = "SELECT count(*) AS n FROM read_parquet([{}]) WHERE date < '2024-02-10' AND volume > 0"
    names, paths = (
        query.format(", ".join(f"'{name}'" for name in names))
        for names in ([path.name for path in objects], objects)
    )
    with duckdb.connect() as db:
        assert lazy.page.query(names).to_pylist() == db.execute(paths).to_arrow_table().to_pylist()


def test_queries_at_once_do_not_disturb_each_other(lazy):
    days = [f"2024-{month:02}-{day:02}" for month in MONTHS for day in (3, 14)]
    body = """
      const ask = async (day) => {
        const connection = await engine.connect();
        const query = `SELECT sum(noise % 1000)::BIGINT AS n FROM ${arg.dates} WHERE date = DATE '${day}'`;
        const bytes = await connection.query(query);
        return btoa(String.fromCharCode(...bytes));
      };
      const all = engine.query(`SELECT count(*) AS n FROM parquet_metadata([${arg.list}])`);
      const sums = await Promise.all(arg.days.map(ask));
      await all;
      return sums"""
    listed = ", ".join(f"'{path.name}'" for path in lazy.by_date)
    given = {"dates": f"read_parquet([{listed}])", "list": listed, "days": days}
    got = [
        pa.ipc.open_stream(base64.b64decode(text)).read_all()["n"][0].as_py()
        for text in lazy.page.run(body, given)
    ]
    paths = ", ".join(f"'{path}'" for path in lazy.by_date)
    with duckdb.connect() as db:
        for day, sum_ in zip(days, got, strict=True):
            query = f"SELECT sum(noise % 1000)::BIGINT FROM read_parquet([{paths}]) WHERE date = DATE '{day}'"
            assert sum_ == db.execute(query).fetchone()[0]


def test_a_footer_that_cannot_be_had_is_named_and_asked_for_again(lazy, server):
    def lose(answer, path, wanted):
        if path.endswith(lazy.by_date[4].name):
            answer.status, answer.body = 404, b""

    server.faults.append(lose)
    query = "SELECT sum(rank) AS r FROM {dates} WHERE date = '2024-05-05'"
    names = ", ".join(f"'{path.name}'" for path in lazy.by_date)
    error = lazy.page.query_error(query.format(dates=f"read_parquet([{names}])"))
    assert lazy.by_date[4].name in error["message"]
    assert error["status"] == 404
    server.faults.clear()
    got, expected = lazy.both(query)
    assert got == expected


def test_after_a_reload_and_without_a_server_the_question_is_answered(lazy, server):
    query = "SELECT sum(rank) AS r FROM {dates} WHERE date = '2024-05-05'"
    lazy.both(query)
    lazy.page.run("return await engine.cacheStatus()")
    lazy.page.page.reload()
    lazy.page.open()
    lazy.page.attach()
    server.log.clear()
    got, expected = lazy.both(query)
    assert got == expected
    assert lazy.asked() == []


def test_prefetch_brings_all_footers(lazy, many_site):
    assert lazy.page.run("return (await engine.prefetch()).state") == "done"
    lazy.asked()
    got, expected = lazy.both("SELECT count(*) AS n, sum(noise % 9)::BIGINT AS s FROM {dates} WHERE rank < 9")
    assert got == expected
    assert lazy.asked() == []


def test_footers_in_the_bundle_are_the_objects_own(many_site):
    """Else the tests above would prove less than they say."""
    rows = pq.read_table(many_site[3]).to_pylist()
    by_name = {row["object"]: row["footer"] for row in rows}
    for path in [*many_site[1], *many_site[2]]:
        assert by_name[path.stem] == footer(path)
