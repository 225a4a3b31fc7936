"""Where Python cannot wait for the engine, everything works with `await`, and says so without."""

from __future__ import annotations

import asyncio

import pytest
from support.native_session import NativeSession


@pytest.fixture
def waiting(kernel):
    return kernel.DuckDBPyConnection(NativeSession(waits=False))


def test_awaited_relation_gives_its_rows_without_waiting_again(waiting):
    async def cell():
        relation = await waiting.sql("SELECT 42 AS answer")
        return relation.fetchall(), relation.columns, str(relation), relation._repr_html_()

    rows, columns, text, html = asyncio.run(cell())
    assert (rows, columns) == ([(42,)], ["answer"])
    assert "42" in text
    assert "<td" in html


def test_awaited_execute_gives_the_connection(waiting):
    async def cell():
        return (await (await waiting).execute("SELECT ? + 1", [1])).fetchall()

    assert asyncio.run(cell()) == [(2,)]


@pytest.mark.parametrize(
    ("use", "door"),
    [
        (lambda con: con.sql("SELECT 1").fetchall(), r"await con\.sql\(…\)"),
        (lambda con: repr(con.sql("SELECT 1")), r"await con\.sql\(…\)"),
        (lambda con: con.execute("SELECT 1").fetchall(), r"await con\.execute\(…\)"),
        (lambda con: con.sql("CREATE TABLE t (i INT)").df(), r"await con\.sql\(…\)"),
    ],
)
def test_what_is_not_awaited_names_the_door(kernel, waiting, use, door):
    async def cell():
        use(waiting)

    with pytest.raises(kernel.NotSupportedError, match=door):
        asyncio.run(cell())


def test_statements_that_are_not_awaited_still_run_in_order(waiting):
    async def cell():
        waiting.execute("CREATE TABLE t (i INT)")
        waiting.execute("INSERT INTO t VALUES (7)")
        return (await waiting.sql("FROM t")).fetchall()

    assert asyncio.run(cell()) == [(7,)]


def test_an_error_comes_out_of_await(kernel, waiting):
    async def cell():
        await waiting.execute("SELECT nope")

    with pytest.raises(kernel.BinderException, match="nope"):
        asyncio.run(cell())


def test_awaiting_is_harmless_where_python_can_wait(con):
    async def cell():
        connection = await con
        relation = await connection.sql("SELECT 1")
        return relation.fetchall(), (await connection.execute("SELECT 2")).fetchall()

    assert asyncio.run(cell()) == ([(1,)], [(2,)])
