"""What the derived numbers mean, and their SQL: definitions.toml, which the pipeline reads too."""

from __future__ import annotations

import tomllib
from pathlib import Path

_DEFINITIONS = tomllib.loads(Path(__file__).with_name("definitions.toml").read_text("utf-8"))

#: Days of absence after which a listing has ended, where nobody says otherwise.
ABSENCE: int = _DEFINITIONS["listings"]["absence"]


def definition(name: str, **filled_in: str) -> str:
    """The SQL of a definition as a table or expression, its names in braces replaced."""
    sql = _DEFINITIONS[name]["sql"]
    for key, text in filled_in.items():
        sql = sql.replace(f"{{{key}}}", text)
    return f"({sql})"
