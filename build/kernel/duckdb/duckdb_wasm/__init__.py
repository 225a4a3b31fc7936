"""DuckDB's Python API over DuckDB-WASM, for notebooks that run in the browser.

The API documented at https://duckdb.org/docs/stable/clients/python/overview; README.md lists what differs.
"""

from duckdb_wasm import errors, module, sqltypes
from duckdb_wasm.connection import DuckDBPyConnection
from duckdb_wasm.relation import DuckDBPyRelation
from duckdb_wasm.types import (
    DuckDBPyType,
    array_type,
    decimal_type,
    enum_type,
    list_type,
    map_type,
    struct_type,
    union_type,
)
from duckdb_wasm.value.literals import Value

__version__ = "1.5.1"
apilevel = "2.0"
paramstyle = "qmark"
threadsafety = 1

_names = [*module.FUNCTIONS]
for _name in _names:
    globals()[_name] = getattr(module, _name)
_exceptions = [
    name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)
]
for _name in _exceptions:
    globals()[_name] = getattr(errors, _name)

#: DB-API 2.0's constructors and type objects.
BINARY, NUMBER, STRING, DATETIME, ROWID = "BINARY", "NUMBER", "STRING", "DATETIME", "ROWID"


def type(text: object) -> DuckDBPyType:
    """The DuckDB type of that name, such as `duckdb.type("DECIMAL(10, 2)")`."""
    return DuckDBPyType(text)


dtype = sqltype = type
row_type = struct_type
typing = sqltypes

__all__ = [
    "DuckDBPyConnection",
    "DuckDBPyRelation",
    "DuckDBPyType",
    "Value",
    "array_type",
    "decimal_type",
    "enum_type",
    "map_type",
    "sqltypes",
    "union_type",
    "list_type",
    "struct_type",
    *_names,
    *_exceptions,
]
