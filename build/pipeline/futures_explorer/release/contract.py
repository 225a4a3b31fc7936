"""What a release holds, declared once: assets, tables, columns and types.

Source: the upstream project's documented schema (terrylica/binance-futures-availability).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

AVAILABILITY_DUCKDB = "availability.duckdb.gz"
AVAILABILITY_PARQUET = "availability-daily.parquet"
RANKINGS_PARQUET = "volume-rankings-timeseries.parquet"

FIRST_DATE = date(2019, 9, 25)
# Before this date upstream has no volumes, so there are no rankings either.
FIRST_VOLUME_DATE = date(2019, 12, 31)


_SQL_TYPES = {
    "date32[day]": "DATE",
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "int64": "BIGINT",
    "int32": "INTEGER",
    "int16": "SMALLINT",
    "int8": "TINYINT",
    "double": "DOUBLE",
    "float": "FLOAT",
    "timestamp[us]": "TIMESTAMP",
}


@dataclass(frozen=True)
class Column:
    """One column: its Arrow type, whether it may be null, and what it means."""

    name: str
    type: pa.DataType
    nullable: bool
    meaning: str
    # Added to upstream's database later: an older release may lack it, and then it is all null.
    optional: bool = False

    @property
    def sql_type(self) -> str:
        """DuckDB's name for the type."""
        return _SQL_TYPES[str(self.type)]


@dataclass(frozen=True)
class Table:
    """One table of a release: columns in order, primary key, sort order."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    order: tuple[str, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, with nullability."""
        return pa.schema([pa.field(c.name, c.type, c.nullable) for c in self.columns])


_TIME = pa.timestamp("us")

DAILY_AVAILABILITY = Table(
    "daily_availability",
    (
        Column("date", pa.date32(), False, "trading date, UTC"),
        Column("symbol", pa.string(), False, "perpetual contract, e.g. BTCUSDT; some are not ASCII"),
        Column("available", pa.bool_(), False, "the day's 1m kline file exists"),
        Column("file_size_bytes", pa.int64(), True, "null when unavailable"),
        Column("last_modified", _TIME, True, "when the exchange uploaded the file"),
        Column("url", pa.string(), False, "the probed URL"),
        Column("status_code", pa.int32(), False, "HTTP status of the probe: 200 or 404"),
        Column("probe_timestamp", _TIME, False, "when upstream probed"),
        Column("quote_volume_usdt", pa.float64(), True, "USDT traded that day", True),
        Column("trade_count", pa.int64(), True, "trades that day", True),
        Column("volume_base", pa.float64(), True, "base asset traded", True),
        Column("taker_buy_volume_base", pa.float64(), True, "base asset bought by takers", True),
        Column("taker_buy_quote_volume_usdt", pa.float64(), True, "USDT bought by takers", True),
        Column("open_price", pa.float64(), True, "first price, USDT", True),
        Column("high_price", pa.float64(), True, "highest price, USDT", True),
        Column("low_price", pa.float64(), True, "lowest price, USDT", True),
        Column("close_price", pa.float64(), True, "last price, USDT", True),
    ),
    key=("date", "symbol"),
    order=("date", "symbol"),
)

VOLUME_RANKINGS = Table(
    "volume_rankings",
    (
        Column("date", pa.date32(), False, "trading date, UTC"),
        Column("symbol", pa.string(), False, "perpetual contract"),
        Column("rank", pa.int16(), False, "DENSE_RANK by quote_volume_usdt; 1 = highest"),
        Column("quote_volume_usdt", pa.float64(), False, "USDT traded that day"),
        Column("trade_count", pa.int64(), True, "trades that day"),
        Column("rank_change_1d", pa.int16(), True, "rank minus rank 1 listed day ago; negative = moved up"),
        Column("rank_change_7d", pa.int16(), True, "rank minus rank 7 listed days ago"),
        Column("rank_change_14d", pa.int16(), True, "rank minus rank 14 listed days ago"),
        Column("rank_change_30d", pa.int16(), True, "rank minus rank 30 listed days ago"),
        Column("percentile", pa.float32(), True, "PERCENT_RANK * 100; 0 = highest volume"),
        Column("market_share_pct", pa.float32(), True, "share of that date's total volume, percent"),
        Column("days_available", pa.int8(), True, "listed days in the trailing 30"),
        Column("generation_timestamp", _TIME, True, "when upstream computed the row"),
    ),
    key=("date", "symbol"),
    order=("date", "rank", "symbol"),
)

TABLES = (DAILY_AVAILABILITY, VOLUME_RANKINGS)
