# ruff: noqa (cases, each run by itself: see runner.py)
# %% question_marks
con.execute("SELECT ? + ? AS sum", [1, 2]).fetchall()

# %% numbered
con.execute("SELECT $2 AS b, $1 AS a, $2 AS again", ["x", "y"]).fetchall()

# %% named
con.execute("SELECT $name AS n, $other AS o", {"name": "x", "other": 1}).fetchall()

# %% named_used_twice
con.execute("SELECT $day AS a, $day AS b", {"day": "2021-05-19"}).fetchall()

# %% tuple
con.execute("SELECT ?, ?", (1, "a")).fetchall()

# %% in_filter
con.execute("SELECT i FROM range(10) t(i) WHERE i BETWEEN ? AND ?", [2, 4]).fetchall()

# %% in_limit
con.execute("SELECT i FROM range(10) t(i) LIMIT ? OFFSET ?", [2, 3]).fetchall()

# %% names_of_columns
con.execute("SELECT ?, ? + 1", [1, 2]).description

# %% question_mark_in_text
con.execute("SELECT '?' AS q, ? AS a -- ?", [1]).fetchall()

# %% types_of_scalars
con.execute(
    "SELECT typeof(?), typeof(?), typeof(?), typeof(?), typeof(?)", [True, 1, 1.5, "x", b"x"]
).fetchall()

# %% type_of_none
con.execute("SELECT ? IS NULL, typeof(?)", [None, None]).fetchall()

# %% types_of_integers
con.execute("SELECT typeof(?), typeof(?), typeof(?), typeof(?)", [1, 2**31, 2**63, 2**127]).fetchall()

# %% negative_integers
con.execute("SELECT ?, ?, ?", [-1, -(2**31), -(2**63)]).fetchall()

# %% huge_integers
con.execute("SELECT ?, ?", [2**127 - 1, -(2**127) + 1]).fetchall()

# %% floats
con.execute("SELECT ?, ?, ?, ?", [0.1, float("inf"), float("-inf"), 1e-300]).fetchall()

# %% nan
con.execute("SELECT isnan(?)", [float("nan")]).fetchall()

# %% decimals
from decimal import Decimal

con.execute(
    "SELECT typeof(?), ?, typeof(?), ?",
    [Decimal("1.50"), Decimal("1.50"), Decimal("-0.001"), Decimal("-0.001")],
).fetchall()

# %% decimal_exponent
# differs: decimals with an exponent
from decimal import Decimal

con.execute("SELECT typeof(?), ?", [Decimal("1E+3"), Decimal("1E+3")]).fetchall()

# %% text
con.execute("SELECT ?, ?, ?, length(?)", ["it's", "é 币安 🦆", "", "a\nb"]).fetchall()

# %% text_with_nul
con.execute("SELECT ?", ["a\0b"]).fetchall()

# %% blob
con.execute("SELECT ?, ?, ?", [b"\x00\xff'", bytearray(b"ab"), b""]).fetchall()

# %% uuid
from uuid import UUID

con.execute("SELECT typeof(?), ?", [UUID(int=7), UUID(int=7)]).fetchall()

# %% date
from datetime import date

con.execute("SELECT typeof(?), ?", [date(2021, 5, 19), date(2021, 5, 19)]).fetchall()

# %% timestamp
from datetime import datetime

con.execute(
    "SELECT typeof(?), ?", [datetime(2021, 5, 19, 1, 2, 3, 4), datetime(2021, 5, 19, 1, 2, 3, 4)]
).fetchall()

# %% timestamp_with_zone
from datetime import datetime, timedelta, timezone

at = datetime(2021, 5, 19, 1, 2, 3, tzinfo=timezone(timedelta(hours=5, minutes=30)))
con.execute("SELECT typeof(?), ?", [at, at]).fetchall()

# %% time
from datetime import time

con.execute("SELECT typeof(?), ?", [time(1, 2, 3, 4), time(1, 2, 3, 4)]).fetchall()

# %% time_with_zone
from datetime import time, timedelta, timezone

con.execute(
    "SELECT typeof(?), ?", [time(1, 2, tzinfo=timezone(timedelta(hours=5, minutes=30)))] * 2
).fetchall()

# %% interval
from datetime import timedelta

con.execute("SELECT typeof(?), ?", [timedelta(days=1, seconds=2, microseconds=3)] * 2).fetchall()

# %% interval_negative
from datetime import timedelta

con.execute("SELECT ?", [timedelta(seconds=-1)]).fetchall()

# %% list
con.execute("SELECT typeof(?), ?, typeof(?)", [[1, 2, None], [1, 2, None], ["a"]]).fetchall()

# %% list_empty
con.execute("SELECT ?", [[]]).fetchall()

# %% list_nested
con.execute("SELECT typeof(?), ?", [[[1], [2, 3]], [[1], [2, 3]]]).fetchall()

# %% list_in_condition
con.execute("SELECT i FROM range(5) t(i) WHERE list_contains(?, i)", [[1, 3]]).fetchall()

# %% dict
con.execute("SELECT typeof(?), ?", [{"a": 1, "b": "x"}] * 2).fetchall()

# %% dict_nested
con.execute("SELECT ?", [{"a": {"b": [{"c": None, "d": 1}]}}]).fetchall()

# %% map
con.execute("SELECT typeof(?), ?", [{"key": [1, 2], "value": ["a", "b"]}] * 2).fetchall()

# %% mixed_list
con.execute("SELECT ?", [[1, 2.5]]).fetchall()

# %% too_few
con.execute("SELECT ?, ?", [1]).fetchall()

# %% too_many
con.execute("SELECT ?", [1, 2]).fetchall()

# %% missing_name
con.execute("SELECT $a, $b", {"a": 1}).fetchall()

# %% excess_name
con.execute("SELECT $a", {"a": 1, "b": 2}).fetchall()

# %% none_given
con.execute("SELECT ?").fetchall()

# %% not_a_list
con.execute("SELECT ?", 5).fetchall()


# %% unknown_type
class Thing:
    pass


try:
    con.execute("SELECT ?", [Thing()])
except Exception as error:
    outcome = type(error).__name__
outcome

# %% type_mismatch
# differs in the browser: errors of parameters
con.execute("SELECT ? + 'a'", [1]).fetchall()

# %% conversion_error
# differs in the browser: errors of parameters
con.execute("SELECT ?::INTEGER", ["abc"]).fetchall()

# %% in_insert
con.execute("CREATE TABLE t (i INTEGER, s VARCHAR, d DATE)")
con.execute("INSERT INTO t VALUES (?, ?, ?)", [1, "x", "2020-01-01"])
con.execute("FROM t").fetchall()

# %% in_insert_named
con.execute("CREATE TABLE t (i INTEGER, s VARCHAR)")
con.execute("INSERT INTO t VALUES ($i, $s)", {"s": "x", "i": 1})
con.execute("FROM t").fetchall()

# %% in_update
con.execute("CREATE TABLE t AS SELECT * FROM range(3) r(i)")
con.execute("UPDATE t SET i = ? WHERE i = ?", [10, 1])
con.execute("FROM t ORDER BY i").fetchall()

# %% in_create_table_as
con.execute("CREATE TABLE t AS SELECT ? AS a", [42])
con.execute("FROM t").fetchall()

# %% in_last_statement
con.execute("CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (?)", [5])
con.execute("FROM t").fetchall()

# %% executemany
con.execute("CREATE TABLE t (i INTEGER, s VARCHAR)")
con.executemany("INSERT INTO t VALUES (?, ?)", [[1, "a"], [2, "b"], [3, None]])
con.execute("FROM t ORDER BY i").fetchall()

# %% executemany_named
con.execute("CREATE TABLE t (i INTEGER)")
con.executemany("INSERT INTO t VALUES ($i)", [{"i": 1}, {"i": 2}])
con.execute("SELECT sum(i) FROM t").fetchall()

# %% executemany_empty
con.executemany("SELECT ?", [])

# %% relation_with_parameters
con.sql("SELECT ? AS a, ? AS b", params=[1, "x"]).filter("a = 1")

# %% relation_with_names
con.sql("SELECT $a AS a", params={"a": 7})

# %% quote_in_identifier
con.execute('SELECT 1 AS "what?"').fetchall()
