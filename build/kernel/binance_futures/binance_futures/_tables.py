"""The SQL that makes a snapshot's tables and macros, from its Data Package descriptor."""

from __future__ import annotations

from binance_futures._definitions import definition
from binance_futures._questions import QUESTIONS, macro

#: Each table: the layout that holds exactly the release's rows and columns, and what one row is.
TABLES = {
    "daily_availability": ("by-date", "A symbol on a day, whether it traded, and its prices and volumes."),
    "volume_rankings": ("by-date", "A symbol on a day, with its volume and its rank by volume."),
    "symbols": ("by-symbol", "An unbroken run of days on which a symbol was tradable."),
    "days": ("by-date", "A day: how many symbols were there, and whether it is complete."),
}
#: What the macros read: name in their SQL → table and layout.
READ = {
    "core": ("daily_availability", "core"),
    "symbols": ("symbols", "by-symbol"),
    "days": ("days", "by-date"),
    "rankings": ("volume_rankings", "by-date"),
    "rankings_by_symbol": ("volume_rankings", "by-symbol"),
}


def layouts() -> set[tuple[str, str]]:
    """Every (table, layout) that the tables and macros read."""
    return {(table, layout) for table, (layout, _) in TABLES.items()} | set(READ.values())


def files(descriptor: dict, table: str, layout: str) -> list[str]:
    """The names under which SQL reads the objects of a table's layout."""
    return [r["file"] for r in descriptor["resources"] if (r["table"], r["layout"]) == (table, layout)]


def create_tables(descriptor: dict) -> str:
    """The statements; each resource of the descriptor has the `file` under which SQL reads it."""

    def source(table: str, layout: str, alias: str) -> str:
        found = files(descriptor, table, layout)
        return f"read_parquet([{', '.join(_text(file) for file in found)}]) AS {alias}" if found else ""

    sources = {name: source(table, layout, name) for name, (table, layout) in READ.items()}
    if not sources["days"]:
        sources |= _of_an_older_snapshot(sources)
    # The engine has names of its own for tables, and chooses for each statement which layout they stand for.
    told = descriptor.get("tables", {})
    statements = []
    for table, (layout, comment) in TABLES.items():
        columns, read = "", source(table, layout, table) or sources[table]
        if table in told:
            columns = f"({', '.join(_name(column) for column in told[table]['columns'])})"
            read = f"read_parquet({_text(told[table]['file'])})"
        statements.append(f"CREATE OR REPLACE VIEW {table}{columns} AS FROM {read}")
        statements.append(f"COMMENT ON VIEW {table} IS {_text(comment)}")
    newest = f"DATE {_text(descriptor['dates'].get('complete') or descriptor['dates']['last'])}"
    runs = {"runs": sources["symbols"], "newest": newest, "absence": "absence"}
    flat = f"(FROM {sources['core']} WHERE available AND NOT tradable)"
    sources |= {
        "listings": definition("listings", **runs),
        "gaps": definition("gaps", **runs),
        "flat_runs": definition("runs", days=flat),
    }
    for question in QUESTIONS:
        sql = question.sql
        for name, text in sources.items():
            sql = sql.replace(f"{{{name}}}", text)
        statements.append(f"CREATE OR REPLACE MACRO {macro(question)} AS TABLE {sql}")
        statements.append(f"COMMENT ON MACRO TABLE {question.name} IS {_text(question.doc)}")
    return ";\n".join(statements)


def _of_an_older_snapshot(sources: dict[str, str]) -> dict[str, str]:
    """What snapshots from before `days` do not hold, from what they do: nothing tells what was published without a trade."""
    more = "available AS tradable, NULL::TIMESTAMP AS probe_timestamp"
    core = f"(SELECT *, {more} FROM {sources['core']})"  # noqa: S608 - names of the descriptor
    return {
        "core": f"{core} AS core",
        "days": f"{definition('days', probes=core, ranks=sources['rankings'])} AS days",
    }


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
