# ruff: noqa (cases, each run by itself: see runner.py)
# %% relation_by_name
r = con.sql("SELECT 42 AS answer")
con.sql("SELECT answer + 1 AS next FROM r")

# %% relation_in_execute
r = con.sql("SELECT 42 AS answer")
con.execute("SELECT * FROM r").fetchall()

# %% relation_joined_with_itself
r = con.sql("SELECT i FROM range(3) t(i)")
con.sql("SELECT a.i, b.i AS j FROM r a JOIN r b ON a.i = b.i ORDER BY a.i")

# %% relation_in_with
r = con.sql("SELECT 1 AS a")
con.sql("WITH x AS (SELECT a + 1 AS b FROM r) SELECT b FROM x")

# %% relation_in_subquery
r = con.sql("SELECT 1 AS a")
con.sql("SELECT (SELECT max(a) FROM r) AS m")

# %% relation_in_insert
con.execute("CREATE TABLE t (i INTEGER)")
r = con.sql("SELECT 7 AS i")
con.execute("INSERT INTO t SELECT * FROM r")
con.execute("FROM t").fetchall()

# %% relation_in_create_table
r = con.sql("SELECT 7 AS i")
con.execute("CREATE TABLE t AS FROM r")
con.execute("FROM t").fetchall()


# %% relation_in_a_function
def answer():
    inner = con.sql("SELECT 5 AS a")
    return con.sql("SELECT a + 1 AS b FROM inner").fetchall(), inner.columns


answer()

# %% table_wins_over_variable
con.execute("CREATE TABLE r AS SELECT 'table' AS a")
r = con.sql("SELECT 'variable' AS a")
con.sql("FROM r")

# %% no_variable
con.sql("FROM no_such_variable")

# %% register_relation
r = con.sql("SELECT 42 AS a")
con.register("named", r)
con.sql("FROM named")

# %% unregister
r = con.sql("SELECT 42 AS a")
con.register("named", r)
con.unregister("named")
con.sql("FROM named")

# %% arrow_result_by_name
rows = con.sql("SELECT i, 'x' || i AS s FROM range(3) t(i)").to_arrow_table()
con.sql("SELECT sum(i) AS n, max(s) AS s FROM rows")

# %% from_arrow
rows = con.sql("SELECT i, 'x' || i AS s FROM range(3) t(i)").to_arrow_table()
con.from_arrow(rows)

# %% arrow_reader
import nanoarrow

nanoarrow.ArrayStream(con.sql("SELECT i, i / 2 AS d FROM range(3) t(i)").arrow()).read_all().to_pylist()

# %% arrow_stream_of_a_relation
import nanoarrow

nanoarrow.ArrayStream(con.sql("SELECT i, NULL::VARCHAR AS s FROM range(2) t(i)")).read_all().to_pylist()

# %% arrow_types
import nanoarrow

[
    (field.name, str(field.type))
    for field in nanoarrow.ArrayStream(
        con.sql(
            "SELECT 1 AS a, 'x' AS b, 1.5::DOUBLE AS c, [1] AS e, {'x': 1} AS f, TIMESTAMP '2020-01-01' AS g"
        )
    ).schema.fields
]
