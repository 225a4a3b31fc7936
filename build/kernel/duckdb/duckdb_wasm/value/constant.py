"""Constants with the type that they are to have: `from duckdb.value.constant import IntegerValue`."""

from __future__ import annotations

from typing import Any

from duckdb_wasm import sqltypes, types


class Value:
    """A parameter with the DuckDB type it is to have: `duckdb.Value(5, "TINYINT")`."""

    def __init__(self, object: Any, type: Any) -> None:
        self.object, self.type = object, type

    def __repr__(self) -> str:
        return str(self.object)


class NullValue(Value):
    """NULL."""

    def __init__(self) -> None:
        super().__init__(None, sqltypes.SQLNULL)


class ListValue(Value):
    """A list of values of `child_type`."""

    def __init__(self, object: Any, child_type: Any) -> None:
        super().__init__(object, types.list_type(child_type))


class StructValue(Value):
    """Named fields, their types by name or as a list of pairs."""

    def __init__(self, object: Any, children: Any) -> None:
        super().__init__(object, types.struct_type(children))


class MapValue(Value):
    """Keys of one type, each with a value of another."""

    def __init__(self, object: Any, key_type: Any, value_type: Any) -> None:
        super().__init__(object, types.map_type(key_type, value_type))


class UnionType(Value):
    """A value of one of several types."""

    def __init__(self, object: Any, members: Any) -> None:
        super().__init__(object, types.union_type(members))


class DecimalValue(Value):
    """A number of `width` digits, `scale` of them after the point."""

    def __init__(self, object: Any, width: int, scale: int) -> None:
        super().__init__(object, types.decimal_type(width, scale))


def _of(name: str, kind: Any) -> type[Value]:
    def __init__(self: Value, object: Any) -> None:
        Value.__init__(self, object, kind)

    return type(
        name, (Value,), {"__init__": __init__, "__doc__": f"A value of type {kind}.", "__module__": __name__}
    )


for _name, _type in {
    "Boolean": "BOOLEAN",
    "UnsignedBinary": "UTINYINT",
    "UnsignedShort": "USMALLINT",
    "UnsignedInteger": "UINTEGER",
    "UnsignedLong": "UBIGINT",
    "Binary": "TINYINT",
    "Short": "SMALLINT",
    "Integer": "INTEGER",
    "Long": "BIGINT",
    "HugeInteger": "HUGEINT",
    "UnsignedHugeInteger": "UHUGEINT",
    "Float": "FLOAT",
    "Double": "DOUBLE",
    "String": "VARCHAR",
    "UUID": "UUID",
    "Bit": "BIT",
    "Blob": "BLOB",
    "Date": "DATE",
    "Interval": "INTERVAL",
    "Timestamp": "TIMESTAMP",
    "TimestampSecond": "TIMESTAMP_S",
    "TimestampMillisecond": "TIMESTAMP_MS",
    "TimestampNanosecond": "TIMESTAMP_NS",
    "TimestampTimeZone": "TIMESTAMP_TZ",
    "Time": "TIME",
    "TimeTimeZone": "TIME_TZ",
}.items():
    globals()[f"{_name}Value"] = _of(f"{_name}Value", getattr(sqltypes, _type))

#: Every kind of constant.
NAMES = tuple(
    name for name, found in list(globals().items()) if isinstance(found, type) and issubclass(found, Value)
)
