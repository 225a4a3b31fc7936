# ruff: noqa (cases, each run by itself: see runner.py)
"""Parameters: what Python's values become in DuckDB, and how they come back."""

# --- None
import datetime as dt, decimal, uuid

v = None
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- True
import datetime as dt, decimal, uuid

v = True
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- False
import datetime as dt, decimal, uuid

v = False
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- 0
import datetime as dt, decimal, uuid

v = 0
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- -1
import datetime as dt, decimal, uuid

v = -1
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- 2**31
import datetime as dt, decimal, uuid

v = 2**31
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- -2**31
import datetime as dt, decimal, uuid

v = -(2**31)
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- 2**63
import datetime as dt, decimal, uuid

v = 2**63
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- -2**63
import datetime as dt, decimal, uuid

v = -(2**63)
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- 2**64
import datetime as dt, decimal, uuid

v = 2**64
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- -2**64
import datetime as dt, decimal, uuid

v = -(2**64)
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- 2**127
import datetime as dt, decimal, uuid

v = 2**127
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- 2**128 - 1
import datetime as dt, decimal, uuid

v = 2**128 - 1
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- 1.5
import datetime as dt, decimal, uuid

v = 1.5
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- -0.0
import datetime as dt, decimal, uuid

v = -0.0
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- 1e300
import datetime as dt, decimal, uuid

v = 1e300
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- float('nan')
import datetime as dt, decimal, uuid

v = float("nan")
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- float('inf')
import datetime as dt, decimal, uuid

v = float("inf")
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- -float('inf')
import datetime as dt, decimal, uuid

v = -float("inf")
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- 'x'
import datetime as dt, decimal, uuid

v = "x"
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- ''
import datetime as dt, decimal, uuid

v = ""
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- 'it\'s "quoted" \\ é 🦆'
import datetime as dt, decimal, uuid

v = 'it\'s "quoted" \\ é 🦆'
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- 'a\x00b'
import datetime as dt, decimal, uuid

v = "a\x00b"
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- b'a\x00\xff'
import datetime as dt, decimal, uuid

v = b"a\x00\xff"
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- b''
import datetime as dt, decimal, uuid

v = b""
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- bytearray(b'x')
import datetime as dt, decimal, uuid

v = bytearray(b"x")
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- memoryview(b'y')
import datetime as dt, decimal, uuid

v = memoryview(b"y")
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- decimal.Decimal('1.50')
import datetime as dt, decimal, uuid

v = decimal.Decimal("1.50")
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- decimal.Decimal('-0.001')
import datetime as dt, decimal, uuid

v = decimal.Decimal("-0.001")
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- decimal.Decimal('12345678901234567890123456789012345678')
import datetime as dt, decimal, uuid

v = decimal.Decimal("12345678901234567890123456789012345678")
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- decimal.Decimal('1e40')
import datetime as dt, decimal, uuid

v = decimal.Decimal("1e40")
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- decimal.Decimal('NaN')
import datetime as dt, decimal, uuid

v = decimal.Decimal("NaN")
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- dt.date(2020, 2, 29)
import datetime as dt, decimal, uuid

v = dt.date(2020, 2, 29)
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- dt.date.max
import datetime as dt, decimal, uuid

v = dt.date.max
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- dt.date.min
import datetime as dt, decimal, uuid

v = dt.date.min
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- dt.time(1, 2, 3, 4)
import datetime as dt, decimal, uuid

v = dt.time(1, 2, 3, 4)
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- dt.time(1, 2, tzinfo=dt.timezone.utc)
import datetime as dt, decimal, uuid

v = dt.time(1, 2, tzinfo=dt.timezone.utc)
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- dt.time(1, 2, tzinfo=dt.timezone(dt.timedelta(hours=-5, minutes=-30)))
# differs: negative offsets
import datetime as dt, decimal, uuid

v = dt.time(1, 2, tzinfo=dt.timezone(dt.timedelta(hours=-5, minutes=-30)))
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- dt.datetime(2020, 1, 2, 3, 4, 5, 6)
import datetime as dt, decimal, uuid

v = dt.datetime(2020, 1, 2, 3, 4, 5, 6)
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- dt.datetime.max
import datetime as dt, decimal, uuid

v = dt.datetime.max
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- dt.datetime(1, 1, 1)
import datetime as dt, decimal, uuid

v = dt.datetime(1, 1, 1)
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- dt.timedelta(days=400, seconds=5, microseconds=7)
import datetime as dt, decimal, uuid

v = dt.timedelta(days=400, seconds=5, microseconds=7)
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- dt.timedelta(seconds=-1)
import datetime as dt, decimal, uuid

v = dt.timedelta(seconds=-1)
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- uuid.UUID(int=5)
import datetime as dt, decimal, uuid

v = uuid.UUID(int=5)
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- [1, 2]
import datetime as dt, decimal, uuid

v = [1, 2]
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- []
import datetime as dt, decimal, uuid

v = []
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- [None, 1]
import datetime as dt, decimal, uuid

v = [None, 1]
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- [1, 2.5]
import datetime as dt, decimal, uuid

v = [1, 2.5]
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- [1, 'a']
import datetime as dt, decimal, uuid

v = [1, "a"]
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- (1, 2)
import datetime as dt, decimal, uuid

v = (1, 2)
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- ['a', None]
import datetime as dt, decimal, uuid

v = ["a", None]
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- [[1], [2, 3]]
import datetime as dt, decimal, uuid

v = [[1], [2, 3]]
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- [dt.date(2020, 1, 1)]
import datetime as dt, decimal, uuid

v = [dt.date(2020, 1, 1)]
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- {'a': 1, 'b': 'x'}
import datetime as dt, decimal, uuid

v = {"a": 1, "b": "x"}
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- {'a': {'b': [1, 2]}}
import datetime as dt, decimal, uuid

v = {"a": {"b": [1, 2]}}
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- {}
import datetime as dt, decimal, uuid

v = {}
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- {'key': [1, 2], 'value': ['a', 'b']}
import datetime as dt, decimal, uuid

v = {"key": [1, 2], "value": ["a", "b"]}
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- [{'a': 1}, {'a': 2.5}]
import datetime as dt, decimal, uuid

v = [{"a": 1}, {"a": 2.5}]
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- duckdb.Value(5, 'TINYINT')
import datetime as dt, decimal, uuid

v = duckdb.Value(5, "TINYINT")
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- duckdb.Value('2020-01-01', 'DATE')
import datetime as dt, decimal, uuid

v = duckdb.Value("2020-01-01", "DATE")
con.execute("SELECT ? AS v, typeof(?) AS t, ?::VARCHAR AS s", [v, v, v]).fetchall()

# --- names and types of the columns
answer = (
    con.execute("SELECT ?, $2 + 1, 1 AS x", [1, 2])
    if False
    else con.execute("SELECT $1, $2, 1 AS x", [1, "a"])
)
[(d[0], d[1]) for d in answer.description]

# --- named
con.execute("SELECT $a AS a, $b AS b, $a + 1 AS c", {"a": 1, "b": "x"}).fetchall()

# --- numbered out of order
con.execute("SELECT $2, $1", ["a", "b"]).fetchall()

# --- one twice
con.execute("SELECT $1, $1", [3]).fetchall()

# --- in a where
con.execute("SELECT i FROM range(10) t(i) WHERE i > ? AND i < ?", [3, 6]).fetchall()

# --- in an insert
con.execute("CREATE TABLE t (i INTEGER, s VARCHAR)")
con.execute("INSERT INTO t VALUES (?, ?)", [1, "x"])
con.execute("FROM t").fetchall()

# --- executemany
con.execute("CREATE TABLE t (i INTEGER, s VARCHAR)")
con.executemany("INSERT INTO t VALUES (?, ?)", [[1, "x"], [2, None]])
con.execute("FROM t").fetchall()

# --- executemany named
con.execute("CREATE TABLE t (i INTEGER)")
con.executemany("INSERT INTO t VALUES ($i)", [{"i": 1}, {"i": 2}])
con.execute("FROM t").fetchall()

# --- tuple
con.execute("SELECT ? + ?", (1, 2)).fetchall()

# --- of a relation
con.sql("SELECT $x AS x", params={"x": 5}).fetchall()

# --- of the last statement
con.execute("CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (?) RETURNING i", [4]).fetchall()

# --- not in strings and comments
con.execute("SELECT '?' AS a, ? AS b -- ?", [1]).fetchall()

# --- a cast
con.execute(
    "SELECT ?::DATE AS d, $2::INTEGER AS i", ["2020-01-01", "5"]
).fetchall() if False else con.execute(
    "SELECT $1::DATE AS d, $2::INTEGER AS i", ["2020-01-01", "5"]
).fetchall()

# --- in a list
con.execute("SELECT 2 IN ? AS x", [[1, 2]]).fetchall()

# --- an injection stays text
con.execute("SELECT ? AS x", ["'; DROP TABLE t; --"]).fetchall()

# --- too few
con.execute("SELECT ?, ?", [1])

# --- too many
con.execute("SELECT ?", [1, 2])

# --- none
con.execute("SELECT ?")

# --- name missing
con.execute("SELECT $a", {"b": 1})

# --- name in excess
con.execute("SELECT $a", {"a": 1, "b": 2})

# --- a number
con.execute("SELECT ?", 5)

# --- a text
con.execute("SELECT ?", "abc")

# --- list for names
con.execute("SELECT $a", [1])

# --- dict for positions
con.execute("SELECT ?", {"a": 1})

# --- mixed
con.execute("SELECT ?, $a", {"a": 1})

# --- without use
con.execute("SELECT 1", [1])

# --- integer beyond 128 bits
con.execute("SELECT ?", [2**128])

# --- negative integer beyond 128 bits
con.execute("SELECT ?", [-(2**127) - 1])

# --- a set
con.execute("SELECT ?", [{1, 2}])

# --- an object
con.execute("SELECT ?", [1j])

# --- executemany with nothing
con.execute("CREATE TABLE t (i INTEGER)")
con.executemany("INSERT INTO t VALUES (?)", [])

# --- decimal.Decimal('1E+3')
# differs: decimals with an exponent
import decimal

con.execute("SELECT ? AS v", [decimal.Decimal("1E+3")]).fetchall()
