"""In the browser: a connection of the kernel's `duckdb`, whose engine reads the snapshot's objects from the site."""

from __future__ import annotations

import asyncio
import json
from datetime import date

from duckdb_wasm import DuckDBPyConnection, Error, IOException, sql_text
from duckdb_wasm.module import new_database
from duckdb_wasm.results.result import Result
from duckdb_wasm.waiting import cannot_wait

from binance_futures import _release
from binance_futures._questions import Questions
from binance_futures._snapshot import ID, Snapshot, choose
from binance_futures._tables import TABLES, create_tables, files


class Connection(Questions, DuckDBPyConnection):
    """A DuckDB connection whose tables are a snapshot's; `snapshot` says which.

    Its own database is empty; the snapshot's tables are in one that all connections to that snapshot share.
    """

    def __init__(self, session, wanted: str | date | None) -> None:
        super().__init__(session, "db", database=new_database())
        self._wanted = wanted
        self._begun: asyncio.Task[Snapshot] | None = None
        self._made: Snapshot | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot whose tables these are."""
        if self._made is None:  # only where Python cannot wait
            raise cannot_wait("db = await bf.connect()")
        return self._made

    async def _open(self) -> None:
        if self._made is not None:
            return
        begun, self._begun = self._begun, None
        try:
            self._made = await (begun or self._make())
        except Exception:
            if begun is None:
                raise
            self._made = await self._make()  # perhaps there was no network yet
        self._tell()

    def _tell(self) -> None:
        self.snapshot.tell()

    def begin(self) -> None:
        """Begins to make the tables without waiting for them."""
        self._begun = asyncio.ensure_future(self._make())
        self._begun.add_done_callback(lambda task: task.exception())  # whoever waits for it is told

    async def _make(self) -> Snapshot:
        # Asked for first: the descriptor is on its way while the connection is made.
        descriptor = await _attach(self._session, self._wanted)
        await super()._open()
        await self._look_in(await self._tables_of(descriptor))
        return Snapshot.of(descriptor)

    async def _tables_of(self, descriptor: dict) -> str:
        """The name of the snapshot's database, whose tables are made where they are not there."""
        name = database_of(descriptor["id"])
        making = self._session.__dict__.setdefault("snapshots", {}).setdefault(name, asyncio.Lock())
        async with making:
            there = "SELECT view_name FROM duckdb_views() WHERE database_name = ? AND NOT internal"
            answer = await self._bytes(there, {"1": {"type": "VARCHAR", "value": name}})
            found = {view for (view,) in Result(answer).fetchall()}
            if not found >= {
                table for table, (layout, _) in TABLES.items() if files(descriptor, table, layout)
            }:
                await self._bytes(f"ATTACH IF NOT EXISTS ':memory:' AS {name}; USE {name}")
                await self._bytes(f"{create_tables(descriptor)};\nUSE {self._database}")
        return name

    async def _statement(self, sql, params, objects):
        try:
            return await super()._statement(sql, params, objects)
        except Error as error:
            table = _release.changed(sql_text.words(sql))
            if table is None:
                raise
            message = (
                f"{error}\n{table} is a view of snapshot {self.snapshot}, which never changes. Change a copy: "
                f"CREATE TABLE mine AS FROM {table}"
            )
            raise type(error)(message) from None


def database_of(snapshot: str) -> str:
    """The database that holds a snapshot's tables, by the snapshot's id."""
    return f"snapshot_{snapshot.replace('-', '_')}"


#: The connection to the newest snapshot, begun before anyone asked for it.
_ready: Connection | None = None


def make_ready() -> None:
    """Begins the connection that most notebooks ask for first, while nothing else is to be done."""
    global _ready
    from duckdb_wasm.bridge import session

    _ready = Connection(session, None)
    if not session.stands_still:
        _ready.begin()


async def _attach(session, wanted: str | date | None) -> dict:
    """The descriptor of the snapshot that is meant; its objects can be read from now on."""
    if wanted is None:
        return await session.attach(None)
    if not ID.fullmatch(str(wanted)):
        return await session.attach(choose(wanted, [entry["id"] for entry in await _index(session)]))
    try:
        return await session.attach(str(wanted))
    except IOException:
        # Perhaps there is none of this id: then the list says so. Otherwise the engine's own message stands.
        choose(wanted, [entry["id"] for entry in await _index(session)])
        raise


def site(_given: None = None) -> str:
    from js import location

    # The kernel's worker is served from <site>/extensions/…
    return location.href.partition("/extensions/")[0] + "/"


async def _index(session) -> list[dict]:
    return json.loads(await session.fetch(site() + "data/snapshots.json"))["snapshots"]


def connect(snapshot: str | date | None, site: str | None) -> Connection:
    from duckdb_wasm.bridge import session

    if site is not None:
        raise ValueError("In the browser the data is that of the site that you are on; leave `site` out.")
    global _ready
    connection = Connection(session, snapshot)
    if snapshot is None and _ready is not None:
        connection, _ready = _ready, None
    if session.can_wait():
        session.call(connection._open(), "db = await bf.connect()")
    return connection


def snapshots(site: str | None) -> list[Snapshot]:
    from duckdb_wasm.bridge import session

    async def listed() -> list[Snapshot]:
        return [Snapshot.of(entry) for entry in await _index(session)]

    if session.can_wait():
        return session.call(listed(), "await bf.snapshots()")
    return session.begin(listed(), "await bf.snapshots()")


class Cache:
    """What this browser keeps of the data, for all tabs of this site."""

    def status(self) -> dict:
        """persistent (bool), bytes and budget (int), objects (int), notice (str or None: why nothing is kept)."""
        return self._ask("cacheStatus")

    def clear(self) -> None:
        """Forgets everything; the next question fetches again what it needs."""
        self._ask("clearCache")

    def set_budget(self, size: int) -> None:
        """Keeps at most `size` bytes from now on; what is above it goes at once, longest unused first."""
        if size < 0:
            raise ValueError(f"The budget is a number of bytes, 0 or more; got {size}.")
        self._ask("setCacheBudget", size)

    def _ask(self, call: str, *args: int) -> dict | None:
        from duckdb_wasm.bridge import session

        return session.call(session.ask(call, *args), "bf.cache (it needs a browser that can wait)")
