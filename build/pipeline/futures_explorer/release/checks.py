"""Whether a release's rows are what upstream promises: each promise one query that finds what breaks it."""

# ruff: noqa: S608 - every name in a query is the contract's or quoted here
from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from futures_explorer.errors import ExplorerError
from futures_explorer.release import contract
from futures_explorer.release.notes import incomplete, recomputed
from futures_explorer.release.tables import OpenRelease

# Upstream appends rankings once a day, but backfills symbols and probes the last 20 days again without ranking
# them anew. So a few rows may differ; more than this share means that the two assets do not belong together.
TOLERATED_SHARE = 0.05


@dataclass(frozen=True)
class Promise:
    """A promise about rows: `broken` selects up to a few rows that break it, the first columns shown."""

    table: str
    says: str
    broken: str


def _promises(today: date) -> list[Promise]:
    promises = []
    for table in contract.TABLES:
        required = [column.name for column in table.columns if not column.nullable]
        promises += [
            Promise(
                table.name,
                f"{name} is never null",
                f"SELECT date, symbol FROM {table.name} WHERE {name} IS NULL",
            )
            for name in required
        ]
        promises += [
            Promise(
                table.name,
                f"({', '.join(table.key)}) is unique",
                f"SELECT date, symbol, count(*) AS rows FROM {table.name} GROUP BY date, symbol HAVING count(*) > 1",
            ),
            Promise(
                table.name,
                f"date is between {contract.FIRST_DATE} and today ({today}, UTC)",
                f"SELECT date, symbol FROM {table.name} "
                f"WHERE date NOT BETWEEN DATE '{contract.FIRST_DATE}' AND DATE '{today}'",
            ),
            Promise(
                table.name,
                "symbol is printable, without spaces",
                f"SELECT symbol, min(date) FROM {table.name} GROUP BY symbol "
                r"HAVING symbol = '' OR length(symbol) > 64 OR regexp_matches(symbol, '[\p{C}\p{Z}]')",
            ),
        ]
    promises += [
        Promise(
            "daily_availability",
            "available means status 200, and only then",
            "SELECT date, symbol, available, status_code FROM daily_availability "
            "WHERE available <> (status_code = 200)",
        ),
        Promise(
            "volume_rankings",
            "rows are sorted by date, rank",
            "SELECT date, symbol, rank FROM (SELECT date, symbol, rank, lag(date) OVER () AS before, "
            "lag(rank) OVER () AS above FROM volume_rankings) "
            "WHERE before > date OR (before = date AND above > rank)",
        ),
        Promise(
            "volume_rankings",
            "rank is the DENSE_RANK of quote_volume_usdt, highest first",
            "SELECT date, symbol, rank, expected FROM (SELECT date, symbol, rank, dense_rank() OVER "
            "(PARTITION BY date ORDER BY quote_volume_usdt DESC) AS expected FROM volume_rankings) "
            "WHERE rank <> expected",
        ),
        Promise(
            "volume_rankings",
            "what is ranked was available that day",
            "SELECT r.date, r.symbol, r.rank FROM volume_rankings r "
            "ANTI JOIN (FROM daily_availability WHERE available) a ON r.date = a.date AND r.symbol = a.symbol",
        ),
    ]
    return promises


def check_release(opened: OpenRelease, today: date | None = None) -> list[str]:
    """Hold the release to its contract and return what is worth knowing but no reason to stop.

    Raises:
        ExplorerError: with every promise that is broken, an example of each, and what to do.
    """
    today = today or datetime.now(UTC).date()
    problems = []
    for table in contract.TABLES:
        if opened.rows(f"SELECT count(*) FROM {table.name}") == [(0,)]:
            problems.append(f"{table.name}: expected rows, got none")
    for promise in _promises(today):
        total, example = opened.rows(
            f"SELECT count(*), first(row_text) FROM (SELECT CAST(broken AS VARCHAR) AS row_text "
            f"FROM ({promise.broken}) AS broken)"
        )[0]
        if total:
            problems.append(
                f"{promise.table}: expected that {promise.says}; got {total:,} exceptions, e.g. {example}"
            )
    notes = list(opened.notes)
    _judge(
        "volume_rankings: expected a rank for each available row with a volume",
        "the rank is missing",
        "SELECT count(*) FILTER (r.symbol IS NULL), count(*) FROM daily_availability a "
        "LEFT JOIN volume_rankings r ON a.date = r.date AND a.symbol = r.symbol "
        "WHERE a.available AND a.quote_volume_usdt IS NOT NULL",
        *(opened, problems, notes),
    )
    _judge(
        "volume_rankings: expected the volume that daily_availability has",
        "it is another",
        "SELECT count(*) FILTER (r.quote_volume_usdt <> a.quote_volume_usdt), count(*) FROM volume_rankings r "
        "JOIN daily_availability a ON a.date = r.date AND a.symbol = r.symbol",
        *(opened, problems, notes),
    )
    if problems:
        raise ExplorerError(
            f"{opened.release.label} breaks what it promises:\n"
            + "\n".join(f"  {problem}" for problem in problems)
            + "\nNothing was published; what was published before stays. Wait for upstream's next release, or "
            "report it to upstream."
        )
    return notes + recomputed(opened) + incomplete(opened)


def _judge(
    expected: str, got: str, sql: str, opened: OpenRelease, problems: list[str], notes: list[str]
) -> None:
    """A promise that may be broken by a few rows: a note for these, a problem for more."""
    exceptions, total = opened.rows(sql)[0]
    if exceptions > total * TOLERATED_SHARE:
        problems.append(f"{expected}; got {exceptions:,} of {total:,} rows where {got}")
    elif exceptions:
        notes.append(f"{expected}; {exceptions:,} of {total:,} rows: {got}.")
