"""Statements of a script, each of which `execute` takes."""

from __future__ import annotations

from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.errors import InvalidInputException


class Statement:
    """One statement of a script: its text (`query`) and the names of its parameters."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.named_parameters = set(sql_text.parameters(query))


def text(query: Any) -> str:
    """The text of a query or of a `Statement`."""
    if isinstance(query, Statement):
        return query.query
    if not isinstance(query, str):
        raise InvalidInputException(
            "Invalid Input Error: Please provide either a DuckDBPyStatement or a string representing the query"
        )
    return query
