"""Files of Python's file system by name, Python variables, and hosts that cannot be read, in the browser."""

import base64
from ast import literal_eval

import duckdb


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


def test_a_database_file_goes_both_ways(kernel, tmp_path):
    with duckdb.connect(str(tmp_path / "theirs.duckdb")) as native:
        native.execute("CREATE TABLE t AS SELECT i, 'x' || i AS s FROM range(50000) r(i)")
    theirs = base64.b64encode((tmp_path / "theirs.duckdb").read_bytes()).decode()
    code = f"""
import base64, duckdb, os, tempfile
from pathlib import Path
os.chdir(tempfile.mkdtemp())
Path("theirs.duckdb").write_bytes(base64.b64decode("{theirs}"))
with duckdb.connect("theirs.duckdb", read_only=True) as con:
    found = con.sql("SELECT count(*), max(s) FROM t").fetchone()
with duckdb.connect("mine.duckdb") as con:
    con.execute("CREATE TABLE t AS SELECT 1 AS a; ATTACH 'theirs.duckdb' AS theirs (READ_ONLY)")
    con.execute("INSERT INTO t SELECT i FROM theirs.t WHERE i < 3; CREATE INDEX i ON t (a); DETACH theirs")
with duckdb.connect("mine.duckdb") as con:
    con.execute("DELETE FROM t WHERE a = 2; CREATE TABLE u AS FROM range(100000)")
con = duckdb.connect("other.duckdb")
con.execute("BEGIN; CREATE TABLE lost AS SELECT 1")
con.close()
made = [base64.b64encode(Path(name).read_bytes()).decode() for name in ("mine.duckdb", "other.duckdb")]
str([found, sorted(os.listdir()), *made])
"""
    found, names, mine, other = literal_eval(kernel.run(code))
    assert found == (50000, "x9999")
    assert names == ["mine.duckdb", "other.duckdb", "theirs.duckdb"]
    for name, content in (("mine", mine), ("other", other)):
        (tmp_path / f"{name}.duckdb").write_bytes(base64.b64decode(content))
    with duckdb.connect(str(tmp_path / "mine.duckdb")) as native:
        assert native.execute("FROM t ORDER BY a").fetchall() == [(0,), (1,), (1,)]
        assert native.execute("SELECT count(*) FROM u").fetchone() == (100000,)
    with duckdb.connect(str(tmp_path / "other.duckdb")) as native:
        assert native.execute("SHOW TABLES").fetchall() == []


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
