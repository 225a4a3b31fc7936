"""Which Binance USDT-margined futures existed and traded on which day, as DuckDB tables.

    import binance_futures as bf

    db = bf.connect()
    db.sql("FROM tradable_on('2021-05-19')")

The same in a notebook in the browser and, with `pip install duckdb`, on a computer.
"""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

from binance_futures._questions import QUESTIONS, function
from binance_futures._snapshot import Snapshot, UnknownSnapshot, pinned

if TYPE_CHECKING:
    from pathlib import Path

    from binance_futures._native import Connection

__version__ = "0.1.0"
__all__ = [
    "Snapshot",
    "Unclear",
    "UnknownSnapshot",
    "cache",
    "connect",
    "open_link",
    "read_trades",
    "site",
    "snapshots",
    *(question.name for question in QUESTIONS),
]

_default = None
#: The site that `_default` was told; None: the usual one.
_given: str | None = None
#: The pin that `_default` followed when it was made; False where it was told its snapshot.
_followed: str | bool | None = False


def _place():
    """The module for where this runs: the browser or a computer."""
    if sys.platform == "emscripten":
        from binance_futures import _browser

        return _browser
    from binance_futures import _native

    return _native


def connect(snapshot: str | date | None = None, *, site: str | None = None) -> Connection:
    """A DuckDB connection with a snapshot's tables and macros in it.

    snapshot: an id such as "2026-11-18-3fa9c1", or a date: the snapshot whose data ends on it. Default: the notebook's
        pin, which the toolbar shows (elsewhere $BINANCE_FUTURES_SNAPSHOT), else the newest.
    site: on a computer, the address of a site (or the folder of a built one); default: $BINANCE_FUTURES_SITE. Its
        objects are kept in the platform's cache folder, checked against their SHA-256; afterwards no network is needed.

    Raises `UnknownSnapshot`, whose message lists the nearest ones.
    """
    global _default, _followed, _given
    followed = pinned() if snapshot is None else False
    _default = _place().connect(snapshot or followed or None, site)
    _followed, _given = followed, site
    return _default


def snapshots(*, site: str | None = None) -> list[Snapshot]:
    """All snapshots of the site, newest first. Default: the site of the connection made last, else as for `connect`."""
    return _place().snapshots(site or _given)


def open_link(url: str, folder: str | Path = ".") -> Path:
    """Writes the notebook that a link of this site carries, with its pin, and returns the new file's path.

    Nothing runs, and no file is replaced. Run in Jupyter, the notebook finds its pin by itself; elsewhere
    set $BINANCE_FUTURES_SNAPSHOT. In the browser a link is simply opened.

    Raises `LinkError` where the link is damaged, `OSError` where the site has to be asked and does not answer.
    """
    from binance_futures._open_link import open_link

    return open_link(url, folder)


def site() -> str:
    """The address of the site that the data comes from, with a slash at its end: that of the connection made last."""
    return _place().site(_given)


def __getattr__(name: str):
    # Made when it is first used: importing this package starts nothing.
    if name == "cache":
        return _place().Cache()
    if name in ("read_trades", "Unclear"):
        from binance_futures import _trades

        return getattr(_trades, name)
    if name == "LinkError":
        from binance_futures._links import LinkError

        return LinkError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _asked():
    """The connection that the module's functions ask: the one made last, else, or where the pin moved, a new one."""
    if _default is None or (_followed is not False and _followed != pinned()):
        connect(site=_given)
    return _default


for _question in QUESTIONS:
    globals()[_question.name] = function(_question, _asked)
