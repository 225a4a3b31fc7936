"""What the quickstart must show, from native DuckDB over the same snapshot."""

import json
from pathlib import Path

import duckdb

#: The day and the symbol that its parameters cell names.
DAY, SYMBOL = "2021-05-19", "BTCUSDT"


def native_release(site: Path) -> duckdb.DuckDBPyConnection:
    """The newest snapshot's tables in native DuckDB, each from the layout that holds the release's rows."""
    data = site / "data"
    newest = json.loads((data / "snapshots.json").read_text())["snapshots"][0]["id"]
    folder = data / "snapshots" / newest
    resources = json.loads((folder / "datapackage.json").read_text())["resources"]
    con = duckdb.connect()
    for table in ("daily_availability", "volume_rankings"):
        files = [
            str(folder / r["path"]) for r in resources if (r["table"], r["layout"]) == (table, "by-date")
        ]
        con.read_parquet(files).create_view(table)
    return con


def shown(value: object) -> str:
    return "NULL" if value is None else str(value)


def first_and_last(rows: list[tuple], shown_rows: int = 20) -> list[list[str]]:
    """What a relation's table shows of `rows`: all of them, or the first and last halves around a line of dots."""
    texts = [[shown(value) for value in row] for row in rows]
    if len(rows) <= shown_rows:
        return texts
    half = shown_rows // 2
    return [*texts[:half], [f"⋮ {len(rows) - shown_rows:,} more rows"], *texts[-half:]]


def quickstart_tables(release: duckdb.DuckDBPyConnection) -> list[list[list[str]]]:
    """The three tables, as texts."""
    tradable = release.execute(
        "SELECT symbol FROM daily_availability WHERE date = $day AND available ORDER BY symbol", {"day": DAY}
    ).fetchall()
    ranked = release.execute(
        "SELECT rank, symbol, round(quote_volume_usdt / 1e6, 1), trade_count FROM volume_rankings "
        "WHERE date = $day ORDER BY rank, symbol",
        {"day": DAY},
    ).fetchall()
    listed = release.execute(
        "SELECT min(date), max(date), count(*) FROM (SELECT date, date - row_number() OVER (ORDER BY date)::INT AS run "
        "FROM daily_availability WHERE symbol = $symbol AND available) GROUP BY run ORDER BY 1",
        {"symbol": SYMBOL},
    ).fetchall()
    assert len(tradable) > 20
    return [first_and_last(rows) for rows in (tradable, ranked, listed)]
