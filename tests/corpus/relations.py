# ruff: noqa (cases, each run by itself: see runner.py)
"""Relations and what they derive."""

# --- columns and types
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
[r.columns, r.types, r.dtypes, r.shape, len(r), r.description]

# --- filter
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.filter("i > 4")

# --- filter twice
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.filter("i > 2").filter("g = 0")

# --- project
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.project("i + 1 AS j, s")

# --- project several
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.project("i", "s")

# --- select
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.select("g")

# --- order
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.order("i DESC").limit(2)

# --- sort
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.sort("g", "i")

# --- limit and offset
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.limit(2, offset=3)

# --- distinct
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.project("g").distinct().order("g")

# --- unique
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.unique("g").order("g")

# --- aggregate
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.aggregate("sum(i) AS s, count(*) AS n")

# --- aggregate by group
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.aggregate("g, sum(i) AS s", "g").order("g")

# --- aggregate with implied groups
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.aggregate("g, max(s) AS m").order("g")

# --- aggregate of nothing
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.filter("false").aggregate("count(*) AS n, sum(i) AS s")

# --- sum
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.sum("i")

# --- avg
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.avg("i")

# --- mean
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.mean("i")

# --- min
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.min("s")

# --- max
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.max("s")

# --- count
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.count("i")

# --- count all
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.count("*")

# --- median
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.median("i")

# --- std
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.stddev("i")

# --- var
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.variance("i")

# --- mode
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.project("1 AS i").mode("i")

# --- first
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.first("i")

# --- any_value
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.any_value("i")

# --- product
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.filter("i > 0").product("i")

# --- list
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.list("i")

# --- string_agg
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.string_agg("s", sep="-")

# --- quantile
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.quantile("i", 0.5)

# --- quantile_cont
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.quantile_cont("i", 0.5)

# --- arg_max
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.arg_max("s", "i")

# --- bit_or
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.bit_or("i")

# --- bool_and
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.project("i < 100 AS b").bool_and("b")

# --- sum by group
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.sum("i", groups="g", projected_columns="g").order("g")

# --- count by group
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.count("*", groups="g", projected_columns="g").order("g")

# --- value_counts
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.value_counts("g").order("g")

# --- row_number
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.row_number("OVER (ORDER BY i DESC)", "i").order("i")

# --- rank
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.rank("OVER (ORDER BY g)", "i").order("i")

# --- lag
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.lag("i", "OVER (ORDER BY i)", projected_columns="i").order("i")

# --- describe
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.describe()

# --- query
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.query("v", "SELECT sum(i) AS s FROM v")

# --- fetch in turns
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
[r.fetchone(), r.fetchmany(2), r.fetchall(), r.fetchall() == r.fetchall()]

# --- a column as item
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r["i"]

# --- a column that is not there
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.filter("nothing = 1")

# --- a filter that is wrong
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.filter("i >")

# --- insert into
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
con.execute("CREATE TABLE t (i BIGINT, g BIGINT, s VARCHAR)")
r.limit(1).insert_into("t")
con.table("t")

# --- to_table
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.to_table("t")
con.table("t").count("*")

# --- create
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.create("t")
con.execute("SELECT count(*) FROM t").fetchall()

# --- create_view
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.create_view("v")
con.sql("SELECT max(i) AS m FROM v")

# --- insert
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
con.execute("CREATE TABLE t (i INTEGER, s VARCHAR)")
con.table("t").insert([1, "a"])
con.table("t")

# --- a relation by its variable's name
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
con.sql("SELECT count(*) AS n FROM r")

# --- alias in a condition
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.set_alias("q").filter("q.i = 3")

# --- alias
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
r.set_alias("q").alias

# --- explain is text
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
type(r.explain()).__name__

# --- a table changes under its relation
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
con.execute("CREATE TABLE t (i INTEGER)")
t = con.table("t")
before = t.fetchall()
con.execute("INSERT INTO t VALUES (1)")
[before, t.fetchall()]

# --- parameters
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
con.sql("SELECT i FROM range(5) t(i) WHERE i > $least", params={"least": 2}).filter("i < 4")

# --- enum
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
con.sql("SELECT 'a'::ENUM('a', 'b') AS e").filter("e = 'a'")

# --- column type parts
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
t = con.sql("SELECT {'a': 1, 'b': [1.5]} AS s").types[0]
[t.id, t.children, t == "STRUCT(a INTEGER, b DECIMAL(2,1)[])", str(t)]

# --- type of a list
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
t = con.sql("SELECT [1]").types[0]
[t.id, t.child]

# --- type equality
r = con.sql("SELECT i, i % 3 AS g, 's' || i AS s FROM range(7) t(i)")
[con.sql("SELECT 1").types[0] == x for x in ("INTEGER", "integer", "int", "BIGINT")]

# --- union
a = con.sql("SELECT i, i * 10 AS x FROM range(4) t(i)").set_alias("a")
b = con.sql("SELECT i, i * 100 AS y FROM range(2, 6) t(i)").set_alias("b")
a.union(b.project("i, y")).order("i, x")

# --- except_
a = con.sql("SELECT i, i * 10 AS x FROM range(4) t(i)").set_alias("a")
b = con.sql("SELECT i, i * 100 AS y FROM range(2, 6) t(i)").set_alias("b")
a.project("i").except_(b.project("i")).order("i")

# --- except_ counts
a = con.sql("SELECT i, i * 10 AS x FROM range(4) t(i)").set_alias("a")
b = con.sql("SELECT i, i * 100 AS y FROM range(2, 6) t(i)").set_alias("b")
a.project("i % 2 AS k").except_(b.limit(1).project("0 AS k")).order("k")

# --- intersect
a = con.sql("SELECT i, i * 10 AS x FROM range(4) t(i)").set_alias("a")
b = con.sql("SELECT i, i * 100 AS y FROM range(2, 6) t(i)").set_alias("b")
a.project("i").intersect(b.project("i")).order("i")

# --- join on a condition
# differs: duplicate names
a = con.sql("SELECT i, i * 10 AS x FROM range(4) t(i)").set_alias("a")
b = con.sql("SELECT i, i * 100 AS y FROM range(2, 6) t(i)").set_alias("b")
a.join(b, "a.i = b.i").order("x")

# --- join using
a = con.sql("SELECT i, i * 10 AS x FROM range(4) t(i)").set_alias("a")
b = con.sql("SELECT i, i * 100 AS y FROM range(2, 6) t(i)").set_alias("b")
a.join(b, "i").order("x")

# --- left join
a = con.sql("SELECT i, i * 10 AS x FROM range(4) t(i)").set_alias("a")
b = con.sql("SELECT i, i * 100 AS y FROM range(2, 6) t(i)").set_alias("b")
a.join(b, "i", how="left").order("x")

# --- outer join
a = con.sql("SELECT i, i * 10 AS x FROM range(4) t(i)").set_alias("a")
b = con.sql("SELECT i, i * 100 AS y FROM range(2, 6) t(i)").set_alias("b")
a.join(b, "i", how="outer").order("i")

# --- semi join
a = con.sql("SELECT i, i * 10 AS x FROM range(4) t(i)").set_alias("a")
b = con.sql("SELECT i, i * 100 AS y FROM range(2, 6) t(i)").set_alias("b")
a.join(b, "i", how="semi").order("i")

# --- anti join
a = con.sql("SELECT i, i * 10 AS x FROM range(4) t(i)").set_alias("a")
b = con.sql("SELECT i, i * 100 AS y FROM range(2, 6) t(i)").set_alias("b")
a.join(b, "i", how="anti").order("i")

# --- join of a bad kind
a = con.sql("SELECT i, i * 10 AS x FROM range(4) t(i)").set_alias("a")
b = con.sql("SELECT i, i * 100 AS y FROM range(2, 6) t(i)").set_alias("b")
a.join(b, "i", how="sideways")

# --- cross
a = con.sql("SELECT i, i * 10 AS x FROM range(4) t(i)").set_alias("a")
b = con.sql("SELECT i, i * 100 AS y FROM range(2, 6) t(i)").set_alias("b")
a.limit(2).cross(b.limit(1))

# --- join of one alias
a = con.sql("SELECT i, i * 10 AS x FROM range(4) t(i)").set_alias("a")
b = con.sql("SELECT i, i * 100 AS y FROM range(2, 6) t(i)").set_alias("b")
a.join(a, "i")
