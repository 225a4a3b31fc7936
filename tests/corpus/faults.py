# ruff: noqa (cases, each run by itself: see runner.py)
# %% a_listing_can_be_read_twice
con.execute("CREATE TABLE t (i INTEGER)")
listing = con.sql("SHOW TABLES")
listing.fetchall(), listing.fetchall(), len(con.sql("DESCRIBE t").fetchall())

# %% what_a_call_gave_is_a_relation
called = con.sql("CALL repeat('a', 3)")
called.fetchone(), called.fetchall(), called.fetchall(), called.filter("true").limit(2).fetchall()

# %% rows_of_an_insert
con.execute("CREATE TABLE t (i INTEGER)")
rel = con.sql("INSERT INTO t VALUES (1), (2) RETURNING i")
rel.select("i").order("i").fetchall(), con.sql("FROM t").fetchall()

# %% an_insert_is_run_once_however_often_it_is_looked_at
con.execute("CREATE TABLE t (i INTEGER)")
rel = con.sql("INSERT INTO t VALUES (1) RETURNING i")
looked = (
    rel.fetchall(),
    len(rel),
    rel.fetchall(),
    str(rel) != "",
    rel.execute().fetchall(),
    rel.filter("i > 0").fetchall(),
)
looked, con.sql("FROM t").fetchall()

# %% aggregates_without_a_window_take_columns_third
con.sql("SELECT * FROM (VALUES (1, 'a'), (2, 'a'), (3, 'b')) t(x, g)").first("x", "g", "g").order(
    "g"
).fetchall()

# %% a_field_of_the_same_name_as_its_struct
rel = con.sql("SELECT {'a': 5, 'b': 6} AS a")
rel.a.a.fetchall(), rel["a"]["b"].fetchall()

# %% a_misspelt_keyword_of_read_csv
try:
    con.read_csv("x.csv", headr=True)
    outcome = None
except duckdb.InvalidInputException as error:
    outcome = str(error).splitlines()[0]
outcome

# %% two_keywords_that_say_the_same
con.read_csv("x.csv", sep=",", delimiter=",")

# %% a_closed_result_answers_no_more
rel = con.sql("SELECT 42")
rel.execute()
rel.close()
try:
    rel.fetchone()
    outcome = None
except duckdb.InvalidInputException as error:
    outcome = "result closed" in str(error)
outcome

# %% a_cursor_ends_with_its_connection
other = duckdb.connect()
cursor = other.cursor()
other.close()
try:
    cursor.execute("SELECT 1")
    outcome = None
except duckdb.ConnectionException as error:
    outcome = type(error).__name__
outcome

# %% two_unnamed_databases_are_two
one, two = duckdb.connect(":memory:"), duckdb.connect(":memory:")
one.execute("CREATE TABLE t AS SELECT 1 AS a")
two.execute("SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database()").fetchall()

# %% a_named_database_is_one
one, two = duckdb.connect(":memory:corpus"), duckdb.connect(":memory:corpus")
one.execute("CREATE TABLE t AS SELECT 1 AS a")
rows = two.execute("FROM t").fetchall()
two.close(), one.close()
rows

# %% no_database_in_memory_is_read_only
duckdb.connect(":memory:", read_only=True)

# %% text_parameters_against_dates
con.execute("SELECT DATE '2024-02-01' BETWEEN ? AND ?", ["2024-01-01", "2024-12-31"]).fetchall()

# %% a_text_parameter_against_a_timestamp
con.execute("SELECT TIMESTAMP '2024-02-01' > $since", {"since": "2024-01-01"}).fetchall()

# %% text_parameters_of_a_relation
con.sql("SELECT DATE '2024-02-01' BETWEEN ? AND ? AS b", params=["2024-01-01", "2024-12-31"]).fetchall()

# %% parameter_names_know_no_capitals
con.execute("SELECT $Name AS n", {"name": 5}).fetchall()

# %% columns_whose_names_need_quotes
rel = con.sql('SELECT 10 AS "my column", 1 AS "select"')
rel.sum("my column").fetchall(), rel.max("select").fetchall(), rel.sum('"my column"').fetchall()

# %% sql_in_a_name_stays_a_name
rel = con.sql("SELECT 1 AS v")
try:
    rel.sum("v) FROM range(3); DROP TABLE t; --")
    outcome = None
except duckdb.Error as error:
    outcome = type(error).__name__
outcome

# %% default_arguments_of_aggregates
rel = con.sql("SELECT range AS v FROM range(1, 6)")
rel.quantile_cont("v").fetchall(), rel.quantile("v").fetchall(), rel.string_agg("v").fetchall()

# %% bounds_of_bitstrings
con.sql("SELECT 1 AS v").bitstring_agg("v", 1)

# %% kinds_of_relations
con.execute("CREATE TABLE t (i INTEGER)")
con.table("t").type, con.sql("CALL repeat('a', 1)").type

# %% types_out_of_hints
from typing import Optional

[
    str(duckdb.list_type(kind))
    for kind in (str | None, int | bool, {"a": str, "b": int}, list[dict[str, int | None]], Optional[float])
]

# %% structs_without_names
str(duckdb.struct_type(["BIGINT", "BOOLEAN"])), str(duckdb.union_type(["BIGINT", "BOOLEAN"]))

# %% a_struct_of_nothing
duckdb.sqltypes.DuckDBPyType({})

# %% tuples_as_structs
con.execute("SELECT $1", [duckdb.Value(("a", 21), {"a": str, "b": int})]).fetchall()

# %% a_tuple_of_another_length
con.execute("SELECT $1", [duckdb.Value(("a", 21), {"a": str})]).fetchall()

# %% tables_of_a_view
con.execute("CREATE TABLE t (i INTEGER); CREATE VIEW v AS SELECT * FROM t")
con.get_table_names("SELECT * FROM v"), con.get_table_names('SELECT * FROM "My Schema".t', qualified=True)

# %% nonsense_is_no_statement
con.extract_statements("seledct 42")

# %% tables_of_nonsense
try:
    con.get_table_names("syntax error")
    outcome = None
except duckdb.ParserException as error:
    outcome = str(error)[:40]
outcome

# %% a_relation_of_another_connection
try:
    duckdb.connect().register("v", con.sql("SELECT 1"))
    outcome = None
except duckdb.InvalidInputException as error:
    outcome = "created by another Connection" in str(error)
outcome

# %% a_statement_over_a_relation
con.sql("SELECT 42 AS a").query("r", "CREATE TABLE t AS SELECT * FROM r")
con.execute("FROM t").fetchall()

# %% joins_by_lists_of_names
one, two = (
    con.sql("SELECT 1 AS i, 2 AS a").set_alias("one"),
    con.sql("SELECT 1 AS i, 3 AS b").set_alias("two"),
)
(
    one.join(two, ["i"]).fetchall(),
    one.join(two, duckdb.ColumnExpression("a") < duckdb.ColumnExpression("b")).select("a", "b").fetchall(),
)

# %% several_files_that_are_open
import io

files = [io.StringIO("a,b\n1,2\n"), io.StringIO("a,b\n3,4\n")]
con.read_csv(files).order("a").fetchall()

# %% keywords_of_read_csv
import io

text = "x\nx\na;b;c\n1,5;01/02/2024;y\n"
con.read_csv(
    io.StringIO(text), skiprows=2, sep=";", decimal=",", date_format="%d/%m/%Y", dtype={"c": str}
).fetchall()

# %% settings_that_pass
con.execute("SET threads = 1")
duckdb.connect(config={"threads": 1}).execute("SELECT 1").fetchall()

# %% a_description_of_texts_alone
con.sql("SELECT range::VARCHAR AS a FROM range(10)").describe().fetchall()

# %% a_description_becomes_a_table
con.sql("SELECT range AS a FROM range(3)").describe().to_table("described")
con.sql("FROM described").fetchall()

# %% fields_that_differ_in_capitals
con.execute("SELECT ?", [{"Key": "first", "key": "second"}]).fetchall()
