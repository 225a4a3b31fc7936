"""How a relation prints itself: the box of text that DuckDB's own clients draw."""

from __future__ import annotations

from unicodedata import east_asian_width

from duckdb_wasm.results.format import count, is_numeric, text, type_name
from duckdb_wasm.types import DuckDBPyType

#: Widest box and widest value, in characters.
WIDTH, VALUE = 120, 50


def draw(columns: list[tuple[str, DuckDBPyType]], first: list[tuple], last: list[tuple], total: int) -> str:
    """A box: the `first` and `last` rows of `total`, types under names, numbers to the right."""
    rows = [[_flat(text(value)) for value in row] for row in [*first, *last]]
    heads = [[_flat(name) for name, _ in columns], [_flat(type_name(kind)) for _, kind in columns]]
    widths = [max(map(_width, cells)) for cells in zip(*heads, *rows, strict=True)]
    kept = _kept(widths)
    right = [is_numeric(kind) for _, kind in columns]

    def line(cells: list[str], align: str = "") -> str:
        found = [_pad(cells[i], widths[i], align or ("right" if right[i] else "left")) for i in kept]
        if len(kept) < len(columns):
            found.insert((len(kept) + 1) // 2, "…")
        return "│ " + " │ ".join(found) + " │"

    rule = ["─" * (widths[i] + 2) for i in kept]
    if len(kept) < len(columns):
        rule.insert((len(kept) + 1) // 2, "───")
    body = [line(row) for row in rows]
    if last:
        body[len(first) : len(first)] = [line(["·"] * len(columns), "center")] * 3
    box = [f"┌{'┬'.join(rule)}┐", *(line(head, "center") for head in heads)]
    box += [f"├{'┼'.join(rule)}┤", *body] if rows else []
    box.append(f"└{'┴'.join(rule)}┘")
    if last or not rows or len(kept) < len(columns):
        shown = f" ({len(rows)} shown)" if last else ""
        some = f" ({len(kept)} shown)" if len(kept) < len(columns) else ""
        box.append(f"  {count(total, 'row')}{shown}, {count(len(columns), 'column')}{some}")
    return "\n".join(box) + "\n"


def _kept(widths: list[int]) -> list[int]:
    """The columns that fit: from the outside in, as the middle ones are left out."""
    kept: list[int] = []
    room = WIDTH - 1
    order = [i for pair in zip(range(len(widths)), reversed(range(len(widths))), strict=True) for i in pair]
    for i in dict.fromkeys(order):
        if kept and room < widths[i] + 3 + (4 if len(kept) + 1 < len(widths) else 0):
            break
        kept.append(i)
        room -= widths[i] + 3
    return sorted(kept)


def _flat(whole: str) -> str:
    whole = whole.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    while _width(whole) > VALUE:
        whole = whole[: VALUE - 1 if len(whole) > VALUE else len(whole) - 2].rstrip("…") + "…"
    return whole


def _width(whole: str) -> int:
    if whole.isascii():
        return len(whole)
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in whole)


def _pad(cell: str, width: int, align: str) -> str:
    space = width - _width(cell)
    before = {"left": 0, "right": space, "center": space // 2}[align]
    return " " * before + cell + " " * (space - before)
