"""DuckDB's Python API over DuckDB-WASM. The code is in the package `duckdb_wasm`."""

import sys

import duckdb_wasm

sys.modules[__name__] = duckdb_wasm
