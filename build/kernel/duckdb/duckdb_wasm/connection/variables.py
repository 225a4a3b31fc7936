"""Python objects as tables: found by name where a query mentions them, written as CSV for the engine."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.errors import InvalidInputException
from duckdb_wasm.types import DuckDBPyType
from duckdb_wasm.value import literals

Table = tuple[list[str], list[str], list[list]]

_MISSING_TABLE = sql_text.Pattern(r"Catalog Error: Table with name \"?(.+?)\"? does not exist!")
_OWN = ("duckdb_wasm", "binance_futures")


def missing_table(message: str) -> str | None:
    """The table that DuckDB did not find, by its error message."""
    found = _MISSING_TABLE.match(message)
    return found and found.group(1)


#: What `SET python_scan_all_frames = true` changes: whether the callers' callers are looked at, too.
scan_all_frames = False


class Scope:
    """The variables of the code that called this package: its local ones, then its global ones."""

    def __init__(self) -> None:
        frame = sys._getframe(1)
        while frame.f_back and frame.f_globals.get("__name__", "").startswith(_OWN):
            frame = frame.f_back
        self._spaces = [frame.f_locals, frame.f_globals]
        while scan_all_frames and (frame := frame.f_back):
            self._spaces += [frame.f_locals, frame.f_globals]

    def find(self, name: str) -> Any:
        """The variable's value; None where there is none, or where it is None."""
        for space in self._spaces:
            if space.get(name) is not None:
                return space[name]
        return None


class Capsule:
    """An Arrow stream that came as a bare `PyCapsule`; it can be read once."""

    def __init__(self, capsule: Any) -> None:
        self._capsule = capsule

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._capsule


def wrapped(value: Any) -> Any:
    """The value itself, or, where it is the capsule of an Arrow stream, something that offers it."""
    is_capsule = type(value).__name__ == "PyCapsule" and "arrow_array_stream" in repr(value)
    return Capsule(value) if is_capsule else value


def suitable(value: Any) -> bool:
    """Whether a query may name the object as a table."""
    if hasattr(value, "__arrow_c_stream__") or _is_pandas(value):
        return True
    if isinstance(value, Mapping):
        return bool(value) and all(_is_column(column) for column in value.values())
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(row, Mapping) for row in value)


def unsuitable(name: str, value: Any) -> InvalidInputException:
    """The error for a variable that has a table's name and is none."""
    return InvalidInputException(
        f'Invalid Input Error: Python Object "{name}" of type "{type(value).__name__}" is not suitable for '
        f'replacement scans.\nMake sure that "{name}" is a pandas.DataFrame, a polars.DataFrame, an object with '
        "__arrow_c_stream__, a list of dicts, a dict of lists, or a DuckDBPyRelation."
    )


def _is_column(value: Any) -> bool:
    return isinstance(value, list | tuple) or type(value).__module__ == "numpy"


def _is_pandas(value: Any) -> bool:
    return type(value).__module__.startswith("pandas.") and hasattr(value, "columns")


def table(value: Any) -> Table:
    """Names, DuckDB types and values of the columns of a `suitable` object.

    Raises `InvalidInputException` for columns of different lengths or values that are no DuckDB values.
    """
    if _is_pandas(value):
        value = {str(name): value.iloc[:, i].tolist() for i, name in enumerate(value.columns)}
    elif hasattr(value, "__arrow_c_stream__"):
        return _from_arrow(value)
    if isinstance(value, Mapping):
        names = [str(name) for name in value]
        columns = [list(column) for column in value.values()]
    else:
        names = list(dict.fromkeys(str(name) for row in value for name in row))
        columns = [[row.get(name) for row in value] for name in names]
    if len({len(column) for column in columns}) > 1:
        lengths = ", ".join(f"{name}: {len(column)}" for name, column in zip(names, columns, strict=True))
        raise InvalidInputException(f"Invalid Input Error: The columns have different lengths ({lengths})")
    columns = [[literals.plain(v) for v in column] for column in columns]
    columns = [
        [None if isinstance(v, float) and v != v else v for v in c] if _has_text(c) else c for c in columns
    ]
    return names, [_join(column) or "INTEGER" for column in columns], columns


def _has_text(column: list) -> bool:
    # pandas writes a missing text as NaN.
    return any(isinstance(value, str) for value in column)


#: Arrow types that the engine takes as they are; of the others (dictionaries, lists, decimals …) it takes values.
_DIRECT = {
    "BOOL",
    *(f"{sign}INT{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)),
    *("FLOAT", "DOUBLE", "STRING", "DATE32", "TIMESTAMP"),
}


def direct(value: Any) -> tuple[bytes, list[tuple[str, str]]] | None:
    """A simple Arrow object as an IPC stream, and names and DuckDB types of its columns; None for any other object."""
    if _is_pandas(value) or not hasattr(value, "__arrow_c_stream__"):
        return None
    from nanoarrow import Schema, c_array_stream
    from nanoarrow.ipc import StreamWriter

    from duckdb_wasm.results import arrow

    stream = c_array_stream(value)
    fields = list(Schema(stream.get_schema()).fields)
    if any(field.type.name not in _DIRECT or getattr(field, "timezone", None) for field in fields):
        return None
    if len({field.name.lower() for field in fields}) < len(fields):
        return None
    written = io.BytesIO()
    StreamWriter.from_writable(written).serialize_stream(stream)
    return written.getvalue(), [(field.name, str(arrow.arrow_type(field))) for field in fields]


def _from_arrow(value: Any) -> Table:
    from nanoarrow import Schema, c_array_stream

    from duckdb_wasm.results import arrow

    stream = c_array_stream(value)
    fields = list(Schema(stream.get_schema()).fields)
    kinds = [arrow.arrow_type(field) for field in fields]
    columns: list[list] = [[] for _ in kinds]
    for array in stream:
        view = array.view()
        for i, kind in enumerate(kinds):
            columns[i].extend(arrow.column(view.child(i), kind))
    return [field.name for field in fields], [str(kind) for kind in kinds], columns


_WIDER = ("BOOLEAN", "INTEGER", "BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT")


def _join(values: Iterable[Any]) -> str | None:
    """The narrowest DuckDB type that holds all the values; None where all are None."""
    found: str | None = None
    lists, maps = [], []
    for value in values:
        if value is None:
            continue
        if isinstance(value, list | tuple):
            lists.append(value)
            continue
        if isinstance(value, Mapping):
            maps.append(value)
            continue
        kind = literals.scalar(value)
        if kind is None:
            raise InvalidInputException(
                f"Invalid Input Error: A column holds a {type(value).__name__}, which is no DuckDB value"
            )
        found = kind[0] if found is None else _wider(found, kind[0])
    if lists and not maps and found is None:
        return f"{_join(item for value in lists for item in value) or 'INTEGER'}[]"
    if maps and not lists and found is None:
        names = dict.fromkeys(str(name) for value in maps for name in value)
        fields = (
            f"{sql_text.identifier(name)} {_join(value.get(name) for value in maps) or 'INTEGER'}"
            for name in names
        )
        return f"STRUCT({', '.join(fields)})"
    if lists or maps:
        raise InvalidInputException(
            "Invalid Input Error: A column holds lists, dicts and other values together"
        )
    # Python's integers have no width: a column of them is 64 bits wide at least, as pandas has it.
    return "BIGINT" if found == "INTEGER" else found


def _wider(one: str, other: str) -> str:
    if one == other:
        return one
    if one in _WIDER and other in _WIDER:
        return max(one, other, key=_WIDER.index)
    numbers = (*_WIDER, "DOUBLE", "FLOAT")
    if one.startswith("DECIMAL") and other.startswith("DECIMAL"):
        (w1, s1), (w2, s2) = ((dict(DuckDBPyType(t).children).values()) for t in (one, other))
        scale = max(s1, s2)
        return f"DECIMAL({min(38, max(w1 - s1, w2 - s2) + scale)},{scale})"
    if all(kind in numbers or kind.startswith("DECIMAL") for kind in (one, other)):
        return "DOUBLE"
    if {one, other} == {"DATE", "TIMESTAMP"}:
        return "TIMESTAMP"
    return "VARCHAR"


def csv(columns: list[list]) -> tuple[bytes, int]:
    """The columns as CSV (every value quoted, NULL a bare `\\N`), and the most bytes that a row may have."""
    texts = [list(map(_field, column)) for column in columns]
    rows = list(map(",".join, zip(*texts, strict=True)))
    return "\n".join([*rows, ""]).encode(), 4 * max(map(len, rows), default=0)


def create(name: str, file: str, names: list[str], kinds: list[str], longest: int) -> str:
    """The SQL that makes the temporary table `name` from such a CSV file."""
    # DuckDB's buffers grow with it: 2 MB is its default, and enough for most.
    size = f", max_line_size={longest}" if longest > 2_000_000 else ""
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(names)))
    casts = ", ".join(
        f"CAST(c{i} AS {kind}) AS {sql_text.identifier(column)}"
        for i, (column, kind) in enumerate(zip(names, kinds, strict=True))
    )
    return (
        f"CREATE OR REPLACE TEMP TABLE {sql_text.identifier(name)} AS SELECT {casts} FROM read_csv({sql_text.string(file)}, "
        f"auto_detect=false, header=false, delim=',', quote='\"', escape='\"', nullstr='\\N', "
        f"new_line='\\n', allow_quoted_nulls=false{size}, columns={{{columns}}})"
    )


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    return '"' + _text(value).replace('"', '""') + '"'


def _text(value: Any, nested: bool = False) -> str:
    """What casts from VARCHAR to the value."""
    if value is None:
        return "NULL"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_text(item, True) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quoted(str(k))}: {_text(v, True)}" for k, v in value.items()) + "}"
    if type(value) is str:
        return _quoted(value) if nested else value
    if isinstance(value, dt.datetime | dt.date | dt.time) or not isinstance(value, int | float):
        found = literals.scalar(value)
        text = found[1] if found else str(value)
        return _quoted(text) if nested else text
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
