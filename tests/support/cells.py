"""Runs a notebook's code cells without a notebook, and writes down what each shows: on the host and in the browser.

Needs nothing but IPython and the package `duckdb_wasm` for its SQL cells, so that it can be sent to the browser as text.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
from typing import Any


def run(cells: list[str]) -> list[list[Any]]:
    """What each cell prints, and what its last expression shows, as plain JSON. Raises a cell's error."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.history_manager.enabled = False
    shell.run_line_magic("load_ext", "duckdb_wasm.magics")
    namespace = shell.user_ns
    shown = []
    for number, cell in enumerate(cells, 1):
        tree = ast.parse(shell.transform_cell(cell))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(tree, f"cell {number}", "exec"), namespace)
            value = last and eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), namespace)
        is_quiet = cell.rstrip().endswith(";")
        shown.append([printed.getvalue(), None if is_quiet else picture(value)])
    return shown


def picture(value: Any) -> Any:
    """A value as it is shown: a relation's columns, types and rows, a chart's Vega-Lite, Markdown, else its text."""
    if hasattr(value, "fetchall") and hasattr(value, "types"):
        rows = [[repr(cell) for cell in row] for row in value.fetchall()]
        return [value.columns, [str(kind) for kind in value.types], rows]
    if hasattr(value, "to_dict"):
        return json.loads(json.dumps(value.to_dict()))
    return value.data if hasattr(value, "_repr_markdown_") else repr(value)
