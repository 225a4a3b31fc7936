"""A notebook's code cells as Python: those of an SQL notebook, too, so that all can be run by IPython over native DuckDB."""

from __future__ import annotations

from typing import Any

#: The name of the kernel of SQL notebooks (build/sqlkernel).
SQL = "sql"
_CONNECT = "import binance_futures as bf\ndb = bf.connect()\n"


def code_cells(notebook: dict[str, Any]) -> list[str]:
    """The code of each code cell of a notebook's JSON, in order.

    An SQL notebook's statements go to the connection `db`, as `%%sql` sends them; its first cell makes that.
    """
    sources = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    if notebook.get("metadata", {}).get("kernelspec", {}).get("name") != SQL:
        return sources
    asked = [f"get_ipython().run_cell_magic('sql', '', {source!r})" for source in sources]
    return [_CONNECT + asked[0], *asked[1:]] if asked else []
