# ruff: noqa (cases, each run by itself: see runner.py)
# %% how_expressions_are_written
a, b = duckdb.ColumnExpression("a"), duckdb.ColumnExpression("b")
[
    str(part)
    for part in (
        a,
        duckdb.ColumnExpression("a b"),
        duckdb.ColumnExpression("t", "a"),
        duckdb.ConstantExpression("it's"),
        a + 1,
        1 - a,
        a * b,
        a / 2,
        a // 2,
        a % 2,
        a**2,
        -a,
        ~(a == 1),
        (a > 1) & (b < 2),
        (a >= 1) | (b != 2),
        a.isin(1, 2),
        a.isnotin(1, 2),
        a.between(1, 2),
        a.isnull(),
        a.isnotnull(),
        a.cast(int),
        a.collate("NOCASE"),
        duckdb.FunctionExpression("sum", "a"),
        duckdb.FunctionExpression("||", a, b),
        duckdb.CoalesceOperator("a", 5),
        duckdb.StarExpression(),
        duckdb.StarExpression(exclude=["a"]),
        duckdb.DefaultExpression(),
        duckdb.CaseExpression(a > 1, 5),
        duckdb.CaseExpression(a > 1, 5).when(b > 1, 6).otherwise(7),
    )
]

# %% names_of_expressions
a = duckdb.ColumnExpression("t.a")
a.get_name(), a.alias("other").get_name(), (a + 1).get_name(), str(a.alias("other"))

# %% select_expressions
rel = con.sql("SELECT * FROM (VALUES (1, 'x'), (2, NULL)) t(a, b)")
a, b = duckdb.ColumnExpression("a"), duckdb.ColumnExpression("b")
rel.select(
    (a * 10).alias("ten"),
    b,
    duckdb.CoalesceOperator(b, duckdb.ConstantExpression("none")),
    7,
    a.cast("VARCHAR"),
)

# %% select_takes_names_and_values
import datetime

con.sql("SELECT 1 AS a, 2 AS b").select("a", "b", datetime.date(2024, 3, 9), 1.5, None).fetchall()

# %% a_date_is_not_arithmetic
import datetime

con.sql("SELECT 1").select(datetime.date(2024, 3, 9)).fetchall()

# %% several_texts_are_names
con.sql("SELECT 1 AS a, 2 AS b").select("a + 1", "b")

# %% one_text_is_sql
con.sql("SELECT 1 AS a, 2 AS b").select("a + 1, b").fetchall()

# %% aggregates_are_no_projection
con.sql("SELECT 1 AS a").select(duckdb.FunctionExpression("sum", "a"))

# %% an_aggregate_in_a_text
con.sql("SELECT 1 AS a").project("count(*)")

# %% aggregates_over_windows_and_in_subqueries_are
con.sql("SELECT 1 AS a").project(
    "sum(a) OVER () AS s, (SELECT max(i) FROM range(3) t(i)) AS m, 'sum(a)' AS t"
).fetchall()

# %% project_without_anything
con.sql("SELECT 1 AS a").project() is None

# %% filter_by_an_expression
rel = con.sql("SELECT * FROM range(10) t(a)")
a = duckdb.ColumnExpression("a")
rel.filter(((a > 2) & (a < 6)) | (a == 9)).fetchall(), rel.filter(a.isin(1, 3)).fetchall()

# %% filter_by_something_else
con.sql("SELECT 1 AS a").filter(5).fetchall()

# %% filter_by_an_object
con.sql("SELECT 1 AS a").filter(object())

# %% sort_by_expressions
rel = con.sql("SELECT * FROM (VALUES (1), (NULL), (3)) t(a)")
a = duckdb.ColumnExpression("a")
[rel.sort(how).fetchall() for how in (a.desc(), a.asc().nulls_first(), a.desc().nulls_last(), "a")]

# %% sort_by_nothing
con.sql("SELECT 1 AS a").sort()

# %% aggregate_expressions
rel = con.sql("SELECT i % 2 AS odd, i FROM range(10) t(i)")
rel.aggregate([duckdb.ColumnExpression("odd"), duckdb.FunctionExpression("sum", "i").alias("total")]).order(
    "odd"
).fetchall()

# %% aggregate_something_else
con.sql("SELECT 1 AS a").aggregate(5)

# %% aggregate_an_object
con.sql("SELECT 1 AS a").aggregate([object()])

# %% lambda_expressions
numbers = con.sql("SELECT [1, 2, 3] AS a")
x = duckdb.ColumnExpression("x")
numbers.select(
    duckdb.FunctionExpression("list_transform", "a", duckdb.LambdaExpression("x", x + 3)).alias("p"),
    duckdb.FunctionExpression(
        "list_reduce", "a", duckdb.LambdaExpression(("x", "y"), x + duckdb.ColumnExpression("y"))
    ).alias("q"),
).fetchall()

# %% lambda_without_names
duckdb.LambdaExpression(42, duckdb.ColumnExpression("x"))

# %% when_of_no_case
duckdb.ColumnExpression("a").when(1, 2)

# %% isin_without_values
duckdb.ColumnExpression("a").isin()

# %% coalesce_of_nothing
duckdb.CoalesceOperator()

# %% sql_expressions
expr = duckdb.SQLExpression("a * 2")
con.sql("SELECT 21 AS a").select(expr.alias("twice"), expr + 1).fetchall()

# %% two_sql_expressions
duckdb.SQLExpression("1, 2")

# %% broken_sql_expression
duckdb.SQLExpression("")

# %% typed_constants
rel = con.sql("SELECT 1").select(
    *(
        duckdb.ConstantExpression(v).alias(f"c{i}")
        for i, v in enumerate((duckdb.BinaryValue(5), duckdb.ShortValue(5), duckdb.DecimalValue(1, 4, 2)))
    )
)
rel

# %% update_by_expressions
con.execute("CREATE TABLE t AS SELECT i, i AS j FROM range(3) s(i)")
con.table("t").update({"j": duckdb.ColumnExpression("i") * 100}, condition=duckdb.ColumnExpression("i") > 0)
con.sql("FROM t").fetchall()

# %% update_without_columns
con.execute("CREATE TABLE t (i INTEGER)")
con.table("t").update({})

# %% choices
[
    str(duckdb.ExplainType.ANALYZE),
    repr(duckdb.ExplainType.STANDARD),
    str(duckdb.StatementType.SELECT),
    [
        s.type.name
        for s in con.extract_statements(
            "SELECT 1; INSERT INTO t VALUES (1); CREATE TABLE t (i INT); FROM t; SET threads=1"
        )
    ],
]

# %% what_statements_answer
[
    [kind.name for kind in statement.expected_result_type]
    for statement in con.extract_statements(
        "SELECT 1; INSERT INTO t VALUES (1); CREATE TABLE t (i INT); BEGIN; DROP TABLE t"
    )
]

# %% dbapi_types
kinds = [d[1] for d in con.execute("SELECT 'x', 1.5, DATE '2020-01-01', '\\x00'::BLOB").description]
(
    [
        [kind == group for group in (duckdb.STRING, duckdb.NUMBER, duckdb.DATETIME, duckdb.BINARY)]
        for kind in kinds
    ],
    duckdb.ROWID,
)

# %% types_on_a_connection
[
    str(k)
    for k in (
        con.list_type("INTEGER"),
        con.struct_type({"a": int}),
        con.map_type(int, str),
        con.decimal_type(5, 2),
        con.string_type(),
        con.array_type(int, 3),
    )
]

# %% an_absent_name
duckdb.no_such_name
