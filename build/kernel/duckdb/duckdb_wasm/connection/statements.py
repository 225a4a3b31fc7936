"""Statements of a script, each of which `execute` takes."""

from __future__ import annotations

from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.enums import ExpectedResultType, StatementType
from duckdb_wasm.errors import InvalidInputException

#: What begins a statement, where that is not its type's name.
_WORDS = {
    **dict.fromkeys(
        ("from", "with", "values", "table", "pivot", "unpivot", "(", "describe", "show", "summarize"),
        "SELECT",
    ),
    **dict.fromkeys(("begin", "start", "commit", "end", "rollback", "abort"), "TRANSACTION"),
    **dict.fromkeys(("reset", "use"), "SET"),
    **dict.fromkeys(("install", "force"), "LOAD"),
    **dict.fromkeys(("truncate",), "DELETE"),
    **dict.fromkeys(("checkpoint",), "CALL"),
    **dict.fromkeys(("import", "comment"), "PRAGMA"),
    **dict.fromkeys(("deallocate",), "DROP"),
    "merge": "MERGE_INTO",
}
_CHANGES = ("INSERT", "UPDATE", "DELETE", "COPY", "MERGE_INTO")
_NOTHING = (
    "PREPARE",
    "ALTER",
    "TRANSACTION",
    "DROP",
    "SET",
    "LOAD",
    "ATTACH",
    "DETACH",
    "EXPORT",
    "CREATE_FUNC",
)


class Statement:
    """One statement of a script: its text (`query`), its `type` and the names of its parameters."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.named_parameters = set(sql_text.parameters(query))

    @property
    def type(self) -> StatementType:
        """What the statement does."""
        word = sql_text.first_word(self.query)
        found = _WORDS.get(word, word.upper())
        return StatementType[found] if found in StatementType.__members__ else StatementType.INVALID

    @property
    def expected_result_type(self) -> list[ExpectedResultType]:
        """What it may answer."""
        if self.type.name in _CHANGES:
            return [ExpectedResultType.CHANGED_ROWS, ExpectedResultType.QUERY_RESULT]
        if self.type.name == "CREATE":
            return [
                ExpectedResultType.CHANGED_ROWS,
                ExpectedResultType.QUERY_RESULT,
                ExpectedResultType.NOTHING,
            ]
        if self.type.name in _NOTHING:
            return [ExpectedResultType.NOTHING]
        return [ExpectedResultType.QUERY_RESULT]


def text(query: Any) -> str:
    """The text of a query or of a `Statement`."""
    if isinstance(query, Statement):
        return query.query
    if not isinstance(query, str):
        raise InvalidInputException(
            "Invalid Input Error: Please provide either a DuckDBPyStatement or a string representing the query"
        )
    return query
