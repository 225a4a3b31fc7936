"""The SQL that makes a snapshot's tables and macros, from its Data Package descriptor."""

from __future__ import annotations

from binance_futures._questions import QUESTIONS, macro

#: Each table: the layout that holds exactly the release's rows and columns, and what one row is.
TABLES = {
    "daily_availability": ("by-date", "A symbol on a day, whether it traded, and its prices and volumes."),
    "volume_rankings": ("by-date", "A symbol on a day, with its volume and its rank by volume."),
    "symbols": ("by-symbol", "An unbroken run of days on which a symbol traded."),
}
#: What the macros read: name in their SQL → table and layout.
READ = {
    "core": ("daily_availability", "core"),
    "symbols": ("symbols", "by-symbol"),
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
        names = ", ".join(_text(file) for file in files(descriptor, table, layout))
        return f"read_parquet([{names}]) AS {alias}"

    statements = []
    for table, (layout, comment) in TABLES.items():
        statements.append(f"CREATE OR REPLACE VIEW {table} AS FROM {source(table, layout, table)}")
        statements.append(f"COMMENT ON VIEW {table} IS {_text(comment)}")
    sources = {name: source(table, layout, name) for name, (table, layout) in READ.items()}
    newest = f"DATE {_text(descriptor['dates']['last'])}"
    for question in QUESTIONS:
        sql = question.sql.replace("{newest}", newest)
        for name, text in sources.items():
            sql = sql.replace(f"{{{name}}}", text)
        statements.append(f"CREATE OR REPLACE MACRO {macro(question)} AS TABLE {sql}")
        statements.append(f"COMMENT ON MACRO TABLE {question.name} IS {_text(question.doc)}")
    return ";\n".join(statements)


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
