"""What cannot be had in the browser says so, names the feature and the way around it; the package stays small."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "build/kernel/duckdb"


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("LOAD spatial", '"spatial" cannot be had in the browser.*shapely'),
        ("INSTALL icu", '"icu" cannot be had.*TIMESTAMP'),
        ("LOAD postgres_scanner", '"postgres" cannot be had.*Parquet or CSV'),
        ("ATTACH 'postgres:dbname=x' AS pg", "ATTACH cannot be had.*Upload"),
        ("ATTACH 'dbname=x' AS pg (TYPE postgres)", "ATTACH cannot be had.*Upload"),
    ],
)
def test_a_statement_that_cannot_work_names_the_way_around(con, kernel, statement, says):
    with pytest.raises(kernel.NotImplementedException, match=f"Not implemented Error: .*{says}"):
        con.execute(statement)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda con: con.sql("SELECT 1").map(print), "function of whole frames.*variable"),
        (lambda con: con.sql("SELECT 1").torch(), "PyTorch.*fetchnumpy"),
    ],
)
def test_a_call_that_cannot_work_names_the_way_around(con, kernel, call, says):
    with pytest.raises(kernel.NotImplementedException, match=says):
        call(con)


def test_a_servers_database_names_the_way_around(kernel):
    for name in ("md:mine", "postgres:dbname=x"):
        with pytest.raises(kernel.NotImplementedException, match=r"ATTACH cannot be had.*Upload"):
            kernel.connect(name)


def test_parquet_and_json_are_there(con):
    con.execute("LOAD parquet; INSTALL json")


def test_settings_and_extensions_with_nothing_to_do_pass(con, session, monkeypatch, capsys):
    from duckdb_wasm.errors import unsupported

    monkeypatch.setattr(unsupported, "_noted", set())
    con.execute(
        "INSTALL httpfs; LOAD httpfs; INSTALL httpfs FROM 'https://extensions.duckdb.org'; LOAD 'httpfs'"
    )
    con.install_extension("httpfs")
    con.execute("SET memory_limit = '4GB'; SET threads = 1")
    assert capsys.readouterr().out == ""
    before = con.execute("SELECT current_setting('threads')").fetchone()
    con.execute("SET threads = 4; SET threads TO 4; PRAGMA threads=4; SET GLOBAL worker_threads = 2")
    assert con.execute("SELECT current_setting('threads')").fetchone() == before
    con.execute("-- Four (default: all)\nSET threads = 4; /* and */ INSTALL httpfs")
    assert capsys.readouterr().out == unsupported.NOTES["threads"] + "\n"


def test_a_setting_of_httpfs_passes_and_any_other_that_is_unknown_fails(con, kernel):
    from duckdb_wasm.errors import Error, unsupported

    # In the browser's words: on the host the extension may be there.
    missing = Error(
        'Catalog Error: Setting with name "http_retries" is not in the catalog, but it exists in the httpfs extension.\n'
        'An error occurred: Extension "https://site/httpfs.duckdb_extension.wasm" is not there'
    )
    assert unsupported.is_idle("SET http_retries = 5", missing)
    assert not unsupported.is_idle("SELECT * FROM read_parquet('s3://x')", missing)
    no_icu = kernel.Error('Catalog Error: extension "icu" is not part of this site')
    for same in (
        "SET TimeZone = 'UTC'",
        "set timezone to 'Etc/UTC'",
        "SET calendar='gregorian'",
        "RESET TimeZone",
        "-- as here\nSET TimeZone = 'UTC'",
    ):
        assert unsupported.is_idle(same, no_icu), same
    for other in (
        "SET TimeZone = 'America/New_York'",
        "SET calendar = 'japanese'",
        "SELECT 'SET TimeZone = UTC'",
    ):
        assert not unsupported.is_idle(other, no_icu), other
    with pytest.raises(kernel.CatalogException):
        con.execute("SET no_such_setting = 1")


def test_attach_of_another_database_in_memory_works(con):
    assert con.execute(
        "ATTACH ':memory:' AS other; CREATE TABLE other.t AS SELECT 1 AS x; FROM other.t"
    ).fetchall() == [(1,)]


def test_a_host_without_cors_is_named(kernel):
    from duckdb_wasm.errors.unsupported import explained

    browser = "Invalid Error: NetworkError: Failed to execute 'send' on 'XMLHttpRequest': Failed to load 'https://a.example/x.parquet'."
    error = explained(kernel.Error(browser))
    assert isinstance(error, kernel.HTTPException)
    assert all(word in str(error) for word in ("a.example does not allow", "CORS", "upload"))


@pytest.mark.parametrize(
    "url", ["https://example.com/x.parquet", "https://cdn.jsdelivr.net/gh/org/repo@tag/x.parquet"]
)
def test_an_examples_address_is_told_from_a_host_without_cors(kernel, url):
    from duckdb_wasm.errors.unsupported import explained

    assert "is an example's address" in str(explained(kernel.Error(f"NetworkError: Failed to load '{url}'.")))


def test_a_missing_library_says_what_to_do(con, kernel, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(kernel.NotSupportedError, match="pandas is not here: it is not installed"):
        con.sql("SELECT 1").df()


def test_import_starts_nothing_and_loads_no_other_library():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import duckdb_wasm; "
        "print([m for m in "
        "('nanoarrow', 'numpy', 'pandas', 'IPython', 'js', 'duckdb_wasm.results.html', 'duckdb_wasm.results.frames') "
        "if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(FOLDER)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_wheel_is_under_120_kilobytes(tmp_path):
    packed = tmp_path / "wheel.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in [*FOLDER.rglob("*.py"), FOLDER / "README.md"]:
            archive.write(file, file.relative_to(FOLDER))
    assert packed.stat().st_size < 120_000


def test_only_the_bridge_touches_javascript():
    for file in (FOLDER / "duckdb_wasm").rglob("*.py"):
        if file.name != "bridge.py":
            touched = re.search(r"(import|from) (js|pyodide|pyodide_js)\b", file.read_text())
            assert not touched, file.name


def test_a_file_that_the_browser_would_not_keep_is_written_elsewhere_and_that_is_said(
    con, tmp_path, monkeypatch, capsys
):
    from duckdb_wasm.files import drive

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(drive, "DRIVE", str(tmp_path))
    monkeypatch.setattr(drive, "KEPT", 2000)
    try:
        con.execute("COPY (SELECT range FROM range(1000)) TO 'too-many-rows.csv'")
        assert con.sql("FROM '/tmp/too-many-rows.csv' SELECT count(*)").fetchone() == (1000,)
    finally:
        Path("/tmp/too-many-rows.csv").unlink(missing_ok=True)
    assert capsys.readouterr().out.startswith(
        "too-many-rows.csv has 0 MB, more than the file browser takes: it is in /tmp/"
    )
    con.execute("COPY (SELECT range FROM range(100)) TO 'few.csv'")
    monkeypatch.setattr(drive, "DRIVE", "/drive")
    con.execute("COPY (SELECT range FROM range(1000)) TO 'elsewhere.csv'")
    assert capsys.readouterr().out == ""


def test_a_row_costs_one_round_trip_and_one_whose_type_is_cast_two(con, session):
    con.execute("SELECT 0")
    for params in (None, [1]):
        session.sent.clear()
        assert con.execute("SELECT ?" if params else "SELECT 1", params).fetchone() == (1,)
        assert len(session.sent) == 1, session.sent
    session.sent.clear()
    assert con.execute("SELECT 'a'::ENUM ('a', 'b')").fetchone() == ("a",)
    assert len(session.sent) == 2, session.sent
