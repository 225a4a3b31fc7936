"""Expressions: SQL that is built from Python, as `duckdb.ColumnExpression("a") + 1`.

The API of https://duckdb.org/docs/stable/clients/python/expression. An expression is its SQL text, as native DuckDB
writes it.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from duckdb_wasm import sql_text
from duckdb_wasm.errors import InvalidInputException
from duckdb_wasm.types import DuckDBPyType
from duckdb_wasm.types import name_text as lower_name_text
from duckdb_wasm.value.constant import Value
from duckdb_wasm.value.literals import literal

#: What becomes a constant where an expression is expected; text becomes a column.
_CONSTANTS = (
    int,
    float,
    bytes,
    bytearray,
    date,
    time,
    timedelta,
    decimal.Decimal,
    UUID,
    list,
    tuple,
    dict,
    Value,
)


def expression(value: Any) -> Expression:
    """An expression as it is, text as the column of that name, any other value as a constant.

    Raises `InvalidInputException` for what is none of these.
    """
    if isinstance(value, Expression):
        return value
    if isinstance(value, str):
        return ColumnExpression(value)
    if value is None or isinstance(value, _CONSTANTS):
        return ConstantExpression(value)
    raise InvalidInputException("Invalid Input Error: Please provide arguments of type Expression!")


class Expression:
    """A part of a query. `Expression("a")` is the column `a`, `Expression(5)` a constant."""

    __slots__ = ("_alias", "_kind", "_nulls", "_order", "_text")

    def __init__(self, value: Any) -> None:
        made = expression(value)
        self._text, self._kind, self._alias = made._text, made._kind, made._alias
        self._order, self._nulls = made._order, made._nulls

    @classmethod
    def _make(
        cls, text: str, kind: str = "", alias: str = "", order: str = "", nulls: str = ""
    ) -> Expression:
        made = cls.__new__(cls)
        made._text, made._kind, made._alias, made._order, made._nulls = text, kind, alias, order, nulls
        return made

    # --- what it is ---

    def __str__(self) -> str:
        return self._text

    __repr__ = __str__

    def get_name(self) -> str:
        """The name that its column has in a result."""
        if self._alias:
            return self._alias
        return column_parts(self._text)[-1] if self._kind == "column" else self._text

    def show(self) -> None:
        """Prints it."""
        print(self)

    def _selected(self) -> str:
        """Its SQL in a list of columns."""
        return f"{self._text} AS {sql_text.identifier(self._alias)}" if self._alias else self._text

    def _ordered(self) -> str:
        """Its SQL after ORDER BY."""
        return " ".join(part for part in (self._text, self._order, self._nulls) if part)

    # --- made from it ---

    def alias(self, name: str) -> Expression:
        """The same under another name."""
        return Expression._make(self._text, self._kind, name)

    def cast(self, type: Any) -> Expression:
        """Converted to a type."""
        return Expression._make(f"CAST({self._text} AS {DuckDBPyType(type)})")

    def collate(self, collation: str) -> Expression:
        """Text compared by a collation, such as `NOCASE`."""
        return Expression._make(f"{self._text} COLLATE {name_text(collation)}")

    def between(self, lower: Any, upper: Any) -> Expression:
        """Whether it is at least `lower` and at most `upper`."""
        return Expression._make(f"({self._text} BETWEEN {expression(lower)} AND {expression(upper)})")

    def isin(self, *args: Any) -> Expression:
        """Whether it equals one of the values."""
        return self._among("IN", "isin", args)

    def isnotin(self, *args: Any) -> Expression:
        """Whether it equals none of the values."""
        return self._among("NOT IN", "isnotin", args)

    def _among(self, word: str, method: str, values: tuple) -> Expression:
        if not values:
            raise InvalidInputException(
                f"Invalid Input Error: Incorrect amount of parameters to '{method}', needs at least 1 parameter"
            )
        return Expression._make(f"({self._text} {word} ({_listed(values)}))")

    def isnull(self) -> Expression:
        """Whether it is NULL."""
        return Expression._make(f"({self._text} IS NULL)")

    def isnotnull(self) -> Expression:
        """Whether it is not NULL."""
        return Expression._make(f"({self._text} IS NOT NULL)")

    def asc(self) -> Expression:
        """For `sort`: least first."""
        return self._sorted(order="ASC")

    def desc(self) -> Expression:
        """For `sort`: greatest first."""
        return self._sorted(order="DESC")

    def nulls_first(self) -> Expression:
        """For `sort`: NULL before all others."""
        return self._sorted(nulls="NULLS FIRST")

    def nulls_last(self) -> Expression:
        """For `sort`: NULL after all others."""
        return self._sorted(nulls="NULLS LAST")

    def _sorted(self, order: str = "", nulls: str = "") -> Expression:
        return Expression._make(
            self._text, self._kind, self._alias, order or self._order, nulls or self._nulls
        )

    def when(self, condition: Any, value: Any) -> Expression:
        """A further case of a `CaseExpression`."""
        return _case(self._cases(), condition, value)

    def otherwise(self, value: Any) -> Expression:
        """What a `CaseExpression` is where no condition holds."""
        return Expression._make(f"{self._cases()} ELSE {expression(value)} END", "case")

    def _cases(self) -> str:
        if self._kind != "case":
            raise ValueError(
                "This method can only be used on a Expression resulting from CaseExpression or When"
            )
        body = self._text.removesuffix(" END")
        return body.removesuffix(" ELSE NULL")

    def __neg__(self) -> Expression:
        return Expression._make(f"-({self._text})")

    def __invert__(self) -> Expression:
        return Expression._make(f"(NOT {self._text})")

    __hash__ = object.__hash__


def _infix(operator: str) -> Callable:
    def method(self: Expression, other: Any) -> Expression:
        return Expression._make(f"({self} {operator} {expression(other)})")

    method.__doc__ = f"SQL's `{operator}`."
    return method


def _reflected(operator: str) -> Callable:
    def method(self: Expression, other: Any) -> Expression:
        return Expression._make(f"({expression(other)} {operator} {self})")

    method.__doc__ = f"SQL's `{operator}`."
    return method


for _name, _operator in {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "div": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "and": "AND",
    "or": "OR",
}.items():
    setattr(Expression, f"__{_name}__", _infix(_operator))
    setattr(Expression, f"__r{_name}__", _reflected(_operator))
for _name, _operator in {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}.items():
    setattr(Expression, f"__{_name}__", _infix(_operator))


def _listed(values: Any) -> str:
    return ", ".join(str(expression(value)) for value in values)


def name_text(name: str) -> str:
    """A name as SQL, quoted where it has to be; capitals need it not."""
    return name if lower_name_text(name.lower()) == name.lower() else sql_text.identifier(name)


def column_parts(name: str) -> list[str]:
    """The parts of a column's name: `table.column`, `struct.field`, `"a.b"`."""
    parts, inside = [""], False
    for char in name:
        if char == '"':
            inside = not inside
        elif char == "." and not inside:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def ColumnExpression(*names: str) -> Expression:
    """The column of that name, which may have parts; `*` is every column."""
    parts = list(map(str, names)) if len(names) != 1 else column_parts(str(names[0]))
    if names == ("*",):
        return StarExpression()
    return Expression._make(".".join(map(name_text, parts)), "column")


def ConstantExpression(value: Any) -> Expression:
    """A Python value."""
    return Expression._make(sql_text.string(value) if type(value) is str else literal(value), "constant")


def FunctionExpression(function_name: str, *args: Any) -> Expression:
    """A function of expressions."""
    return Expression._make(f"{name_text(function_name)}({_listed(args)})")


def CoalesceOperator(*args: Any) -> Expression:
    """The first of the expressions that is not NULL."""
    if not args:
        raise InvalidInputException("Invalid Input Error: Please provide at least one argument")
    return Expression._make(f"COALESCE({_listed(args)})")


def CaseExpression(condition: Any, value: Any) -> Expression:
    """`value` where the condition holds, else NULL; `when` and `otherwise` add to it."""
    return _case("CASE ", condition, value)


def _case(before: str, condition: Any, value: Any) -> Expression:
    return Expression._make(
        f"{before} WHEN ({expression(condition)}) THEN ({expression(value)}) ELSE NULL END", "case"
    )


def StarExpression(*, exclude: Any = None) -> Expression:
    """Every column, without those of `exclude` (names or column expressions)."""
    names = []
    for item in exclude or ():
        if not isinstance(item, str | Expression):
            raise ValueError("Items in the exclude list should either be 'str' or Expression")
        if isinstance(item, Expression) and item._kind != "column":
            raise ValueError("Only ColumnExpressions are accepted Expression types here")
        names.append(str(item) if isinstance(item, Expression) else str(ColumnExpression(item)))
    return Expression._make(f"* EXCLUDE ({', '.join(names)})" if names else "*", "star")


def LambdaExpression(lhs: Any, rhs: Any) -> Expression:
    """A function for `list_transform` and the like: parameters (one name, or a tuple) and what it gives."""
    if not isinstance(lhs, str | tuple):
        raise ValueError("Please provide 'lhs' as either a tuple containing strings, or a single string")
    names = [str(expression(part)) for part in (lhs if isinstance(lhs, tuple) else (lhs,))]
    return Expression._make(f"(lambda {', '.join(names)}: {expression(rhs)})")


def DefaultExpression() -> Expression:
    """The default value of a column, for inserts and updates."""
    return Expression._make("DEFAULT")
