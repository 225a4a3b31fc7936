"""DuckDB's Python API over DuckDB-WASM, for notebooks that run in the browser.

The API documented at https://duckdb.org/docs/stable/clients/python/overview; README.md lists what differs.
"""

import sys

from duckdb_wasm import enums, errors, expression, func, module, sqltypes
from duckdb_wasm.connection import DuckDBPyConnection
from duckdb_wasm.connection.statements import Statement
from duckdb_wasm.relation import DuckDBPyRelation
from duckdb_wasm.types import DuckDBPyType
from duckdb_wasm.value import constant

__version__ = "1.5.1"
__formatted_python_version__ = f"{sys.version_info.major}.{sys.version_info.minor}"
#: Rows of one of DuckDB's vectors, which `fetch_df_chunk` counts.
__standard_vector_size__ = 2048
apilevel = "2.0"
paramstyle = "qmark"
threadsafety = 1
typing = sqltypes
functional = func

_offered = {
    module: module.FUNCTIONS,
    constant: constant.NAMES,
    expression: (
        *("Expression", "CaseExpression", "CoalesceOperator", "ColumnExpression", "ConstantExpression"),
        *("DefaultExpression", "FunctionExpression", "LambdaExpression", "StarExpression"),
    ),
    enums: (
        *("CSVLineTerminator", "ExpectedResultType", "ExplainType", "PythonExceptionHandling", "RenderMode"),
        *(
            "StatementType",
            "token_type",
            "DBAPITypeObject",
            "BINARY",
            "DATETIME",
            "NUMBER",
            "ROWID",
            "STRING",
        ),
    ),
    errors: errors.NAMES,
}
for _module, _names in _offered.items():
    for _name in _names:
        globals()[_name] = getattr(_module, _name)


def __getattr__(name: str) -> object:
    # As this package is imported under the name of the one whose place it takes.
    raise AttributeError(f"module 'duckdb' has no attribute '{name}'")


__all__ = [
    "DuckDBPyConnection",
    "DuckDBPyRelation",
    "DuckDBPyType",
    "Statement",
    "sqltypes",
    *(name for names in _offered.values() for name in names),
]
