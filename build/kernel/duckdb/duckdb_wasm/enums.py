"""The choices that calls take and give, and DB-API 2.0's groups of types."""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import Any

from duckdb_wasm import sqltypes
from duckdb_wasm.types import DuckDBPyType


class Choice(IntEnum):
    """A choice by number or name; written as `ExplainType.ANALYZE`."""

    __str__ = Enum.__str__


class ExplainType(Choice):
    """What `explain` gives: the plan, or the plan with times of a run."""

    STANDARD, ANALYZE = range(2)


class RenderMode(Choice):
    """How `show` lays rows out."""

    ROWS, COLUMNS = range(2)


class CSVLineTerminator(Choice):
    """What ends a line of a CSV file."""

    LINE_FEED, CARRIAGE_RETURN_LINE_FEED = range(2)


class ExpectedResultType(Choice):
    """What a statement may answer."""

    QUERY_RESULT, CHANGED_ROWS, NOTHING = range(3)


class PythonExceptionHandling(Choice):
    """What an exception of a Python function in SQL does."""

    DEFAULT, RETURN_NULL = range(2)


StatementType = Choice(
    "StatementType",
    "INVALID SELECT INSERT UPDATE CREATE DELETE PREPARE EXECUTE ALTER TRANSACTION COPY ANALYZE VARIABLE_SET CREATE_FUNC "
    "EXPLAIN DROP EXPORT PRAGMA VACUUM CALL SET LOAD RELATION EXTENSION LOGICAL_PLAN ATTACH DETACH MULTI COPY_DATABASE "
    "MERGE_INTO",
    start=0,
)
token_type = Choice("token_type", "identifier numeric_const string_const operator keyword comment", start=0)


class DBAPITypeObject:
    """A group of types, equal to each of them."""

    def __init__(self, types: list[DuckDBPyType]) -> None:
        self.types = types

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, DuckDBPyType) and other in self.types

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<DBAPITypeObject [{','.join(map(str, self.types))}]>"


def _group(names: str) -> DBAPITypeObject:
    return DBAPITypeObject([getattr(sqltypes, name, None) or DuckDBPyType(name) for name in names.split()])


STRING, BINARY, ROWID = _group("VARCHAR"), _group("BLOB"), None
NUMBER = _group(
    "TINYINT UTINYINT SMALLINT USMALLINT INTEGER UINTEGER BIGINT UBIGINT HUGEINT UHUGEINT BIGNUM DECIMAL FLOAT DOUBLE"
)
DATETIME = _group("DATE TIME TIME_TZ TIMESTAMP TIMESTAMP_TZ TIMESTAMP_NS TIMESTAMP_MS TIMESTAMP_S")
