"""The API inside a notebook: tables, SQL cells, and Python functions in SQL, for which the engine's worker stands still."""

import ast
import decimal
import re

import duckdb
from playwright.sync_api import expect
from support.browsing import LOOKS, wear

TABLE = """db.sql(\"\"\"SELECT i AS number, 'text ' || i AS words, CASE WHEN i % 2 = 0 THEN i * 1.5 END AS maybe,
  repeat('long ', 40) AS long, DATE '2020-01-01' + i::INTEGER AS day FROM range(100000) t(i)\"\"\")"""


def test_a_relation_is_a_table_with_numbers_to_the_right(ran, screenshot):
    output = ran.insert_and_run(TABLE)
    expect(output.locator("caption")).to_have_text("100,000 rows × 5 columns")
    aligned = output.locator("table").evaluate(
        "table => [...table.rows].slice(0, 2).map(row => [...row.cells].map(c => getComputedStyle(c).textAlign))"
    )
    assert aligned == [["right", "left", "right", "left", "left"]] * 2
    for look in LOOKS:
        wear(ran.page, look)
        output.locator("table").scroll_into_view_if_needed()
        screenshot(ran.page, "relation", look)


def test_sql_cells_bind_variables_and_keep_results(ran):
    ran.insert_and_run(
        "rows = [{'name': 'Ada', 'born': 1815}, {'name': \"O'Neil\", 'born': 1900}]\nwho = \"O'Neil\""
    )
    output = ran.insert_and_run("%%sql found\nSELECT * FROM rows WHERE name = {who}")
    expect(output).to_have_count(0)
    output = ran.insert_and_run("found.fetchall()")
    expect(output).to_have_text(re.compile(r"""\[\("O'Neil", 1900\)\]"""))
    output = ran.insert_and_run("%sql SELECT 6 * 7 AS answer")
    assert ran.table(output) == [["42"]]


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
