"""Python functions in SQL, in a notebook: the engine's worker stands still until Python has computed a vector of rows."""

import ast
import decimal

import duckdb

#: Run in the notebook and natively; `rows` is what both must give.
CODE = '''
import datetime, decimal
con = duckdb.connect()
def weekday(day: datetime.date, words: list[str]) -> str:
    return None if day is None else words[day.weekday()]
con.create_function("weekday", weekday, ["DATE", "VARCHAR[]"], "VARCHAR", null_handling="special")
con.create_function("spread", lambda x: {"low": x - 1, "high": x + decimal.Decimal("0.5")}, ["DECIMAL(9,2)"],
                    "STRUCT(low DECIMAL(9,2), high DECIMAL(9,2))")
con.create_function("double", lambda x: 2 * x, ["BIGINT"], "BIGINT")
def fails(x: int) -> int:
    raise KeyError(f"no {x}")
con.create_function("fails", fails)
rows = con.sql("""
    SELECT weekday(DATE '2024-01-01' + i::INT, ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Sü']) AS day, count(*) AS days
    FROM range(5000) t(i) GROUP BY ALL ORDER BY day""").fetchall()
rows += con.sql("SELECT weekday(NULL, []), spread(i + 0.25), double(NULL) FROM range(3) t(i)").fetchall()
rows += con.sql("SELECT sum(double(i)) FROM range(100_000) t(i) WHERE double(i) % 3 = 0").fetchall()
try:
    con.sql("SELECT fails(7)").fetchall()
except duckdb.InvalidInputException as error:
    rows.append(str(error).partition(chr(10))[0])
rows += con.cursor().execute("SELECT double(?)", [21]).fetchall()
con.remove_function("double")
try:
    con.sql("SELECT double(1)").fetchall()
except duckdb.CatalogException as error:
    rows.append(str(error).partition(chr(10))[0])
'''
#: Only in the browser: there is one engine, and it waits.
ASKS = """
con.create_function("asks", lambda x: con.sql("SELECT 5").fetchone()[0], ["BIGINT"], "BIGINT")
try:
    con.sql("SELECT asks(1)").fetchall()
except duckdb.InvalidInputException as error:
    print(error)
print(con.sql("SELECT 6").fetchone())
con.close()"""


def test_a_python_function_gives_in_sql_what_it_gives_natively(ran):
    here = {"duckdb": duckdb, "Decimal": decimal.Decimal}
    exec(CODE, here)
    told = ran.insert_and_run(f"import duckdb\n{CODE}\nprint(rows)").inner_text()
    assert eval(told, here) == here["rows"]
    assert len(here["rows"]) > 10


def test_a_function_that_queries_is_refused_and_the_connection_lives_on(ran):
    told = ran.insert_and_run(f"import duckdb\ncon = duckdb.connect()\n{ASKS}").inner_text()
    assert "cannot query the database in the browser" in told
    assert ast.literal_eval(told.splitlines()[-1]) == (6,)
