"""DuckDB's types: `DuckDBPyType`, read from the text that DESCRIBE gives."""

from __future__ import annotations

import re
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from duckdb_wasm import sql_text
from duckdb_wasm.errors import InvalidInputException

_IDS = {
    "TIME WITH TIME ZONE": "time with time zone",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
}
_ALIASES = {
    **dict.fromkeys(("INT", "INT4", "SIGNED", "INTEGER", "INT32"), "INTEGER"),
    **dict.fromkeys(("INT8", "LONG", "BIGINT", "INT64"), "BIGINT"),
    **dict.fromkeys(("INT2", "SHORT", "SMALLINT", "INT16"), "SMALLINT"),
    **dict.fromkeys(("INT1", "TINYINT"), "TINYINT"),
    **dict.fromkeys(("FLOAT4", "REAL", "FLOAT"), "FLOAT"),
    **dict.fromkeys(("FLOAT8", "DOUBLE"), "DOUBLE"),
    **dict.fromkeys(("BOOL", "LOGICAL", "BOOLEAN"), "BOOLEAN"),
    **dict.fromkeys(("TEXT", "STRING", "CHAR", "BPCHAR", "VARCHAR"), "VARCHAR"),
    **dict.fromkeys(("BYTEA", "BINARY", "VARBINARY", "BLOB"), "BLOB"),
    **dict.fromkeys(("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"), "TIMESTAMP WITH TIME ZONE"),
    **dict.fromkeys(("TIMETZ", "TIME WITH TIME ZONE"), "TIME WITH TIME ZONE"),
    **dict.fromkeys(("DATETIME", "TIMESTAMP"), "TIMESTAMP"),
    "INT128": "HUGEINT",
    "BITSTRING": "BIT",
    "NUMERIC": "DECIMAL(18,3)",
    "DECIMAL": "DECIMAL(18,3)",
    '"NULL"': "NULL",
}
_PYTHON = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE", str: "VARCHAR", bytes: "BLOB", bytearray: "BLOB"}


def _python(hint: Any) -> str:
    """The text of a type, or of the type that a Python type or hint stands for."""
    if isinstance(hint, dict):
        if not hint:
            raise InvalidInputException(
                "Invalid Input Error: Could not convert empty dictionary to a duckdb STRUCT type"
            )
        return str(struct_type(hint))
    if get_origin(hint) in (Union, UnionType):
        kinds = [part for part in get_args(hint) if part is not NoneType]
        if len(kinds) == 1:
            return _python(kinds[0])
        return f"UNION({', '.join(f'u{i} {_python(kind)}' for i, kind in enumerate(kinds, 1))})"
    if get_origin(hint) is list:
        return f"{_python(get_args(hint)[0])}[]"
    if get_origin(hint) is dict:
        key, value = get_args(hint)
        return f"MAP({_python(key)}, {_python(value)})"
    return _PYTHON.get(hint, "") if isinstance(hint, type) else str(hint)


class DuckDBPyType:
    """A DuckDB type, such as `INTEGER` or `STRUCT(a INTEGER[])`; equal to its text.

    `id` is its kind in lower case (`list`, `struct`, `decimal` …), `children` its parts by name.
    """

    __slots__ = ("_children", "_text", "id")

    def __init__(self, text: Any) -> None:
        parsed = parse(_python(text))
        self.id, self._children, self._text = parsed.id, parsed._children, parsed._text

    @classmethod
    def _make(cls, kind: str, text: str, children: list[tuple[str, Any]] | None = None) -> DuckDBPyType:
        made = cls.__new__(cls)
        made.id, made._text, made._children = kind, text, children
        return made

    @property
    def children(self) -> list[tuple[str, Any]]:
        """Name and type (or number, or labels) of each part of a nested or parametrised type.

        Raises `InvalidInputException` for a type that has no parts.
        """
        if self._children is None:
            raise InvalidInputException(
                f"Invalid Input Error: This type is not nested so it doesn't have children: {self}"
            )
        return list(self._children)

    def __str__(self) -> str:
        return self._text

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return self._text.upper() == other.upper()
        if isinstance(other, DuckDBPyType):
            return self._text == other._text
        return NotImplemented  # a group of types of DB-API 2.0 knows its own

    def __hash__(self) -> int:
        return hash(self._text)

    def __getattr__(self, name: str) -> Any:
        for child, kind in self._children or ():
            if child == name:
                return kind
        raise AttributeError(name)

    __getitem__ = __getattr__


def list_type(child: DuckDBPyType) -> DuckDBPyType:
    """A list of values of one type."""
    child = DuckDBPyType(child)
    return DuckDBPyType._make("list", f"{child}[]", [("child", child)])


def array_type(child: DuckDBPyType, size: int) -> DuckDBPyType:
    """A list of exactly `size` values of one type."""
    child = DuckDBPyType(child)
    return DuckDBPyType._make("array", f"{child}[{size}]", [("child", child), ("size", size)])


def struct_type(fields: list[tuple[str, DuckDBPyType]]) -> DuckDBPyType:
    """Named fields; where only types are given, they are called v1, v2 …."""
    named = fields.items() if isinstance(fields, dict) else fields
    fields = [
        (part[0], DuckDBPyType(part[1])) if isinstance(part, tuple) else (f"v{i}", DuckDBPyType(part))
        for i, part in enumerate(named, 1)
    ]
    inner = ", ".join(f"{name_text(name)} {kind}" if name else str(kind) for name, kind in fields)
    return DuckDBPyType._make("struct", f"STRUCT({inner})", list(fields))


def map_type(key: Any, value: Any) -> DuckDBPyType:
    """Keys of one type, each with a value of another."""
    return DuckDBPyType(f"MAP({DuckDBPyType(key)}, {DuckDBPyType(value)})")


def union_type(members: dict[str, Any] | list) -> DuckDBPyType:
    """A value of one of several types, each under a name."""
    fields = struct_type(members)
    return DuckDBPyType._make("union", "UNION" + str(fields).removeprefix("STRUCT"), fields.children)


def decimal_type(width: int, scale: int) -> DuckDBPyType:
    """Numbers of `width` digits, `scale` of them after the point."""
    return DuckDBPyType(f"DECIMAL({width},{scale})")


def enum_type(name: str, type: Any, values: list[str]) -> DuckDBPyType:
    """One of the given texts."""
    return DuckDBPyType(f"ENUM({', '.join(map(sql_text.string, values))})")


def name_text(name: str) -> str:
    """A name as SQL, quoted where it has to be, as DuckDB writes it."""
    plain = re.fullmatch(r"[a-z_][a-z0-9_]*", name) and name not in sql_text.RESERVED
    return name if plain else sql_text.identifier(name)


@lru_cache(maxsize=256)
def parse(text: str) -> DuckDBPyType:
    """Reads a type's text, as DESCRIBE and `typeof` give it. Raises `ValueError` where it is none."""
    words = [(kind, word) for kind, word, _ in sql_text.tokens(text.strip()) if kind != "space"]
    parser = _Parser(words)
    kind = parser.type()
    if parser.words:
        raise ValueError(f"{text!r} is not a type")
    return kind


class _Parser:
    def __init__(self, words: list[tuple[str, str]]) -> None:
        self.words = words[::-1]

    def peek(self) -> str:
        return self.words[-1][1] if self.words else ""

    def take(self, wanted: str = "") -> str:
        if not self.words or (wanted and self.peek() != wanted):
            raise ValueError(f"expected {wanted or 'more'} in a type")
        return self.words.pop()[1]

    def type(self) -> DuckDBPyType:
        kind = self.plain()
        while self.peek() == "[":
            self.take()
            size = None if self.peek() == "]" else int(self.take())
            self.take("]")
            kind = list_type(kind) if size is None else array_type(kind, size)
        return kind

    def plain(self) -> DuckDBPyType:
        name = self.take()
        upper = name.upper()
        if upper in ("STRUCT", "ROW", "UNION", "MAP", "ENUM", "DECIMAL", "NUMERIC") and self.peek() == "(":
            return getattr(self, "enum" if upper == "ENUM" else "parts")(upper)
        if upper in ("TIME", "TIMESTAMP") and self.peek().upper() in ("WITH", "WITHOUT"):
            zoned = self.take().upper() == "WITH"
            self.take(), self.take()
            upper += " WITH TIME ZONE" if zoned else ""
        elif self.peek() == "(":  # VARCHAR(10), GEOMETRY('…'): the number says nothing to DuckDB
            while self.take() != ")":
                pass
        canonical = _ALIASES.get(upper, upper)
        if "(" in canonical:
            return parse(canonical)
        if not re.fullmatch(r"[A-Z][\w ]*", canonical):
            raise ValueError(f"{name!r} is not a type")
        return DuckDBPyType._make(canonical.lower(), '"NULL"' if canonical == "NULL" else canonical)

    def enum(self, _upper: str) -> DuckDBPyType:
        self.take("(")
        labels, written = [], []
        while self.peek() != ")":
            label = self.take()
            written.append(label)
            labels.append(label[1:-1].replace("''", "'"))
            if self.peek() == ",":
                self.take()
        self.take(")")
        return DuckDBPyType._make("enum", f"ENUM({', '.join(written)})", [("values", labels)])

    def parts(self, upper: str) -> DuckDBPyType:
        self.take("(")
        if upper in ("DECIMAL", "NUMERIC"):
            width = int(self.take())
            scale = 0
            if self.peek() == ",":
                self.take()
                scale = int(self.take())
            self.take(")")
            children = [("precision", width), ("scale", scale)]
            return DuckDBPyType._make("decimal", f"DECIMAL({width},{scale})", children)
        fields, written = [], []
        while self.peek() != ")":
            name = ""
            # A field is a name and a type; a tuple's field is a type alone, and so are a map's two.
            if upper != "MAP" and len(self.words) > 1 and self.words[-2][1] not in (",", ")", "(", "["):
                name = self.take()
            kind = self.type()
            written.append(f"{name} {kind}" if name else str(kind))
            if name.startswith('"'):
                name = name[1:-1].replace('""', '"')
            fields.append((name, kind))
            if self.peek() == ",":
                self.take()
        self.take(")")
        if upper == "MAP":
            fields = [("key", fields[0][1]), ("value", fields[1][1])]
        kind = {"ROW": "struct"}.get(upper, upper.lower())
        return DuckDBPyType._make(
            kind, f"{'STRUCT' if upper == 'ROW' else upper}({', '.join(written)})", fields
        )


def on_the_way(kind: DuckDBPyType, wire: str | None, column: str) -> str:
    """The SQL of a column as it travels; `wire` is what `wire(kind)` gave."""
    if kind.id == "variant":
        return f"CAST({column} AS JSON)"
    return f"CAST({column} AS {wire})" if wire else column


#: Matches the text of every type that travels as another, and of few that do not.
AWAITED = r"ENUM\(|TIME WITH TIME ZONE|BIGNUM|VARIANT"


def wire(kind: DuckDBPyType) -> str | None:
    """The type as which a column travels, where Arrow would lose something of its own; else None.

    DuckDB-WASM sends no dictionaries (ENUM), and Arrow has no time with an offset and no integer without end.
    """
    if kind.id in ("enum", "time with time zone", "bignum", "variant"):
        return "VARCHAR"
    if kind.id in ("list", "array"):
        child = wire(kind.child)
        size = f"[{kind.size}]" if kind.id == "array" else "[]"
        return None if child is None else child + size
    if kind.id in ("struct", "map"):
        changed = [wire(child) for _, child in kind.children]
        if not any(changed):
            return None
        kinds = [new or str(old) for new, (_, old) in zip(changed, kind.children, strict=True)]
        if kind.id == "map":
            return f"MAP({kinds[0]}, {kinds[1]})"
        names = [sql_text.identifier(name) if name else "" for name, _ in kind.children]
        return f"STRUCT({', '.join(f'{n} {k}'.strip() for n, k in zip(names, kinds, strict=True))})"
    return None
