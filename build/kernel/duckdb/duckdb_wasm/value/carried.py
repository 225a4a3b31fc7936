"""Values on their way into a Python function that SQL calls, as JSON, and out of it, as text."""

from __future__ import annotations

import datetime
import json
import re
import struct
import uuid
from collections.abc import Callable
from decimal import Context, Decimal
from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.errors import InvalidInputException, NotImplementedException
from duckdb_wasm.types import DuckDBPyType

_WHOLE = {
    "tinyint": (-(2**7), 2**7, "INT8"),
    "smallint": (-(2**15), 2**15, "INT16"),
    "integer": (-(2**31), 2**31, "INT32"),
    "bigint": (-(2**63), 2**63, "INT64"),
    "hugeint": (-(2**127), 2**127, "INT128"),
    "utinyint": (0, 2**8, "UINT8"),
    "usmallint": (0, 2**16, "UINT16"),
    "uinteger": (0, 2**32, "UINT32"),
    "ubigint": (0, 2**64, "UINT64"),
    "uhugeint": (0, 2**128, "UINT128"),
}
_EXACT = Context(prec=38)
_NESTED = ("list", "array", "struct", "map")
_ESCAPED = sql_text.Pattern(r"\\x([0-9A-F]{2})")
_PART = sql_text.Pattern(r"(-?\d+) (year|month|day)s?")
_CLOCK = sql_text.Pattern(r"(-?)(\d+):(\d+):(\d+(?:\.\d+)?)")
_DAYS = {"year": 360, "month": 30, "day": 1}


def _as_it_is(value: Any) -> Any:
    return value


def reader(kind: DuckDBPyType) -> Callable[[Any], Any]:
    """What makes a type's Python value of what `to_json` and `json.loads(…, parse_float=str)` gave; not for None."""
    if kind.id in ("list", "array"):
        read = _or_none(reader(kind.children[0][1]))
        made = tuple if kind.id == "array" else list
        return _as_it_is if read is _as_it_is and made is list else lambda given: made(map(read, given))
    if kind.id == "struct":
        parts = [(name, _or_none(reader(part))) for name, part in kind.children]
        return lambda given: {name: read(given[name]) for name, read in parts}
    if kind.id == "map":
        key, part = (_or_none(reader(part)) for _, part in kind.children)
        return lambda given: {key(name): part(each) for name, each in given.items()}
    if kind.id == "decimal":
        last = Decimal(1).scaleb(-kind.scale)
        return lambda given: Decimal(given).quantize(last, context=_EXACT)
    return _READERS.get(kind.id, _as_it_is)


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return read if read is _as_it_is else lambda given: None if given is None else read(given)


def _moment(text: str) -> datetime.datetime:
    moment = _dated(datetime.datetime.fromisoformat, re.sub(r"(\.\d{6})\d+", r"\1", text))
    return moment.replace(tzinfo=datetime.UTC) if moment.tzinfo else moment


def _dated(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except ValueError as error:
        raise InvalidInputException(f"Invalid Input Error: Python has no value for {text!r}") from error


def _interval(text: str) -> datetime.timedelta:
    days = sum(int(count) * _DAYS[unit] for count, unit in _PART.findall(text))
    made = datetime.timedelta(days=days)
    if clock := _CLOCK.search(text):
        sign, hours, minutes, seconds = clock.groups()
        microseconds = int(Decimal(seconds) * 1_000_000)
        part = datetime.timedelta(hours=int(hours), minutes=int(minutes), microseconds=microseconds)
        made += -part if sign else part
    return made


_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys((*_WHOLE, "bignum"), int),
    "double": float,
    "float": lambda given: struct.unpack("f", struct.pack("f", float(given)))[0],
    "blob": lambda given: _ESCAPED.sub(lambda found: chr(int(found[1], 16)), given).encode("latin-1"),
    "uuid": uuid.UUID,
    "interval": _interval,
    "date": lambda given: _dated(datetime.date.fromisoformat, given),
    **dict.fromkeys(
        ("time", "time with time zone"), lambda given: _dated(datetime.time.fromisoformat, given)
    ),
    **dict.fromkeys(
        ("timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp with time zone"), _moment
    ),
}


def from_text(call: str, kind: DuckDBPyType) -> str:
    """The SQL that makes a value of a type out of the text that `text` gave. Raises where no text can carry it."""
    if kind.id == "varchar":
        return call
    if kind.id == "blob":
        return f"unhex({call})"
    if kind.id in _NESTED:
        _check(kind)
        return f"CAST({call}::JSON AS {kind})"
    return f"CAST({call} AS {kind})"


def _check(kind: DuckDBPyType) -> None:
    if kind.id in ("blob", "union", "variant"):
        raise NotImplementedException(
            f"Not implemented Error: A Python function cannot give a {kind.id.upper()} within another type in the "
            "browser; give it by itself, or as text."
        )
    if kind.id in _NESTED:
        for _, part in kind.children:
            if isinstance(part, DuckDBPyType):
                _check(part)


def writer(kind: DuckDBPyType) -> Callable[[Any], str | None]:
    """What makes text of a result that is not None; it raises `InvalidInputException` for what the type does not take."""
    if kind.id in _NESTED:
        return lambda result: json.dumps(_plain(result, kind))
    if kind.id in _WHOLE:
        return lambda result: None if _is_missing(result) else str(_whole(result, kind.id))
    if kind.id == "blob":
        return lambda result: bytes(result.encode() if isinstance(result, str) else result).hex()
    return lambda result: None if _is_missing(result) else _text(result)


def _text(result: Any) -> str:
    if isinstance(result, bool):
        return str(result).lower()
    if isinstance(result, datetime.timedelta):
        microseconds = result.seconds * 1_000_000 + result.microseconds
        return f"{result.days} days {microseconds} microseconds"
    return str(result)


def _plain(result: Any, kind: DuckDBPyType) -> Any:
    """As JSON has it."""
    if result is None or _is_missing(result):
        return None
    if kind.id in ("list", "array"):
        (_, part), *_ = kind.children
        return [_plain(each, part) for each in result]
    if kind.id == "struct":
        return {name: _plain(result.get(name), part) for name, part in kind.children}
    if kind.id == "map":
        (_, _), (_, part) = kind.children
        return {_text(name): _plain(each, part) for name, each in result.items()}
    return _whole(result, kind.id) if kind.id in _WHOLE else _text(result)


def _whole(result: Any, kind: str) -> int:
    least, above, name = _WHOLE[kind]
    if type(result) is int and least <= result < above:
        return result
    if isinstance(result, str):
        try:
            number = int(result)
        except ValueError:
            raise InvalidInputException(
                f"Invalid Input Error: Failed to cast value: Could not convert string '{result}' to {name}"
            ) from None
    else:
        number = round(result)
    if not least <= number < above:
        raise InvalidInputException(
            f"Invalid Input Error: Python Conversion Failure: Value out of range for type {kind.upper()}"
        )
    return number


def _is_missing(result: Any) -> bool:
    """Whether it is no number, which is NULL to native DuckDB here, or pandas' NA or NaT."""
    return type(result).__name__ in ("NAType", "NaTType") or (isinstance(result, float) and result != result)
