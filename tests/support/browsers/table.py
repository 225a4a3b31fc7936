"""The README's table of browsers, from what the tests saw: `make browsers` writes it."""

import re
from pathlib import Path

README = Path(__file__).resolve().parents[3] / "README.md"
_PLACE = re.compile(r"(?<=<!-- browsers: written by `make browsers` -->\n).*?(?=<!-- end -->)", re.S)
_HEAD = "| browser | version | Python waits by | tested |\n|---|---|---|---|\n"


def write(rows: list[tuple[str, str, str, str]]) -> None:
    """Puts a row for each browser that passed in place of the table: its name, version, way of waiting, and what passed."""
    lines = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    text = README.read_text("utf-8")
    assert _PLACE.search(text), f"{README.name} has no place for the table"
    README.write_text(_PLACE.sub(lambda _: _HEAD + lines, text), encoding="utf-8")
