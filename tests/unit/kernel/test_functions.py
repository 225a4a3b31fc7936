"""Python functions in SQL: each case natively and in the kernel's `duckdb`, which must see and give the same."""

import datetime
from decimal import Decimal

import duckdb
import pytest

#: One value of each type; a name that is not in the other engine is a difference, too.
VALUES = (
    "(-128)::TINYINT",
    "255::UTINYINT",
    "-5::SMALLINT",
    "7::INTEGER",
    "9223372036854775807",
    "170141183460469231731687303715884105727",
    "true",
    "1.1::FLOAT",
    "'nan'::DOUBLE",
    "'-inf'::DOUBLE",
    "1e300",
    "0.1::DOUBLE",
    "2.50",
    "'ü\"\\'",
    r"'a\x5C\xC3b'::BLOB",
    "DATE '2020-02-29'",
    "TIME '01:02:03.5'",
    "TIMESTAMP '2020-01-01 01:02:03.000004'",
    "TIMESTAMP_NS '2020-01-01 00:00:00.123456789'",
    "INTERVAL '1 month'",
    "INTERVAL '-1 year -3 days 4 hours 5 minutes'",
    "'6b1b2b1e-0000-4000-8000-000000000001'::UUID",
    "'a'::ENUM('a', 'b')",
    "[1, NULL]",
    "[[1.5], NULL]",
    "array_value(1, 2)",
    "{'a': 1, 'b': {'c': DATE '2020-01-01'}}",
    "MAP {'k': 2}",
    "MAP {DATE '2020-01-01': 1.5::DECIMAL(9,2)}",
)
#: What a function gives, and the type that it says it gives.
RESULTS = (
    (2.7, "BIGINT"),
    (1000, "TINYINT"),
    (-1, "UBIGINT"),
    ("x", "BIGINT"),
    ("42", "BIGINT"),
    (5, "VARCHAR"),
    (True, "BOOLEAN"),
    (float("nan"), "DOUBLE"),
    (float("-inf"), "DOUBLE"),
    (0.1, "FLOAT"),
    (1.5, "DECIMAL(9,2)"),
    (Decimal("1.25"), "DECIMAL(9,2)"),
    (2**100, "HUGEINT"),
    (b"\xf6\x00a", "BLOB"),
    (datetime.date(2020, 1, 1), "DATE"),
    ("2020-01-01", "DATE"),
    (datetime.time(1, 2, 3, 4), "TIME"),
    (datetime.datetime(2020, 1, 1, 3), "TIMESTAMP"),
    (datetime.timedelta(days=-3, seconds=5, microseconds=7), "INTERVAL"),
    ([1, None, 3], "INTEGER[]"),
    ([1, "x"], "INTEGER[]"),
    ({"a": None, "b": [1.5]}, "STRUCT(a INTEGER, b DOUBLE[])"),
    ({"b": 1, "a": datetime.date(2020, 1, 1)}, "STRUCT(a DATE, b INTEGER)"),
    ({"k": 1}, "MAP(VARCHAR, INTEGER)"),
)


def boom(x: int) -> int:
    raise ValueError("bad")


def both(con, call):
    """What `call` gives natively, and here; of an error its class and first line."""

    def outcome(connection):
        try:
            return repr(call(connection))
        except Exception as error:
            return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"

    return outcome(duckdb.connect()), outcome(con)


@pytest.mark.parametrize("value", VALUES)
def test_a_function_sees_the_values_that_native_duckdb_shows_it(con, value):
    def seen(connection):
        told = []
        connection.create_function("look", lambda *given: told.append(given) or len(given), None, "INTEGER")
        connection.execute(f"SELECT look({value}, {value})").fetchall()
        kind = connection.execute(f"SELECT typeof({value})").fetchone()[0]
        connection.create_function("typed", lambda x: told.append(x) or 1, [kind], "INTEGER")
        connection.execute(f"SELECT typed({value})").fetchall()
        return sorted(set(map(repr, told)))

    natively, here = both(con, seen)
    assert here == natively
    assert "Error" not in here


@pytest.mark.parametrize(("result", "kind"), RESULTS)
def test_a_function_gives_what_it_gives_natively(con, result, kind):
    def given(connection):
        connection.create_function("give", lambda: result, [], kind)
        relation = connection.sql("SELECT give() AS given FROM range(3)")
        return relation.types, relation.fetchall()

    natively, here = both(con, given)
    assert here == natively


@pytest.mark.parametrize(
    "call",
    [
        lambda con: con.create_function("f", lambda x: x),
        lambda con: con.create_function("f", lambda x: x, ["BIGINT", "BIGINT"], "BIGINT"),
        lambda con: con.create_function("f", boom).create_function("f", boom),
        lambda con: con.create_function("f", boom, null_handling="x"),
        lambda con: con.create_function("f", boom, exception_handling="x"),
        lambda con: con.create_function("f", boom, type="x"),
        lambda con: con.remove_function("f"),
        lambda con: con.create_function("f", boom).sql("SELECT f(3)").fetchall(),
        lambda con: con.create_function("f", boom).sql("SELECT f(NULL)").fetchall(),
        lambda con: (
            con.create_function("f", boom, exception_handling="return_null")
            .sql("SELECT f(1) FROM range(3)")
            .fetchall()
        ),
        lambda con: con.create_function("f", lambda x: None, ["INT"], "INT").sql("SELECT f(1)").fetchall(),
        lambda con: (
            con.create_function("f", lambda x: x is None, ["INT"], "BOOLEAN", null_handling="special")
            .sql("SELECT f(NULL), f(1)")
            .fetchall()
        ),
        lambda con: con.create_function("f", boom).remove_function("f").sql("SELECT f(1)"),
        lambda con: con.create_function("f f", lambda x: x, ["INT"], "INT").sql('SELECT "f f"(1)').fetchall(),
        lambda con: con.create_function("f", lambda x: x, ["INT"], "INT").sql("SELECT f(1)").columns,
        lambda con: (
            con.create_function("f", lambda x: x, ["INT"], "INT").cursor().sql("SELECT f(1)").fetchall()
        ),
        lambda con: (
            con.create_function("f", lambda x: x, ["INT"], "INT").execute("SELECT f(?)", [7]).fetchall()
        ),
        lambda con: (
            con.create_function("f", lambda x: x + 1, ["INT"], "INT")
            .sql("SELECT sum(f(i::INT)) FROM range(9000) t(i) WHERE f(i::INT) % 2 = 0")
            .fetchall()
        ),
    ],
)
def test_choices_errors_and_names_are_as_natively(con, call):
    def outcome(connection):
        given = call(connection)
        return given if isinstance(given, list) else type(given).__name__

    natively, here = both(con, outcome)
    assert here == natively


@pytest.mark.parametrize("side_effects", [False, True])
def test_it_is_called_as_often_as_natively(con, side_effects):
    def counts(connection):
        count = iter(range(100))
        connection.create_function("count_up", lambda: next(count), [], "INTEGER", side_effects=side_effects)
        return connection.sql("SELECT count_up() FROM range(4)").fetchall()

    natively, here = both(con, counts)
    assert here == natively


def test_a_time_with_a_zone_is_in_utc(con):
    told = []
    con.create_function("look", told.append, ["TIMESTAMPTZ"], "INTEGER", null_handling="special")
    con.execute("SELECT look(TIMESTAMPTZ '2020-01-01 02:00:00+02')").fetchall()
    assert told[-1] == datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


def test_what_no_text_can_carry_is_refused_when_the_function_is_made(con, kernel):
    for kind in ("BLOB[]", "STRUCT(a UNION(i INTEGER, s VARCHAR))"):
        with pytest.raises(kernel.NotImplementedException, match="within another type"):
            con.create_function("f", lambda: None, [], kind)
    with pytest.raises(kernel.NotImplementedException, match="row by row"):
        con.create_function("f", lambda x: x, ["INT"], "INT", type="arrow")
    with pytest.raises(kernel.CatalogException, match="f does not exist"):
        con.sql("SELECT f()")


def test_a_wrong_argument_names_the_function(con, kernel):
    con.create_function("f", boom)
    with pytest.raises(
        kernel.BinderException, match=r"No function matches the given name and argument types 'f\("
    ):
        con.sql("SELECT f(DATE '2020-01-01')")
