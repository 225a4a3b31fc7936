"""Files of the visitor's drive, by name: given to the engine before a statement, taken from it afterwards.

The engine has files of its own, in memory. Python's file system holds the notebook's folder.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.errors import IOException

#: Where JupyterLite shows Python the files of the file browser, and how much the browser keeps of one, in bytes.
DRIVE, KEPT = "/drive", 130_000_000
_COPY_TO = sql_text.Pattern(r"\bto\s+('(?:[^']|'')*')", re.I)
#: Options of COPY with which it writes a folder.
_SEVERAL = sql_text.Pattern(r"\b(?:partition_by|per_thread_output|file_size_bytes)\b", re.I)
_OVERWRITES = sql_text.Pattern(r"\b(?:overwrite|append)", re.I)
#: Begins the engine's names of files in fsspec file systems: it has ideas of its own about `memory://` and the like.
_OF_SYSTEM = "fsspec_"
#: Functions and statements that take names of files.
_READS = sql_text.Pattern(r"\b(?:read_\w+|\w*_scan\w*|parquet_\w+|sniff_csv|glob|copy|import)\b", re.I)


def of(session: Any) -> Files:
    """The files of a session's engine, which all its connections share."""
    if not hasattr(session, "files"):
        session.files = Files(session)
    return session.files


class Files:
    """Which files the engine holds, and in which state."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._given: dict[str, tuple[int, int]] = {}
        #: fsspec file systems by their protocols.
        self.systems: dict[str, Any] = {}

    async def give(self, statement: str, values: Iterable[Any] = ()) -> None:
        """Hands over each file that the statement's strings or parameters name, where it is new or changed."""
        target = copied_to(statement)
        folder = folder_written(statement)
        if folder is not None and target is not None and not _OVERWRITES.search(statement):
            _refuse_full(Path(folder))
        if sql_text.first_word(statement) == "import":
            for name in sql_text.strings(statement):
                for file in sorted(Path(name).rglob("*")):
                    await self._give(str(file))
        reads = _READS.search(statement)
        for text in (*sql_text.strings(statement), *(_texts(values) if reads else ())):
            system = self._system(text)
            if system is not None:
                if text != target:
                    await self._give_from(*system)
                continue
            # Looking for a file is a message to the page: only for what may be one. `A:` would name another drive.
            if text == target or len(text) > 500 or "\n" in text or ":" in text or text.endswith("/"):
                continue
            if not (reads or "." in text):
                continue
            pattern = re.search(r"[*?\[]", text)
            names = glob.glob(text, recursive=True) if pattern else [text]  # noqa: PTH207
            for name in names:
                await self._give(name)
            # What was there before, perhaps in another folder, is not to be read again.
            for name in [name for name in self._given if name == text or (pattern and fnmatch(name, text))]:
                if not Path(name).is_file():
                    await self._session.drop_file(name)
                    del self._given[name]

    def local(self, statement: str) -> str:
        """The statement with the engine's own names in place of addresses in registered file systems."""
        if not self.systems or "://" not in statement:
            return statement
        parts = []
        for kind, text, _ in sql_text.tokens(statement):
            protocol, address, path = text[1:-1].partition("://")
            known = kind in ("string", "quoted") and address and protocol in self.systems
            parts.append(f"{text[0]}{_OF_SYSTEM}{protocol}__{path.lstrip('/')}{text[0]}" if known else text)
        return "".join(parts)

    def _system(self, name: str) -> tuple[Any, str, str] | None:
        """The file system, its protocol and the path there that one of `local`'s names stands for; else None."""
        protocol, _, path = name.removeprefix(_OF_SYSTEM).partition("__")
        system = self.systems.get(protocol) if name.startswith(_OF_SYSTEM) else None
        return None if system is None else (system, protocol, path)

    async def _give_from(self, system: Any, protocol: str, path: str) -> None:
        """Hands over what an fsspec file system has at a path, or at all that a pattern fits."""
        address = f"{protocol}://{path}"
        for found in system.glob(address) if re.search(r"[*?\[]", path) else [address]:
            if system.isfile(found):
                name = f"{_OF_SYSTEM}{protocol}__{found.partition('://')[2] or found}".replace("__/", "__", 1)
                await self._session.drop_file(name)
                await self._session.register_file(name, system.cat_file(found))

    async def _give(self, name: str) -> None:
        path = Path(name)
        try:
            if not path.is_file():
                return
            state = path.stat()
        except (OSError, ValueError):
            return
        if self._given.get(name) != (state.st_size, state.st_mtime_ns):
            if name in self._given:
                await self._session.drop_file(name)
            await self._session.register_file(name, path.read_bytes())
            self._given[name] = (state.st_size, state.st_mtime_ns)

    async def take(self, statement: str, listing: Callable[[str], Awaitable[list[str]]]) -> None:
        """After `COPY … TO 'name'`: writes that file into the drive, and the engine forgets it.

        `listing` gives the engine's files in a folder, for statements that write several. Raises `IOException` where
        there are none.
        """
        folder = folder_written(statement)
        if folder is not None:
            names = await listing(folder)
            if not names:
                raise IOException(
                    f"IO Error: the engine left no files in {folder}. Write one file: COPY (…) TO 'name.parquet'."
                )
            for name in names:
                if self._system(name) is None:
                    Path(name).parent.mkdir(parents=True, exist_ok=True)
                await self._take(name)
            return
        name = copied_to(statement)
        if name is not None:
            await self._take(name)

    async def _take(self, name: str) -> None:
        content = await self._session.read_file(name)
        found = self._system(name)
        if found is not None:
            system, protocol, path = found
            address = f"{protocol}://{path}"
            if "/" in path:
                system.makedirs(address.rpartition("/")[0], exist_ok=True)
            with system.open(address, "wb") as file:
                file.write(content)
            await self._session.drop_file(name)
            return
        await self._session.drop_file(name)
        self._given.pop(name, None)
        write(Path(name), content)


def write(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all; where the browser would not keep so much, into `/tmp`, which is said."""
    path = _place(path, content)
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(content)
    beside.replace(path)


def _place(path: Path, content: bytes) -> Path:
    """Where the content is written: the path, or, said in a line, /tmp where the browser would not keep so much.

    JupyterLite would wait for an answer that never comes.
    """
    if not path.absolute().is_relative_to(DRIVE):
        return path
    try:
        text = content.decode()
        # As text of the browser: a byte a character, or two.
        kept = len(text) * (1 if content.isascii() else 2)
    except UnicodeDecodeError:
        kept = len(content) * 4 // 3  # in base64
    if kept <= KEPT:
        return path
    elsewhere = Path("/tmp", path.name)  # noqa: S108 - in the memory of the visitor's own kernel
    print(
        f"{path} has {len(content) / 1e6:.0f} MB, more than the file browser takes: it is in {elsewhere} until the kernel "
        "stops. To take it home, copy fewer rows or columns, or as Parquet."
    )
    return elsewhere


def _refuse_full(folder: Path) -> None:
    """Raises `IOException` where the folder has something in it."""
    if folder.is_dir() and any(folder.iterdir()):
        raise IOException(
            f'IO Error: Cannot write to "{folder}" - it exists and is not empty! Enable OVERWRITE option to overwrite files'
        )


def folder_written(statement: str) -> str | None:
    """The folder in which the statement writes files; None where it writes one file, or none."""
    if sql_text.first_word(statement) == "export":
        return next(iter(sql_text.strings(statement)), None)
    name = copied_to(statement)
    return name if name is not None and _SEVERAL.search(statement) else None


def copied_to(statement: str) -> str | None:
    """The file that the statement writes; None where it writes none."""
    if sql_text.first_word(statement) != "copy":
        return None
    found = list(_COPY_TO.finditer(statement))
    return found[-1].group(1)[1:-1].replace("''", "'") if found else None


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple):
            yield from _texts(value)
