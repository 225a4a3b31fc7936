"""Releases that are true to upstream's schema and not what one would wish, made from a few lines by upstream's formulas."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
from support.releases import SmallRelease

#: A stretch of days, both included, on which a symbol's file is there, with its volume a day in USDT; None: unknown.
Stretch = tuple[str, str, float | None]

FIRST, LAST = "2024-12-01", "2026-10-31"
#: Symbols that were always there, with their volumes: C01USDT is the largest after BTCUSDT and ETHUSDT.
PLAIN = {"BTCUSDT": 9000.0, "ETHUSDT": 8000.0, **{f"C{n:02}USDT": 1000.0 - n for n in range(1, 19)}}


@dataclass
class BadRelease(SmallRelease):
    """Twenty plain symbols and others; everything is probed on every day from `first` to `last`.

    `missing`: days on which only the named symbols have a file. `unranked`: SQL condition on rows that lack their rank.
    """

    others: dict[str, list[Stretch]] = field(default_factory=dict)
    missing: dict[str, set[str]] = field(default_factory=dict)
    unranked: str = "false"
    first: str = FIRST
    last: str = LAST
    #: Before this day, volumes are unknown.
    first_volume: str = "2024-12-06"

    def __post_init__(self) -> None:
        self.connection = duckdb.connect()
        symbols = {name: [(self.first, self.last, volume)] for name, volume in PLAIN.items()} | self.others
        self.connection.execute("CREATE TABLE there (symbol VARCHAR, date DATE, volume DOUBLE)")
        for symbol, stretches in symbols.items():
            for first, last, volume in stretches:
                self.connection.execute(
                    "INSERT INTO there SELECT $symbol, unnest(generate_series($first::DATE, $last::DATE, INTERVAL 1 DAY)), "
                    "$volume::DOUBLE",
                    {"symbol": symbol, "first": first, "last": last, "volume": volume},
                )
        for day, kept in self.missing.items():
            self.connection.execute(
                "DELETE FROM there WHERE date = $day::DATE AND NOT list_contains($kept, symbol)",
                {"day": day, "kept": sorted(kept)},
            )
        days = [
            (date.fromisoformat(self.first) + timedelta(n)).isoformat()
            for n in range((date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1)
        ]
        self.connection.execute(
            _ROWS, {"days": days, "symbols": sorted(symbols), "first_volume": self.first_volume}
        )
        self.rank()
        self.connection.execute(f"DELETE FROM volume_rankings WHERE {self.unranked}")

    def write_to(self, folder: Path) -> Path:
        """The release's assets, said to be upstream's."""
        about = {"tag": "latest", "repository": "acme/data", "published": None, "synthetic": False}
        return self.write(folder, provenance=about)


_ROWS = """
CREATE TABLE daily_availability AS
SELECT date::DATE AS date, symbol, there.symbol IS NOT NULL AS available,
  CASE WHEN available THEN 40000 END::BIGINT AS file_size_bytes,
  CASE WHEN available THEN date::DATE::TIMESTAMP + INTERVAL 26 HOURS END AS last_modified,
  'https://data.example/' || symbol || '-1m-' || date || '.zip' AS url,
  CASE WHEN available THEN 200 ELSE 404 END::INTEGER AS status_code,
  date::DATE::TIMESTAMP + INTERVAL 27 HOURS AS probe_timestamp,
  CASE WHEN date::DATE >= $first_volume::DATE THEN volume END AS quote_volume_usdt,
  (quote_volume_usdt / 10)::BIGINT AS trade_count, quote_volume_usdt AS volume_base,
  quote_volume_usdt / 2 AS taker_buy_volume_base, quote_volume_usdt / 2 AS taker_buy_quote_volume_usdt,
  quote_volume_usdt * 0 + 1 AS open_price, quote_volume_usdt * 0 + 1 AS high_price, quote_volume_usdt * 0 + 1 AS low_price,
  quote_volume_usdt * 0 + 1 AS close_price
FROM (SELECT unnest($days) AS date) CROSS JOIN (SELECT unnest($symbols) AS symbol)
LEFT JOIN (SELECT date::VARCHAR AS date, symbol, volume FROM there) AS there USING (date, symbol)
ORDER BY date, symbol
"""


def incomplete_newest_day() -> BadRelease:
    """Of 20 symbols, only C18USDT's file has come."""
    return BadRelease(missing={LAST: {"C18USDT"}})


def dead_contract_prints() -> BadRelease:
    """DEADUSDT, third by volume, stops on 2026-09-30 and goes on with flat files; FLATUSDT never had a trade."""
    return BadRelease(
        others={
            "DEADUSDT": [(FIRST, "2026-09-30", 5000.0), ("2026-10-01", LAST, 0.0)],
            "FLATUSDT": [("2026-08-01", LAST, 0.0)],
        }
    )


def name_used_twice() -> BadRelease:
    """LITUSDT ends on 2025-01-31, and another coin has the name from 2025-12-23 on; GAPUSDT misses five days."""
    return BadRelease(
        others={
            "LITUSDT": [(FIRST, "2025-01-31", 5000.0), ("2025-12-23", LAST, 50.0)],
            "GAPUSDT": [(FIRST, "2026-05-09", 40.0), ("2026-05-15", LAST, 40.0)],
        }
    )


def volumes_without_ranks() -> BadRelease:
    """NEWUSDT was found late and never ranked; the newest two days have volumes, and no ranks at all."""
    return BadRelease(
        others={"NEWUSDT": [("2026-06-01", LAST, 70.0)]},
        unranked="symbol = 'NEWUSDT' OR date >= '2026-10-30'",
    )


def all_at_once() -> BadRelease:
    """An incomplete newest day on which a dead contract prints and a name comes back, and the day before without ranks."""
    return BadRelease(
        others={
            "DEADUSDT": [(FIRST, "2026-09-30", 5000.0), ("2026-10-01", LAST, 0.0)],
            "LITUSDT": [(FIRST, "2025-01-31", 6000.0), (LAST, LAST, 50.0)],
            "LATEUSDT": [(FIRST, "2026-10-29", 30.0)],
        },
        missing={LAST: {"DEADUSDT", "LITUSDT"}},
        unranked="date >= '2026-10-30'",
    )


BAD_RELEASES = {
    make.__name__: make
    for make in (
        incomplete_newest_day,
        dead_contract_prints,
        name_used_twice,
        volumes_without_ranks,
        all_at_once,
    )
}
