"""Files of Python's file system by name, Python variables, and hosts that cannot be read, in the browser."""


def test_what_is_copied_appears_and_can_be_read_by_every_reader(kernel):
    code = """
import duckdb, os, tempfile
os.chdir(tempfile.mkdtemp())
con = duckdb.connect()
rows = [{"i": i, "s": f"it's {i}"} for i in range(3)]
for kind in ("parquet", "csv", "json"):
    con.execute(f"COPY (FROM rows) TO 'out.{kind}'")
found = [con.sql(f"FROM 'out.{kind}'").fetchall() == [(r["i"], r["s"]) for r in rows] for kind in ("parquet", "csv", "json")]
str([found, sorted(os.listdir()), con.read_csv("out.csv").columns])
"""
    assert kernel.run(code) == "[[True, True, True], ['out.csv', 'out.json', 'out.parquet'], ['i', 's']]"


def test_a_host_that_cannot_be_read_is_named(kernel):
    code = """
import duckdb
try:
    duckdb.sql("FROM 'http://localhost:9/x.parquet'")
    outcome = "no error"
except duckdb.HTTPException as error:
    outcome = str(error)
outcome
"""
    error = kernel.run(code)
    assert "http://localhost:9/x.parquet could not be read" in error
    assert "localhost:9 does not allow" in error
    assert "upload it into the file browser" in error


def test_an_interrupted_query_raises_and_the_connection_lives_on(kernel):
    code = """
import asyncio, duckdb
con = duckdb.connect()
asyncio.get_running_loop().call_later(0.3, con.interrupt)
try:
    con.execute("SELECT count(*) FROM range(100000000000)")
    outcome = "no error"
except duckdb.InterruptException as error:
    outcome = str(error)
str([outcome, con.execute("SELECT 1").fetchall()])
"""
    assert kernel.run(code) == "['INTERRUPT Error: Interrupted!', [(1,)]]"


def test_a_million_rows_do_not_stay_in_memory(kernel):
    code = """
import duckdb
from pyodide_js import _module
con = duckdb.connect()
con.execute("CREATE TABLE t AS SELECT i, i * 0.5 AS f, 's' || i AS s FROM range(1000000) t(i)")
for _ in range(4):
    con.execute("FROM t").fetchone()
before = _module.HEAPU8.length
for _ in range(20):
    con.execute("FROM t").fetchone()
_module.HEAPU8.length - before
"""
    assert kernel.run(code) == 0
