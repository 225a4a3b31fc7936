"""The corpus on the host: what our API gives, beside native DuckDB."""

import sys
from pathlib import Path

import duckdb
import pytest

CORPUS = Path(__file__).parents[2] / "corpus"
sys.path.append(str(CORPUS))

import runner  # noqa: E402

CASES = [
    case
    for file in sorted([*CORPUS.glob("*.sql"), *CORPUS.glob("*.py")])
    if file.name != "runner.py"
    for case in runner.cases(file.name, file.read_text())
]


@pytest.fixture
def module(kernel, monkeypatch, tmp_path):
    """`duckdb_wasm` whose own connections use a session of the test."""
    from duckdb_wasm import bridge, module
    from support.native_session import NativeSession

    monkeypatch.setattr(bridge, "session", NativeSession(folder=tmp_path / "engine"))
    monkeypatch.setattr(module, "_default", None)
    return kernel


def test_there_are_at_least_two_hundred_cases():
    assert len(CASES) >= 200


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_gives_what_native_duckdb_gives(case, con, module, tmp_path, monkeypatch):
    (tmp_path / "native").mkdir()
    monkeypatch.chdir(tmp_path / "native")
    native = duckdb.connect()
    expected = runner.run(case.code, duckdb, native)
    monkeypatch.chdir(tmp_path)
    got = runner.run(case.code, module, con)
    assert (got == expected) is (case.host is None), f"\nnative: {expected}\nours:   {got}"


def test_the_readme_lists_every_difference_and_no_other():
    readme = (Path(__file__).parents[3] / "build/kernel/duckdb/README.md").read_text()
    table = readme.partition("## Differences")[2].partition("\nBesides")[0]
    listed = {line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")} - {
        "difference",
        "---",
    }
    assert listed == {case.browser for case in CASES if case.browser}
