# ruff: noqa (cases, each run by itself: see runner.py)
"""Connections and their fetch methods."""

# --- fetchone, fetchmany and fetchall take turns
c = con.execute("SELECT i FROM range(10) t(i)")
[c.fetchone(), c.fetchmany(3), c.fetchmany(), c.fetchall(), c.fetchall(), c.fetchone(), c.fetchmany(2)]

# --- many batches
c = con.execute("SELECT i FROM range(10000) t(i)")
[len(c.fetchmany(3000)), c.fetchone(), len(c.fetchall())]

# --- no result yet
con.fetchall()

# --- fetchone of nothing
con.execute("SELECT 1 WHERE false").fetchone()

# --- description
con.execute("SELECT 1 AS a, 'x' AS b, DATE '2020-01-01' AS c")
con.description

# --- rowcount
con.execute("SELECT 1").rowcount

# --- a closed connection
con.close()
con.execute("SELECT 1")

# --- closing twice
con.close()
con.close()
"closed"

# --- a connection is a context manager
with duckdb.connect() as c:
    rows = c.execute("SELECT 42").fetchall()
rows

# --- transactions: rollback
con.execute("CREATE TABLE t (i INTEGER)")
con.begin()
con.execute("INSERT INTO t VALUES (1)")
con.rollback()
con.execute("SELECT count(*) FROM t").fetchall()

# --- transactions: commit
con.execute("CREATE TABLE t (i INTEGER)")
con.begin()
con.execute("INSERT INTO t VALUES (1)")
con.commit()
con.execute("SELECT count(*) FROM t").fetchall()

# --- a failed statement ends its transaction's life
con.execute("CREATE TABLE t (i INTEGER PRIMARY KEY)")
con.begin()
try:
    con.execute("INSERT INTO t VALUES (1), (1)")
except Exception as error:
    pass
con.execute("SELECT 1")

# --- a cursor sees the same tables
con.execute("CREATE TABLE t AS SELECT 1 AS x")
con.cursor().execute("FROM t").fetchall()

# --- two connections are two databases
con.execute("CREATE TABLE t AS SELECT 1 AS x")
try:
    duckdb.connect().execute("FROM t")
except duckdb.CatalogException:
    outcome = "no such table"
outcome

# --- chained
con.execute("CREATE TABLE t AS SELECT 1 AS x").execute("FROM t").fetchall()

# --- table
con.execute("CREATE TABLE t AS SELECT 1 AS x")
con.table("t")

# --- table that is not there
con.table("nothing")

# --- view
con.execute("CREATE VIEW v AS SELECT 1 AS x")
con.view("v")

# --- values
con.values([1, "a", None])

# --- values of several rows
con.values((1, 2), (3, None))

# --- from_query
con.from_query("SELECT 1 AS x")

# --- sql of a statement without rows
con.sql("CREATE TABLE t (i INTEGER)")

# --- sql of an insert
con.execute("CREATE TABLE t (i INTEGER)")
con.sql("INSERT INTO t VALUES (1)")

# --- sql of two statements
con.sql("CREATE TABLE t AS SELECT 5 AS x; FROM t")

# --- sql of show tables
con.execute("CREATE TABLE t (i INTEGER)")
con.sql("SHOW TABLES")

# --- sql that is wrong, at once
con.sql("SELECT * FROM nothing")

# --- sql with a syntax error
con.sql("SELECT FROM WHERE")

# --- module functions
(
    duckdb.sql("SELECT 42 AS x").fetchall()
    + duckdb.execute("SELECT ? AS x", [1]).fetchall()
    + duckdb.query("SELECT 2").fetchall()
)

# --- DB-API 2.0 names
[duckdb.apilevel, duckdb.paramstyle, duckdb.threadsafety, duckdb.__version__]

# --- the exceptions and what they derive from
names = "Error DataError OperationalError IntegrityError InternalError ProgrammingError NotSupportedError DatabaseError BinderException CatalogException ConnectionException ConstraintException ConversionException DependencyException FatalException HTTPException InternalException InterruptException InvalidInputException InvalidTypeException IOException NotImplementedException OutOfMemoryException OutOfRangeException ParserException PermissionException SequenceException SerializationException SyntaxException TransactionException TypeMismatchException Warning".split()
[(n, [b.__name__ for b in getattr(duckdb, n).__mro__[1:-2]]) for n in names]

# --- an old result outlives the next query
# differs: old results
r = con.sql("SELECT 1 AS x")
con.execute("SELECT 2")
[r.fetchall(), con.fetchall()]

# --- read_csv of what was written
import os, tempfile

os.chdir(tempfile.mkdtemp())
con.sql("SELECT 1 AS a, 'x,y' AS b, NULL AS c").to_csv("one.csv")
con.read_csv("one.csv")

# --- read_csv of a list
import os, tempfile

os.chdir(tempfile.mkdtemp())
open("one.csv", "w").write("a,b\n1,x\n")
open("two.csv", "w").write("a,b\n2,y\n")
con.read_csv(["one.csv", "two.csv"])

# --- read_csv of a pattern
import os, tempfile

os.chdir(tempfile.mkdtemp())
open("one.csv", "w").write("a,b\n1,x\n")
open("two.csv", "w").write("a,b\n2,y\n")
con.sql("SELECT * FROM '*.csv' ORDER BY a")

# --- a file that changed
import os, tempfile

os.chdir(tempfile.mkdtemp())
open("one.csv", "w").write("a\n1\n")
first = con.sql("FROM 'one.csv'").fetchall()
open("one.csv", "w").write("a\n1\n2\n")
[first, con.sql("FROM 'one.csv'").fetchall()]

# --- read_csv with options
import os, tempfile

os.chdir(tempfile.mkdtemp())
open("one.csv", "w").write("1;x\n2;NA\n")
con.read_csv("one.csv", sep=";", header=False, names=["i", "s"], na_values="NA")

# --- read_json
import os, tempfile

os.chdir(tempfile.mkdtemp())
open("one.json", "w").write('[{"a": 1, "b": {"c": [1, 2]}}, {"a": 2, "b": null}]')
con.read_json("one.json")

# --- read_parquet of what was written
import os, tempfile

os.chdir(tempfile.mkdtemp())
con.sql("SELECT i, 's' || i AS s FROM range(3) t(i)").to_parquet("out.parquet", compression="zstd")
con.read_parquet("out.parquet")

# --- copy to and from
import os, tempfile

os.chdir(tempfile.mkdtemp())
con.execute("COPY (SELECT 1 AS a) TO 'out.csv'")
con.execute("CREATE TABLE t (a INTEGER)")
con.execute("COPY t FROM 'out.csv'")
[os.listdir("."), open("out.csv").read(), con.execute("FROM t").fetchall()]
