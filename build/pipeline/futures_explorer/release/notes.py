"""What is worth knowing of a release that keeps its promises: columns that differ from their formula, days not there yet."""

# ruff: noqa: S608 - every name in a query is declared here
from __future__ import annotations

from futures_explorer.release import definitions
from futures_explorer.release.tables import OpenRelease

#: Rows shown of each kind.
SHOWN = 5
#: Derived columns of volume_rankings, each with upstream's formula over its rows: `listed` are a symbol's rows by date,
#: `by_volume` a date's rows by volume. What is derived from floating-point sums may differ in its last digits.
#: Source: generate_volume_rankings.py of terrylica/binance-futures-availability.
FORMULAS = {
    **{f"rank_change_{n}d": f"rank - lag(rank, {n}) OVER listed" for n in (1, 7, 14, 30)},
    "percentile": "percent_rank() OVER by_volume * 100",
    "market_share_pct": "quote_volume_usdt / nullif(sum(quote_volume_usdt) OVER (PARTITION BY date), 0) * 100",
    "days_available": "count(*) OVER (listed ROWS BETWEEN 29 PRECEDING AND CURRENT ROW)",
}


def recomputed(opened: OpenRelease) -> list[str]:
    """A note for each derived column that differs from its formula: in how many rows, and a few of them."""
    expected = ", ".join(f"({formula})::DOUBLE AS expected_{name}" for name, formula in FORMULAS.items())
    differs = {
        name: f"(({name} IS NULL) <> (expected_{name} IS NULL) "
        f"OR coalesce(abs({name} - expected_{name}) > 1e-5 * greatest(abs(expected_{name}), 1e-6), false))"
        for name in FORMULAS
    }
    opened.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE differing AS SELECT * FROM (SELECT *, {expected} FROM volume_rankings "
        "WINDOW listed AS (PARTITION BY symbol ORDER BY date), "
        "by_volume AS (PARTITION BY date ORDER BY quote_volume_usdt DESC)) "
        f"WHERE {' OR '.join(differs.values())}"
    )
    total = opened.rows("SELECT count(*) FROM volume_rankings")[0][0]
    notes = []
    for name, where in differs.items():
        count = opened.rows(f"SELECT count(*) FROM differing WHERE {where}")[0][0]
        if count:
            rows = opened.rows(
                f"SELECT date, symbol, {name}, expected_{name} FROM differing WHERE {where} ORDER BY date DESC, symbol "
                f"LIMIT {SHOWN}"
            )
            shown = "; ".join(
                f"{date} {symbol} has {_n(got)}, not {_n(due)}" for date, symbol, got, due in rows
            )
            notes.append(
                f"volume_rankings.{name}: {count:,} of {total:,} rows differ from the formula, e.g. {shown}."
            )
    opened.connection.execute("DROP TABLE differing")
    return notes


def incomplete(opened: OpenRelease) -> list[str]:
    """A note for the days that are not all there, and for files without a trade; every row is published all the same."""
    notes = []
    complete, ranked = opened.rows(definitions.newest())[0]
    days = opened.rows(
        f"SELECT date::VARCHAR, published, usual, complete FROM ({definitions.days()}) ORDER BY date DESC LIMIT {SHOWN}"
    )
    for date, published, usual, is_complete in days:
        if complete and date > complete and not is_complete:
            notes.append(
                f"{date} is incomplete: {published:,} of usually {usual or 0:,.0f} symbols have a file. "
                f"The newest complete day is {complete}."
            )
    if ranked != complete:
        notes.append(
            f"Ranks are complete to {ranked or 'no day'} only; the newest complete day is {complete}."
        )
    flat, symbols = opened.rows(
        "SELECT count(*), count(DISTINCT symbol) FROM daily_availability "
        f"WHERE available AND NOT ({definitions.definition('tradable')})"
    )[0]
    if flat:
        notes.append(f"{flat:,} files of {symbols:,} symbols are without a trade: published, not tradable.")
    return notes


def _n(value: float | None) -> str:
    return "null" if value is None else f"{value:.6g}"
