# ruff: noqa: F841 (queries find these variables by their names)
"""Python objects as tables, and results as other libraries' tables."""

import datetime as dt
import gc

import hypothesis.strategies as st
import nanoarrow
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings


def test_a_list_of_dicts_is_a_table(con):
    rows = [{"a": 1, "b": "x"}, {"a": None, "b": 'quoted "y", \\N\n'}, {"b": ""}]
    found = con.sql("FROM rows")
    assert [str(kind) for kind in found.types] == ["BIGINT", "VARCHAR"]
    assert found.fetchall() == [(1, "x"), (None, 'quoted "y", \\N\n'), (None, "")]


def test_a_very_long_text_of_a_variable_arrives_whole(con):
    rows = [{"a": "x" * 3_000_000}]
    assert con.sql("SELECT length(a) FROM rows").fetchall() == [(3_000_000,)]


def test_a_dict_of_lists_is_a_table(con):
    columns = {"i": [1, 2], "d": [dt.date(2020, 1, 1), None], "l": [[1, 2], []], "s": [{"k": "it's"}, None]}
    found = con.sql("FROM columns")
    assert list(map(str, found.types)) == ["BIGINT", "DATE", "BIGINT[]", "STRUCT(k VARCHAR)"]
    assert found.fetchall() == [(1, dt.date(2020, 1, 1), [1, 2], {"k": "it's"}), (2, None, [], None)]


def test_arrow_objects_are_tables(con):
    table = pa.table(
        {"i": pa.array([1, None], pa.int16()), "s": ["a", "é"], "t": [dt.datetime(2020, 1, 1), None]}
    )
    arrow = table
    found = con.sql("FROM arrow")
    assert list(map(str, found.types)) == ["SMALLINT", "VARCHAR", "TIMESTAMP"]
    assert found.fetchall() == [(1, "a", dt.datetime(2020, 1, 1)), (None, "é", None)]


def test_pandas_and_polars_frames_are_tables(con):
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    frame = pandas.DataFrame({"i": [1, 2], "s": ["a", None], "f": [0.5, float("inf")]})
    other = polars.DataFrame({"i": [2, 3]})
    assert con.sql("SELECT * FROM frame ORDER BY i").fetchall() == [(1, "a", 0.5), (2, None, float("inf"))]
    assert con.sql("SELECT frame.i FROM frame JOIN other USING (i)").fetchall() == [(2,)]


def test_a_relation_stays_in_the_engine(con, session):
    relation = con.sql("SELECT 1.5::DECIMAL(9,2) AS d, 'x'::ENUM('x', 'y') AS e, 7::HUGEINT AS h")
    before = len(session.sent)
    found = con.sql("FROM relation")
    assert found.fetchall() == relation.fetchall()
    assert list(map(str, found.types)) == ["DECIMAL(9,2)", "ENUM('x', 'y')", "HUGEINT"]
    assert any("CREATE TEMP TABLE" in sql for sql in session.sent[before:])
    assert not any("read_csv" in sql for sql in session.sent[before:])


def test_simple_arrow_columns_go_to_the_engine_as_they_are(con, session):
    simple = pa.table({"i": pa.array([1, None], pa.uint16()), "t": [dt.datetime(2020, 1, 1), None]})
    nested = pa.table({"l": [[1], None], "c": pa.array(["a", "b"]).dictionary_encode()})
    assert con.sql("FROM simple").fetchall() == [(1, dt.datetime(2020, 1, 1)), (None, None)]
    assert len(session.inserted) == 1
    assert con.sql("FROM nested").fetchall() == [([1], "a"), (None, "b")]
    assert len(session.inserted) == 1


def test_what_no_query_names_any_more_leaves_the_engine(con):
    rows = [{"x": 1}]
    first = con.sql("FROM rows")
    assert first.fetchall() == [(1,)]
    for _ in range(5):
        con.sql("FROM rows").fetchall()
    gc.collect()
    kept = con.sql("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'python_object_%'").fetchall()
    assert kept == [(1,)]
    assert first.fetchall() == [(1,)]


def test_a_parameter_is_a_files_name_only_where_a_file_is_read(con, session, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("x\n1\n")
    assert con.execute("SELECT ?", ["a.csv"]).fetchall() == [("a.csv",)]
    assert not (session._folder / "a.csv").exists()
    assert con.execute("FROM read_csv(?)", ["a.csv"]).fetchall() == [(1,)]


def test_a_table_of_the_database_comes_before_a_variable(con):
    con.execute("CREATE TABLE rows AS SELECT 'table' AS x")
    rows = [{"x": "variable"}]
    assert con.sql("FROM rows").fetchall() == [("table",)]


def test_a_variable_is_read_anew_by_each_query(con):
    rows = [{"x": 1}]
    first = con.sql("FROM rows")
    rows = [{"x": 2}]
    assert (first.fetchall(), con.sql("FROM rows").fetchall()) == ([(1,)], [(2,)])


def test_a_variable_that_is_no_table_is_explained(con, kernel):
    number = 5
    with pytest.raises(kernel.InvalidInputException, match='"number" of type "int" is not suitable') as error:
        con.sql("FROM number")
    assert "list of dicts" in str(error.value)


def test_columns_of_different_lengths_are_refused(con, kernel):
    columns = {"a": [1], "b": [1, 2]}
    with pytest.raises(kernel.InvalidInputException, match=r"different lengths \(a: 1, b: 2\)"):
        con.sql("FROM columns")


def test_register_gives_a_name_until_unregister(con, kernel):
    con.register("people", [{"name": "Ada"}])
    assert con.execute("FROM people").fetchall() == [("Ada",)]
    con.register("people", [{"name": "Bo"}])
    assert con.execute("FROM people").fetchall() == [("Bo",)]
    con.unregister("people")
    with pytest.raises(kernel.CatalogException):
        con.execute("FROM people")


QUERY = """SELECT i::INTEGER AS i, CASE WHEN i > 0 THEN i END AS n, i / 3 AS f, 's' || i AS s, DATE '2020-01-01' AS d,
    TIMESTAMP '2020-01-02 03:04:05' AS t, i = 1 AS b, sum(i) OVER () AS h, 1.5 AS x, [i] AS l FROM range(3) t(i)"""


@pytest.mark.parametrize(
    "value",
    [
        *(f"1::{kind}" for kind in ("TINYINT", "INTEGER", "BIGINT", "UBIGINT", "HUGEINT", "FLOAT", "DOUBLE")),
        *("true", "1.5", "'x'", "DATE '2020-01-01'", "TIMESTAMP '2020-01-01'", "'2020-01-01'::TIMESTAMP_NS"),
        *(
            "'2020-01-01'::TIMESTAMP_S",
            "TIME '01:02:03'",
            "INTERVAL 1 DAY",
            "'\\xAA'::BLOB",
            "{'a': 1}",
            "MAP {'a': 1}",
        ),
        *("'x'::ENUM('x', 'y')", "'550e8400-e29b-41d4-a716-446655440000'::UUID"),
    ],
)
@pytest.mark.filterwarnings("ignore:The inplace keyword")  # native DuckDB's own
def test_df_is_that_of_native_duckdb(con, native, value):
    testing = pytest.importorskip("pandas.testing")
    for query in (
        f"SELECT {value} AS a, 1 AS a",
        f"SELECT unnest([{value}, NULL]) AS a",
        f"SELECT {value} AS a WHERE false",
    ):
        testing.assert_frame_equal(con.sql(query).df(), native.sql(query).df())


def test_fetchnumpy_is_that_of_native_duckdb(con, native):
    numpy = pytest.importorskip("numpy")
    query = (
        "SELECT i::INTEGER AS i, CASE WHEN i > 0 THEN i END AS n, i / 3 AS f, i = 1 AS b FROM range(3) t(i)"
    )
    ours, theirs = con.execute(query).fetchnumpy(), native.execute(query).fetchnumpy()
    assert list(ours) == list(theirs)
    for name, column in theirs.items():
        assert ours[name].dtype == column.dtype
        assert ours[name].tolist() == column.tolist()


def test_results_are_arrow_for_any_library(con):
    polars = pytest.importorskip("polars")
    relation = con.sql(QUERY)
    assert pa.table(relation).num_rows == nanoarrow.Array(relation).to_pylist().__len__() == 3
    assert polars.DataFrame(relation)["s"].to_list() == relation.pl()["s"].to_list() == ["s0", "s1", "s2"]
    assert relation.fetch_arrow_table().column_names == relation.columns


def test_a_dropped_result_is_freed(con):
    con.execute("SELECT repeat('x', 1000) FROM range(1000)").fetchone()
    before = pa.total_allocated_bytes()
    for _ in range(20):
        con.execute("SELECT repeat('x', 1000) FROM range(1000)").fetchone()
    gc.collect()
    assert pa.total_allocated_bytes() <= before + 2_000_000


VALUES = {
    "BOOLEAN": st.booleans(),
    "BIGINT": st.integers(-(2**63), 2**63 - 1),
    "HUGEINT": st.integers(-(2**127), 2**127 - 1),
    "DOUBLE": st.floats(allow_nan=False),
    "VARCHAR": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    "BLOB": st.binary(max_size=10),
    "DATE": st.dates(),
    "TIMESTAMP": st.datetimes(),
    "TIME": st.times(),
    "UUID": st.uuids(),
    "DECIMAL(18,3)": st.decimals(-(10**14), 10**14, places=3),
    "BIGINT[]": st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=4),
    "VARCHAR[]": st.lists(
        st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
        max_size=4,
    ),
}
TABLES = st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=4).flatmap(
    lambda kinds: st.tuples(
        st.just(kinds),
        st.lists(st.tuples(*(st.none() | VALUES[kind] for kind in kinds)), min_size=1, max_size=8),
    )
)
ONCE = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@ONCE
@given(TABLES)
def test_random_tables_survive_parameters(con, table):
    kinds, rows = table
    columns = ", ".join(f"c{i} {kind}" for i, kind in enumerate(kinds))
    con.execute(f"CREATE OR REPLACE TABLE t ({columns})")
    marks = ", ".join("?" * len(kinds))
    con.executemany(f"INSERT INTO t VALUES ({marks})", rows)
    assert con.execute("FROM t").fetchall() == rows


@ONCE
@given(TABLES)
def test_random_tables_survive_arrow(con, table):
    kinds, rows = table
    columns = ", ".join(f"c{i} {kind}" for i, kind in enumerate(kinds))
    con.execute(f"CREATE OR REPLACE TABLE t ({columns})")
    con.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(kinds))})", rows)
    arrow = pa.table(con.sql("FROM t"))
    casts = ", ".join(f"c{i}::{kind}" for i, kind in enumerate(kinds))
    assert con.sql(f"SELECT {casts} FROM arrow").fetchall() == rows


@ONCE
@given(TABLES)
def test_random_tables_survive_being_python_variables(con, table):
    kinds, rows = table
    rows_by_name = [{f"c{i}": value for i, value in enumerate(row)} for row in rows]
    casts = ", ".join(f"c{i}::{kind}" for i, kind in enumerate(kinds))
    assert con.sql(f"SELECT {casts} FROM rows_by_name").fetchall() == rows


def test_variables_of_all_callers_are_found_on_request(con, kernel, monkeypatch):
    from duckdb_wasm.connection import variables

    monkeypatch.setattr(variables, "scan_all_frames", False)

    def asked_inside():
        return con.execute("SELECT count(*) FROM outside").fetchone()

    outside = [{"a": 1}, {"a": 2}]
    with pytest.raises(kernel.CatalogException, match="outside"):
        asked_inside()
    con.execute("SET python_scan_all_frames = true")
    assert asked_inside() == (len(outside),)
    con.execute("SET python_scan_all_frames TO false")
    with pytest.raises(kernel.CatalogException, match="outside"):
        asked_inside()
