"""`%sql` and `%%sql` in IPython, over native DuckDB."""

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell


@pytest.fixture
def shell(kernel, con, monkeypatch):
    """An IPython shell whose variable `con` is a connection of the kernel."""
    import sys

    from duckdb_wasm import magics

    # Native DuckDB looks its own classes up by name, once, with the first parameter.
    con.execute("SELECT ?", ["first"]).fetchall()
    monkeypatch.setitem(sys.modules, "duckdb", kernel)
    shell = InteractiveShell()
    magics.load_ipython_extension(shell)
    shell.user_ns["con"] = con
    return shell


def test_a_line_gives_its_result(shell):
    assert shell.run_line_magic("sql", "SELECT 6 * 7").fetchall() == [(42,)]


def test_a_cell_puts_its_result_into_the_variable(shell):
    assert shell.run_cell_magic("sql", "found", "SELECT 1 AS x") is None
    assert shell.user_ns["found"].fetchall() == [(1,)]


def test_variables_are_bound_and_never_pasted(shell):
    shell.user_ns["name"] = "'; DROP TABLE t; --"
    result = shell.run_cell_magic("sql", "", "SELECT {name} AS n, '{name}' AS text -- {name}")
    assert result.fetchall() == [("'; DROP TABLE t; --", "{name}")]


def test_a_notebooks_variables_are_tables(shell):
    shell.user_ns["rows"] = [{"a": 1}, {"a": 2}]
    assert shell.run_line_magic("sql", "SELECT sum(a) FROM rows").fetchall() == [(3,)]


def test_a_connection_inside_the_datasets_own_is_used(shell, con):
    from types import SimpleNamespace

    con.execute("CREATE TEMP TABLE inside AS SELECT 1 AS x")
    shell.user_ns["db"] = SimpleNamespace(native=con)
    del shell.user_ns["con"]
    assert shell.run_line_magic("sql", "FROM inside").fetchall() == [(1,)]


def test_an_unknown_variable_is_named(shell):
    with pytest.raises(NameError, match="there is no Python variable nothing"):
        shell.run_line_magic("sql", "SELECT {nothing}")


def test_a_line_that_is_no_variable_is_refused(shell):
    with pytest.raises(UsageError, match="name of one variable"):
        shell.run_cell_magic("sql", "a b", "SELECT 1")


def completions(shell, cell):
    from IPython.core.completer import provisionalcompleter

    with provisionalcompleter():
        return {found.text for found in shell.Completer.completions(cell, len(cell))}


def test_tables_and_columns_are_completed_inside_sql_only(shell, con):
    con.execute("CREATE TABLE rankings (rank_of_day INTEGER)")
    assert "rankings" in completions(shell, "%%sql\nSELECT *\nFROM rank")
    assert "rank_of_day" in completions(shell, "%%sql\nSELECT rank_")
    assert "rankings" in completions(shell, "con.sql('FROM rank")
    assert "rankings" not in completions(shell, "rank")
