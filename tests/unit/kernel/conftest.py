"""The kernel's `duckdb` over native DuckDB, beside native DuckDB itself."""

from __future__ import annotations

import duckdb
import pytest
from support.native_session import NativeSession, import_kernel


@pytest.fixture(scope="session")
def kernel():
    """The package `duckdb_wasm`."""
    return import_kernel()


@pytest.fixture
def session(tmp_path) -> NativeSession:
    folder = tmp_path / "engine"
    folder.mkdir()
    return NativeSession(folder=folder)


@pytest.fixture
def con(kernel, session):
    """A connection of the kernel's API."""
    with kernel.DuckDBPyConnection(session, "con") as connection:
        yield connection


@pytest.fixture
def native():
    """A connection of native DuckDB."""
    with duckdb.connect() as connection:
        yield connection
