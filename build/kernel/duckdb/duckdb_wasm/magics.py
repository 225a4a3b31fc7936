"""`%%sql` and `%sql`: an IPython extension. `%load_ext duckdb_wasm.magics` enables it.

    %sql SELECT 42                       shows the result
    top = %sql SELECT * FROM t           keeps it
    %%sql top                            the cell is SQL; the result goes into the variable `top`
    SELECT * FROM t WHERE day = {day}    `{day}` is the Python variable, bound as a parameter

The connection is the variable `db` or `con` where it is one, else DuckDB's default connection. In native Python it
works over the package `duckdb` in the same way.
"""

from __future__ import annotations

import re
from typing import Any

from duckdb_wasm import sql_text

_VARIABLE = re.compile(r"\{\s*([A-Za-z_]\w*)\s*\}")
_ARGUMENTS = re.compile(r"\s*(?:(\w+)\s*(?:<<)?)?\s*$")
_TABLE = re.compile(r"\b(?:from|join|into|update|table|describe|summarize)\s+\"?[\w.]*$", re.I)
#: What makes a line look like SQL to the completer.
_IN_SQL = re.compile(r"^\s*%%?sql\b|\.(?:sql|execute|query)\(", re.M)


def load_ipython_extension(shell: Any) -> None:
    """Called by IPython with its `InteractiveShell`."""
    shell.register_magic_function(lambda line, cell=None: run(shell, line, cell), "line_cell", "sql")
    from IPython.core.completer import context_matcher

    @context_matcher()
    def sql_names(context: Any) -> dict:
        return complete(shell.user_ns, context.full_text, context.text_until_cursor)

    shell.Completer.custom_matchers.append(sql_names)


def run(shell: Any, line: str, cell: str | None = None) -> Any:
    """Runs `%sql line`, or `%%sql line` over `cell`; the result, unless it went into the variable of `line`.

    Raises `UsageError` for a `%%sql` line that is no variable's name; `NameError` for an unknown `{variable}`.
    """
    from IPython.core.error import UsageError

    text, target = (line, None) if cell is None else (cell, line)
    if target is not None:
        match = _ARGUMENTS.match(target)
        if match is None:
            raise UsageError(f"%%sql takes the name of one variable for the result; got {target.strip()!r}")
        target = match.group(1)
    query, params = bind(text, shell.user_ns)
    connection = _connection(shell.user_ns)
    # The notebook's variables are tables by their names.
    scope = {**shell.user_ns, "_query": query, "_params": params, "_connection": connection}
    result = eval("_connection.sql(_query, params=_params)", scope)  # noqa: S307 (our own text)
    if target:
        shell.user_ns[target] = result
        return None
    return result


def bind(text: str, variables: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    """The query with each `{name}` outside strings as `$name`, and the values of those parameters.

    Raises `NameError` where there is no such variable.
    """
    parts, params, copied = [], {}, 0
    blocked = [
        (at, at + len(t)) for kind, t, at in sql_text.tokens(text) if kind in ("string", "space", "quoted")
    ]
    for match in _VARIABLE.finditer(text):
        name = match.group(1)
        if any(start <= match.start() < end for start, end in blocked):
            continue
        if name not in variables:
            raise NameError(f"The query names {{{name}}}, but there is no Python variable {name}.")
        params[name] = variables[name]
        parts += [text[copied : match.start()], f"${name}"]
        copied = match.end()
    return "".join([*parts, text[copied:]]), params or None


def _connection(variables: dict[str, Any]) -> Any:
    import duckdb

    for name in ("db", "con"):
        value = variables.get(name)
        # `binance_futures` on a computer holds the native connection inside its own.
        value = getattr(value, "native", value)
        if isinstance(value, duckdb.DuckDBPyConnection):
            return value
    return duckdb.default_connection()


def complete(variables: dict[str, Any], cell: str, line: str) -> dict[str, list]:
    """Tables and columns that begin as the word at the end of `line`, where the cell holds SQL; for IPython."""
    from IPython.core.completer import SimpleCompletion

    if not _IN_SQL.search(cell):
        return {"completions": []}
    word = re.search(r"\w*$", line).group().lower()
    tables_only = _TABLE.search(line) is not None
    found = [name for name in names(_connection(variables), tables_only) if name.lower().startswith(word)]
    return {
        "completions": [
            SimpleCompletion(text=name, type="table" if tables_only else "column") for name in found
        ]
    }


def names(connection: Any, tables_only: bool) -> list[str]:
    """The tables that the connection knows, and, unless `tables_only`, their columns."""
    tables = "SELECT table_name FROM information_schema.tables"
    columns = "SELECT column_name FROM information_schema.columns"
    query = tables if tables_only else f"{tables} UNION {columns}"
    found = {row[0] for row in connection.sql(query).fetchall()}
    return sorted(name for name in found if not name.startswith("python_object_"))
