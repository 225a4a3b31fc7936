"""DuckDB's types as constants: `from duckdb.sqltypes import INTEGER`."""

from duckdb_wasm.types import DuckDBPyType

NAMES = (
    "BIGINT BIT BLOB BOOLEAN DATE DOUBLE FLOAT HUGEINT INTEGER INTERVAL SMALLINT TIME TIMESTAMP TIMESTAMP_MS "
    "TIMESTAMP_NS TIMESTAMP_S TINYINT UBIGINT UHUGEINT UINTEGER USMALLINT UTINYINT UUID VARCHAR VARIANT TIME_NS"
)

globals().update({name: DuckDBPyType._make(name.lower(), name) for name in NAMES.split()})
SQLNULL = DuckDBPyType('"NULL"')
TIMESTAMP_TZ = DuckDBPyType("TIMESTAMP WITH TIME ZONE")
TIME_TZ = DuckDBPyType("TIME WITH TIME ZONE")

__all__ = ["SQLNULL", "TIMESTAMP_TZ", "TIME_TZ", "DuckDBPyType", *NAMES.split()]
