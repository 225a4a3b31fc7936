"""A relation as the data of a chart."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any


class Charts:
    """The relation's part that Altair asks; the site's Altair does so (`prepare.py`), as there is no pyarrow to ask."""

    def chart_values(self, max_rows: int | None = None) -> dict[str, list[dict[str, Any]]]:
        """The rows as Vega-Lite's inline data: `{"values": [{column: value}]}`; one more than `max_rows` at most.

        A day and a time are text without a zone, which Vega-Lite takes as the reader's own, so that a day is the same
        everywhere.
        """
        rows = self if max_rows is None else self.limit(max_rows + 1)
        return {"values": [dict(zip(self.columns, map(_plain, row), strict=True)) for row in rows.fetchall()]}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dt.datetime):
        return (value.astimezone(dt.UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, dt.date):
        return f"{value}T00:00:00"
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return str(value)
