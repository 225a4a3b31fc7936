"""Runs a notebook's code cells without a notebook, and writes down what each shows: on the host and in the browser.

Needs nothing but Python's own library, so that it can be sent to the browser as text.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
from typing import Any


def code_cells(notebook: str) -> list[str]:
    """The code cells of a notebook's JSON text."""
    return ["".join(cell["source"]) for cell in json.loads(notebook)["cells"] if cell["cell_type"] == "code"]


def run(cells: list[str]) -> list[list[Any]]:
    """What each cell prints, and what its last expression shows, as plain JSON. Raises a cell's error."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    shown = []
    for number, cell in enumerate(cells, 1):
        tree = ast.parse(cell)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(tree, f"cell {number}", "exec"), namespace)
            value = (
                None
                if last is None
                else eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), namespace)
            )
        shown.append([printed.getvalue(), picture(value)])
    return shown


def picture(value: Any) -> Any:
    """A value as it is shown: a relation's columns, types and rows, a chart's Vega-Lite, else its text."""
    if hasattr(value, "fetchall") and hasattr(value, "types"):
        rows = [[repr(cell) for cell in row] for row in value.fetchall()]
        return [value.columns, [str(kind) for kind in value.types], rows]
    if hasattr(value, "to_dict"):
        return json.loads(json.dumps(value.to_dict()))
    return repr(value)
