# ruff: noqa (cases, each run by itself: see runner.py)
# %% module_globals
duckdb.apilevel, duckdb.paramstyle, duckdb.threadsafety, duckdb.__version__

# %% exception_hierarchy
[
    [base.__name__ for base in cls.__mro__]
    for name, cls in sorted(vars(duckdb).items())
    if isinstance(cls, type) and issubclass(cls, Exception)
]

# %% exceptions_by_name
sorted(name for name, cls in vars(duckdb).items() if isinstance(cls, type) and issubclass(cls, Exception))

# %% execute_gives_the_connection
con.execute("SELECT 1") is con

# %% fetchone
con.execute("SELECT * FROM range(2)")
con.fetchone(), con.fetchone(), con.fetchone()

# %% fetchmany
con.execute("SELECT * FROM range(5)")
con.fetchmany(2), con.fetchmany(), con.fetchmany(10), con.fetchmany(1)

# %% fetchall_of_the_rest
con.execute("SELECT * FROM range(3)")
con.fetchone(), con.fetchall(), con.fetchall()

# %% description
con.execute("SELECT 1 AS a, 'x' AS b, [1.5] AS c").description

# %% description_without_result
con.description

# %% rowcount
con.execute("SELECT 1").rowcount

# %% fetch_without_result
con.fetchall()

# %% fetch_after_an_error
con.execute("SELECT 1")
try:
    con.execute("SELECT nope")
except duckdb.Error:
    pass
con.fetchall()

# %% begin_commit
con.begin()
con.execute("CREATE TABLE t (i INTEGER)")
con.commit()
con.execute("SELECT count(*) FROM t").fetchall()

# %% begin_rollback
con.execute("CREATE TABLE t (i INTEGER)")
con.begin()
con.execute("INSERT INTO t VALUES (1)")
con.rollback()
con.execute("SELECT count(*) FROM t").fetchall()

# %% transaction_after_an_error
con.begin()
try:
    con.execute("SELECT 'a'::INTEGER")
except duckdb.Error:
    pass
con.execute("SELECT 1")

# %% commit_without_begin
con.commit()

# %% cursor_sees_the_same_tables
con.execute("CREATE TABLE t AS SELECT 42 AS a")
con.cursor().execute("FROM t").fetchall()

# %% cursor_has_its_own_result
con.execute("SELECT 1")
other = con.cursor()
other.execute("SELECT 2")
con.fetchall(), other.fetchall()

# %% cursor_has_its_own_temporary_tables
# differs in the browser: hints
con.execute("CREATE TEMP TABLE t AS SELECT 1 AS a")
con.cursor().execute("FROM t").fetchall()

# %% two_databases
# differs in the browser: hints
con.execute("CREATE TABLE only_here (i INTEGER)")
duckdb.connect().execute("FROM only_here").fetchall()

# %% context_manager
with duckdb.connect() as inner:
    rows = inner.execute("SELECT 1").fetchall()
rows

# %% execute_after_close
other = duckdb.connect()
other.close()
other.execute("SELECT 1")

# %% close_twice
other = duckdb.connect()
other.close()
other.close()

# %% extract_statements
len(con.extract_statements("SELECT 1; SELECT ';'; "))

# %% execute_a_statement
(statement,) = con.extract_statements("SELECT 42 AS a")
con.execute(statement).fetchall()

# %% get_table_names
con.execute("CREATE TABLE t (i INTEGER)")
con.get_table_names("SELECT * FROM t, u JOIN v ON true")

# %% execute_something_else
try:
    con.execute(42)
    outcome = None
except Exception as error:
    outcome = type(error).__name__
outcome

# %% default_connection
duckdb.execute("CREATE OR REPLACE TABLE in_default AS SELECT 1 AS a")
rows = duckdb.sql("FROM in_default").fetchall()
duckdb.execute("DROP TABLE in_default")
rows

# %% module_functions_take_a_connection
con.execute("CREATE TABLE t AS SELECT 1 AS a")
duckdb.sql("FROM t", connection=con).fetchall(), duckdb.table("t", connection=con).fetchall()

# %% types
[
    str(kind)
    for kind in (
        duckdb.list_type("INTEGER"),
        duckdb.map_type("VARCHAR", "DATE"),
        duckdb.struct_type({"a": "INTEGER", "b c": "VARCHAR"}),
        duckdb.decimal_type(10, 2),
        duckdb.array_type("INTEGER", 3),
        duckdb.union_type({"a": "INTEGER", "b": "VARCHAR"}),
    )
]

# %% types_from_python
[
    str(duckdb.sqltypes.DuckDBPyType(kind))
    for kind in (int, str, float, bool, bytes, list[int], dict[str, int])
]

# %% types_by_name
[
    str(duckdb.dtype(name))
    for name in (
        "int",
        "text",
        "DECIMAL(5, 2)",
        "integer[]",
        "struct(a int)",
        "timestamptz",
        "map(int, varchar)",
    )
]

# %% type_ids
kinds = con.sql(
    "SELECT 1 AS a, 'x' AS b, [1] AS c, {'a': 1} AS d, map {1: 2} AS e, 1.5 AS f, TIMESTAMPTZ '2020-01-01 00:00:00+00' AS g"
).types
[kind.id for kind in kinds]

# %% type_children
kinds = con.sql(
    "SELECT [1] AS c, {'a': 1, 'b': 'x'} AS d, map {1: 'x'} AS e, 1.5 AS f, [1, 2]::INTEGER[2] AS g"
).types
[[(name, str(part)) for name, part in kind.children] for kind in kinds]

# %% types_compare_with_text
kind = con.sql("SELECT 1 AS a").types[0]
kind == "INTEGER", kind == "integer", kind == "VARCHAR", kind == duckdb.dtype("int")

# %% table_of_ten_thousand
len(con.execute("SELECT i, i::VARCHAR FROM range(10000) t(i)").fetchall())

# %% unicode_names
con.execute('CREATE TABLE "币安" AS SELECT 1 AS "é"')
con.execute('SELECT "é" FROM "币安"').fetchall()

# %% query_progress
con.query_progress()

# %% interrupt_without_query
con.interrupt()
con.execute("SELECT 1").fetchall()
