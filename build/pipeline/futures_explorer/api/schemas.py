"""The JSON Schemas (draft 2020-12) of the API's answers, as `components/schemas` of its OpenAPI description."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

MONTH = r"^\d{4}-\d{2}$"
DATE: Schema = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
STATE: Schema = {
    "enum": ["trades", "absent", "gone", "untraded"],
    "description": "Of the last listing: it trades on the newest complete day, is absent for at most 28 days, or is gone. "
    "Untraded: files were published, all of them without any volume.",
}
SYMBOL: Schema = {"type": "string", "minLength": 1, "maxLength": 64}
PAIR: Schema = {"type": "string", "pattern": "^[^/:]+/[A-Z]+:[A-Z]+(-[0-9]{6})?$"}
VOLUME: Schema = {"type": ["number", "null"], "description": "USDT, to the cent; null where it is unknown"}


def nullable(schema: Schema) -> Schema:
    """The schema, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def array(schema: Schema, **more: Any) -> Schema:
    """An array of such."""
    return {"type": "array", "items": schema, **more}


def record(properties: dict[str, Schema], description: str = "") -> Schema:
    """An object with exactly these properties."""
    told = {"description": description} if description else {}
    closed = {"required": list(properties), "additionalProperties": False}
    return {"type": "object", **told, "properties": properties, **closed}


def ref(name: str) -> Schema:
    """A schema of this module by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


_META = record(
    {
        "api": {"const": "v1"},
        "synthetic": {
            "type": ["boolean", "null"],
            "description": "Whether the numbers are invented; null where nothing says where they come from.",
        },
        "source": {"type": "string", "description": "The repository whose release it is"},
    },
    "What every answer says of its data.",
)
_ENDS = record(
    {"first": DATE, "last": DATE, "complete": nullable(DATE), "ranked": nullable(DATE)},
    "First and last day; the newest complete day, and the newest of these whose ranks are complete.",
)
_OF_SNAPSHOT = {
    "meta": ref("Meta"),
    "snapshot": {"type": "string"},
    "now": {**nullable(DATE), "description": "The newest complete day"},
}
_LISTING = record(
    {
        **{"listing": {"type": "integer", "minimum": 1}, "first": DATE, "last": DATE},
        **{
            "days": {**COUNT, "description": "tradable days"},
            "state": {"enum": ["trades", "absent", "gone"]},
        },
        "runs": array(record({"first": DATE, "last": DATE, "days": COUNT}, "Unbroken days")),
    },
    "The days of a name between two absences of more than 28 days.",
)
_YEAR = record(
    {
        "year": {"type": "integer"},
        "published": COUNT,
        "tradable": COUNT,
        "quote_volume_usdt": VOLUME,
        "best_rank": {"type": ["integer", "null"], "minimum": 1},
        "median_rank": {"type": ["number", "null"], "minimum": 1},
    },
    "Days published and tradable, volume and ranks of a year.",
)

SCHEMAS: dict[str, Schema] = {
    "Meta": _META,
    "Snapshots": record(
        {
            "meta": ref("Meta"),
            "latest": {"type": "string"},
            "snapshots": array(
                record(
                    {"id": {"type": "string"}, "dates": _ENDS, "symbols": COUNT, "index": {"type": "string"}}
                ),
                minItems=1,
            ),
        },
        "The snapshots that are kept, newest first.",
    ),
    "Index": record(
        {
            **{"meta": ref("Meta"), "snapshot": {"type": "string"}, "dates": _ENDS},
            "months": array({"type": "string", "pattern": MONTH}),
            "data": {"type": "string", "description": "The snapshot's Parquet, relative to `api/v1/`"},
            "latest": {"type": "string", "description": "The snapshot in `latest/`"},
            "files": {
                "type": "object",
                "description": "Path in the snapshot → address from `api/v1/` on. What is not named lies in `latest/`.",
                "additionalProperties": {"type": "string"},
            },
            "first_lines": {
                "type": "object",
                "description": "Path → how many first lines of the file in `latest/` are the snapshot's.",
                "additionalProperties": COUNT,
            },
        },
        "Where a snapshot's files lie.",
    ),
    "Dates": record(
        {
            **_OF_SNAPSHOT,
            "dates": record(
                {
                    "date": array(DATE),
                    **{name: array(COUNT) for name in ("published", "tradable", "ranked")},
                    **{name: array(FLAG) for name in ("complete", "ranks_complete")},
                },
                "Columns of equal length",
            ),
        },
        "Every day of the snapshot, in columns.",
    ),
    "Day": record(
        {
            **{"meta": ref("Meta"), "date": DATE, "complete": FLAG, "ranks_complete": FLAG},
            **{f"{name}_count": COUNT for name in ("published", "tradable", "ranked")},
            "tradable": record(
                {
                    "symbol": array(SYMBOL),
                    "rank": array({"type": ["integer", "null"], "minimum": 1}),
                    "quote_volume_usdt": array(VOLUME),
                },
                "Columns of equal length, the largest volume first",
            ),
        },
        "What was tradable on a day.",
    ),
    "Symbols": record(
        {
            **_OF_SNAPSHOT,
            "symbols": record(
                {
                    "symbol": array(SYMBOL),
                    "address": array({"type": "string", "pattern": "^symbols/[!-.0-~]+\\.json$"}),
                    "pair": array(nullable(PAIR)),
                    "first": array(nullable(DATE)),
                    "last": array(nullable(DATE)),
                    "days": array(COUNT),
                    "state": array(STATE),
                    "listings": array(array(array(DATE, minItems=2, maxItems=2))),
                },
                "Columns of equal length",
            ),
        },
        "Every symbol of the snapshot, in columns; `address` is its own file's, from `latest/` on.",
    ),
    "Symbol": record(
        {
            **{"meta": ref("Meta"), "symbol": SYMBOL, "pair": nullable(PAIR)},
            **{"first": nullable(DATE), "last": nullable(DATE), "days": COUNT, "state": STATE},
            "listings": array(_LISTING),
            "years": array(_YEAR),
        },
        "A symbol's listings, its first and last tradable day, and its years.",
    ),
    "Universe": record(
        {
            **{"meta": ref("Meta"), "month": {"type": "string", "pattern": MONTH}},
            "as_of": {**DATE, "description": "The day whose ranks it goes by: before the month begins"},
            **{"top": {"type": "integer"}, "symbols": array(SYMBOL), "pairs": array(PAIR)},
            "refresh_period": {"type": "integer", "description": "Seconds"},
        },
        "The largest symbols by volume when a month began; the form of freqtrade's RemotePairList.",
    ),
    "Freqtrade": record(
        {
            "meta": ref("Meta"),
            "exchange": record(
                {"name": {"const": "binance"}, "pair_whitelist": array(PAIR, uniqueItems=True)}
            ),
            "pairlists": {"const": [{"method": "StaticPairList"}]},
        },
        "The same as a configuration of freqtrade with a StaticPairList.",
    ),
}
