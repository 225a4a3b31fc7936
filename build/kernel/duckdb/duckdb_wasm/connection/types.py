"""The types that a connection makes: the methods beside `duckdb.list_type` and the like."""

from __future__ import annotations

from typing import Any

from duckdb_wasm import types
from duckdb_wasm.types import DuckDBPyType


class Types:
    """DuckDB's types by name and by their parts."""

    def type(self, type_str: Any) -> DuckDBPyType:
        """The type of that name, such as `DECIMAL(10, 2)`, of the database's own types too."""
        return DuckDBPyType(type_str)

    dtype = sqltype = type

    def string_type(self, collation: str = "") -> DuckDBPyType:
        """Text."""
        return DuckDBPyType("VARCHAR")

    def list_type(self, type: Any) -> DuckDBPyType:
        """A list of values of one type."""
        return types.list_type(type)

    def array_type(self, type: Any, size: int) -> DuckDBPyType:
        """A list of exactly `size` values of one type."""
        return types.array_type(type, size)

    def struct_type(self, fields: Any) -> DuckDBPyType:
        """Named fields: a dict, a list of pairs, or, for a tuple, a list of types."""
        return types.struct_type(fields)

    row_type = struct_type

    def map_type(self, key: Any, value: Any) -> DuckDBPyType:
        """Keys of one type, each with a value of another."""
        return types.map_type(key, value)

    def union_type(self, members: Any) -> DuckDBPyType:
        """A value of one of several types, each under a name."""
        return types.union_type(members)

    def decimal_type(self, width: int, scale: int) -> DuckDBPyType:
        """Numbers of `width` digits, `scale` of them after the point."""
        return types.decimal_type(width, scale)

    def enum_type(self, name: str, type: Any, values: list[Any]) -> DuckDBPyType:
        """One of the given texts."""
        return types.enum_type(name, type, values)
