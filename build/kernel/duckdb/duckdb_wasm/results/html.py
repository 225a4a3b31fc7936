"""How a relation shows itself in a notebook: an HTML table."""

from __future__ import annotations

from html import escape
from typing import Any

from duckdb_wasm.results.format import count, is_numeric, text, type_name
from duckdb_wasm.types import DuckDBPyType

#: A longer value is cut; its beginning is in the cell's title.
LONGEST, TITLE = 80, 1000
#: Of a wider relation only so many columns are shown.
WIDEST = 100

# The class is named thrice: JupyterLab styles every table of an output, by rules that name two classes.
_TABLE = ".duckdb-table.duckdb-table.duckdb-table"
# JupyterLab's variables follow its light and dark theme; the fallbacks serve any other page.
STYLE = f"""<style>
{_TABLE} {{ max-width: 100%; overflow-x: auto; color: var(--jp-ui-font-color0, inherit); }}
{_TABLE} table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0; }}
{_TABLE} :is(th, td) {{ padding: 0.25em 0.8em; text-align: left; white-space: nowrap; max-width: 28em;
  overflow: hidden; text-overflow: ellipsis; color: inherit; }}
{_TABLE} thead th {{ border-bottom: 1px solid var(--jp-border-color1, #8888); font-weight: 600; vertical-align: bottom; }}
{_TABLE} th small {{ display: block; font-weight: 400; }}
{_TABLE} :is(th small, .null, .more td, caption) {{ color: var(--jp-ui-font-color1, inherit); opacity: 0.8; }}
{_TABLE} .null {{ font-style: italic; }}
{_TABLE} :is(th, td).number {{ text-align: right; }}
{_TABLE} caption {{ caption-side: bottom; text-align: left; padding: 0.5em 0.8em; white-space: nowrap; }}
</style>"""


def draw(columns: list[tuple[str, DuckDBPyType]], first: list[tuple], last: list[tuple], total: int) -> str:
    """An HTML table: the `first` and `last` rows of `total`, types under names, numbers to the right."""
    size = f"{count(total, 'row')} × {count(len(columns), 'column')}"
    shown = columns[:WIDEST]
    classes = [' class="number"' if is_numeric(kind) else "" for _, kind in shown]
    heads = [
        f'<th scope="col"{cls}>{escape(name)} <small>{escape(_cut(type_name(kind)))}</small></th>'
        for (name, kind), cls in zip(shown, classes, strict=True)
    ]
    body = [_row(row, classes) for row in first]
    hidden = total - len(first) - len(last)
    if hidden:
        body.append(f'<tr class="more"><td colspan="{len(shown)}">⋮ {count(hidden, "more row")}</td></tr>')
    body += [_row(row, classes) for row in last]
    if len(columns) > WIDEST:
        size += f", the first {WIDEST} of them shown"
    return (
        f'{STYLE}<div class="duckdb-table" role="region" aria-label="Table, {size}" tabindex="0">'
        f"<table><caption>{size}</caption><thead><tr>{''.join(heads)}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _row(row: tuple, classes: list[str]) -> str:
    return f"<tr>{''.join(map(_cell, row, classes))}</tr>"


def _cell(value: Any, cls: str) -> str:
    if value is None:
        return f'<td class="{"number null" if cls else "null"}">NULL</td>'
    whole = text(value)
    title = f' title="{escape(whole[:TITLE])}"' if len(whole) > LONGEST else ""
    return f"<td{cls}{title}>{escape(_cut(whole))}</td>"


def _cut(whole: str) -> str:
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"
