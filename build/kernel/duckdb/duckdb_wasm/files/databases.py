"""Databases in files of the visitor's drive, opened by `duckdb.connect("name.duckdb")` or by ATTACH.

The engine holds an open one in its memory, under the file's whole path. What changed in it is written back when the cell
ends, at CHECKPOINT, at DETACH, and when its last connection is closed.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import re
import sys
import weakref
import zlib
from pathlib import Path
from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.errors import ConnectionException, Error, IOException
from duckdb_wasm.files import drive

#: What native DuckDB 1.5.1 leaves in the file of a database in which nothing was made. The engine makes no file by itself.
EMPTY = zlib.decompress(
    base64.b85decode(
        b"c-rmPu?fOZ6a~<4v=EX}BoNW02!fzpsuV5|)Lsi)H*pciNtYP}ErJMwV432a=JL32fxAk|=-NGI+uf#GhyPr%beU$q`(ocT^FzMKj{yJx02qK<"
        b"d#dB{`ToA2Up}9cKBj$)g8dHw008#C{SN>D07LNt;QTex"
    )
)
_ATTACH = sql_text.Pattern(
    r"\s*attach\s+(?:database\s+)?(?:or\s+replace\s+)?(?:if\s+not\s+exists\s+)?'((?:[^']|'')+)'(?:\s+as\s+(\"(?:[^\"]|\"\")+\"|\w+))?",
    re.I,
)
_DETACH = sql_text.Pattern(r"\s*detach\s+(?:database\s+)?(?:if\s+exists\s+)?(\"(?:[^\"]|\"\")+\"|\w+)", re.I)
_READ_ONLY = sql_text.Pattern(r"\bread_only\b(?!\s*(?:=\s*)?(?:false|0))", re.I)
#: Statements that begin so change no database.
_READS = ("select", "from", "values", "describe", "show", "explain", "summarize", "table", "use", "set")
#: Bytes of a file that the engine is given: it holds it twice while it is handed over, and its memory ends at 4 GB.
LARGEST = 1_000_000_000
#: Databases of one name, beyond which something is wrong.
_MOST = 100
_DIFFERENT = (
    "Connection Error: Can't open a connection to same database file with a different configuration than existing "
    "connections"
)


class DatabaseFile:
    """A database in a file; `users` are the open connections that `connect` made to it."""

    def __init__(self, session: Any, path: Path, read_only: bool, config: dict | None = None) -> None:
        self._session, self.path, self.read_only = session, path, read_only
        #: What `connect` was given with it: all connections to a file are given the same.
        self.config = config or {}
        #: The name under which SQL knows it; as in native DuckDB that of the file.
        self.alias = path.stem
        self.users: weakref.WeakSet = weakref.WeakSet()
        self.changed = False
        self._is_open, self._attached = False, False

    async def register(self) -> None:
        """Hands the file to the engine; a new one is made. Raises `IOException` for what is no file."""
        if self.path.is_dir():
            raise IOException(f'IO Error: Could not read from file "{self.path}": Is a directory')
        if not self.path.is_file():
            if self.read_only:
                return  # the engine says that there is none
            if not self.path.parent.is_dir():
                raise IOException(f'IO Error: Cannot open file "{self.path}": No such file or directory')
            self.path.write_bytes(EMPTY)
        if self.path.stat().st_size > LARGEST:
            raise IOException(
                f"IO Error: {self.path} has {self.path.stat().st_size / 1e6:,.0f} MB; a database file is held in memory "
                f"here, which takes up to {LARGEST / 1e6:,.0f} MB. Export the tables you need to Parquet, and read those."
            )
        await self._session.register_file(str(self.path), self.path.read_bytes())

    async def open(self) -> None:
        """Attaches it, where it is not. Raises what the engine says of a file that is no database."""
        if self._is_open:
            return
        for other in list(_open(self._session).values()):
            if other.is_left():
                await other.close()
        await self.register()
        handle = await self._session.connect()
        try:
            await self._attach(handle)
        except Error:
            await self._session.drop_file(str(self.path))
            raise
        finally:
            await self._session.disconnect(handle)
        self.opened()

    async def _attach(self, handle: Any) -> None:
        """Under its name, or, where another database has it, one with a number."""
        mode = " (READ_ONLY)" if self.read_only else ""
        for number in itertools.count(2):
            try:
                attach = (
                    f"ATTACH {sql_text.string(str(self.path))} AS {sql_text.identifier(self.alias)}{mode}"
                )
                await self._session.query(handle, attach)
                return
            except Error as error:
                if "already exists" not in str(error) or number > _MOST:
                    raise
            self.alias = f"{self.path.stem}_{number}"

    def is_left(self) -> bool:
        """Whether nobody has a connection to it any more: as in native DuckDB that closes it."""
        return not self.users and not self._attached

    def opened(self, attached: bool = False) -> None:
        """From now on it is written back; `attached` by a statement, it stays until DETACH."""
        self._is_open, self._attached = True, attached
        _open(self._session)[str(self.path)] = self
        _when_cells_end(self._session)

    async def write_back(self) -> None:
        """Writes what changed into the file; not while a transaction is under way."""
        if self.read_only or not self.changed or not self._is_open:
            return
        handle = await self._session.connect()
        try:
            await self._session.query(handle, f"CHECKPOINT {sql_text.identifier(self.alias)}")
        except Error:
            return
        finally:
            await self._session.disconnect(handle)
        content = await self._session.read_file(str(self.path))
        self.changed = False
        if not (self.path.is_file() and self.path.read_bytes() == content):
            drive.write(self.path, content)

    async def close(self) -> None:
        """Writes it back, and the engine forgets it; while a transaction of somebody else's keeps it from that, it stays."""
        await self.write_back()
        if self.changed and not self.read_only:
            return  # tried again when the next cell ends
        handle = await self._session.connect()
        try:
            with contextlib.suppress(Error):  # another connection may still be within a transaction
                await self._session.query(handle, f"DETACH {sql_text.identifier(self.alias)}")
        finally:
            await self._session.disconnect(handle)
        await self.closed()

    async def closed(self) -> None:
        """After DETACH: the engine's files are dropped."""
        self._is_open = False
        _open(self._session).pop(str(self.path), None)
        for name in (str(self.path), f"{self.path}.wal"):
            with contextlib.suppress(Error):
                await self._session.drop_file(name)


def of(session: Any, name: str, read_only: bool, config: dict | None = None) -> DatabaseFile:
    """The database in the file `name`: the one that is open, or one that is yet to be opened.

    Raises `ConnectionException` where it is open in another way.
    """
    path = Path(name).expanduser().absolute()
    found = _open(session).get(str(path))
    if found is None or found.is_left():
        return DatabaseFile(session, path, read_only, config)
    if (found.read_only, found.config) != (read_only, config or {}):
        raise ConnectionException(_DIFFERENT)
    return found


def note(session: Any, statement: str) -> None:
    """A statement is run: what is open may have changed by it."""
    databases = getattr(session, "databases", None)
    if databases and sql_text.first_word(statement) not in _READS:
        for database in databases.values():
            database.changed = True


async def write_back(session: Any) -> None:
    """Writes every open database back that changed."""
    for database in list(_open(session).values()):
        await database.write_back()


class Attaching:
    """Around a statement: ATTACH gets its file, DETACH writes it back, CHECKPOINT too."""

    def __init__(self, session: Any, statement: str) -> None:
        self._session, self.statement = session, statement
        self._word = sql_text.first_word(statement)
        self._attached: DatabaseFile | None = None
        self._detached: DatabaseFile | None = None

    async def __aenter__(self) -> str:
        """The statement as the engine runs it."""
        if self._word == "attach":
            return await self._attach()
        found = self._word == "detach" and _DETACH.match(sql_text.without_comments(self.statement))
        if found:
            alias = _unquoted(found.group(1))
            databases = _open(self._session).values()
            self._detached = next((one for one in databases if one.alias.lower() == alias.lower()), None)
            if self._detached is not None:
                await self._detached.write_back()
        return self.statement

    async def _attach(self) -> str:
        found = _ATTACH.match(sql_text.without_comments(self.statement))
        name = found and found.group(1).replace("''", "'")
        if not name or "://" in name or name.startswith(":memory:"):
            return self.statement
        path = Path(name).expanduser().absolute()
        if str(path) in _open(self._session):
            return self.statement  # the engine says so
        made = DatabaseFile(self._session, path, bool(_READ_ONLY.search(self.statement)))
        made.alias = _unquoted(found.group(2)) if found.group(2) else path.stem
        await made.register()
        self._attached = made
        literal = f"'{found.group(1)}'"
        return self.statement.replace(literal, sql_text.string(str(path)), 1)

    async def __aexit__(self, kind: type | None, *_exception: Any) -> None:
        if kind is not None:
            if self._attached is not None:
                await self._session.drop_file(str(self._attached.path))
        elif self._attached is not None:
            self._attached.opened(attached=True)
        elif self._detached is not None:
            await self._detached.closed()
        elif self._word in ("checkpoint", "force"):
            await write_back(self._session)


def _open(session: Any) -> dict[str, DatabaseFile]:
    """The session's open databases by their files' whole paths."""
    return session.__dict__.setdefault("databases", {})


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


_hooked: weakref.WeakSet = weakref.WeakSet()


def _when_cells_end(session: Any) -> None:
    """In a notebook, from now on: writes back after each cell."""
    shell = "IPython" in sys.modules and sys.modules["IPython"].get_ipython()
    if not shell or session in _hooked:
        return
    _hooked.add(session)

    def cell_ended(*_result: Any) -> None:
        if session.can_wait() and any(database.changed for database in _open(session).values()):
            session.call(write_back(session), "con.close()")

    shell.events.register("post_run_cell", cell_ended)
