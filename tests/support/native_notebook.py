"""Runs a notebook's code cells with IPython and native DuckDB, as somebody does who took it home."""

import ast
import json
import re
from pathlib import Path
from typing import Any

from futures_explorer.site import cells
from IPython.core.interactiveshell import InteractiveShell
from support.native_session import import_kernel

CONTENT = Path(__file__).resolve().parents[2] / "content"
#: `SET VARIABLE name = literal;`
VARIABLE = re.compile(r"SET VARIABLE (\w+) = (?:(DATE )?'([^']*)'|(\d+));")


def notebooks() -> list[str]:
    """The names of all starter notebooks."""
    return sorted(path.stem for path in CONTENT.glob("*.ipynb"))


def read(name: str) -> dict:
    return json.loads((CONTENT / f"{name}.ipynb").read_text(encoding="utf-8"))


def texts(name: str) -> list[str]:
    """What every cell says."""
    return ["".join(cell["source"]) for cell in read(name)["cells"]]


def code_cells(name: str) -> list[str]:
    """The notebook's code as Python."""
    return cells.code_cells(read(name))


def sources(name: str) -> list[str]:
    """The notebook's code as it stands."""
    return ["".join(cell["source"]) for cell in read(name)["cells"] if cell["cell_type"] == "code"]


def is_sql(name: str) -> bool:
    """Whether it is an SQL notebook."""
    return read(name)["metadata"]["kernelspec"]["name"] == cells.SQL


def parameters(name: str) -> dict[str, Any]:
    """The parameters and their values. They are data: one assignment of a literal a line."""
    text = "".join(read(name)["cells"][1]["source"])
    if not is_sql(name):
        return {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(text).body}
    lines = [VARIABLE.fullmatch(line) for line in text.splitlines()]
    assert all(lines), text
    return {line[1]: line[3] if line[4] is None else int(line[4]) for line in lines}


def run(name: str, parameters: dict[str, Any] | None = None, times: int = 1) -> list[Any]:
    """The value of each code cell's last expression in the last of so many runs, or None; an error of a cell is raised.

    `parameters` are set as a link sets them.

    `binance_futures` must be importable, and $BINANCE_FUTURES_SITE name a site. Files appear in the current folder.
    """
    return _run(name, parameters, times)[0]


def run_for(name: str, variable: str) -> Any:
    """Runs the notebook; what `variable` is then."""
    return _run(name)[1][variable]


def _setting(notebook: str, parameter: str, value: Any) -> str:
    """The Python that sets a parameter."""
    if not is_sql(notebook):
        return f"{parameter} = {value!r}"
    schema = read(notebook)["cells"][1]["metadata"]["binance_futures"]["parameters"][parameter]
    literal = value if schema["type"] == "integer" else "'" + value.replace("'", "''") + "'"
    kind = "DATE " if schema.get("format") == "date" else ""
    return f"_ = db.native.execute({f'SET VARIABLE {parameter} = {kind}{literal}'!r})"


def _run(
    name: str, parameters: dict[str, Any] | None = None, times: int = 1
) -> tuple[list[Any], dict[str, Any]]:
    import_kernel()
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    try:
        shell.history_manager.enabled = False
        shell.run_line_magic("load_ext", "duckdb_wasm.magics")
        first, *others = code_cells(name)
        given = [_setting(name, key, value) for key, value in (parameters or {}).items()]
        for _ in range(times):
            values = []
            for source in ["\n".join([first, *given]), *others]:
                done = shell.run_cell(source)
                done.raise_error()
                values.append(done.result)
        return values, dict(shell.user_ns)
    finally:
        InteractiveShell.clear_instance()
