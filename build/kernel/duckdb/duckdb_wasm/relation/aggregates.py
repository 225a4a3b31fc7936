"""The relation's shorthands: `rel.sum("x")` for `SELECT sum(x)`."""

from __future__ import annotations

from typing import Any

from duckdb_wasm.errors import InvalidInputException
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
        calls = (f"{function_name}({column.strip()}{parameter})" for column in function_aggr.split(","))
        return self._shorthand(", ".join(calls), group_expr, "", projected_columns)

    def _shorthand(self, call: str, groups: str, window: str, projected: str) -> Any:
        over = f" {window}" if window else ""
        listed = ", ".join(part for part in (projected, f"{call}{over}") if part)
        grouped = f" GROUP BY {groups}" if groups else ""
        return self._derive(f"SELECT {listed} FROM {self._source()}{grouped}")


def _quantiles(given: Any) -> str:
    # As native DuckDB writes them, and so names the column.
    if isinstance(given, list | tuple):
        return f"main.list_value({', '.join(map(_quantiles, given))})"
    return f"{float(given):f}"


def _aggregate(name: str, sql_name: str, extra: int = 0) -> Any:
    def method(self: Any, expression: str, *rest: Any, **named: Any) -> Any:
        given = [str(value) for value in rest[:extra]]
        given += [str(named[key]) for key in ("q", "sep", "n", "arg", "value", "size") if key in named][
            : extra - len(given)
        ]
        if name == "string_agg" and given:
            given[0] = "'" + given[0].replace("'", "''") + "'"
        if sql_name.startswith("quantile") and given:
            given[0] = _quantiles(rest[0] if rest else named["q"])
        groups, window, projected = (*rest[extra:], "", "", "")[:3]
        return self._shorthand(
            f"{sql_name}({', '.join([expression, *given])})",
            named.get("groups", groups),
            named.get("window_spec", window),
            named.get("projected_columns", projected),
        )

    method.__name__ = name
    method.__doc__ = f"`{sql_name}` of an expression, by `groups` where they are given."
    return method


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
    setattr(Aggregates, _name, _aggregate(_name, _sql_name, extra=1))


def _value_counts(self: Any, expression: str, groups: str = "") -> Any:
    """How often each value occurs."""
    return self._derive(f"SELECT {expression}, count({expression}) FROM {self._source()} GROUP BY ALL")


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
    bounds = "" if min is None else f", {min}, {max}"
    return self._shorthand(f"bitstring_agg({expression}{bounds})", groups, window_spec, projected_columns)


Aggregates.n_tile, Aggregates.nth_value, Aggregates.bitstring_agg = _n_tile, _nth_value, _bitstring_agg
Aggregates.lag, Aggregates.lead = _neighbour("lag"), _neighbour("lead")
Aggregates.rank_dense = Aggregates.dense_rank
