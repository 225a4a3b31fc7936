"""The relation's shorthands: `rel.sum("x")` for `SELECT sum(x)`."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from duckdb_wasm import sql_text
from duckdb_wasm.errors import InvalidInputException, InvalidTypeException, ParserException
from duckdb_wasm.expression import expression


class Aggregates:
    """Aggregates and window functions by their names."""

    def aggregate(self, aggr_expr: Any, group_expr: str = "") -> Any:
        """The aggregates, grouped by `group_expr` or else by every column that is in no aggregate."""
        if not isinstance(aggr_expr, str | list | tuple):
            raise InvalidInputException(
                "Invalid Input Error: Please provide either a string or list of Expression objects, not "
                f"{type(aggr_expr)}"
            )
        parts = None if isinstance(aggr_expr, str) else (expression(part)._selected() for part in aggr_expr)
        exprs = aggr_expr if parts is None else ", ".join(parts)
        return self._derive(f"SELECT {exprs} FROM {self._source()} GROUP BY {group_expr or 'ALL'}")

    def apply(
        self,
        function_name: str,
        function_aggr: str,
        group_expr: str = "",
        function_parameter: str = "",
        projected_columns: str = "",
    ) -> Any:
        """The aggregate `function_name` of a column."""
        parameter = f", {function_parameter}" if function_parameter else ""
        calls = (f"{function_name}({_column(column)}{parameter})" for column in function_aggr.split(","))
        return self._shorthand(", ".join(calls), group_expr, "", projected_columns)

    def _shorthand(self, call: str, groups: str, window: str, projected: str) -> Any:
        over = f" {window}" if window else ""
        listed = ", ".join(part for part in (projected, f"{call}{over}") if part)
        # As native DuckDB, which takes the groups out of it and leaves an ORDER BY out.
        groups = re.split(r"\border\s+by\b", groups, flags=re.I)[0]
        grouped = f" GROUP BY {groups}" if groups else ""
        return self._derive(f"SELECT {listed} FROM {self._source()}{grouped}")


def _quantiles(given: Any) -> str:
    # As native DuckDB writes them, and so names the column.
    if isinstance(given, list | tuple):
        return f"main.list_value({', '.join(map(_quantiles, given))})"
    return f"{float(given):f}"


def _column(given: str) -> str:
    """An expression as it is, or, where it is none, the column of that name.

    So SQL that was put into a name stays a name.
    """
    text = given.strip()
    if not text:
        raise ParserException(f"Parser Error: Invalid column expression: {given}")
    if sql_text.is_expression(text):
        return sql_text.without_comments(text)
    return sql_text.identifier(text)


#: Aggregates that take no window.
_WINDOWLESS = ("first", "last", "geomean")


def _aggregate(name: str, sql_name: str, argument: Any = None) -> Any:
    """The method of an aggregate; `argument` writes its second argument, which has a name and maybe a default."""

    def run(self: Any, expression: str, extra: str, groups: str, window: str, projected: str) -> Any:
        self._refuse_closed()
        return self._shorthand(f"{sql_name}({_column(expression)}{extra})", groups, window, projected)

    if argument:

        def method(
            self: Any,
            expression: str,
            value: Any = argument.default,
            groups: str = "",
            window_spec: str = "",
            projected_columns: str = "",
            **named: Any,
        ) -> Any:
            self._refuse_closed()
            if argument.name in named:
                value = named.pop(argument.name)
            if named:
                raise TypeError(f"{name}() got an unexpected keyword argument {next(iter(named))!r}")
            if value is None:
                raise TypeError(f"{name}() missing its argument {argument.name!r}")
            return run(self, expression, f", {argument.write(value)}", groups, window_spec, projected_columns)

    elif name in _WINDOWLESS:

        def method(self: Any, expression: str, groups: str = "", projected_columns: str = "") -> Any:
            return run(self, expression, "", groups, "", projected_columns)

    else:

        def method(
            self: Any, expression: str, groups: str = "", window_spec: str = "", projected_columns: str = ""
        ) -> Any:
            return run(self, expression, "", groups, window_spec, projected_columns)

    method.__name__ = name
    method.__doc__ = f"`{sql_name}` of an expression, by `groups` where they are given."
    return method


class _Argument(NamedTuple):
    """The second argument of an aggregate: its name, its default, how it is written."""

    name: str
    default: Any
    write: Any


_ARGUMENTS = {
    "arg": _Argument("value_column", None, lambda value: _column(str(value))),
    "quantile": _Argument("q", 0.5, _quantiles),
    "string": _Argument("sep", ",", lambda value: sql_text.string(str(value))),
}

_PLAIN = [
    "any_value",
    "avg",
    "bit_and",
    "bit_or",
    "bit_xor",
    "bool_and",
    "bool_or",
    "count",
    "favg",
    "first",
    "fsum",
    "geomean",
    "histogram",
    "last",
    "list",
    "max",
    "min",
    "mode",
    "median",
    "product",
    "stddev_pop",
    "stddev_samp",
    "sum",
    "var_pop",
    "var_samp",
]
for _name in _PLAIN:
    setattr(Aggregates, _name, _aggregate(_name, _name))
for _name, _sql_name in {
    "mean": "avg",
    "std": "stddev_samp",
    "stddev": "stddev_samp",
    "var": "var_samp",
    "variance": "var_samp",
    "value_counts": "count",
}.items():
    setattr(Aggregates, _name, _aggregate(_name, _sql_name))
for _name, _sql_name in {
    "arg_max": "arg_max",
    "arg_min": "arg_min",
    "quantile": "quantile_disc",
    "quantile_cont": "quantile_cont",
    "quantile_disc": "quantile_disc",
    "string_agg": "string_agg",
}.items():
    setattr(Aggregates, _name, _aggregate(_name, _sql_name, _ARGUMENTS[_name.partition("_")[0]]))


def _value_counts(self: Any, expression: str, groups: str = "") -> Any:
    """How often each value occurs."""
    column = _column(expression)
    return self._derive(f"SELECT {column}, count({column}) FROM {self._source()} GROUP BY ALL")


def _window(name: str, arguments: int) -> Any:
    def method(self: Any, *rest: Any, window_spec: str = "", projected_columns: str = "") -> Any:
        inside, after = rest[:arguments], rest[arguments:]
        window, projected = (*after, "", "")[:2]
        call = f"{name}({', '.join(map(str, inside))})"
        return self._shorthand(call, "", window_spec or window, projected_columns or projected)

    method.__name__ = name
    method.__doc__ = f"`{name}` over a window: `window_spec` begins with OVER."
    return method


def _neighbour(name: str) -> Any:
    def method(
        self: Any,
        expression: str,
        window_spec: str,
        offset: int = 1,
        default_value: str = "NULL",
        ignore_nulls: bool = False,
        projected_columns: str = "",
    ) -> Any:
        nulls = " IGNORE NULLS" if ignore_nulls else ""
        call = f"{name}({expression}, {offset}, {default_value}{nulls})"
        return self._shorthand(call, "", window_spec, projected_columns)

    method.__name__ = name
    method.__doc__ = f"The value of the row `offset` rows away ({name}); `window_spec` begins with OVER."
    return method


Aggregates.value_counts = _value_counts
for _name in ["row_number", "rank", "dense_rank", "percent_rank", "cume_dist"]:
    setattr(Aggregates, _name, _window(_name, 0))
for _name in ["first_value", "last_value"]:
    setattr(Aggregates, _name, _window(_name, 1))


def _n_tile(self: Any, window_spec: str, num_buckets: int, projected_columns: str = "") -> Any:
    """Divides each partition into `num_buckets` as equal as possible."""
    return self._shorthand(f"ntile({num_buckets})", "", window_spec, projected_columns)


def _nth_value(
    self: Any,
    expression: str,
    window_spec: str,
    offset: int,
    ignore_nulls: bool = False,
    projected_columns: str = "",
) -> Any:
    """The value of the row `offset` of each partition."""
    nulls = " IGNORE NULLS" if ignore_nulls else ""
    return self._shorthand(f"nth_value({expression}, {offset}{nulls})", "", window_spec, projected_columns)


def _bitstring_agg(
    self: Any,
    expression: str,
    min: Any = None,
    max: Any = None,
    groups: str = "",
    window_spec: str = "",
    projected_columns: str = "",
) -> Any:
    """A bitstring with a bit for each value, from `min` to `max`."""
    if (min is None) is not (max is None):
        raise InvalidInputException("Invalid Input Error: Both min and max values must be set")
    if min is not None and not (isinstance(min, int) and isinstance(max, int)):
        raise InvalidTypeException("Invalid type Error: min and max must be of type int")
    bounds = "" if min is None else f", {min}, {max}"
    return self._shorthand(
        f"bitstring_agg({_column(expression)}{bounds})", groups, window_spec, projected_columns
    )


Aggregates.n_tile, Aggregates.nth_value, Aggregates.bitstring_agg = _n_tile, _nth_value, _bitstring_agg
Aggregates.lag, Aggregates.lead = _neighbour("lag"), _neighbour("lead")
Aggregates.rank_dense = Aggregates.dense_rank
