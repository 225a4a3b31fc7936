"""Relations: a query that is run when its rows are needed, and shows itself as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.errors import BinderException, ConnectionException, Error, InvalidInputException, unsupported
from duckdb_wasm.expression import expression
from duckdb_wasm.relation.aggregates import Aggregates
from duckdb_wasm.relation.charts import Charts
from duckdb_wasm.relation.output import Output
from duckdb_wasm.relation.owner import Objects, Owner
from duckdb_wasm.results.fetch import Fetching
from duckdb_wasm.results.result import Result
from duckdb_wasm.types import DuckDBPyType
from duckdb_wasm.value import literals

#: A result of at most this many rows is fetched whole to be shown; of a larger one its ends are.
WHOLE = 1_000
#: How many rows are shown of a result that has more: half of them its first, half its last.
SHOWN = 20
#: What a statement that changes something answers.
_CHANGES = ([("Count", "BIGINT")], [("Success", "BOOLEAN")])


class DuckDBPyRelation(Fetching, Aggregates, Charts, Output):
    """A query and its connection. Awaiting it runs it, and gives it back."""

    def __init__(
        self,
        connection: Owner,
        query: str,
        objects: Objects,
        *,
        params: Any = None,
        alias: str = "",
    ) -> None:
        self._connection = connection
        self._session = connection._session
        self._query = query.strip().rstrip(";").rstrip()
        self._params = params
        self._objects = objects
        self.alias = alias or f"unnamed_relation_{id(self):x}"
        #: The table (as SQL) that it is, if it is just that.
        self._is_table: str | None = None
        self._schema: list[tuple[str, DuckDBPyType]] | None = None
        #: What a statement gave that is no query, and the table of the engine that holds it.
        self._kept: Result | None = None
        self._kept_as: str | None = None
        self._closed = False
        self._result: Result | None = None

    # --- binding and running ---

    async def _bind(self) -> None:
        """Finds out the columns. A query that is wrong raises; a statement that is no query is run."""
        await self._connection._open()
        if sql_text.is_query(self._query):
            unsupported.check(self._query)
            values = literals.check(self._query, self._params)
            await self._connection._files.give(self._query, values.values())
            self._schema = await self._connection._describe(self._query, values, self._objects)
        if self._schema is None:
            self._result = await self._connection._statement(self._query, self._params, self._objects)
            self._schema = self._result.schema
            if not sql_text.is_query(self._query):
                self._kept = self._result

    @property
    def _changes_only(self) -> bool:
        """Whether this was a statement whose result nobody looks at."""
        return not self._schema or (
            not sql_text.is_query(self._query)
            and [(name, str(kind)) for name, kind in self._schema] in _CHANGES
        )

    def _refuse_closed(self) -> None:
        if self._connection._closed:
            raise ConnectionException("Connection Error: Connection has already been closed")

    async def _compute(self) -> Result:
        self._refuse_closed()
        if self._kept is not None:
            return self._kept.again()  # never twice: it may have changed something
        await self._connection._open()
        return await self._connection._statement(self._query, self._params, self._objects)

    def __await__(self):
        async def run():
            await self._bind()
            if self._result is None:
                self._result = await self._compute()
            return self

        return run().__await__()

    def _last(self) -> Result:
        if self._closed:
            raise InvalidInputException("Invalid Input Error: result closed. There is no query result")
        self._refuse_closed()
        if self._result is None:
            self.execute()
        assert self._result is not None
        return self._result

    def _take(self) -> Result:
        result = self._last()
        if self._session.can_wait():
            # The next call runs the query again, as native DuckDB does.
            self._result = None
        return result

    def execute(self) -> DuckDBPyRelation:
        """Runs the query and keeps its result for the fetch methods."""
        self._closed = False
        self._result = self._connection._wait(self._compute(), "sql")
        return self

    def close(self) -> None:
        """Forgets the result: fetching from it again raises, until `execute`."""
        self._result, self._closed = None, True

    def _written(self) -> str:
        """The query as SQL that other queries may contain."""
        if self._kept is not None:
            # A statement that is no query is run once; what it gave becomes a table.
            if self._kept_as is None:
                self._kept_as = self._connection._wait(
                    self._objects.keep(self._connection, self._kept), "sql"
                )
            return f"SELECT * FROM {self._kept_as}"
        if not self._params:
            return self._query
        values = literals.check(self._query, self._params)
        return sql_text.substitute(
            self._query, {name: literals.literal(value) for name, value in values.items()}
        )

    def _source(self) -> str:
        return f"(\n{self._written()}\n) AS {sql_text.identifier(self.alias)}"

    def _derive(self, sql: str, alias: str = "", other: DuckDBPyRelation | None = None) -> DuckDBPyRelation:
        if other is not None:
            self._objects.share(other._objects)
        self._refuse_closed()
        derived = DuckDBPyRelation(self._connection, sql, self._objects, alias=alias or self.alias)
        if self._session.can_wait():
            try:
                self._connection._wait(derived._bind(), "sql")
            except Error as error:
                # It points into SQL that the caller did not write.
                raise type(error)(str(error).partition("\n\nLINE ")[0]) from None
        return derived

    # --- what it is ---

    def _columns(self) -> list[tuple[str, DuckDBPyType]]:
        if self._schema is None:
            self._connection._wait(self._bind(), "sql")
        return self._schema or []

    @property
    def columns(self) -> list[str]:
        """Column names."""
        return [name for name, _ in self._columns()]

    @property
    def types(self) -> list[DuckDBPyType]:
        """DuckDB's type of each column."""
        return [kind for _, kind in self._columns()]

    dtypes = types

    @property
    def description(self) -> list[tuple]:
        """The columns as DB-API 2.0 describes them: name, type and five Nones each."""
        return [(name, kind, None, None, None, None, None) for name, kind in self._columns()]

    @property
    def type(self) -> str:
        """What kind of relation this is: a table, a query, or what a statement gave."""
        if self._is_table is not None:
            return "TABLE_RELATION"
        return "QUERY_RELATION" if self._kept is None else "MATERIALIZED_RELATION"

    def sql_query(self) -> str:
        """The SQL of this relation."""
        return self._written()

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self), len(self.columns)

    def __len__(self) -> int:
        known = self._result or self._kept
        if known is not None:
            return known.row_count
        return self._connection._wait(self._count(), "sql")

    async def _count(self) -> int:
        counting = DuckDBPyRelation(self._connection, f"SELECT count(*) FROM {self._source()}", self._objects)
        return (await counting._compute()).fetchall()[0][0]

    def __iter__(self) -> Iterator[tuple]:
        return iter(self.fetchall())

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> DuckDBPyRelation:
        columns = self._columns()
        if len(columns) == 1 and columns[0][1].id == "struct" and name in dict(columns[0][1].children):
            return self.project(f"{sql_text.identifier(columns[0][0])}.{sql_text.identifier(name)}")
        if name not in self.columns:
            raise AttributeError(f"This relation does not contain a column by the name of '{name}'")
        return self.project(sql_text.identifier(name))

    def __getattr__(self, name: str) -> DuckDBPyRelation:
        if name.startswith("_") or not self.__dict__.get("_schema"):
            raise AttributeError(f"This relation does not contain a column by the name of '{name}'")
        return self[name]

    # --- other relations ---

    def filter(self, filter_expr: Any) -> DuckDBPyRelation:
        """The rows for which the expression is true."""
        if not isinstance(filter_expr, str):
            try:
                filter_expr = expression(filter_expr)
            except InvalidInputException:
                raise InvalidInputException(
                    "Invalid Input Error: Please provide either a string or a DuckDBPyExpression object to 'filter'"
                ) from None
        return self._derive(f"SELECT * FROM {self._source()} WHERE {filter_expr}")

    def project(self, *args: Any, groups: str = "") -> DuckDBPyRelation:
        """The given columns or expressions: one text of SQL, or names, `Expression`s and values."""
        if not args:
            return None
        if len(args) == 1 and isinstance(args[0], str):
            listed = args[0]
        else:
            listed = ", ".join(expression(part)._selected() for part in args)
        if not groups and sql_text.has_aggregate(listed):
            raise BinderException("Binder Error: Aggregates cannot be present in a Project relation!")
        grouped = f" GROUP BY {groups}" if groups else ""
        return self._derive(f"SELECT {listed} FROM {self._source()}{grouped}")

    select = project

    def select_types(self, types: list) -> DuckDBPyRelation:
        """The columns of the given types. Raises `InvalidInputException` where there are none."""
        wanted = [str(DuckDBPyType(kind)) for kind in types]
        names = [sql_text.identifier(name) for name, kind in self._columns() if str(kind) in wanted]
        if not names:
            raise InvalidInputException(
                "Invalid Input Error: None of the columns matched the provided type filter!"
            )
        return self.project(", ".join(names))

    select_dtypes = select_types

    def order(self, order_expr: str) -> DuckDBPyRelation:
        """The rows in the order of the expression."""
        return self._derive(f"SELECT * FROM {self._source()} ORDER BY {order_expr}")

    def sort(self, *args: Any) -> DuckDBPyRelation:
        """The rows in the order of the given columns or expressions."""
        if not args:
            raise InvalidInputException(
                "Invalid Input Error: Please provide at least one expression to sort on"
            )
        return self.order(", ".join(expression(part)._ordered() for part in args))

    def limit(self, n: int, offset: int = 0) -> DuckDBPyRelation:
        """The first `n` rows after `offset`."""
        return self._derive(f"SELECT * FROM {self._source()} LIMIT {int(n)} OFFSET {int(offset)}")

    def distinct(self) -> DuckDBPyRelation:
        """Each different row once."""
        return self._derive(f"SELECT DISTINCT * FROM {self._source()}")

    def unique(self, unique_aggr: str) -> DuckDBPyRelation:
        """Each different value (or combination) of the given columns once."""
        return self._derive(f"SELECT DISTINCT {unique_aggr} FROM {self._source()}")

    def union(self, union_rel: DuckDBPyRelation) -> DuckDBPyRelation:
        """The rows of both."""
        return self._set("UNION ALL", union_rel)

    def except_(self, other_rel: DuckDBPyRelation) -> DuckDBPyRelation:
        """The rows of this one that the other does not have."""
        return self._set("EXCEPT ALL", other_rel)

    def intersect(self, other_rel: DuckDBPyRelation) -> DuckDBPyRelation:
        """The rows that both have."""
        return self._set("INTERSECT ALL", other_rel)

    def _set(self, operator: str, other: DuckDBPyRelation) -> DuckDBPyRelation:
        return self._derive(
            f"SELECT * FROM {self._source()} {operator} SELECT * FROM {other._source()}", other=other
        )

    def join(self, other_rel: DuckDBPyRelation, condition: Any, how: str = "inner") -> DuckDBPyRelation:
        """The rows of both side by side where the condition (or equality of the named columns) holds."""
        kinds = ("left", "right", "outer", "semi", "inner", "anti")
        if how not in kinds:
            raise InvalidInputException(
                f"Invalid Input Error: Unsupported join type {how}, try one of: {', '.join(map(repr, kinds))}"
            )
        if self.alias == other_rel.alias:
            raise InvalidInputException(
                "Invalid Input Error: Both relations have the same alias, please change the alias of one or both "
                "relations using 'rel = rel.set_alias(<new alias>)'"
            )
        if isinstance(condition, list | tuple):
            if not all(isinstance(name, str) for name in condition):
                wrong = next(type(name) for name in condition if not isinstance(name, str))
                raise InvalidInputException(
                    f"Invalid Input Error: Using clause should be a list of strings, not {wrong}"
                )
            if not condition:
                raise InvalidInputException(
                    "Invalid Input Error: Please provide at least one string in the condition to create a USING clause"
                )
            condition = ", ".join(condition)
        text = condition if isinstance(condition, str) else str(expression(condition))
        names = text.replace(",", " ").split()
        named = all(name in self.columns and name in other_rel.columns for name in names)
        on = f"USING ({', '.join(map(sql_text.identifier, names))})" if names and named else f"ON {text}"
        kind = {"outer": "FULL OUTER"}.get(how, how.upper())
        return self._derive(
            f"SELECT * FROM {self._source()} {kind} JOIN {other_rel._source()} {on}", other=other_rel
        )

    def cross(self, other_rel: DuckDBPyRelation) -> DuckDBPyRelation:
        """Every row of this one beside every row of the other."""
        return self._derive(
            f"SELECT * FROM {self._source()} CROSS JOIN {other_rel._source()}", other=other_rel
        )

    def set_alias(self, alias: str) -> DuckDBPyRelation:
        """The same rows under a name that conditions and queries may use."""
        return self._derive(self._written(), alias=alias)

    def query(self, virtual_table_name: str, sql_query: str) -> DuckDBPyRelation:
        """A query in which this relation has the given name."""
        name = sql_text.identifier(virtual_table_name)
        if not sql_text.is_query(sql_query):
            self.create_view(virtual_table_name)
            self._run_now(sql_query)
            return None
        return self._derive(f"WITH {name} AS (\n{self._written()}\n)\n{sql_query}")

    def describe(self) -> DuckDBPyRelation:
        """Count, mean, standard deviation, least, greatest and median of each column."""
        from duckdb_wasm.results import format

        names = ("count", "mean", "stddev", "min", "max", "median")
        listed = [f"unnest([{', '.join(map(sql_text.string, names))}]) AS aggr"]
        for column, kind in self._columns():
            quoted, number = sql_text.identifier(column), format.is_numeric(kind)
            cells = ", ".join(_described(name, quoted, number) for name in names)
            listed.append(f"unnest([{cells}]) AS {quoted}")
        return self._derive(f"SELECT {', '.join(listed)} FROM {self._source()}")

    def map(self, *_: Any, **__: Any) -> DuckDBPyRelation:
        """Not in the browser: raises `NotImplementedException`."""
        raise unsupported.not_implemented("A Python function of whole frames")

    # --- how it shows itself ---

    async def _sample(self, shown: int) -> tuple[list[tuple], list[tuple], int]:
        """The first rows, the last ones, and how many there are in all."""
        whole = self._result
        if whole is None and sql_text.is_query(self._query):
            source = f"SELECT * FROM {self._source()}"
            start = DuckDBPyRelation(self._connection, f"{source} LIMIT {WHOLE + 1}", self._objects)
            whole = await start._compute()
            if whole.row_count > WHOLE:
                count = await self._count()
                skipped = f"{source} LIMIT {shown} OFFSET {count - shown // 2}"
                end = DuckDBPyRelation(self._connection, skipped, self._objects)
                last = (await end._compute()).all_rows()
                return whole.fetchmany(shown - shown // 2), last, count
        elif whole is None:
            whole = await self._compute()
        rows = whole.all_rows()
        if len(rows) <= shown:
            return rows, [], len(rows)
        return rows[: shown - shown // 2], rows[len(rows) - shown // 2 :], len(rows)

    def _shown(self, shown: int) -> tuple:
        if self._result is not None and not self._session.can_wait():
            rows = self._result.all_rows()
            long = len(rows) > shown
            half = shown // 2
            return self._columns(), rows[:half] if long else rows, rows[-half:] if long else [], len(rows)
        return self._columns(), *self._connection._wait(self._sample(shown), "sql")

    # What shows a table is imported when one is shown: importing the package stays quick.

    def __repr__(self) -> str:
        from duckdb_wasm.results import box

        return box.draw(*self._shown(SHOWN))

    def _repr_html_(self) -> str:
        from duckdb_wasm.results import html

        return html.draw(*self._shown(SHOWN))

    def show(
        self,
        *,
        max_width: int | None = None,
        max_rows: int | None = None,
        max_col_width: int | None = None,
        null_value: str | None = None,
        render_mode: Any = None,
    ) -> None:
        """Prints the first and last rows as a box of text; of the layout's settings only `max_rows` counts here."""
        from duckdb_wasm.results import box

        print(box.draw(*self._shown(max_rows or SHOWN)))

    def explain(self, type: Any = "standard") -> str:
        """DuckDB's plan of the query; with `type="analyze"` the query is run and timed."""
        word = "EXPLAIN ANALYZE" if type == 1 or "analyze" in str(type).lower() else "EXPLAIN"
        plan = DuckDBPyRelation(self._connection, f"{word} {self._written()}", self._objects)
        return "\n".join(row[1] for row in self._connection._wait(plan._compute(), "sql").all_rows())


def _described(name: str, column: str, number: bool) -> str:
    if name == "count":
        return f"count({column})::DOUBLE" if number else f"count({column})::VARCHAR"
    if name in ("min", "max"):
        return f"{name}({column})::{'DOUBLE' if number else 'VARCHAR'}"
    if not number:
        return "NULL::VARCHAR"
    return {"mean": f"avg({column})", "stddev": f"stddev({column})", "median": f"median({column})"}[
        name
    ] + "::DOUBLE"
