"""The Frictionless Data Package that names every object of a snapshot.

Source: https://datapackage.org/standard/data-package/ (version 2.0).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pyarrow as pa

from futures_explorer.release import definitions
from futures_explorer.release.contract import Column
from futures_explorer.release.tables import OpenRelease
from futures_explorer.snapshot.objects import Object

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def describe(
    opened: OpenRelease,
    digests: dict[str, str],
    objects: list[Object],
    notes: list[str],
    pipeline_version: str,
) -> dict[str, Any]:
    """The descriptor of a snapshot, its `id` included: the newest date and a short hash of the rest."""
    provenance = opened.release.provenance
    first, last, probed, available, symbols, ranked = opened.rows(
        "SELECT min(date)::VARCHAR, max(date)::VARCHAR, count(*), count(*) FILTER (available), "
        "count(DISTINCT symbol) FILTER (available), (SELECT count(*) FROM volume_rankings) "
        "FROM daily_availability"
    )[0]
    newest_complete, newest_ranked = opened.rows(definitions.newest())[0]
    descriptor: dict[str, Any] = {
        "$schema": _PROFILE,
        "name": "binance-futures-availability",
        "title": "Binance USDT-margined futures: daily availability and volume rankings",
        "synthetic": provenance.synthetic,
        # The newest complete day, and the newest of these whose ranks are complete; null where there is none.
        "dates": {"first": first, "last": last, "complete": newest_complete, "ranked": newest_ranked},
        "counts": {
            "probed_rows": probed,
            "available_rows": available,
            "ranked_rows": ranked,
            "symbols": symbols,
        },
        "provenance": {
            "tag": provenance.tag,
            "repository": provenance.repository,
            "published": provenance.published,
            "synthetic": provenance.synthetic,
            # The sample's database differs in unused bytes from run to run; its tag says what it is.
            "assets": {} if provenance.tag.startswith("sample-") else digests,
            "pipeline": pipeline_version,
        },
        "notes": notes,
        "resources": [_resource(item) for item in objects],
    }
    identity = json.dumps(descriptor, sort_keys=True, ensure_ascii=True).encode()
    return {"id": f"{last}-{hashlib.sha256(identity).hexdigest()[:6]}", **descriptor}


def _resource(item: Object) -> dict[str, Any]:
    return {
        "name": item.name,
        "path": f"../../objects/{item.file_name}",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "hash": f"sha256:{item.sha256}",
        "bytes": item.bytes,
        "rows": item.rows,
        "table": item.table.name,
        "layout": item.layout,
        "order": list(item.order),
        "bounds": {name: list(extremes) for name, extremes in item.bounds.items()},
        "footerBytes": item.footer_bytes,
        "rowGroups": item.row_groups,
        "columnBytes": list(item.column_bytes),
        "schema": {
            "fields": [_field(column) for column in item.columns],
            "primaryKey": list(item.table.key),
        },
    }


def _field(column: Column) -> dict[str, Any]:
    field = {
        "name": column.name,
        "type": _field_type(column.type),
        "arrowType": str(column.type),
        "description": column.meaning,
    }
    return field if column.nullable else {**field, "constraints": {"required": True}}


def _field_type(arrow: pa.DataType) -> str:
    """The Table Schema type of an Arrow type."""
    if pa.types.is_boolean(arrow):
        return "boolean"
    if pa.types.is_integer(arrow):
        return "integer"
    if pa.types.is_floating(arrow):
        return "number"
    if pa.types.is_date(arrow):
        return "date"
    if pa.types.is_timestamp(arrow):
        return "datetime"
    return "string"
