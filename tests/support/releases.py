"""A small release in upstream's formats, whose rows a test may change before it is written."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

# Upstream's formulas, over whatever rows are there.
_RANK = """
CREATE OR REPLACE TABLE volume_rankings AS
WITH ranked AS (
  SELECT date, symbol, dense_rank() OVER v AS rank, quote_volume_usdt, trade_count,
    percent_rank() OVER v * 100 AS percentile,
    quote_volume_usdt / nullif(sum(quote_volume_usdt) OVER (PARTITION BY date), 0) * 100 AS market_share_pct
  FROM daily_availability WHERE available AND quote_volume_usdt IS NOT NULL
  WINDOW v AS (PARTITION BY date ORDER BY quote_volume_usdt DESC))
SELECT date, symbol, rank::SMALLINT AS rank, quote_volume_usdt, trade_count,
  (rank - lag(rank, 1) OVER listed)::SMALLINT AS rank_change_1d,
  (rank - lag(rank, 7) OVER listed)::SMALLINT AS rank_change_7d,
  (rank - lag(rank, 14) OVER listed)::SMALLINT AS rank_change_14d,
  (rank - lag(rank, 30) OVER listed)::SMALLINT AS rank_change_30d,
  percentile::FLOAT AS percentile, market_share_pct::FLOAT AS market_share_pct,
  (count(*) OVER (listed ROWS BETWEEN 29 PRECEDING AND CURRENT ROW))::TINYINT AS days_available,
  (date + 1)::TIMESTAMP AS generation_timestamp
FROM ranked WINDOW listed AS (PARTITION BY symbol ORDER BY date)
ORDER BY date, rank, symbol
"""


class SmallRelease:
    """Tables `daily_availability` and `volume_rankings` in `connection`: 40 symbols, ten weeks."""

    def __init__(self, sample_tables: duckdb.DuckDBPyConnection, where: str = "true") -> None:
        self.connection = duckdb.connect()
        rows = sample_tables.execute(
            "SELECT * FROM daily_availability WHERE date >= DATE '2026-08-20' AND symbol IN "
            "(SELECT DISTINCT symbol FROM daily_availability WHERE date = DATE '2026-09-01' "
            f"ORDER BY symbol NOT IN ('龙猫USDT', 'BTCUSDT'), hash(symbol) LIMIT 40) AND ({where})"
        ).to_arrow_table()
        self.connection.register("rows", rows)
        self.connection.execute("CREATE TABLE daily_availability AS FROM rows ORDER BY date, symbol")
        self.rank()

    def rank(self) -> SmallRelease:
        """Compute the rankings again."""
        self.connection.execute(_RANK)
        return self

    def change(self, sql: str) -> SmallRelease:
        """Run SQL that changes the tables."""
        self.connection.execute(sql)
        return self

    def write(self, folder: Path, parquet: bool = False, provenance: dict | None = None) -> Path:
        """Write the assets as upstream does; with `provenance` also a release.json with their digests."""
        folder.mkdir(parents=True)
        rankings = self.connection.execute("FROM volume_rankings ORDER BY date, rank, rowid").to_arrow_table()
        pq.write_table(rankings, folder / "volume-rankings-timeseries.parquet", compression="snappy")
        if parquet:
            rows = self.connection.execute("FROM daily_availability ORDER BY date, symbol").to_arrow_table()
            pq.write_table(rows, folder / "availability-daily.parquet", compression="snappy")
        else:
            database = folder / "availability.duckdb"
            self.connection.execute(f"ATTACH '{database}' AS out")
            self.connection.execute("CREATE TABLE out.daily_availability AS FROM daily_availability")
            self.connection.execute("DETACH out")
            with database.open("rb") as plain, gzip.open(f"{database}.gz", "wb", 1) as packed:
                shutil.copyfileobj(plain, packed)
            database.unlink()
        if provenance is not None:
            assets = {
                path.name: {
                    "bytes": path.stat().st_size,
                    "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                }
                for path in sorted(folder.iterdir())
            }
            (folder / "release.json").write_text(json.dumps({**provenance, "assets": assets}))
        return folder
