"""The API inside a notebook: tables, SQL cells and completion."""

import re

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
