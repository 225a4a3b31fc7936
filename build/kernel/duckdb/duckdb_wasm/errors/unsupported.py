"""What cannot work in the browser, and the way around each."""

from __future__ import annotations

import re

from duckdb_wasm import sql_text
from duckdb_wasm.errors import Error, HTTPException, NotImplementedException

#: Extension to what to do instead.
EXTENSIONS = {
    "icu": "Times are in UTC here: use TIMESTAMP instead of a time zone; sort text by its bytes.",
    "spatial": "Compute distances with SQL's own functions (sin, cos, radians), or use Shapely: %pip install shapely.",
    "httpfs": "Leave it out: read_parquet('https://…') and read_csv('https://…') work without it where the host allows it.",
    "postgres": "Export the table to Parquet or CSV and upload that into the file browser.",
    "mysql": "Export the table to Parquet or CSV and upload that into the file browser.",
    "sqlite": "Read it with Python's sqlite3 and query the rows: they are a table by their variable's name.",
    "excel": "Save the sheet as CSV, or read it with openpyxl: %pip install openpyxl.",
    "fts": "Use LIKE, ILIKE, regexp_matches or jaro_winkler_similarity.",
    "aws": "Download the file and upload it into the file browser, or use an https:// address that allows CORS.",
    "iceberg": "Read its Parquet files by their https:// addresses.",
    "delta": "Read its Parquet files by their https:// addresses.",
}
_OTHER = "Write the query without it."
_SYNONYMS = {"postgres_scanner": "postgres", "mysql_scanner": "mysql", "sqlite_scanner": "sqlite"}

#: Feature to (what is asked for, way around); `method` and `not_implemented` name them.
FEATURES = {
    "database files": "In the browser a database lives in memory. Use duckdb.connect(), and COPY … TO 'name.parquet' to "
    "keep a table in the file browser.",
    "Python functions in SQL": "The engine runs in a worker of its own, which has no Python. Use CREATE MACRO, or "
    "compute the column in Python and query the result by its variable's name.",
    "Substrait": "Write the query in SQL.",
    "PyTorch and TensorFlow": "Neither runs in the browser. Use fetchnumpy().",
    "ATTACH": "The browser can open neither a database file nor a server. Upload Parquet or CSV into the file browser.",
}
#: Settings of which something is to be said, and what. The first word of `set` and its like, then the setting.
_SETTING = re.compile(
    r"\s*(?:set|pragma)\s+(?:global\s+|session\s+|local\s+)?(\w+)\s*(?:=|\bto\b|\()?\s*'?(\w*)", re.I
)
_UTC = re.compile(
    r"\s*(?:reset\s+(?:timezone|calendar)|(?:set|pragma)\s+(?:global\s+|session\s+|local\s+)?"
    r"(?:timezone\s*(?:=|to)\s*'?(?:(?:etc/)?(?:utc|uct|zulu)|(?:etc/)?gmt)'?|calendar\s*(?:=|to)\s*'?gregorian'?))\s*$",
    re.I,
)
_THREADS = ("threads", "worker_threads", "external_threads")
NOTES = {
    "threads": "The setting of threads changes nothing here: the browser gives the engine one thread.",
    "s3": "The settings of S3 change nothing here: s3:// cannot be read in the browser. Use the file's https:// address, "
    "where its host allows it.",
}
_noted: set[str] = set()
_ATTACH = re.compile(r"\s*attach\s+(database\s+)?(if\s+not\s+exists\s+)?'(?!:memory:)([^']*)'", re.I)
_INSTALL = re.compile(r"\s*(force\s+)?(install|load)\s+'?(\w+)", re.I)
#: Addresses that guides write where the reader's own belong: RFC 2606's, and an organization called that.
_EXAMPLE = re.compile(r"https?://(?:(?:[\w-]+\.)*example\.(?:com|org|net)/|[^/]+/gh/(?:your-)?org/)", re.I)
_NOT_HERE = re.compile(
    r'extension "?(\w+)"? is not part of this site|Extension "[^"]*?(\w+)\.duckdb_extension'
)
#: What the browser says when a host does not allow a page to read from it, or cannot be reached.
_BLOCKED = re.compile(r"Failed to (?:load|open|fetch)[^']*'(https?://[^']+)'")
#: Extensions that need no INSTALL or LOAD here. What httpfs reads is read without it.
_HAVE = ("parquet", "json", "core_functions", "httpfs")


def not_implemented(feature: str) -> NotImplementedException:
    """The exception for a feature of FEATURES."""
    return NotImplementedException(
        f"Not implemented Error: {feature} cannot be had in the browser. {FEATURES[feature]}"
    )


def extension(name: str) -> NotImplementedException:
    """The exception for an extension that is not here."""
    name = _SYNONYMS.get(name, name)
    return NotImplementedException(
        f'Not implemented Error: DuckDB\'s extension "{name}" cannot be had in the browser. '
        + EXTENSIONS.get(name, _OTHER)
    )


def check(statement: str) -> bool:
    """Whether there is anything to run: the extensions that are here need no INSTALL or LOAD, and threads are one.

    Raises `NotImplementedException` for a statement that asks for what cannot be had.
    """
    word = sql_text.first_word(statement)
    if word in ("set", "pragma") and (found := _SETTING.match(statement)):
        name, value = found.group(1).lower(), found.group(2)
        if name in _THREADS:
            if value != "1":
                _note("threads")
            return False
        if name.startswith("s3_"):
            _note("s3")
    if word == "attach" and _ATTACH.match(statement):
        raise not_implemented("ATTACH")
    if word in ("install", "load", "force"):
        found = _INSTALL.match(statement)
        if found and found.group(3).lower() not in _HAVE:
            raise extension(found.group(3).lower())
        return found is None
    return True


def _note(about: str) -> None:
    """Says a line of NOTES, once."""
    if about not in _noted:
        _noted.add(about)
        print(NOTES[about])


def is_idle(statement: str, error: Error) -> bool:
    """Whether the statement failed only because it sets what is so already.

    That is what belongs to httpfs, whose part the browser takes, and the zone and calendar of icu where they are UTC's.
    """
    found = _NOT_HERE.search(str(error))
    if found is None or sql_text.first_word(statement) not in ("set", "reset", "pragma"):
        return False
    return "httpfs" in found.groups() or ("icu" in found.groups() and bool(_UTC.match(statement)))


def explained(error: Error) -> Error:
    """The error itself, or, where it is about a missing extension, one that names the way around."""
    blocked = _BLOCKED.search(str(error))
    if blocked:
        return _cors(blocked.group(1))
    found = _NOT_HERE.search(str(error))
    if not found:
        return error
    return extension((found.group(1) or found.group(2)).lower())


def _cors(url: str) -> HTTPException:
    host = url.split("/")[2]
    if _EXAMPLE.match(url):
        return HTTPException(
            f"HTTP Error: {url} is an example's address, and there is no such file. Put your file's own in its place."
        )
    return HTTPException(
        f"HTTP Error: {url} could not be read. Most likely {host} does not allow other sites to read from it: it sends "
        "no CORS header (Access-Control-Allow-Origin); or it cannot be reached. Download the file, upload it into the "
        "file browser and read it by its name, or use a host that allows CORS."
    )
