"""Relations: queries that are built step by step, and run when their rows are needed."""

from duckdb_wasm.relation.relation import DuckDBPyRelation

__all__ = ["DuckDBPyRelation"]
