"""What cannot work in the browser, and the way around each. The texts, in unsupported.json, are the SQL kernel's, too."""

from __future__ import annotations

import json
import re
from pathlib import Path

from duckdb_wasm import sql_text
from duckdb_wasm.errors import Error, HTTPException, NotImplementedException

_TEXTS = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
#: Extension to what to do instead.
EXTENSIONS = _TEXTS["extensions"]
#: Feature to the way around it; `not_implemented` names them.
FEATURES = _TEXTS["features"]
#: What is said once of settings that change nothing.
NOTES = _TEXTS["notes"]
#: Settings of which something is to be said, and what. The first word of `set` and its like, then the setting.
_SETTING = sql_text.Pattern(
    r"\s*(?:set|pragma)\s+(?:global\s+|session\s+|local\s+)?(\w+)\s*(?:=|\bto\b|\()?\s*'?(\w*)", re.I
)
_UTC = sql_text.Pattern(
    r"\s*(?:reset\s+(?:timezone|calendar)|(?:set|pragma)\s+(?:global\s+|session\s+|local\s+)?"
    r"(?:timezone\s*(?:=|to)\s*'?(?:(?:etc/)?(?:utc|uct|zulu)|(?:etc/)?gmt)'?|calendar\s*(?:=|to)\s*'?gregorian'?))\s*$",
    re.I,
)
_THREADS = ("threads", "worker_threads", "external_threads")
_noted: set[str] = set()
#: First words of the statements of which there is anything to say.
_LOOKED_INTO = ("set", "pragma", "attach", "install", "load", "force")
#: Another system's database: by its address, its parameters, or the type that is asked for.
_ATTACH = sql_text.Pattern(
    r"\s*attach\s+[^']*'(?:(?:postgres(?:ql)?|mysql|sqlite|md|motherduck|ducklake|iceberg|s3|gcs|r2):|[^']*\b(?:dbname|host|user|database)="
    r"|[^']*'.*\btype\s*=?\s*'?(?!duckdb\b)\w)",
    re.I | re.S,
)
_INSTALL = sql_text.Pattern(r"\s*(force\s+)?(install|load)\s+'?(\w+)", re.I)
#: Addresses that guides write where the reader's own belong: RFC 2606's, and an organization called that.
_EXAMPLE = sql_text.Pattern(
    r"https?://(?:(?:[\w-]+\.)*example\.(?:com|org|net)/|[^/]+/gh/(?:your-)?org/)", re.I
)
_NOT_HERE = sql_text.Pattern(
    r'extension "?(\w+)"? is not part of this site|Extension "[^"]*?(\w+)\.duckdb_extension'
)
#: What the browser says when a host does not allow a page to read from it, or cannot be reached.
_BLOCKED = sql_text.Pattern(r"Failed to (?:load|open|fetch)[^']*'(https?://[^']+)'")
#: Extensions that need no INSTALL or LOAD here. What httpfs reads is read without it.
_HAVE = _TEXTS["there"]


def not_implemented(feature: str) -> NotImplementedException:
    """The exception for a feature of FEATURES."""
    return NotImplementedException(_TEXTS["texts"]["feature"].format(what=feature, way=FEATURES[feature]))


def extension(name: str) -> NotImplementedException:
    """The exception for an extension that is not here."""
    name, texts = _TEXTS["synonyms"].get(name, name), _TEXTS["texts"]
    return NotImplementedException(
        texts["extension"].format(what=name, way=EXTENSIONS.get(name, texts["other"]))
    )


def check(statement: str) -> bool:
    """Whether there is anything to run: the extensions that are here need no INSTALL or LOAD, and threads are one.

    Raises `NotImplementedException` for a statement that asks for what cannot be had.
    """
    word = sql_text.first_word(statement)
    if word not in _LOOKED_INTO:
        return True
    statement = sql_text.without_comments(statement)
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

    That is what belongs to httpfs, whose part the browser takes, the zone and calendar of icu where they are UTC's, and an
    IMPORT of nothing.
    """
    if sql_text.first_word(statement) == "import" and str(error) == "no statements":
        return True  # an empty database was exported
    found = _NOT_HERE.search(str(error))
    if found is None or sql_text.first_word(statement) not in ("set", "reset", "pragma"):
        return False
    return "httpfs" in found.groups() or (
        "icu" in found.groups() and bool(_UTC.match(sql_text.without_comments(statement)))
    )


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
    text = _TEXTS["texts"]["example" if _EXAMPLE.match(url) else "blocked"]
    return HTTPException(text.format(url=url, host=url.split("/")[2]))
