"""Values and types as the text that tables show: DuckDB's own way of writing them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from duckdb_wasm.types import DuckDBPyType

NUMERIC = frozenset([
    "tinyint", "utinyint", "smallint", "usmallint", "integer", "uinteger", "bigint", "ubigint",
    "hugeint", "uhugeint", "bignum", "float", "double", "decimal",
])  # fmt: skip
#: As DuckDB's own tables head a column.
SHORT = {
    "TINYINT": "int8", "SMALLINT": "int16", "INTEGER": "int32", "BIGINT": "int64", "HUGEINT": "int128",
    "UTINYINT": "uint8", "USMALLINT": "uint16", "UINTEGER": "uint32", "UBIGINT": "uint64", "UHUGEINT": "uint128",
}  # fmt: skip


def is_numeric(kind: DuckDBPyType) -> bool:
    return kind.id in NUMERIC


def type_name(kind: DuckDBPyType) -> str:
    """The type as it stands under a column's name."""
    if kind.id in ("enum", "union"):
        return f"{kind.id}(…)"
    if kind.id in ("list", "array"):
        size = str(kind.children[1][1]) if kind.id == "array" else ""
        return f"{type_name(kind.children[0][1])}[{size}]"
    return SHORT.get(str(kind), str(kind).lower())


def text(value: Any) -> str:
    """A value as DuckDB writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, time)):
        return _instant(value)
    if isinstance(value, bytes):
        return "".join(chr(b) if 32 <= b < 127 and b != 92 else f"\\x{b:02X}" for b in value)
    if isinstance(value, timedelta):
        return _interval(value)
    if isinstance(value, (list, tuple)):
        opening, closing = "[]" if isinstance(value, list) else "()"
        return f"{opening}{', '.join(map(_inner, value))}{closing}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_inner(k)}: {_inner(v)}" for k, v in value.items()) + "}"
    return str(value)


def _inner(value: Any) -> str:
    return repr(value) if isinstance(value, str) else text(value)


def _instant(value: datetime | time) -> str:
    written = value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    clock, plus, offset = written.partition("+")
    if "." in clock:
        clock = clock.rstrip("0")
    return clock + plus + offset.removesuffix(":00")


def _interval(value: timedelta) -> str:
    days = f"{value.days} day{'' if value.days == 1 else 's'}" if value.days else ""
    clock = text((datetime.min + timedelta(seconds=value.seconds, microseconds=value.microseconds)).time())
    return " ".join(part for part in (days, clock if clock != "00:00:00" or not days else "") if part)


def count(number: int, noun: str) -> str:
    """`1 row`, `1,234 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
