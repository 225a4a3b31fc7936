"""Names of files and databases that stand for tables which are already here.

A package that serves tables registers a `Source`. Where a statement reads Parquet by one of its names, and the visitor has
no file of that name, the table is read in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from duckdb_wasm import sql_text
from duckdb_wasm.errors import CatalogException, Error

_READERS = ("read_parquet", "parquet_scan")
#: A string after one of these is a table.
_BEFORE = ("from", "join", "describe", "summarize")
#: Words that end a FROM clause's list of tables.
_AFTER = (
    *("where", "group", "order", "having", "limit", "offset", "select", "union", "except", "intersect"),
    *("qualify", "window", "on", "using", "set", "values", "returning"),
)
_FILENAME = sql_text.Pattern(r"\bfilename\s*:?=\s*('[^']*'|\w+)", re.I)
_MISSING = sql_text.Pattern(r"Catalog Error: (?:Table|Table Function) with name \"?(.+?)\"? does not exist!")


class Source(Protocol):
    """What a package that serves tables answers."""

    #: Of these texts one is in every name of a file that stands for a table; a statement without them is not looked into.
    parts: tuple[str, ...]

    def stands_for(self, file: str) -> bool:
        """Whether this name of a Parquet file or this address is that of one of its tables."""
        ...

    async def table(self, session: Any, file: str) -> str:
        """The table as SQL names it from every connection of the session; it can be read from now on."""
        ...

    def database(self, session: Any, path: str) -> Any:
        """A connection in place of the database file `path`; None where that is none of its names."""
        ...

    def hint(self, table: str) -> str | None:
        """What to do where a statement names one of its tables and its connection has none; else None."""
        ...


_sources: list[Source] = []


def register(source: Source) -> None:
    """From now on the source is asked; once, however often it is registered."""
    if source not in _sources:
        _sources.append(source)


def database(session: Any, path: str) -> Any:
    """The connection that stands for the database file `path`; None where there is none, or the file is there."""
    if _is_file(path):
        return None
    return next((found for source in _sources if (found := source.database(session, path))), None)


def hinted(error: Error) -> Error:
    """The error, with what to do in place of *Did you mean* where the table it misses is a source's."""
    found = _MISSING.match(str(error)) if isinstance(error, CatalogException) else None
    hint = found and next((text for source in _sources if (text := source.hint(found.group(1)))), None)
    if not hint:
        return error
    place = str(error).partition("\n\nLINE ")
    return type(error)(f"{found.group()}\n{hint}{''.join(place[1:])}")


@dataclass(frozen=True)
class Mention:
    """A table in a statement that is a file: where it stands, the files, and the reader's options as they are written."""

    start: int
    end: int
    files: list[str]
    options: str


async def resolved(session: Any, statement: str) -> str:
    """The statement with each file that stands for a table replaced by that table; its lines keep their numbers."""
    if not any(part in statement for source in _sources for part in source.parts):
        return statement
    parts, copied = [], 0
    for mention in mentions(statement):
        sources = [_source(file) for file in mention.files]
        if not any(sources):
            continue
        tables = [
            await source.table(session, file) if source else None
            for source, file in zip(sources, mention.files, strict=True)
        ]
        old, new = statement[mention.start : mention.end], _written(mention, tables)
        parts += [statement[copied : mention.start], new, "\n" * old.count("\n")]
        copied = mention.end
    return "".join([*parts, statement[copied:]])


def is_named(value: Any) -> bool:
    """Whether a statement's parameter is the name of a file that stands for a table."""
    return isinstance(value, str) and _source(value) is not None


def _source(file: str) -> Source | None:
    found = next((source for source in _sources if source.stands_for(file)), None)
    return None if found is None or _is_file(file) else found


def _is_file(name: str) -> bool:
    try:
        return "://" not in name and Path(name).is_file()
    except (OSError, ValueError):
        return False


def _written(mention: Mention, tables: list[str | None]) -> str:
    column = _column(mention.options)
    parts = []
    for file, table in zip(mention.files, tables, strict=True):
        if table is None:
            parts.append(f"FROM read_parquet({sql_text.string(file)}{mention.options})")
        elif column:
            parts.append(f"SELECT *, {sql_text.string(file)} AS {column} FROM {table}")
        else:
            parts.append(f"FROM {table}")
    if len(parts) == 1 and tables[0] and not column:
        return tables[0]
    return f"({' UNION ALL BY NAME '.join(parts)})"


def _column(options: str) -> str | None:
    """The column that the option `filename` asks for."""
    found = _FILENAME.search(options)
    value = found.group(1).strip("'\"") if found else "false"
    return {"false": None, "0": None, "true": "filename", "1": "filename"}.get(
        value.lower(), sql_text.identifier(value)
    )


def mentions(statement: str) -> Iterator[Mention]:
    """Every table of the statement that is written as a file, or as a call of Parquet's reader with names of files."""
    tokens = [token for token in sql_text.tokens(statement) if token[0] != "space"]
    copies = bool(tokens) and tokens[0][1].lower() == "copy"
    # For each open bracket, whether its next string after a comma is a table.
    listing = [False]
    at = 0
    while at < len(tokens):
        kind, text, start = tokens[at]
        word = text.lower() if kind == "word" else ""
        before = tokens[at - 1] if at else ("", "", 0)
        if text in "([{":
            listing.append(False)
        elif text in ")]}" and len(listing) > 1:
            listing.pop()
        elif word in _BEFORE:
            # `COPY t FROM 'file'` reads a file of its own kind.
            listing[-1] = not (copies and len(listing) == 1)
        elif word in _AFTER:
            listing[-1] = False
        elif word in _READERS and (call := _call(tokens, at)):
            at, files, options = call
            end = tokens[at][2]
            yield Mention(start, end + 1, files, statement[options:end])
        elif kind in ("string", "quoted") and listing[-1] and before[1].lower() in (*_BEFORE, ","):
            following = tokens[at + 1][1] if at + 1 < len(tokens) else ""
            if (name := _text(text)) is not None and following not in (".", "("):
                yield Mention(start, start + len(text), [name], "")
        at += 1


def _call(tokens: list, at: int) -> tuple[int, list[str], int] | None:
    """Of a call of the reader: the index of its closing bracket, its files, and where its options begin.

    None where its first argument is anything but names.
    """
    files, after, depth = [], 0, 0
    for end in range(at + 1, len(tokens)):
        kind, text, start = tokens[end]
        depth += (text in "([{") - (text in ")]}")
        if depth == 0:
            return (end, files, after or start) if files else None
        if after or text in "([]),":
            after = after or (start if text == "," and depth == 1 else 0)
        elif kind == "string" and (name := _text(text)) is not None:
            files.append(name)
        else:
            return None
    return None


def _text(literal: str) -> str | None:
    """What a plain string or a quoted name says."""
    return literal[1:-1].replace(literal[0] * 2, literal[0]) if literal[0] in "'\"" else None
