"""What cannot be had, and what needs no doing, is told as the `duckdb` wheel tells it."""

import sys
from pathlib import Path

import pytest
from support.labextension import run_typescript

sys.path.insert(0, str(Path(__file__).parents[3] / "build" / "kernel" / "duckdb"))
STATEMENTS = (
    "INSTALL httpfs",
    "-- for addresses\nLOAD 'httpfs'",
    "FORCE INSTALL json FROM core",
    "INSTALL spatial",
    "LOAD postgres_scanner",
    "LOAD something_else",
    "SET threads = 4",
    "/* one */ SET GLOBAL worker_threads TO 1",
    "PRAGMA threads=2",
    "SET s3_region = 'eu-central-1'",
    "SET memory_limit = '2GB'",
    "ATTACH 'x.db'",
    "ATTACH IF NOT EXISTS 'x.duckdb' AS x (READ_ONLY)",
    "-- theirs\nATTACH 'dbname=x' AS x (TYPE postgres)",
    "ATTACH 'x.duckdb' AS x (TYPE duckdb)",
    "ATTACH 'md:x'",
    "ATTACH ':memory:' AS other",
    "SELECT 'LOAD spatial'",
    "CREATE TABLE load (i INTEGER)",
)
ICU = 'Catalog Error: extension "icu" is not part of this site'
HTTPFS = 'IO Error: Extension "https://site/httpfs.duckdb_extension.wasm" is not there'
BLOCKED = "Invalid Error: NetworkError: Failed to execute 'send' on 'XMLHttpRequest': Failed to load '{}'."


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_is_checked_as_the_wheel_checks_it(statement, monkeypatch, capsys):
    from duckdb_wasm.errors import unsupported

    monkeypatch.setattr(unsupported, "_noted", set())
    wheel = {"runs": True, "note": None, "error": None}
    try:
        wheel["runs"] = unsupported.check(statement)
        wheel["note"] = capsys.readouterr().out.strip() or None
    except unsupported.NotImplementedException as error:
        wheel["error"] = str(error)
    script = "return module.check(module.statements(given)[0]);"
    assert run_typescript(("statements", "unsupported"), script, statement, room="sqlkernel") == wheel


@pytest.mark.parametrize("message", [ICU, HTTPFS, "Parser Error: no"])
@pytest.mark.parametrize(
    "statement",
    ["SET http_retries = 5", "-- here\nSET TimeZone = 'UTC'", "SET TimeZone = 'Asia/Tokyo'", "SELECT 1"],
)
def test_what_fails_only_by_setting_what_is_so_passes_as_in_the_wheel(statement, message):
    from duckdb_wasm.errors import Error, unsupported

    script = "return module.isIdle(module.statements(given[0])[0], given[1]);"
    ours = run_typescript(("statements", "unsupported"), script, [statement, message], room="sqlkernel")
    assert ours == unsupported.is_idle(statement, Error(message))


@pytest.mark.parametrize(
    "message",
    [
        ICU,
        HTTPFS,
        BLOCKED.format("https://data.host/x.parquet"),
        BLOCKED.format("https://example.com/data.parquet"),
        BLOCKED.format("https://cdn.host/gh/org/repo@v1/data.parquet"),
        "Binder Error: no such column",
    ],
)
def test_an_error_names_the_way_around_that_the_wheel_names(message):
    from duckdb_wasm.errors import Error, unsupported

    ours = run_typescript(("unsupported",), "return module.explained(given);", message, room="sqlkernel")
    assert ours == str(unsupported.explained(Error(message)))
