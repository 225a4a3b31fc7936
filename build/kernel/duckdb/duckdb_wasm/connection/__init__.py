"""Connections: what runs statements, and where relations come from."""

from duckdb_wasm.connection.connection import DuckDBPyConnection

__all__ = ["DuckDBPyConnection"]
