"""Which statements DuckDB is asked to plan: TypeScript, run on the host."""

import pytest
from support.labextension import run_typescript

#: What `explain` makes of a statement, and the statements that it asked DuckDB for, which refuses.
EXPLAIN = """const asked = [];
const bindings = { runQuery: (_, sql) => { asked.push(sql); throw new Error("refused"); } };
return [module.explain(bindings, 0, given), asked.length];"""


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE MACRO top(n) AS TABLE FROM days LIMIT n",
        "create or replace temp function twice(x) as 2 * x",
        "-- mine\nCREATE TEMPORARY VIEW mine AS FROM days",
        "EXPLAIN CREATE VIEW IF NOT EXISTS mine AS FROM days",
    ],
)
def test_what_only_defines_is_not_planned(sql):
    assert run_typescript(("plan/scans",), EXPLAIN, sql, room="engine") == [{"roots": [], "scans": []}, 0]


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE mine AS FROM days",
        "CREATE TYPE symbol AS ENUM (SELECT symbol FROM symbols)",
        "FROM days",
    ],
)
def test_what_reads_is(sql):
    assert run_typescript(("plan/scans",), EXPLAIN, sql, room="engine") == [None, 1]
