"""What a query gives, against native DuckDB on the same objects."""

import base64
from datetime import date

import duckdb
import pyarrow as pa
import pytest
from support.range_server import RangeServer

QUERIES = {
    "aggregate": "SELECT count(*), sum(trade_count), min(date), max(quote_volume_usdt) FROM '{file}'",
    "one date": "SELECT * FROM '{file}' WHERE date = DATE '2026-05-05' ORDER BY rank LIMIT 20",
    "one symbol, not ASCII": "SELECT date, rank FROM '{file}' WHERE symbol = '币安人生USDT' ORDER BY date",
    "zero rows": "SELECT * FROM '{file}' WHERE false",
    "types": "SELECT INTERVAL 1 DAY AS i, 1::HUGEINT AS h, [1, NULL] AS l, {{'a': 1, 'b': 'x'}} AS s, 1.50 AS d, "
    "TIMESTAMP '2020-01-01 01:02:03' AS ts, TIME '01:02' AS t, 'x'::BLOB AS b, NULL AS n, 18446744073709551615 AS u",
    "many rows": "SELECT symbol, trade_count FROM '{file}' ORDER BY date, rank",
    "script": "CREATE TEMP TABLE made AS SELECT rank FROM '{file}' LIMIT 5; DROP TABLE made; SELECT ';' AS semicolon -- ;",
    "data definition": "CREATE TEMP TABLE another (a INTEGER)",
    "insert": "CREATE TEMP TABLE filled (a INTEGER); INSERT INTO filled VALUES (1), (2)",
    "json": """SELECT json_extract('{{"a": [1, 2]}}', '$.a[1]')::INTEGER AS a""",
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_rows_and_types_are_those_of_native_duckdb(shared, query):
    path = shared.files["rankings"]
    with duckdb.connect() as native:
        expected = native.execute(query.format(file=path)).to_arrow_table()
    got = shared.query(query.format(file=path.name))
    assert got.schema.names == expected.schema.names
    assert [str(t) for t in got.schema.types] == [str(t) for t in expected.schema.types]
    assert got.to_pylist() == expected.to_pylist()


#: What people ask of the current time, and of times with a zone.
ZONED = [
    "now()::DATE = current_date",
    "CAST(now() AS DATE) - 30 < today()",
    "DATE '2024-01-01' < now() - INTERVAL 30 DAY",
    "DATE '2024-01-01' < CURRENT_TIMESTAMP -- now\n - interval '30 days'",
    "date_trunc('month', now())::DATE = date_trunc('month', current_date)",
    "strftime(now(), '%Y') > '2020'",
    "extract(year FROM now()) = year(current_date)",
    "date_diff('day', now(), get_current_timestamp())",
    "current_time::VARCHAR LIKE '__:%'",
    "localtimestamp > TIMESTAMP '2024-01-01'",
    "TIMESTAMPTZ '2024-01-01 12:00:00+02' + INTERVAL 1 DAY = TIMESTAMP '2024-01-02 10:00:00'",
    "date_part('hour', '2024-01-01 12:00:00+02'::TIMESTAMPTZ)",
    "strftime(TIMESTAMP WITH TIME ZONE '2024-01-01 12:00:00+00', '%H now() %d')",
    "(to_timestamp(86400 * 1.5) AT TIME ZONE 'UTC')::VARCHAR",
    "last_day(to_timestamp((1 + 2) * 86400))",
    "epoch(now()) > 1700000000",
    "'now()' || dayname(TIMESTAMPTZ '2024-01-01 00:00:00+00')",
]


@pytest.mark.parametrize("expression", ZONED)
def test_times_with_a_zone_are_those_of_native_duckdb_in_utc(shared, expression):
    with duckdb.connect() as native:
        try:
            native.execute("LOAD icu")
        except duckdb.Error:
            pytest.skip("native DuckDB has no icu here")
        native.execute("SET TimeZone = 'UTC'")
        expected = native.execute(f"SELECT {expression}").fetchone()
    assert tuple(shared.query(f"SELECT {expression} AS x").to_pylist()[0].values()) == expected


def test_what_fails_in_utc_too_says_why_it_failed_first(shared):
    for sql in ("SELECT now() AT TIME ZONE 'Asia/Tokyo'", "SELECT now() - INTERVAL 1 DAY + nope"):
        message = shared.query_error(sql)["message"]
        assert "now()::TIMESTAMP" not in message, message
    assert "icu" in shared.query_error("SELECT now() AT TIME ZONE 'Asia/Tokyo'")["message"]
    got = shared.query("SELECT $day::DATE < now() - INTERVAL 1 DAY AS x", {"day": "2024-01-01"})
    assert got.to_pylist() == [{"x": True}]


PARAMETERS = {
    "positional": ("SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e", [1, 1.5, "it's ?", None, True]),
    "numbered": ("SELECT $2 AS b, $1 AS a", [1, "x"]),
    "named": ("SELECT $low + 1 AS a, $name AS b", {"low": 41, "name": "币"}),
    "in a limit": ("SELECT rank FROM '{file}' ORDER BY date, rank LIMIT ?", [3]),
    "big integer": ("SELECT ? AS a, typeof(?) AS b", [2**53 - 1, 2**53 - 1]),
    "last of a script": ("CREATE TEMP TABLE t (a INTEGER); INSERT INTO t SELECT ? + ?", [1, 2]),
}


@pytest.mark.parametrize(("query", "params"), PARAMETERS.values(), ids=PARAMETERS)
def test_parameters_mean_what_they_mean_natively(shared, query, params):
    path = shared.files["rankings"]
    with duckdb.connect() as native:
        expected = native.execute(query.format(file=path), params).to_arrow_table()
    got = shared.query(query.format(file=path.name), params)
    assert [str(t) for t in got.schema.types] == [str(t) for t in expected.schema.types]
    assert got.to_pylist() == expected.to_pylist()


def test_parameters_reach_statements_that_prepare_does_not_take(shared):
    shared.query(
        "CREATE TEMP TABLE made AS SELECT ? AS a, '?' AS b, $$?$$ AS c -- ?\n, ? AS \"?\"", [1, "it's"]
    )
    assert shared.query("FROM made").to_pylist() == [{"a": 1, "b": "?", "c": "?", "?": "it's"}]


def test_a_typed_parameter_is_cast(shared):
    params = [
        {"type": "DATE", "value": "2026-01-31"},
        {"type": "DECIMAL(10, 3)", "value": "1.2"},
        {"type": "DOUBLE", "value": 1},
    ]
    got = shared.query("SELECT typeof(?), typeof(?), typeof(?)", params)
    assert list(got.to_pylist()[0].values()) == ["DATE", "DECIMAL(10,3)", "DOUBLE"]


def test_a_parameter_type_is_not_a_way_into_the_sql(shared):
    error = shared.query_error("SELECT ?", [{"type": "INTEGER); DROP TABLE x; --", "value": 1}])
    assert "is not a type name" in error["message"]


ERRORS = [
    "SELECT foo FROM '{file}'",
    "selec 1",
    "SELECT * FROM nope",
    "SELECT error('boom')",
    "SELECT 'x'::INTEGER",
]


@pytest.mark.parametrize("query", ERRORS)
def test_an_error_is_duckdbs_own_text(shared, query):
    path = shared.files["rankings"]
    with duckdb.connect() as native, pytest.raises(duckdb.Error) as expected:
        native.execute(query.format(file=path)).fetchall()
    error = shared.query_error(query.format(file=path.name))
    assert error["name"] == "DuckDBError"
    # The caret's column moves with the file's name, the suggestions with what else is in the catalogue.
    assert error["message"].splitlines()[0] == str(expected.value).splitlines()[0]


def test_an_error_in_a_statement_with_parameters_points_to_its_line(shared):
    assert "LINE 2: foo(?)" in shared.query_error("SELECT 1,\nfoo(?)", ["x"])["message"]


DAY = {"type": "DATE", "value": "2026-05-05"}
DESCRIBED = """
  const bytes = await engine.query(arg.sql, arg.params, {describe: "ENUM\\\\(|UUID"});
  const end = bytes.length - 4;
  const start = end - new DataView(bytes.buffer).getUint32(end, true);
  const columns = JSON.parse(new TextDecoder().decode(bytes.subarray(start, end)));
  return [btoa(String.fromCharCode(...bytes.subarray(0, start))), columns]"""


def described(page, sql: str, params: object = None) -> tuple[pa.Table | None, list | None]:
    """A query's rows, None where it was not run, and its columns."""
    encoded, columns = page.run(DESCRIBED, {"sql": sql, "params": params})
    stream = base64.b64decode(encoded)
    return pa.ipc.open_stream(stream).read_all() if stream else None, columns


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        ("SELECT 1 AS one, 'x' AS text, DATE '2020-01-01' AS day, 1::HUGEINT AS h", None),
        ("SELECT $b - $a AS d, $a::VARCHAR || 'x' AS text", {"a": 1, "b": DAY}),
        ("SELECT count(*) AS n, max(rank) AS r FROM '{file}' WHERE rank < ? AND date = ?", [9, DAY]),
        ("FROM (VALUES (1, 'a')) t(x, y) WHERE y = ? LIMIT ?", ["a", 3]),
        ("SELECT 5 -? AS six", [-1]),
    ],
)  # fmt: skip
def test_a_query_tells_its_columns_with_its_rows(shared, sql, params):
    path = shared.files["rankings"]
    given = params and {
        name: _value(param)
        for name, param in (params.items() if isinstance(params, dict) else enumerate(params))
    }
    with duckdb.connect() as native:
        native.execute(sql.format(file=path), list(given.values()) if isinstance(params, list) else given)
        columns = [[name, str(kind)] for name, kind, *_ in native.description]
        rows = native.fetchall()
    table, found = described(shared, sql.format(file=path.name), params)
    assert found == columns
    assert [tuple(row.values()) for row in table.to_pylist()] == rows
    assert table.schema.names == [name for name, _ in columns]


def _value(param):
    return date.fromisoformat(param["value"]) if isinstance(param, dict) else param


def test_a_column_is_named_after_its_parameter_as_without_its_columns(shared):
    for params in ([7], ["it's"], [None], [{"type": "INT", "value": "7"}]):
        table, _ = described(shared, "SELECT ?", params)
        assert table.schema.names == shared.query("SELECT ?", params).schema.names == ["$1"]


def test_a_query_is_not_run_where_a_columns_type_is_waited_for(plain):
    plain.run("await engine.query('CREATE SEQUENCE counted')")
    table, columns = described(plain, "SELECT nextval('counted') AS n, 'a'::ENUM ('a') AS e")
    assert (table, columns) == (None, [["n", "BIGINT"], ["e", "ENUM('a')"]])
    table, columns = described(plain, "SELECT nextval('counted') AS n")
    assert (table.to_pylist(), columns) == ([{"n": 1}], [["n", "BIGINT"]])


#: DuckDB takes no parameter there, and a value written there would be a constant, which orders nothing.
ORDERED = ("FROM (VALUES (1), (0)) t(x) ORDER BY ?", [{"type": "INTEGER", "value": "1"}])


def test_columns_that_cannot_be_told_leave_rows_and_errors_as_they_are(shared):
    table, columns = described(shared, "SHOW TABLES")
    assert (table.num_rows, columns) == (0, None)
    for sql, params in (
        ("SELECT nope", None),
        ("SELECT nope + ?", [1]),
        ("SELECT ?::INTEGER", ["x"]),
        ORDERED,
    ):
        plainly = shared.query_error(sql, params)
        error = shared.error(DESCRIBED, {"sql": sql, "params": params})
        assert error["name"] == plainly["name"] == "DuckDBError"
        assert (
            error["message"].split("\n\nLINE 1: EXECUTE")[0]
            == plainly["message"].split("\n\nLINE 1: EXECUTE")[0]
        )


def test_a_script_without_statements_gives_no_bytes(shared):
    assert shared.run("return (await engine.query(' -- nothing\\n ; ')).length") == 0


def test_an_extension_that_is_not_here_is_named(shared):
    for query in ("LOAD icu", "SELECT now() AT TIME ZONE 'Asia/Tokyo'"):
        assert 'extension "icu" is not part of this site' in shared.query_error(query)["message"]


def test_files_go_in_and_out(plain):
    plain.run("await engine.registerFile('in.csv', new TextEncoder().encode('a,b\\n1,x\\n2,y\\n'))")
    plain.query("COPY (SELECT a + 1 AS c, b FROM 'in.csv') TO 'out.csv'")
    assert plain.run("return new TextDecoder().decode(await engine.readFile('out.csv'))") == "c,b\n2,x\n3,y\n"
    plain.run("await engine.dropFile('in.csv')")
    assert "There is no file" in plain.error("await engine.readFile('in.csv')")["message"]
    assert "No files found" in plain.query_error("FROM 'in.csv'")["message"]


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_a_file_written_again_is_read_anew(plain, suffix):
    for rows in (2000, 3, 1000):
        plain.query(f"/* a */ -- b\nCOPY (SELECT range AS a FROM range({rows})) TO 'out.{suffix}'")
        got = plain.query(
            f"SELECT count(*) AS n, max(a) AS most, sum(a)::BIGINT AS total FROM 'out.{suffix}'"
        )
        assert got.to_pylist() == [{"n": rows, "most": rows - 1, "total": sum(range(rows))}]


def test_an_object_cannot_be_overwritten(shared):
    file = shared.file()
    for body in (
        "await engine.query(`COPY (SELECT 1) TO '${arg}'`)",
        "await engine.registerFile(arg, new Uint8Array(3))",
        "await engine.dropFile(arg)",
    ):
        assert "is part of a snapshot" in shared.error(body, file)["message"]
    assert shared.query(f"SELECT count(*) AS n FROM '{file}'").to_pylist() == [{"n": 280000}]


LONG = "SELECT max(hash(a.i * b.i)) FROM range(1000000) a(i), range(1000000) b(i)"


@pytest.mark.parametrize(
    "query", [LONG, LONG.replace("max(hash(a.i * b.i))", "a.i * b.i")], ids=["aggregate", "stream"]
)
def test_a_running_query_stops_and_the_next_one_works(shared, query):
    body = """
      const abort = new AbortController();
      const onProgress = () => abort.abort();
      await engine.query(arg, null, {signal: abort.signal, onProgress})"""
    error = shared.error(body, query)
    assert (error["name"], error["message"]) == ("AbortError", "INTERRUPT Error: Interrupted!")
    assert shared.query("SELECT 42 AS answer").to_pylist() == [{"answer": 42}]


def test_a_query_is_answered_while_another_connection_works(shared):
    body = """
      const [slow, quick] = [await engine.connect(), await engine.connect()];
      const abort = new AbortController();
      const never = slow.query(arg, null, {signal: abort.signal}).catch((error) => error.name);
      const bytes = await quick.query('SELECT 1');
      abort.abort();
      await slow.close(); await quick.close();
      return [bytes.length > 0, await never]"""
    assert shared.run(body, LONG) == [True, "AbortError"]


def test_progress_tells_time_requests_and_bytes(plain):
    body = """
      const seen = [];
      await engine.query(arg, null, {onProgress: (p) => seen.push(p)});
      return seen"""
    file = plain.files["rankings"].name
    query = f"SELECT count(DISTINCT a.trade_count + b.rank) FROM '{file}' a, (FROM '{file}' LIMIT 20) b"
    seen = plain.run(body, query)
    assert seen, "no progress was reported"
    assert [p["elapsed"] for p in seen] == sorted(p["elapsed"] for p in seen)
    assert seen[-1]["requests"] > 0
    assert seen[-1]["bytes"] > 0


def exposing(*names: str):
    """A host that other origins may read, and that shows them these headers."""

    def fault(answer, _path, _range) -> None:
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Expose-Headers"] = ", ".join(names)

    return fault


@pytest.mark.parametrize("names", [(), ("Content-Range", "Accept-Ranges")], ids=["hidden", "exposed"])
def test_a_file_of_another_host_is_read_by_ranges(plain, tmp_path, names):
    select = "SELECT i, hash(i)::VARCHAR AS h, i % 7 AS n FROM range(1000000) t(i)"
    duckdb.sql(f"COPY ({select}) TO '{tmp_path}/far.parquet' (ROW_GROUP_SIZE 20480)")
    size = (tmp_path / "far.parquet").stat().st_size
    with RangeServer(tmp_path, faults=[exposing(*names)]) as host:
        sql = f"SELECT i, h FROM '{host.url}far.parquet' WHERE i = 424242"
        (row,) = duckdb.sql(f"SELECT i, h FROM ({select}) WHERE i = 424242").fetchall()
        assert [tuple(found.values()) for found in plain.query(sql).to_pylist()] == [row]
        assert sum(served.bytes for served in host.data()) < size / 4


def test_the_engine_runs_nested_in_a_worker(make_page, engine_site):
    page = make_page()
    (engine_site[0] / "repo/nested.js").write_text(
        "const {open} = await import('./static/engine-test/engine.js');"
        "const engine = await open(); const {resources} = await engine.attach();"
        "const bytes = await engine.query(`SELECT count(*) FROM '${resources[0].file}'`);"
        "postMessage(bytes.length)"
    )
    body = """
      const worker = new Worker('nested.js', {type: 'module'});
      return await new Promise((done) => { worker.onmessage = ({data}) => done(data) })"""
    assert page.run(body) > 0


def test_running_out_of_memory_is_readable_and_the_next_query_works(plain):
    plain.query("CREATE TABLE before AS SELECT 1 AS a; SET memory_limit = '150MB'")
    for query in (
        "CREATE TABLE big AS SELECT hash(i) AS a, hash(i + 1) AS b FROM range(50000000) t(i)",
        "SELECT count(*) FROM (SELECT DISTINCT hash(i)::VARCHAR FROM range(20000000) t(i))",
    ):
        message = plain.query_error(query)["message"]
        assert message.startswith("Out of Memory Error:")
        assert "LIMIT the result" in message
        assert "temp_directory" not in message
        assert plain.query("FROM before").to_pylist() == [{"a": 1}]


@pytest.mark.parametrize("letters", [10_000, 1_000_000], ids=["in all", "in one batch"])
def test_a_result_too_large_to_hand_over_is_refused_and_the_next_query_works(plain, letters):
    rows = 2_000_000_000 // letters
    message = plain.query_error(f"SELECT repeat('x', {letters}) AS x FROM range({rows})")["message"]
    assert "the result is larger than 1024 MB" in message
    assert plain.query("SELECT 42 AS answer").to_pylist() == [{"answer": 42}]
