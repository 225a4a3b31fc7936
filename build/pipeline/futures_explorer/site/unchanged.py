"""Whether a site is what a build would make again: then there is nothing to do.

What goes in is compared by content; what lies outside the repository (a release, a store) and the site itself by every
file's size and time of change, which whoever writes a file changes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from futures_explorer.files import write_json
from futures_explorer.project import ROOT
from futures_explorer.site.phases import files_below, files_below_all, fingerprint

#: All that a site is built from, beside its release and its store.
SOURCES = ("build", "content", "docs")
LOCKS = ("*.json", "*.toml", "requirements*.txt")


class Build:
    """A build of the site `out` from `outside` (files and folders) and `options`; `record` remembers its result."""

    def __init__(self, out: Path, record: Path, outside: Iterable[Path], options: Iterable[object]) -> None:
        self._out, self._record, self._outside = out.resolve(), record, [path.resolve() for path in outside]
        locks = sorted(path for pattern in LOCKS for path in ROOT.glob(pattern))
        sources = files_below(*(ROOT / name for name in SOURCES))
        self._sources = fingerprint([*sources, *locks, sys.version, *map(repr, options)])

    def is_there(self) -> bool:
        """Whether `out` is what the last build left there, and every input is what it was then."""
        try:
            return json.loads(self._record.read_text("utf-8")) == self._state()
        except (OSError, ValueError):
            return False

    def begin(self) -> None:
        """Forgets the last result: a build that is cut off leaves none."""
        self._record.unlink(missing_ok=True)

    def done(self) -> None:
        """Remembers the result."""
        write_json(self._record, self._state())

    def _state(self) -> dict[str, str]:
        return {
            "sources": self._sources,
            "outside": fingerprint(line for path in self._outside for line in _listing(path)),
            "site": fingerprint(_listing(self._out)),
        }


def _listing(path: Path) -> list[str]:
    files = [path] if path.is_file() else [file for file in files_below_all(path) if file.name != ".lock"]
    stats = [(file, file.stat()) for file in files]
    return [f"{path}", *(f"{file} {stat.st_size} {stat.st_mtime_ns}" for file, stat in stats)]
