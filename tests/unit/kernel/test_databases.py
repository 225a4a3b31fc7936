"""Database files of the drive: made, opened again, written back, and those that native DuckDB made."""

import shutil
import tempfile
from pathlib import Path

import duckdb as native
import pytest


@pytest.fixture
def drive(tmp_path, monkeypatch, kernel, session):
    from duckdb_wasm import bridge

    monkeypatch.setattr(bridge, "session", session)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows(path, sql):
    """What native DuckDB finds in a copy of the file."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(path, Path(folder) / "copy.duckdb")
        with native.connect(str(copy), read_only=True) as con:
            return con.execute(sql).fetchall()


def test_a_database_is_made_kept_and_opened_again(kernel, drive):
    with kernel.connect("mine.duckdb") as con:
        assert con.execute("SELECT current_database()").fetchone() == ("mine",)
        con.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b VARCHAR)")
        con.executemany("INSERT INTO t VALUES (?, ?)", [(1, "one"), (2, "two")])
    assert rows(drive / "mine.duckdb", "FROM t") == [(1, "one"), (2, "two")]
    with kernel.connect(drive / "mine.duckdb") as con:
        con.execute("UPDATE mine.t SET b = 'zwei' WHERE a = 2")
    with kernel.connect("mine.duckdb", read_only=True) as con:
        assert con.sql("SELECT b FROM t ORDER BY a").fetchall() == [("one",), ("zwei",)]
        with pytest.raises(kernel.InvalidInputException, match="read-only"):
            con.execute("DELETE FROM t")
    assert [path.name for path in drive.glob("mine*")] == ["mine.duckdb"]


def test_a_database_of_native_duckdb_is_read(kernel, drive):
    with native.connect("theirs.duckdb") as con:
        con.execute("CREATE TABLE t AS SELECT i, 'x' || i AS s FROM range(10000) r(i)")
    before = (drive / "theirs.duckdb").read_bytes()
    with kernel.connect("theirs.duckdb", read_only=True) as con:
        assert con.sql("SELECT count(*), max(s) FROM t").fetchone() == (10000, "x9999")
    assert (drive / "theirs.duckdb").read_bytes() == before


def test_connections_to_one_file_share_its_database(kernel, drive):
    one, other = kernel.connect("a.duckdb"), kernel.connect("a.duckdb")
    one.execute("CREATE TABLE t AS SELECT 1 AS a")
    assert other.execute("FROM t").fetchall() == [(1,)]
    assert other.cursor().execute("FROM a.t").fetchall() == [(1,)]
    with pytest.raises(kernel.ConnectionException, match="different configuration"):
        kernel.connect("a.duckdb", read_only=True)
    with pytest.raises(kernel.ConnectionException, match="different configuration"):
        kernel.connect("a.duckdb", config={"null_order": "NULLS FIRST"})
    with pytest.raises(
        kernel.InvalidInputException, match=r"either a str or a pathlib\.Path, not <class 'int'>"
    ):
        kernel.connect(5)
    one.close()
    assert other.execute("FROM t").fetchall() == [(1,)]
    other.close()
    assert rows(drive / "a.duckdb", "FROM t") == [(1,)]
    kernel.connect("a.duckdb", read_only=True).close()


def test_a_connection_that_nobody_has_any_more_is_closed(kernel, drive):
    kernel.connect("a.duckdb").execute("CREATE TABLE t AS SELECT 1 AS a")
    with kernel.connect("a.duckdb", read_only=True) as con:
        assert con.execute("FROM t").fetchall() == [(1,)]
    kernel.connect("a.duckdb").execute("INSERT INTO t VALUES (2)")
    with kernel.connect("b.duckdb") as con:
        assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)
    assert rows("a.duckdb", "FROM t") == [(1,), (2,)]


def test_files_of_one_name_in_two_folders_are_two_databases(kernel, drive):
    (drive / "in").mkdir()
    with kernel.connect("a.duckdb") as one, kernel.connect("in/a.duckdb") as other:
        one.execute("CREATE TABLE t AS SELECT 1 AS a")
        other.execute("CREATE TABLE t AS SELECT 2 AS a")
    assert (rows("a.duckdb", "FROM t"), rows("in/a.duckdb", "FROM t")) == ([(1,)], [(2,)])


def test_python_tables_are_read_beside_a_database_file_and_leave_nothing_in_it(kernel, drive):
    import pyarrow as pa

    kernel.connect("a.duckdb").close()
    with kernel.connect("a.duckdb", read_only=True) as con:
        mine = pa.table({"a": [1, 2]})
        assert con.sql("SELECT sum(a) FROM mine").fetchone() == (3,)
        del mine
    with kernel.connect("a.duckdb") as con:
        more = pa.table({"a": [1, 2]})
        con.execute("CREATE TABLE kept AS FROM more")
        del more
    assert rows("a.duckdb", "SELECT table_name FROM duckdb_tables()") == [("kept",)]


def test_attach_and_detach(kernel, drive, con):
    con.execute("ATTACH 'other.duckdb'; CREATE TABLE other.t AS SELECT 42 AS a; DETACH other")
    assert rows("other.duckdb", "FROM t") == [(42,)]
    con.execute("-- to read\nATTACH IF NOT EXISTS 'other.duckdb' AS \"o t\" (READ_ONLY)")
    assert con.execute('FROM "o t".t').fetchall() == [(42,)]
    with pytest.raises(kernel.InvalidInputException, match="read-only"):
        con.execute('INSERT INTO "o t".t VALUES (1)')
    con.execute('DETACH DATABASE "o t"')


def test_what_changed_is_written_when_the_cell_ends(kernel, drive, session, monkeypatch):
    import types

    import IPython

    ended = []
    events = types.SimpleNamespace(register=lambda name, call: ended.append((name, call)))
    monkeypatch.setattr(IPython, "get_ipython", lambda: types.SimpleNamespace(events=events))
    con = kernel.connect("a.duckdb")
    con.execute("CREATE TABLE t AS SELECT 1 AS a")
    ((name, cell_ended),) = ended
    assert name == "post_run_cell"
    cell_ended()
    assert rows("a.duckdb", "FROM t") == [(1,)]
    # A question about a Python variable changes nothing in it.
    mine = [{"a": 1}]
    assert con.sql("SELECT count(*) FROM mine, t").fetchone() == (len(mine),)
    assert not any(database.changed for database in session.databases.values())
    con.table("t").insert([7])
    cell_ended()
    assert rows("a.duckdb", "FROM t") == [(1,), (7,)]
    con.execute("DELETE FROM t WHERE a = 7; BEGIN; INSERT INTO t VALUES (2)")
    cell_ended()
    assert con.execute("SELECT count(*) FROM t").fetchone() == (2,)
    con.execute("ROLLBACK")
    con.close()
    assert rows("a.duckdb", "FROM t") == [(1,)]


def test_what_cannot_be_written_back_is_kept_and_tried_again(kernel, drive, session, monkeypatch):
    from duckdb_wasm.files import databases

    query = session.query

    async def refuse(handle, sql, params=None):
        if sql.startswith("CHECKPOINT"):
            raise kernel.TransactionException("TransactionContext Error: Cannot CHECKPOINT")
        return await query(handle, sql, params)

    monkeypatch.setattr(session, "query", refuse)
    with kernel.connect("a.duckdb") as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS a")
    assert [database.changed for database in session.databases.values()] == [True]
    monkeypatch.setattr(session, "query", query)
    session.call(databases.write_back(session), "")
    assert rows("a.duckdb", "FROM t") == [(1,)]


def test_what_is_no_database_says_so(kernel, drive, monkeypatch):
    (drive / "junk.duckdb").write_bytes(b"not a database")
    with pytest.raises(kernel.IOException, match="not a valid DuckDB database file"):
        kernel.connect("junk.duckdb")
    assert (drive / "junk.duckdb").read_bytes() == b"not a database"
    monkeypatch.setattr("duckdb_wasm.files.databases.LARGEST", 10)
    with pytest.raises(kernel.IOException, match=r"has 0 MB; a database file is held in memory.*Parquet"):
        kernel.connect("junk.duckdb")
    with pytest.raises(kernel.IOException, match="does not exist"):
        kernel.connect("none.duckdb", read_only=True)
    with pytest.raises(kernel.IOException, match="No such file or directory"):
        kernel.connect("nowhere/a.duckdb")
    with pytest.raises(kernel.IOException, match="Is a directory"):
        kernel.connect(drive)


def test_an_empty_database_is_what_native_duckdb_makes(tmp_path, kernel):
    from duckdb_wasm.files.databases import EMPTY

    native.connect(str(tmp_path / "e.duckdb")).close()
    assert (tmp_path / "e.duckdb").read_bytes() == EMPTY
