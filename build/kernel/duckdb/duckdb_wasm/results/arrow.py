"""Arrow columns as the Python values that native DuckDB gives for them.

A column is read buffer by buffer (https://arrow.apache.org/docs/format/Columnar.html), a whole batch at a time.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import uuid
from collections.abc import Callable
from itertools import chain, compress, pairwise
from typing import Any

from duckdb_wasm.types import DuckDBPyType, struct_type

#: The eight bits of each byte, lowest first.
_BITS = [tuple(bool(byte >> bit & 1) for bit in range(8)) for byte in range(256)]
_EPOCH = dt.datetime(1970, 1, 1)
_EPOCH_UTC = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_EPOCH_DAYS = _EPOCH.toordinal()
_DECIMALS = decimal.Context(prec=60)
_MINUTE = 60_000_000
_DAY = 86_400_000_000


def column(view: Any, kind: DuckDBPyType) -> list:
    """The values of a column (a nanoarrow array view) of DuckDB's type `kind`."""
    if view.dictionary is not None:
        labels = column(view.dictionary, DuckDBPyType("VARCHAR"))
        valid = _valid(view)
        indexes = _numbers(view)
        return [
            labels[i] if ok else None for i, ok in zip(indexes, valid or [True] * len(indexes), strict=True)
        ]
    values = _READERS.get(kind.id, _numbers)(view, kind)
    valid = _valid(view)
    return values if valid is None else [v if ok else None for v, ok in zip(values, valid, strict=True)]


def outer(view: Any, kind: DuckDBPyType) -> list:
    """The values of a column of a result; of a VARIANT, which travels as JSON there, what JSON says."""
    values = column(view, kind)
    if kind.id != "variant":
        return values
    return [None if text is None else json.loads(text) for text in values]


def _valid(view: Any) -> list[bool] | None:
    """Which values are there; None where all are."""
    if view.null_count == 0 or view.n_buffers == 0 or view.storage_type in ("sparse_union", "dense_union"):
        return [False] * view.length if view.storage_type == "na" else None
    return _bits(view.buffer(0), view.offset, view.length) if len(memoryview(view.buffer(0))) else None


def _bits(buffer: Any, offset: int, length: int) -> list[bool]:
    data = bytes(memoryview(buffer).cast("B"))[offset // 8 : (offset + length + 7) // 8]
    bits = list(chain.from_iterable(map(_BITS.__getitem__, data)))
    return bits[offset % 8 : offset % 8 + length]


def _raw(view: Any, code: str, width: int = 1) -> list:
    """The values of the data buffer read as `struct` format `code`, `width` of them each."""
    data = memoryview(view.buffer(1)).cast("B").cast(code)
    return data[view.offset * width : (view.offset + view.length) * width].tolist()


def _numbers(view: Any, _kind: Any = None) -> list:
    if view.storage_type == "na":
        return [None] * view.length
    return memoryview(view.buffer(1))[view.offset : view.offset + view.length].tolist()


def _booleans(view: Any, _kind: Any) -> list:
    return _bits(view.buffer(1), view.offset, view.length)


def _wide(view: Any, signed: bool = True) -> list[int]:
    """128-bit integers, as their lower and upper halves."""
    lower, upper = _raw(view, "Q", 2)[::2], _raw(view, "q" if signed else "Q", 2)[1::2]
    return [(high << 64) | low for low, high in zip(lower, upper, strict=True)]


def _hugeints(view: Any, kind: DuckDBPyType) -> list:
    return _wide(view, signed=kind.id == "hugeint")


def _decimals(view: Any, kind: DuckDBPyType) -> list:
    values, scale = _wide(view), -kind.scale
    if not scale:
        return list(map(decimal.Decimal, values))
    scaled = _DECIMALS.scaleb
    return [scaled(decimal.Decimal(value), scale) for value in values]


def _texts(view: Any, _kind: Any = None) -> list:
    offsets = memoryview(view.buffer(1))[view.offset : view.offset + view.length + 1].tolist()
    if not view.length:
        return []
    start = offsets[0]
    data = bytes(memoryview(view.buffer(2)).cast("B")[start : offsets[-1]])
    if data.isascii():
        text = data.decode("ascii")
        return [text[a - start : b - start] for a, b in pairwise(offsets)]
    return [data[a - start : b - start].decode() for a, b in pairwise(offsets)]


def _blobs(view: Any, _kind: Any = None) -> list:
    offsets = memoryview(view.buffer(1))[view.offset : view.offset + view.length + 1].tolist()
    data = bytes(memoryview(view.buffer(2)).cast("B")) if view.length else b""
    return [data[a:b] for a, b in pairwise(offsets)]


def _bitstrings(view: Any, _kind: Any) -> list:
    # DuckDB's own bytes: how many leading bits are padding, then the bits.
    return ["".join(f"{byte:08b}" for byte in blob[1:])[blob[0] :] if blob else "" for blob in _blobs(view)]


def _each(convert: Callable[[Any], Any], values: list, view: Any) -> list:
    """Converts each distinct value once (dates and times repeat), and none that is missing: those hold anything."""
    valid = _valid(view)
    known = {value: convert(value) for value in set(values if valid is None else compress(values, valid))}
    return list(map(known.get, values))


def _uuids(view: Any, _kind: Any) -> list:
    return [uuid.UUID(text) if text else None for text in _texts(view)]


def _timetzs(view: Any, _kind: Any) -> list:
    return _each(timetz, _texts(view), view)


def timetz(text: str) -> dt.time | str:
    """DuckDB's text of a time with an offset; the text itself where Python has no such time."""
    if text.startswith("24:"):  # which newer Pythons read as midnight
        return text
    try:
        return dt.time.fromisoformat(text)
    except ValueError:
        return text


def _dates(view: Any, _kind: Any) -> list:
    return _each(date, _raw(view, "i"), view)


def date(days: int) -> dt.date | str:
    """A date from days since 1970; as text where Python has no such date, as native DuckDB does."""
    if abs(days) == 2**31 - 1:
        return dt.date.max if days > 0 else dt.date.min
    try:
        return dt.date.fromordinal(days + _EPOCH_DAYS)
    except (ValueError, OverflowError):
        return _date_text(days)


def _date_text(days: int) -> str:
    # Every 400 years have the same 146,097 days: bring the date into Python's range and count them.
    cycles, rest = divmod(days + _EPOCH_DAYS - 1, 146_097)
    day = dt.date.fromordinal(rest + 1)
    year = day.year + 400 * cycles
    return f"{year:04d}-{day:%m-%d}" if year > 0 else f"{1 - year:04d}-{day:%m-%d} (BC)"


_PER_SECOND = {"timestamp_s": 1, "timestamp_ms": 1_000, "timestamp_ns": 1_000_000_000}


def _timestamps(view: Any, kind: DuckDBPyType) -> list:
    units = _PER_SECOND.get(kind.id, 1_000_000)
    zoned = kind.id.endswith("zone")

    def convert(value: int) -> dt.datetime | str:
        if abs(value) == 2**63 - 1:
            return dt.datetime.max if value > 0 else dt.datetime.min
        micros = value * 1_000_000 // units
        if units > 1_000_000:  # native DuckDB drops nanoseconds towards 1970
            micros = -(-value * 1_000_000 // units) if value < 0 else micros
        try:
            return (_EPOCH_UTC if zoned else _EPOCH) + dt.timedelta(microseconds=micros)
        except OverflowError:
            days, rest = divmod(micros, _DAY)
            return f"{_date_text(days)} {_clock(rest)}{'+00' if zoned else ''}"

    return _each(convert, _raw(view, "q"), view)


def _clock(micros: int) -> str:
    seconds, fraction = divmod(micros, 1_000_000)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{text}.{fraction:06d}".rstrip("0") if fraction else text


def _times(view: Any, kind: DuckDBPyType) -> list:
    per_micro = 1_000 if kind.id == "time_ns" else 1

    def convert(value: int) -> dt.time | str:
        micros = value // per_micro
        if micros >= _DAY:  # 24:00:00, which Python does not have
            return _clock(micros)
        minutes, rest = divmod(micros, _MINUTE)
        return dt.time(minutes // 60, minutes % 60, rest // 1_000_000, rest % 1_000_000)

    return _each(convert, _raw(view, "q"), view)


def _intervals(view: Any, _kind: Any) -> list:
    halves, nanos = _raw(view, "i", 4), _raw(view, "q", 2)[1::2]

    def convert(parts: tuple[int, int, int]) -> dt.timedelta:
        months, days, nano = parts
        return dt.timedelta(days=30 * months + days, microseconds=nano // 1_000)

    return _each(convert, list(zip(halves[::4], halves[1::4], nanos, strict=True)), view)


def _lists(view: Any, kind: DuckDBPyType) -> list:
    offsets = memoryview(view.buffer(1))[view.offset : view.offset + view.length + 1].tolist()
    items = column(view.child(0), kind.child)
    return [items[a:b] for a, b in pairwise(offsets)]


def _arrays(view: Any, kind: DuckDBPyType) -> list:
    size = kind.size
    items = column(view.child(0), kind.child)[view.offset * size :]
    return [tuple(items[i * size : (i + 1) * size]) for i in range(view.length)]


def _structs(view: Any, kind: DuckDBPyType) -> list:
    names = [name for name, _ in kind.children]
    parts = [
        column(view.child(i), child)[view.offset : view.offset + view.length]
        for i, (_, child) in enumerate(kind.children)
    ]
    rows = zip(*parts, strict=True)
    if not any(names):
        return list(rows)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _maps(view: Any, kind: DuckDBPyType) -> list:
    offsets = memoryview(view.buffer(1))[view.offset : view.offset + view.length + 1].tolist()
    entries = view.child(0)
    keys = column(entries.child(0), kind.key)
    values = column(entries.child(1), kind.value)
    # What cannot be a key of a dict stays beside its value.
    if kind.key.id in ("list", "array", "struct", "map"):
        return [{"key": keys[a:b], "value": values[a:b]} for a, b in pairwise(offsets)]
    return [dict(zip(keys[a:b], values[a:b], strict=True)) for a, b in pairwise(offsets)]


def _unions(view: Any, kind: DuckDBPyType) -> list:
    tags = memoryview(view.buffer(0)).cast("B")[view.offset : view.offset + view.length].tolist()
    parts = [column(view.child(i), child) for i, (_, child) in enumerate(kind.children)]
    return [parts[tag][view.offset + i] for i, tag in enumerate(tags)]


_READERS: dict[str, Callable[[Any, DuckDBPyType], list]] = {
    "boolean": _booleans,
    "hugeint": _hugeints,
    "uhugeint": _hugeints,
    "decimal": _decimals,
    **dict.fromkeys(("varchar", "json", "enum", "bignum", "variant"), _texts),
    **dict.fromkeys(("blob", "geometry"), _blobs),
    "bit": _bitstrings,
    "uuid": _uuids,
    "date": _dates,
    **dict.fromkeys(("time", "time_ns"), _times),
    "time with time zone": _timetzs,
    **dict.fromkeys(
        ("timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp with time zone"), _timestamps
    ),
    "interval": _intervals,
    "list": _lists,
    "array": _arrays,
    "struct": _structs,
    "map": _maps,
    "union": _unions,
}


def arrow_type(schema: Any) -> DuckDBPyType:
    """The DuckDB type of an Arrow field (a nanoarrow schema), for statements that DESCRIBE cannot describe."""
    name = schema.type.name
    if name in ("DECIMAL128", "DECIMAL256"):
        huge = (schema.precision, schema.scale) == (38, 0)
        return DuckDBPyType("HUGEINT" if huge else f"DECIMAL({schema.precision},{schema.scale})")
    if name == "TIMESTAMP":
        if schema.timezone:
            return DuckDBPyType("TIMESTAMP WITH TIME ZONE")
        suffix = {"SECOND": "_S", "MILLI": "_MS", "NANO": "_NS"}.get(schema.unit.name, "")
        return DuckDBPyType("TIMESTAMP" + suffix)
    if name in ("LIST", "LARGE_LIST"):
        return DuckDBPyType(f"{arrow_type(schema.value_type)}[]")
    if name == "STRUCT":
        return struct_type([(field.name, arrow_type(field)) for field in schema.fields])
    return DuckDBPyType(_SIMPLE.get(name, "VARCHAR"))


_SIMPLE = {
    "NULL": '"NULL"',
    "BOOL": "BOOLEAN",
    **{f"INT{8 * n}": t for n, t in ((1, "TINYINT"), (2, "SMALLINT"), (4, "INTEGER"), (8, "BIGINT"))},
    **{f"UINT{8 * n}": t for n, t in ((1, "UTINYINT"), (2, "USMALLINT"), (4, "UINTEGER"), (8, "UBIGINT"))},
    "FLOAT": "FLOAT",
    "DOUBLE": "DOUBLE",
    "BINARY": "BLOB",
    "DATE32": "DATE",
    "TIME64": "TIME",
    "INTERVAL_MONTH_DAY_NANO": "INTERVAL",
}
