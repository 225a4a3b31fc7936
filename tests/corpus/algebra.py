# ruff: noqa (cases, each run by itself: see runner.py)
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

# %% value_counts
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.value_counts("b").order("b")

# %% string_agg
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.string_agg("s", ",")

# %% arg_max
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.arg_max("s", "a")

# %% arg_min
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.arg_min("s", "a")

# %% quantile
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.quantile("a", 0.5)

# %% quantile_cont
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.quantile_cont("a", 0.25)

# %% quantile_list
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.quantile_disc("a", [0.25, 0.75])

# %% first
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.order("a").first("a")

# %% last
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.order("a").last("a")

# %% row_number
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.row_number("over (order by a desc)", "a").limit(2)

# %% rank
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.rank("over (order by b)", "a, b").order("a").limit(4)

# %% dense_rank
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.dense_rank("over (order by b)", "a").order("a").limit(4)

# %% percent_rank
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.percent_rank("over (order by a)", "a").order("a").limit(3)

# %% cume_dist
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.cume_dist("over (order by a)", "a").order("a").limit(3)

# %% n_tile
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.n_tile("over (order by a)", 3, "a").order("a")

# %% lag
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.lag("a", "over (order by a)", projected_columns="a").order("a").limit(3)

# %% lead
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.lead("a", "over (order by a)", offset=2, default_value="-1", projected_columns="a").order("a")

# %% first_value
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.first_value("a", "over (order by a)", "a").order("a").limit(2)

# %% last_value
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.last_value("a", "over (order by a)", "a").order("a").limit(2)

# %% nth_value
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.nth_value("a", "over (order by a)", 2, projected_columns="a").order("a").limit(3)

# %% sum_window
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.sum("a", window_spec="over (partition by b)", projected_columns="a").order("a").limit(3)

# %% sum_groups
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.sum("a", groups="b", projected_columns="b").order("b")

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

# %% sum
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.sum("a")

# %% avg
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.avg("a")

# %% mean
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.mean("a")

# %% min
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.min("a")

# %% max
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.max("a")

# %% count
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.count("a")

# %% median
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.median("a")

# %% mode
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.order("a").mode("a")

# %% std
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.std("a")

# %% stddev
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.stddev("a")

# %% stddev_pop
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.stddev_pop("a")

# %% stddev_samp
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.stddev_samp("a")

# %% var
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.var("a")

# %% variance
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.variance("a")

# %% var_pop
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.var_pop("a")

# %% var_samp
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.var_samp("a")

# %% any_value
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.order("a").any_value("a")

# %% list
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.order("a").list("a")

# %% product
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.product("a")

# %% bit_and
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.bit_and("a")

# %% bit_or
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.bit_or("a")

# %% bit_xor
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.bit_xor("a")

# %% favg
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.favg("a")

# %% fsum
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.fsum("a")

# %% histogram
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.histogram("a")

# %% bool_and
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.project("a > 3 AS p").bool_and("p")

# %% bool_or
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.project("a > 3 AS p").bool_or("p")

# %% geomean
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.filter("a > 0").geomean("a")

# %% bitstring_agg
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.bitstring_agg("a", 0, 9)

# %% count_star
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.count("*")

# %% sum_of_text
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.sum("s")
