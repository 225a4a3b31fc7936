"""The keywords of `read_csv` as SQL has them."""

from __future__ import annotations

from typing import Any

from duckdb_wasm.errors import InvalidInputException
from duckdb_wasm.types import DuckDBPyType

#: Keyword to SQL's name for it; the others are called the same.
_NAMES = {
    "sep": "delim",
    "delimiter": "delim",
    "quotechar": "quote",
    "escapechar": "escape",
    "dtype": "types",
    "na_values": "nullstr",
    "skiprows": "skip",
    "date_format": "dateformat",
    "timestamp_format": "timestampformat",
    "decimal": "decimal_separator",
    "lineterminator": "new_line",
}
#: All of them.
KEYWORDS = frozenset(
    """
    header compression sep delimiter files_to_sniff comment thousands dtype na_values skiprows quotechar escapechar
    encoding parallel date_format timestamp_format sample_size auto_detect all_varchar normalize_names null_padding names
    lineterminator columns auto_type_candidates max_line_size ignore_errors store_rejects rejects_table rejects_scan
    rejects_limit force_not_null buffer_size decimal allow_quoted_nulls filename hive_partitioning union_by_name hive_types
    hive_types_autocast strict_mode
    """.split()  # noqa: SIM905
)
_TERMINATORS = {
    "LINE_FEED": "\\n",
    "CARRIAGE_RETURN_LINE_FEED": "\\r\\n",
    "\n": "\\n",
    "\r\n": "\\r\\n",
    "\r": "\\r",
}


def csv_options(given: dict[str, Any]) -> dict[str, Any]:
    """The options as SQL has them.

    Raises `InvalidInputException` for values that are none, and for two keywords that say the same.
    """
    for name in given:
        if name not in KEYWORDS:
            raise InvalidInputException(
                f'Invalid Input Error: The methods read_csv and read_csv_auto do not have the "{name}" argument.'
            )
    given = {name: value for name, value in given.items() if value is not None}
    if "sep" in given and "delimiter" in given:
        raise InvalidInputException(
            "Invalid Input Error: read_csv takes either 'delimiter' or 'sep', not both"
        )
    options = {}
    for name, value in given.items():
        if name == "dtype":
            value = _types(value)
        elif name == "lineterminator":
            value = getattr(value, "name", value)
            value = _TERMINATORS.get(value, value)
        elif name == "names" and not isinstance(value, list):
            raise InvalidInputException(
                "Invalid Input Error: read_csv only accepts 'names' as a list of strings"
            )
        options[_NAMES.get(name, name)] = value
    return options


def _types(given: Any) -> Any:
    if isinstance(given, dict):
        return {name: str(DuckDBPyType(kind)) for name, kind in given.items()}
    if isinstance(given, list | tuple):
        return [str(DuckDBPyType(kind)) for kind in given]
    raise InvalidInputException(
        "Invalid Input Error: read_csv only accepts 'dtype' as a dictionary or a list of types"
    )
