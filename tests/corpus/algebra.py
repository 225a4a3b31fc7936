# ruff: noqa (cases, each run by itself: see runner.py)
"""Methods of a relation that make another, tables and views, and what a relation shows of itself."""

# %% filter
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.filter("a > 7")

# %% filter_and_alias
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.set_alias("k").filter("k.a > 7")

# %% project
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.project("a, b + 1, upper(s) AS u")

# %% select_names
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.select("a", "s")

# %% select_unknown_name
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.select("a", "nope")

# %% aggregate
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.aggregate("b, sum(a) AS total").order("b")

# %% aggregate_groups
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.aggregate("b, count(*) AS n", "b").order("b")

# %% aggregate_list
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.aggregate("max(a), min(a)")

# %% order
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.order("b DESC, a")

# %% sort
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.sort("b", "a")

# %% limit
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.limit(3)

# %% limit_offset
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.limit(3, offset=2)

# %% distinct
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.project("b").distinct().order("b")

# %% unique
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.unique("b").order("b")

# %% union
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.limit(2).union(r.limit(1)).order("a")

# %% except
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.project("a").except_(con.sql("SELECT 0::BIGINT AS a")).order("a")

# %% intersect
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.project("a").intersect(con.sql("SELECT 3::BIGINT AS a"))

# %% join_using
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.join(con.sql("SELECT 3::BIGINT AS a, 'three' AS z"), "a")

# %% join_condition
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.set_alias("l").join(con.sql("SELECT 3 AS c").set_alias("m"), "l.a = m.c")

# %% join_left
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.set_alias("l").join(con.sql("SELECT 3 AS c").set_alias("m"), "l.a = m.c", how="left").order("a").limit(4)

# %% join_semi
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.join(con.sql("SELECT 3::BIGINT AS a"), "a", how="semi")

# %% join_anti
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.join(con.sql("FROM range(1, 10) t(a)"), "a", how="anti")

# %% join_unknown_type
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.join(r, "a", how="sideways")

# %% join_same_alias
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.set_alias("x").join(r.set_alias("x"), "a")

# %% cross
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.limit(2).set_alias("l").cross(con.sql("SELECT 1 AS z").set_alias("m"))

# %% columns
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.columns, r.types, r.dtypes, r.description

# %% shape
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.shape, len(r)

# %% contains
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
"a" in r, "nope" in r

# %% getitem
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r["a"].limit(2)

# %% getattr
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.s.limit(2)

# %% getitem_unknown
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r["nope"]

# %% getattr_unknown
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.nope

# %% set_alias
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.set_alias("k").alias

# %% describe
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.describe().order("aggr")

# %% select_types
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.select_types(["BIGINT"]).columns

# %% select_dtypes_none
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.select_types(["DATE"])

# %% query
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.query("v", "SELECT sum(a) AS s FROM v")

# %% fetchone
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.order("a").fetchone(), r.order("a").fetchmany(2)

# %% fetch_in_steps
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
o = r.order("a")
o.fetchone(), o.fetchmany(3), len(o.fetchall())

# %% fetchall_twice
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
o = r.order("a").limit(2)
o.fetchall(), o.fetchall()

# %% chain
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.filter("a > 2").project("a, b").aggregate("b, sum(a) AS s").order("b").limit(2)

# %% apply
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.apply("sum", "a,b")

# %% filter_error
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.filter("nope > 1")

# %% filter_syntax_error
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.filter("a >")

# %% project_error
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.project("a, nope")

# %% order_error
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.order("nope")

# %% aggregate_error
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.aggregate("sum(s)")

# %% conversion_error
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
try:
    r.filter("s > 5").fetchall()
except duckdb.Error as error:
    outcome = type(error).__name__, str(error).splitlines()[0]
outcome

# %% to_table
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.to_table("made")
con.table("made").aggregate("count(*) AS n")

# %% create_view
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.create_view("seen").limit(1), con.sql("SELECT count(*) AS n FROM seen")

# %% insert_into
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.execute("CREATE TABLE t (a BIGINT, b BIGINT, s VARCHAR)")
r.insert_into("t")
con.sql("SELECT count(*) AS n FROM t")

# %% insert_into_missing
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.insert_into("no_such_table")

# %% table_insert
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.to_table("t")
con.table("t").insert([100, 1, "y"])
con.table("t").filter("a = 100")

# %% query_insert
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.insert([1, 2, "x"])

# %% table_missing
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.table("no_such_table")

# %% table_in_schema
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.execute("CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS a")
con.table("s.t")

# %% view_missing
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.view("no_such_view")

# %% table_function
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.table_function("range", [3])

# %% values
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.values([1, "a", None])

# %% values_rows
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.values((1, 2))

# %% from_query
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.from_query("SELECT 1 AS a")

# %% describe_then_filter
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.sql("DESCRIBE SELECT 1 AS a").project("column_name, column_type")

# %% summarize_then_filter
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.sql("SUMMARIZE FROM range(3) t(i)").project("column_name, min, max")

# %% show_tables
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.execute("CREATE TABLE t (i INTEGER)")
con.sql("SHOW TABLES")

# %% sql_create_gives_none
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.sql("CREATE TABLE t (i INTEGER)")

# %% sql_insert_gives_none
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.execute("CREATE TABLE t (i INTEGER)")
con.sql("INSERT INTO t VALUES (1)")

# %% sql_insert_returning
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.execute("CREATE TABLE t (i INTEGER)")
con.sql("INSERT INTO t VALUES (1) RETURNING i")

# %% sql_several_statements
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.sql("CREATE TABLE t AS SELECT 1 AS a; FROM t")

# %% sql_empty
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.sql("")

# %% sql_error
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.sql("SELECT nope")

# %% sql_alias
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.sql("SELECT 1 AS a", alias="q").filter("q.a = 1")

# %% reads_the_present_state
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.execute("CREATE TABLE t (i INTEGER)")
t = con.sql("SELECT count(*) AS n FROM t")
con.execute("INSERT INTO t VALUES (1)")
t

# %% explain_type
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
isinstance(r.explain(), str)

# %% box
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
str(con.sql("SELECT 1 AS a, 'x' AS b, 1.5 AS c, true AS d, NULL AS e, DATE '2020-01-01' AS f"))

# %% box_of_nested
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
str(con.sql("SELECT [1, 2] AS l, {'a': 1} AS s, INTERVAL 1 DAY AS i, TIMESTAMP '2020-01-01' AS t"))

# %% unnamed_struct_field
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.sql("SELECT {'a': 1} AS s").project("s.a")

# %% execute
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.execute().fetchone() is not None

# %% equal_relations_by_name
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.sql("FROM r ORDER BY a LIMIT 1")

# %% duplicate_names
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
con.sql("SELECT 1 AS a, 2 AS a").fetchall()
