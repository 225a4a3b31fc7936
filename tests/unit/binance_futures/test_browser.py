"""The browser's connection where it was begun before it was asked for, with an engine that fails at first."""

import asyncio
import json

import pytest
from support.native_session import import_kernel


class Engine:
    """Answers as the engine's session does; `attach` fails as often as is said."""

    def __init__(self, descriptor: dict, failures: int) -> None:
        self.descriptor, self.failures, self.queries = descriptor, failures, []

    async def attach(self, _snapshot):
        self.failures -= 1
        if self.failures >= 0:
            raise import_kernel().IOException("IO Error: no network")
        return self.descriptor

    async def connect(self):
        return object()

    async def query(self, _connection, sql, _params=None):
        self.queries.append(sql)
        return b""


@pytest.fixture
def descriptor(site) -> dict:
    import_kernel()
    (path,) = (site / "data" / "snapshots").glob("*/datapackage.json")
    found = json.loads(path.read_text())
    for resource in found["resources"]:
        resource["file"] = resource["hash"][7:] + ".parquet"
    return found


@pytest.mark.parametrize("failures", [0, 1])
def test_what_was_begun_too_early_is_begun_again(descriptor, failures):
    from binance_futures._browser import Connection

    async def opened():
        engine = Engine(descriptor, failures)
        connection = Connection(engine, None)
        connection.begin()
        await asyncio.sleep(0)  # the beginning, which may fail before anyone waits
        await connection._open()
        return connection.snapshot.id, sum("CREATE OR REPLACE VIEW" in sql for sql in engine.queries)

    assert asyncio.run(opened()) == (descriptor["id"], 1)


def test_a_second_failure_is_told(descriptor):
    from binance_futures._browser import Connection

    async def opened():
        connection = Connection(Engine(descriptor, failures=2), None)
        connection.begin()
        await connection._open()

    with pytest.raises(import_kernel().IOException, match="no network"):
        asyncio.run(opened())
