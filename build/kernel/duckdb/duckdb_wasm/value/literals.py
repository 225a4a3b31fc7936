"""Python values as SQL: the parameters of a statement.

The types are those that DuckDB gives a Python value (https://duckdb.org/docs/stable/clients/python/conversion).
"""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.errors import ConversionException, InvalidInputException, NotImplementedException
from duckdb_wasm.types import DuckDBPyType
from duckdb_wasm.value.constant import Value

#: (least value, type) of the integers, narrowest first; native DuckDB takes the first that fits.
_INTEGERS = (
    (-(2**31), 2**31 - 1, "INTEGER"),
    (-(2**63), 2**63 - 1, "BIGINT"),
    (0, 2**64 - 1, "UBIGINT"),
    (-(2**127), 2**127 - 1, "HUGEINT"),
    (0, 2**128 - 1, "UHUGEINT"),
)


#: Bits of the integer types, and whether they have a sign.
_WHOLE = {
    f"{'' if signed else 'u'}{name}": (bits, signed)
    for name, bits in {"tinyint": 8, "smallint": 16, "integer": 32, "bigint": 64, "hugeint": 128}.items()
    for signed in (True, False)
}


def are_scalar(values: dict[str, Any]) -> bool:
    """Whether all are plain values or NULL, which the engine takes as parameters."""
    return all(value is None or scalar(value) for value in values.values())


def scalar(value: Any) -> tuple[str, str] | None:
    """Type and text of a plain value: `CAST('text' AS type)` is it. None where the value is nested or NULL.

    Raises `InvalidInputException` for an integer beyond 128 bits.
    """
    if isinstance(value, bool):
        return "BOOLEAN", str(value).lower()
    if isinstance(value, int):
        for least, most, name in _INTEGERS:
            if least <= value <= most:
                return name, str(int(value))
        raise InvalidInputException(
            f"Invalid Input Error: Python integer too large for 128-bit integer type: {value}"
        )
    if isinstance(value, float):
        return "DOUBLE", repr(float(value))
    if isinstance(value, str):
        return "VARCHAR", str(value)
    if isinstance(value, decimal.Decimal):
        return _decimal(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return "BLOB", "".join(f"\\x{byte:02X}" for byte in bytes(value))
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            return "TIMESTAMP", value.isoformat(" ")
        return "TIMESTAMP WITH TIME ZONE", value.astimezone(dt.UTC).isoformat(" ")
    if isinstance(value, dt.date):
        return "DATE", value.isoformat()
    if isinstance(value, dt.time):
        return ("TIME" if value.tzinfo is None else "TIME WITH TIME ZONE"), value.isoformat()
    if isinstance(value, dt.timedelta):
        micros = value.seconds * 1_000_000 + value.microseconds
        return "INTERVAL", f"{value.days} days {micros} microseconds"
    if isinstance(value, uuid.UUID):
        return "UUID", str(value)
    return None


def _decimal(value: decimal.Decimal) -> tuple[str, str]:
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return "FLOAT", str(value).lower().replace("infinity", "inf").lstrip("s")
    scale = max(0, -exponent)
    width = max(len(digits) + max(0, exponent), scale + 1)
    if width > 38:
        return "DOUBLE", str(value)
    return f"DECIMAL({width},{scale})", f"{value:f}"


def plain(value: Any) -> Any:
    """A value of numpy or pandas as Python's own; any other as it is."""
    if type(value).__module__.partition(".")[0] in ("numpy", "pandas"):
        if value != value and type(value).__name__ in ("NaTType", "datetime64", "timedelta64"):
            return None
        if type(value).__name__ == "NAType":
            return None
        if hasattr(value, "tolist"):
            return value.tolist()
    return value


def literal(value: Any) -> str:
    """A Python value as an SQL expression of the type that DuckDB gives it.

    Raises `NotImplementedException` for a value that has none.
    """
    value = plain(value)
    if value is None:
        return "NULL"
    if isinstance(value, Value):
        return _typed(value.object, DuckDBPyType(value.type))
    if type(value) is str:
        # Untyped, as a parameter is: it becomes what it is compared with.
        return sql_text.string(value)
    found = scalar(value)
    if found is not None:
        kind, text = found
        if kind in ("INTEGER", "BIGINT"):
            return f"({text})" if text.startswith("-") else text
        return f"CAST({sql_text.string(text)} AS {kind})"
    if isinstance(value, list | tuple):
        # Where one is a text, DuckDB makes all of them texts.
        texts = sum(isinstance(item, str) for item in value)
        mixed = 0 < texts < sum(item is not None for item in value)
        items = [f"CAST({literal(item)} AS VARCHAR)" if mixed else literal(item) for item in value]
        return f"[{', '.join(items)}]"
    if isinstance(value, dict):
        return _dict(value)
    raise NotImplementedException(
        f"Not implemented Error: Unable to transform python value of type '{type(value)}' to DuckDB LogicalType"
    )


def _typed(value: Any, kind: DuckDBPyType) -> str:
    """A value of a type. Raises `InvalidInputException` where native DuckDB does not convert it."""
    if isinstance(value, tuple) and kind.id not in ("list", "array"):
        if kind.id != "struct":
            raise InvalidInputException(f"Invalid Input Error: Can't convert tuple to a Value of type {kind}")
        if len(value) != len(kind.children):
            raise InvalidInputException(
                "Invalid Input Error: Tried to create a STRUCT value from a tuple containing "
                f"{len(value)} elements, but the STRUCT consists of {len(kind.children)} children"
            )
        value = dict(zip((name for name, _ in kind.children), value, strict=True))
    if kind.id in ("timestamp_s", "timestamp_ms", "timestamp_ns") and isinstance(value, dt.datetime):
        raise NotImplementedException(
            f"Not implemented Error: Conversion from 'datetime' to type {kind} is not implemented yet"
        )
    if kind.id in _WHOLE and type(value) is int:
        bits, signed = _WHOLE[kind.id]
        if not (-(2 ** (bits - 1)) if signed else 0) <= value < 2 ** (bits - signed):
            raise InvalidInputException(
                f"Invalid Input Error: Python value {value} is out of range of {kind}"
            )
    if kind.id == "decimal" and isinstance(value, float):
        raise ConversionException(
            f"Conversion Error: Can't losslessly convert from object of float to type {kind}; give a decimal.Decimal"
        )
    if kind.id == "bit" and isinstance(value, bytes):
        value = value.decode("ascii")
    return f"CAST({literal(value)} AS {kind})"


def _dict(value: dict) -> str:
    if not value:
        return "MAP {}"
    if list(value) == ["key", "value"] and all(isinstance(part, list) for part in value.values()):
        return f"MAP({literal(value['key'])}, {literal(value['value'])})"
    fields = ", ".join(f"{sql_text.string(str(name))}: {literal(part)}" for name, part in value.items())
    if len({str(name).lower() for name in value}) < len(value):
        return f"MAP {{{fields}}}"  # the fields of a STRUCT know no capitals
    return "{" + fields + "}"


def check(sql: str, given: Any) -> dict[str, Any]:
    """The parameters by name (`1`, `2` … where they are a list), each one that `sql` has.

    Raises `InvalidInputException` where they are no list or dict, or too few or too many.
    """
    wanted = [] if sql_text.first_word(sql) == "prepare" else sql_text.parameters(sql)
    if len({name.isdigit() for name in wanted}) > 1:
        raise NotImplementedException(
            "Not implemented Error: Mixing named and positional parameters is not supported yet"
        )
    if given is None:
        given = []
    if isinstance(given, dict):
        values = {str(name): value for name, value in given.items()}
    elif isinstance(given, list | tuple) or hasattr(given, "__array__"):
        values = {str(i + 1): value for i, value in enumerate(given)}
    else:
        raise InvalidInputException(
            "Invalid Input Error: Prepared parameters can only be passed as a list or a dictionary"
        )
    # Names know no capitals.
    names = {name.lower(): name for name in wanted}
    values = {names.get(name.lower(), name): value for name, value in values.items()}
    missing = [name for name in wanted if name not in values]
    if missing:
        raise InvalidInputException(
            "Invalid Input Error: Values were not provided for the following prepared statement parameters: "
            + ", ".join(missing)
        )
    excess = [name for name in values if name not in wanted]
    if excess:
        raise InvalidInputException(
            "Invalid Input Error: Parameter argument/count mismatch, identifiers of the excess parameters: "
            + ", ".join(excess)
        )
    return values
