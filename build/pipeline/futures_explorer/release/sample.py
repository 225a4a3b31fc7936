"""The built-in sample: a synthetic release at real size, in upstream's formats, the same on every machine.

Every value comes from hashes of (symbol, day), integers, and IEEE additions and multiplications. Nothing
calls `exp` or `sin`, whose last bit differs between C libraries, and no floating-point sum depends on the
order in which threads finish. The Parquet asset has the same bytes everywhere; DuckDB's file holds the same
rows everywhere, but leaves uninitialised bytes between them, so its own digest differs from run to run.
"""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from futures_explorer.release import contract
from futures_explorer.release.contract import AVAILABILITY_DUCKDB, RANKINGS_PARQUET
from futures_explorer.release.sample_symbols import KNOWN, LAST_DATE, listings

# Change it whenever the code below changes a value: it names the folder the sample is kept in.
VERSION = "1"

_URL = "https://data.binance.vision/data/futures/um/daily/klines"

# Logarithms are base 2 and fixed point, 20 bits after the point.
_MACROS = """
-- uniform in [0, 1): the top 53 bits of a hash, exactly
CREATE MACRO unit(s, d, salt) AS ((hash(s, d, salt) >> 11)::DOUBLE / 9007199254740992.0);
-- uniform in [-1, 1), fixed point
CREATE MACRO swing(s, d, salt) AS (((hash(s, d, salt) >> 43)::BIGINT) - 1048576);
-- smooth noise: swings at knots `step` days apart, straight lines between them
CREATE MACRO wave(s, d, step, salt) AS (
  (swing(s, d // step, salt) * (step - d % step) + swing(s, d // step + 1, salt) * (d % step)) // step);
-- 2**x of a fixed-point x: a shift and the Taylor polynomial of 2**f
CREATE MACRO power2(x) AS (
  (1::BIGINT << ((x >> 20) + 20)::INTEGER)::DOUBLE / 1048576.0
  * power2_fraction((x & 1048575)::DOUBLE / 1048576.0));
CREATE MACRO decimals(x, scale) AS (floor(x * scale + 0.5) / scale);
-- the market's price level on the morning of day d: long swings, short swings, the day's noise
CREATE MACRO price_log2(s, base, d) AS (
  base + 2 * wave(s, d, 400, 'price') + wave(s, d, 45, 'price') // 2 + wave(s, d, 7, 'price') // 8
  + wave(0, d, 300, 'market') + swing(s, d, 'price') // 24);
"""

_FRACTION = """
CREATE MACRO power2_fraction(f) AS (
  1.0 + f * (0.6931471805599453 + f * (0.2402265069591007 + f * (0.05550410866482158
  + f * (0.009618129107628477 + f * (0.0013333558146428443 + f * 0.00015403530393381608))))));
"""

_AVAILABILITY = """
CREATE TEMP TABLE levels AS
SELECT symbol, row_number() OVER (ORDER BY symbol) AS s,
  -- most trade a few million USDT a day, a few trade billions
  CASE symbol WHEN 'BTCUSDT' THEN 33 * 1048576 WHEN 'ETHUSDT' THEN 31 * 1048576 ELSE
    CASE WHEN known THEN 27 * 1048576 ELSE 22 * 1048576 END
    + 2 * (swing(symbol, 0, 'v1') + swing(symbol, 0, 'v2') + swing(symbol, 0, 'v3')) END AS volume_base_log2,
  CASE symbol WHEN 'BTCUSDT' THEN 15 * 1048576 WHEN 'ETHUSDT' THEN 11 * 1048576 ELSE
    3 * (swing(symbol, 0, 'p1') + swing(symbol, 0, 'p2')) END AS price_base_log2
FROM (SELECT DISTINCT symbol, known FROM probed);

CREATE TEMP TABLE days AS
SELECT p.symbol, l.s, l.volume_base_log2, l.price_base_log2, d.d::BIGINT AS d,
  DATE '{first}' + d.d::INTEGER AS date,
  EXISTS (FROM listed l WHERE l.symbol = p.symbol AND d.d BETWEEN l.first AND l.last) AS available
FROM probed p JOIN levels l USING (symbol), LATERAL (SELECT unnest(range(p.first, p.last + 1)) AS d) d;

CREATE TEMP TABLE valued AS
SELECT *,
  CASE WHEN traded THEN (power2(volume_base_log2 + 2 * wave(s, d, 500, 'volume') + wave(s, d, 60, 'volume')
    + wave(s, d, 9, 'volume') // 2 + swing(s, d, 'volume') // 2 + wave(0, d, 200, 'market volume') // 2)
    * 10000.0)::BIGINT END AS volume_units,
  greatest(decimals(power2(price_log2(s, price_base_log2, d)), 1e5), 0.00001) AS open,
  greatest(decimals(power2(price_log2(s, price_base_log2, d + 1)), 1e5), 0.00001) AS close
FROM (SELECT *, available AND date >= DATE '{first_volume}' AS traded FROM days);

CREATE TABLE release.daily_availability (
  date DATE NOT NULL, symbol VARCHAR NOT NULL, available BOOLEAN NOT NULL, file_size_bytes BIGINT,
  last_modified TIMESTAMP, url VARCHAR NOT NULL, status_code INTEGER NOT NULL,
  probe_timestamp TIMESTAMP NOT NULL,
  quote_volume_usdt DOUBLE, trade_count BIGINT, volume_base DOUBLE, taker_buy_volume_base DOUBLE,
  taker_buy_quote_volume_usdt DOUBLE, open_price DOUBLE, high_price DOUBLE, low_price DOUBLE,
  close_price DOUBLE, PRIMARY KEY (date, symbol));

INSERT INTO release.daily_availability
SELECT date, symbol, available,
  CASE WHEN available THEN 24000 + floor(unit(s, d, 'size') * 60000.0)::BIGINT END,
  CASE WHEN available THEN
    (date + 1)::TIMESTAMP + to_seconds(1800 + floor(unit(s, d, 'upload') * 5400.0)::BIGINT) END,
  '{url}/' || symbol || '/1m/' || symbol || '-1m-' || date || '.zip',
  CASE WHEN available THEN 200 ELSE 404 END,
  (date + 1)::TIMESTAMP + to_seconds(10800 + d % 97),
  volume_units::DOUBLE / 10000.0,
  CASE WHEN traded THEN
    greatest(1, floor(volume_units::DOUBLE / (4e6 + unit(s, d, 'trade') * 1e7))::BIGINT) END,
  CASE WHEN traded THEN base END,
  CASE WHEN traded THEN decimals(base * taker, 1000.0) END,
  CASE WHEN traded THEN decimals(volume_units::DOUBLE / 10000.0 * taker, 10000.0) END,
  CASE WHEN traded THEN open END,
  CASE WHEN traded THEN decimals(greatest(open, close) * (1.0 + unit(s, d, 'high') * 0.06), 1e5) END,
  CASE WHEN traded THEN decimals(least(open, close) * (1.0 - unit(s, d, 'low') * 0.06), 1e5) END,
  CASE WHEN traded THEN close END
FROM (SELECT *, decimals(volume_units::DOUBLE / 10000.0 / ((open + close) * 0.5), 1000.0) AS base,
  0.44 + unit(s, d, 'taker') * 0.12 AS taker FROM valued)
ORDER BY date, symbol;

CREATE TABLE release.daily_symbol_counts AS
SELECT date, count(*)::INTEGER AS total_symbols, count(*) FILTER (available)::INTEGER AS available_symbols,
  count(*) FILTER (NOT available)::INTEGER AS unavailable_symbols,
  (date + 1)::TIMESTAMP + INTERVAL 3 HOUR AS last_updated
FROM release.daily_availability GROUP BY date ORDER BY date;
"""

# Upstream's own formula, with one difference: the sum of a date's volumes is taken in integers.
_RANKINGS = """
WITH ranked AS (
  SELECT date, symbol, volume_units::DOUBLE / 10000.0 AS quote_volume_usdt,
    dense_rank() OVER by_volume AS rank,
    percent_rank() OVER by_volume * 100 AS percentile,
    volume_units::DOUBLE / (sum(volume_units) OVER (PARTITION BY date))::DOUBLE * 100 AS market_share_pct
  FROM valued WHERE traded
  WINDOW by_volume AS (PARTITION BY date ORDER BY volume_units DESC))
SELECT r.date, r.symbol, rank::SMALLINT AS rank, r.quote_volume_usdt, a.trade_count,
  (rank - lag(rank, 1) OVER listed_days)::SMALLINT AS rank_change_1d,
  (rank - lag(rank, 7) OVER listed_days)::SMALLINT AS rank_change_7d,
  (rank - lag(rank, 14) OVER listed_days)::SMALLINT AS rank_change_14d,
  (rank - lag(rank, 30) OVER listed_days)::SMALLINT AS rank_change_30d,
  percentile::FLOAT AS percentile, market_share_pct::FLOAT AS market_share_pct,
  (count(*) OVER (listed_days ROWS BETWEEN 29 PRECEDING AND CURRENT ROW))::TINYINT AS days_available,
  -- upstream computed the history once and appends one day at a time
  greatest(r.date + 1, DATE '2026-08-01')::TIMESTAMP + INTERVAL '3 hours 12 minutes 44 seconds'
    AS generation_timestamp
FROM ranked r JOIN release.daily_availability a USING (date, symbol)
WINDOW listed_days AS (PARTITION BY r.symbol ORDER BY r.date)
ORDER BY date, rank, symbol
"""


def write_sample(folder: Path, scale: int = 1) -> None:
    """Write the sample release's assets and its `release.json` into `folder`, which must be empty.

    `scale` multiplies the number of symbols and so of rows; benchmarks use 10.

    Source of the formats: upstream's `generate_volume_rankings.py` and database schema
    (terrylica/binance-futures-availability).
    """
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "availability.duckdb"
    listed, probed = listings(scale)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{database}' AS release")
        connection.execute(_FRACTION + _MACROS)
        for name, stretches in (("listed", listed), ("probed", probed)):
            table = pa.table(
                {
                    "symbol": [stretch.symbol for stretch in stretches],
                    "known": [stretch.symbol in KNOWN for stretch in stretches],
                    "first": pa.array([stretch.first for stretch in stretches], pa.int64()),
                    "last": pa.array([stretch.last for stretch in stretches], pa.int64()),
                }
            )
            connection.register(f"{name}_arrow", table)
            connection.execute(f"CREATE TEMP TABLE {name} AS FROM {name}_arrow")
        connection.execute(
            _AVAILABILITY.format(first=contract.FIRST_DATE, first_volume=contract.FIRST_VOLUME_DATE, url=_URL)
        )
        rankings = connection.execute(_RANKINGS).to_arrow_table()
        connection.execute("DETACH release")
    # Upstream writes every column nullable, Snappy, in one row group.
    nullable = pa.schema([pa.field(c.name, c.type) for c in contract.VOLUME_RANKINGS.columns])
    pq.write_table(
        rankings.cast(nullable),
        folder / RANKINGS_PARQUET,
        compression="snappy",
        version="2.6",
        row_group_size=rankings.num_rows,
        store_schema=True,
    )
    with (
        database.open("rb") as plain,
        (folder / AVAILABILITY_DUCKDB).open("wb") as target,
        gzip.GzipFile("", "wb", compresslevel=1, fileobj=target, mtime=0) as packed,
    ):
        shutil.copyfileobj(plain, packed, 1 << 20)
    database.unlink()
    provenance = {
        "tag": f"sample-{VERSION}" if scale == 1 else f"sample-{VERSION}-times-{scale}",
        "repository": None,
        "published": f"{LAST_DATE}T00:00:00Z",
        "synthetic": True,
        "note": "Invented numbers, made by this project at the size of a real release.",
    }
    (folder / "release.json").write_text(json.dumps(provenance, indent=2) + "\n")
