"""`openapi.json`: what the API answers, as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from futures_explorer.api.documents import COLUMNS, MONTHLY, UNIVERSE
from futures_explorer.api.schemas import DATE, MONTH, SCHEMAS, ref

_ABOUT = (
    "Static files: which Binance USDT-margined futures existed and traded on which day since 2019. GET only, no key. "
    "`latest/` is the newest snapshot; `{snapshot}/index.json` says where the files of an older one lie. "
    "Columns of one table have one length. `meta.synthetic` is true where the numbers are invented."
)


def describe(newest: dict[str, Any], months: Iterable[str], server: str) -> dict[str, Any]:
    """The description; its examples are of `newest`, a snapshot's descriptor, and `months`, those with a universe.

    `server` is the address of the folder that it lies in, absolute or from itself on.
    """
    dates = newest["dates"]
    day = dates["ranked"] or dates["complete"] or dates["last"]
    date = _parameter("date", {**DATE}, day, "A day of the snapshot, UTC; `dates.json` lists them.")
    # Any name: which ones there are, and how they are written in an address, symbols.json says.
    symbol = _parameter(
        "symbol",
        {"type": "string", "pattern": r"^[^/\\?#]+$"},
        "BTCUSDT",
        "`symbols.json` has every address.",
    )
    month = _parameter("month", {"type": "string", "pattern": MONTH}, max(months, default=None), "YYYY-MM")
    snapshot = _parameter("snapshot", {"type": "string", "pattern": "^[0-9a-f-]+$"}, newest["id"], "Its id")
    paths = {
        "/snapshots.json": _get("snapshots", "The snapshots that are kept", "Snapshots"),
        "/{snapshot}/index.json": _get("index", "Where a snapshot's files lie", "Index", snapshot),
        "/latest/index.json": _get("latest", "What latest/ is", "Index"),
        "/latest/dates.json": _get("dates", "Every day", "Dates"),
        "/latest/dates/{date}.json": _get("day", "What was tradable, by rank and volume", "Day", date),
        "/latest/symbols.json": _get("symbols", "Every symbol", "Symbols"),
        "/latest/symbols/{symbol}.json": _get("symbol", "A symbol's life", "Symbol", symbol),
        f"/latest/{UNIVERSE}/{{month}}.json": _get(
            "universe", "The largest symbols when a month began", "Universe", month
        ),
        f"/latest/{UNIVERSE}/freqtrade/{{month}}.json": _get(
            "freqtrade", "The same for freqtrade's StaticPairList", "Freqtrade", month
        ),
        f"/latest/{MONTHLY}": {
            "get": {
                "operationId": "monthly",
                "summary": f"The largest symbols of every month; columns {', '.join(COLUMNS)}",
                "responses": {
                    "200": {
                        "description": "CSV with a header, UTF-8",
                        "content": {"text/csv": {"schema": {"type": "string"}}},
                    }
                },
            }
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Binance Futures Availability: the API without a server",
            "version": "1.0.0",
            "description": _ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server, "description": "The folder of this file"}],
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }


def _parameter(name: str, schema: dict[str, Any], example: str | None, says: str) -> dict[str, Any]:
    told = {} if example is None else {"example": example}
    return {"name": name, "in": "path", "required": True, "schema": schema, "description": says, **told}


def _get(operation: str, summary: str, schema: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    answer = {"description": summary, "content": {"application/json": {"schema": ref(schema)}}}
    missing = {"404": {"description": "There is none", "content": {"text/html": {}}}}
    said: dict[str, Any] = {"operationId": operation, "summary": summary}
    if parameters:
        said["parameters"] = list(parameters)
    return {"get": {**said, "responses": {"200": answer, **(missing if parameters else {})}}}
