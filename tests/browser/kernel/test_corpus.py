"""The corpus in the browser: what the kernel gives, beside native DuckDB."""

import json
import sys
from pathlib import Path

import duckdb
import pytest

CORPUS = Path(__file__).parents[2] / "corpus"
sys.path.append(str(CORPUS))

import runner  # noqa: E402

RUNNER = (CORPUS / "runner.py").read_text()
FILES = [file for file in sorted([*CORPUS.glob("*.sql"), *CORPUS.glob("*.py")]) if file.name != "runner.py"]

RUN = """
import json, os, duckdb, runner
outcomes = {}
for name, code in given["cases"]:
    os.chdir("/home/pyodide")
    con = duckdb.connect()
    outcomes[name] = runner.run(code, duckdb, con)
    con.close()
json.dumps(outcomes)
"""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_it_gives_what_native_duckdb_gives(kernel, file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    kernel.run("from pathlib import Path; Path('runner.py').write_text(given['text']); 0", text=RUNNER)
    cases = runner.cases(file.name, file.read_text())
    outcomes = json.loads(kernel.run(RUN, cases=[[case.name, case.code] for case in cases]))
    wrong = []
    for case in cases:
        expected, got = runner.run(case.code, duckdb, duckdb.connect()), outcomes[case.name]
        if (got == expected) is (case.browser is not None):
            wrong.append(f"{case.name}\n  native:  {expected}\n  browser: {got}")
    assert not wrong, f"{len(wrong)} of {len(cases)} cases:\n" + "\n".join(wrong)


def test_a_call_may_wait_for_the_engine_and_for_the_event_loop_in_turn(kernel):
    code = """
import asyncio
import duckdb
from duckdb_wasm.bridge import session
con = duckdb.connect()
con.execute("SELECT 1")
async def rows(sql):
    first = await session.query(con._handle, "SELECT 1")
    await asyncio.sleep(0.01)
    second = await session.query(con._handle, sql)
    await asyncio.wait([asyncio.ensure_future(asyncio.sleep(0))])
    return con if first == second else len(second)
found = [session.call(rows("SELECT 1"), "x") is con]  # a connection can be awaited, and is not
try:
    session.call(rows("SELECT nope"), "x")
except duckdb.BinderException as error:
    found.append(str(error).splitlines()[0])
found.append(con.execute("SELECT 2").fetchone())
str(found)
"""
    assert kernel.run(code) == (
        "[True, 'Binder Error: Referenced column \"nope\" was not found because the FROM clause is missing', (2,)]"
    )
