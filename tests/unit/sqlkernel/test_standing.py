"""Files that stand for tables are found in a statement as the `duckdb` wheel finds them."""

import asyncio
import sys
from pathlib import Path

import pytest
from support.labextension import run_typescript

sys.path.insert(0, str(Path(__file__).parents[3] / "build" / "kernel" / "duckdb"))
HERE = {"a.parquet": "one", "https://h/b.parquet": "two"}
STATEMENTS = (
    "FROM 'a.parquet'",
    "SELECT * FROM read_parquet('a.parquet') WHERE x = 'a.parquet'",
    "SELECT * FROM parquet_scan(['a.parquet', 'https://h/b.parquet', 'c.parquet'], filename = true, union_by_name := true)",
    "SELECT * FROM read_parquet('a.parquet', filename='from') t, 'https://h/b.parquet' AS u JOIN \"a.parquet\" USING (x)",
    "WITH t AS (SELECT * FROM 'a.parquet')\nSELECT (SELECT max(d) FROM 'https://h/b.parquet') FROM t, 'a.parquet'",
    "SELECT 'a.parquet', count(*) FROM t WHERE name IN ('a.parquet', 'b') ORDER BY 'a.parquet'",
    "COPY (FROM 'a.parquet') TO 'a.parquet'",
    "COPY t FROM 'a.parquet'",
    "DESCRIBE 'a.parquet'; SUMMARIZE 'https://h/b.parquet'",
    "SELECT * FROM read_parquet(['a.parquet',\n'https://h/b.parquet'\n])",
    "SELECT * FROM read_parquet(? , filename=0)",
    "SELECT * FROM read_parquet('a.parquet' || '')",
    "FROM 'a.parquet'.x, \"a.parquet\"('y') -- 'a.parquet'",
    "SELECT e'a.parquet', $$a.parquet$$ FROM 'other.parquet'",
    "SELECT * FROM read_parquet('a.parquet', filename=false), read_csv('a.parquet')",
)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_each_file_is_replaced_where_the_wheel_replaces_it(statement, monkeypatch, tmp_path):
    from duckdb_wasm.files import named

    class Source:
        parts = ("parquet",)

        def stands_for(self, file):
            return file in HERE

        async def table(self, _session, file):
            return HERE[file]

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(named, "_sources", [Source()])
    script = "return module.resolved(given[0], async (file) => given[1][file] ?? null);"
    ours = run_typescript(("standing",), script, [statement, HERE], room="sqlkernel")
    assert ours == asyncio.run(named.resolved(None, statement))
    assert ours.count("\n") == statement.count("\n")
