"""A cell is cut into statements as DuckDB cuts it."""

import duckdb
import pytest
from support.labextension import run_typescript

CELLS = (
    "SELECT 1",
    ";;SELECT 1;;\n SELECT 2 ; ",
    "SELECT ';' AS \";\"; -- ; nothing\nSELECT 2 /* ; */;",
    "SELECT $$;$$, $tag$ ; $$ ; $tag$, e'it\\'s;'; SELECT 'it''s;'",
    "-- only a comment",
    "",
    "CREATE TABLE t (i INTEGER);\n\nINSERT INTO t VALUES (1);\nFROM t",
    "SELECT 'día ; 🙂'; SELECT 1",
)


@pytest.mark.parametrize("cell", CELLS)
def test_as_many_statements_as_duckdb_finds(cell):
    ours = run_typescript(("statements",), "return module.statements(given);", cell, room="sqlkernel")
    assert len(ours) == len(duckdb.extract_statements(cell))
    assert all(statement["text"] in cell for statement in ours)


def test_a_statement_knows_its_line_and_its_verb():
    cell = "SET x = 1;\n\n/* a\nb */ -- c\n  With t AS (SELECT 1) FROM t"
    ours = run_typescript(("statements",), "return module.statements(given);", cell, room="sqlkernel")
    assert [(one["line"], one["verb"]) for one in ours] == [(0, "set"), (0, "with")]


def test_names_of_files_are_the_strings_and_quoted_names():
    script = "return module.names(module.statements(given)[0]);"
    sql = "FROM 'a''b.csv', \"c\"\"d.parquet\", read_csv('e.csv') -- 'f.csv'"
    assert run_typescript(("statements",), script, sql, room="sqlkernel") == [
        "a'b.csv",
        'c"d.parquet',
        "e.csv",
    ]
