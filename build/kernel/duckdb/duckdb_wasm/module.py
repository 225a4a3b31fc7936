"""The module's functions: each a method of the default connection, or of `connection`."""

from __future__ import annotations

import itertools
import json
import os
from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.connection import DuckDBPyConnection
from duckdb_wasm.enums import token_type
from duckdb_wasm.errors import CatalogException, InvalidInputException, ParserException, unsupported
from duckdb_wasm.expression import Expression
from duckdb_wasm.files import databases, named
from duckdb_wasm.relation import DuckDBPyRelation
from duckdb_wasm.value.literals import literal

IN_MEMORY = ("", ":memory:", ":default:")
_default: DuckDBPyConnection | None = None
_databases = itertools.count(1)
#: The first connections to named databases in memory.
_shared: dict[str, DuckDBPyConnection] = {}


def connect(
    database: Any = ":memory:", read_only: bool = False, config: dict | None = None
) -> DuckDBPyConnection:
    """A connection to a new database in memory, or to the one in a file of the drive, which is made where there is none.

    `:default:` is the connection that the module's functions use. A name that stands for tables which are here opens these.
    Raises `NotImplementedException` for a server's database, `ConnectionException` for a file that is open in another way.
    """
    from duckdb_wasm.bridge import session

    if not isinstance(database, str | os.PathLike):
        raise InvalidInputException(
            f"Invalid Input Error: Please provide either a str or a pathlib.Path, not {database.__class__}"
        )
    name = str(database)
    if name == ":default:" and (read_only or config):
        raise InvalidInputException(
            "Invalid Input Error: Default connection fetching is only allowed without additional options"
        )
    in_memory = name in IN_MEMORY or name.startswith(":memory:")
    if in_memory and read_only:
        raise CatalogException("Catalog Error: Cannot launch in-memory database in read-only mode!")
    shared = _shared.get(name)
    if not in_memory:
        connection = named.database(session, name)
        if connection is None:
            unsupported.check(f"ATTACH {sql_text.string(name)}")
            connection = DuckDBPyConnection(
                session, "con", file=databases.of(session, name, read_only, config)
            )
    elif name == ":default:":
        connection = default_connection()
    elif shared is not None and not shared._closed:
        # Of one name there is one database, as long as its first connection is open.
        connection = shared.cursor()
    else:
        connection = DuckDBPyConnection(session, "con", database=new_database())
        if name not in IN_MEMORY:
            _shared[name] = connection
    if session.can_wait():
        session.call(connection._open(), "await duckdb.connect()")
        for name, value in (config or {}).items():
            if name == "custom_user_agent":
                continue  # said to a server, and there is none
            written = literal(value if isinstance(value, int | float) else str(value))
            connection.execute(f"SET {name} = {written}")
    return connection


def new_database() -> str:
    """The name of a database in memory that nobody has yet."""
    return f"memory_{next(_databases)}"


def default_connection() -> DuckDBPyConnection:
    """The connection that `duckdb.sql` and `duckdb.execute` use."""
    global _default
    if _default is None or _default._closed:
        from duckdb_wasm.bridge import session

        _default = DuckDBPyConnection(session, "duckdb")
    return _default


def set_default_connection(connection: DuckDBPyConnection) -> None:
    """Makes `connection` the one that the module's functions use."""
    global _default
    if not isinstance(connection, DuckDBPyConnection):
        raise TypeError(
            "set_default_connection(): incompatible function arguments: expected a DuckDBPyConnection. "
            f"Invoked with: {connection!r}"
        )
    _default = connection


_CONNECTION = """
    sql query execute executemany fetchone fetchmany fetchall df fetchdf fetch_df arrow
    fetch_arrow_table fetch_record_batch to_arrow_table pl fetchnumpy begin commit rollback checkpoint
    interrupt cursor duplicate close register unregister table view values from_query from_df from_arrow
    from_parquet from_csv_auto read_parquet read_csv read_json create_function remove_function
    install_extension load_extension list_filesystems register_filesystem unregister_filesystem
    table_function get_table_names extract_statements query_progress append array_type decimal_type
    dtype enable_profiling disable_profiling enum_type fetch_df_chunk filesystem_is_registered
    get_profiling_information list_type map_type row_type sqltype string_type struct_type tf
    to_arrow_reader torch type union_type
""".split()  # noqa: SIM905


def _of_connection(name: str) -> Any:
    def function(*args: Any, connection: Any = None, **named: Any) -> Any:
        return getattr(connection or default_connection(), name)(*args, **named)

    method = getattr(DuckDBPyConnection, name)
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{method.__doc__}\n\nOf the default connection, or of `connection`."
    return function


for _name in _CONNECTION:
    globals()[_name] = _of_connection(_name)


def description(*, connection: Any = None) -> list[tuple] | None:
    """The last result's columns, as DB-API 2.0 describes them."""
    return (connection or default_connection()).description


def rowcount(*, connection: Any = None) -> int:
    """Always -1, as in native DuckDB."""
    return -1


_RELATION = ("aggregate", "distinct", "filter", "limit", "order", "project", "write_csv")


def _of_object(name: str) -> Any:
    def function(df: Any, *args: Any, connection: Any = None, **named: Any) -> Any:
        relation = (
            df if isinstance(df, DuckDBPyRelation) else (connection or default_connection())._from_object(df)
        )
        return getattr(relation, name)(*args, **named)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        f"{getattr(DuckDBPyRelation, name).__doc__}\n\nOf a frame or any other object that is a table."
    )
    return function


for _name in _RELATION:
    globals()[_name] = _of_object(_name)


def alias(df: Any, alias: str, *, connection: Any = None) -> DuckDBPyRelation:
    """A frame or any other object that is a table, as a relation of that name."""
    return (connection or default_connection())._from_object(df).set_alias(alias)


def query_df(df: Any, virtual_table_name: str, sql_query: str, *, connection: Any = None) -> DuckDBPyRelation:
    """A query in which a frame or any other object that is a table has the given name."""
    return (connection or default_connection())._from_object(df).query(virtual_table_name, sql_query)


def SQLExpression(expression: str) -> Expression:
    """An expression out of SQL text. Raises `ParserException` where it is none."""
    written = sql_text.string(f"SELECT {expression}")
    row = default_connection().cursor().execute(f"SELECT json_serialize_sql({written})").fetchone()
    tree = json.loads(row[0])
    if tree["error"]:
        raise ParserException(f"Parser Error: {tree['error_message']}")
    count = len(tree["statements"][0]["node"]["select_list"])
    if count != 1:
        raise InvalidInputException(
            "Invalid Input Error: Please provide only a single expression to SQLExpression, found "
            f"{count} expressions in the parsed string"
        )
    return Expression._make(f"({expression})", "sql")


def tokenize(query: str) -> list[tuple[int, token_type]]:
    """Where each token of a query begins, in bytes, and what it is."""
    kinds = {
        "string": token_type.string_const,
        "number": token_type.numeric_const,
        "word": token_type.identifier,
    }
    kinds |= {"quoted": token_type.identifier, "space": token_type.comment}
    return [
        (
            len(query[:at].encode()),
            token_type.keyword
            if kind == "word" and word.lower() in sql_text.RESERVED
            else kinds.get(kind, token_type.operator),
        )
        for kind, word, at in sql_text.tokens(query)
        if kind != "space"
    ]


FUNCTIONS = (
    "SQLExpression",
    "alias",
    "query_df",
    "tokenize",
    "connect",
    "default_connection",
    "set_default_connection",
    "description",
    "rowcount",
    *_CONNECTION,
    *_RELATION,
)
