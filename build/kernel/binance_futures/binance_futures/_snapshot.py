"""Snapshots: what one release said, for ever, and how one is chosen."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

#: A snapshot's id: the newest date in its data, and six digits of its descriptor's SHA-256.
ID = re.compile(r"(\d{4}-\d{2}-\d{2})-[0-9a-f]{6}")
ORIGIN = {
    True: "Synthetic data: invented numbers that look like a release. Do not draw conclusions from them.",
    None: "Data of unknown origin: its folder does not say where it comes from. Treat its numbers as an example.",
}


#: Data older than this is said to be old: a release a day, and two days for it to come.
OLD_AFTER_DAYS = 3

#: The key of what this site keeps in a notebook's metadata; `snapshot` in it is the notebook's pin.
METADATA = "binance_futures"
#: The environment variable that pins the snapshot of `connect()`.
PIN = "BINANCE_FUTURES_SNAPSHOT"


class UnknownSnapshot(LookupError):
    """There is no snapshot of this id or date; the message lists the nearest ones."""


@dataclass(frozen=True)
class Snapshot:
    """What one release said. `synthetic` is None where nobody knows; dates are text, YYYY-MM-DD.

    `complete_date` is the newest complete day, on which "now" and "gone" stand; `ranked_date` the newest of these whose
    ranks are complete. Both are `last_date` on a good day.
    """

    id: str
    first_date: str
    last_date: str
    complete_date: str
    ranked_date: str
    symbols: int
    synthetic: bool | None
    provenance: dict = field(repr=False)

    def __str__(self) -> str:
        return self.id

    @classmethod
    def of(cls, entry: dict) -> Snapshot:
        """From a descriptor, or from an entry of snapshots.json, whose only provenance is the release's tag."""
        last = entry["dates"]["last"]
        # Snapshots from before complete days were told apart do not say.
        complete = entry["dates"].get("complete") or last
        return cls(
            id=entry["id"],
            first_date=entry["dates"]["first"],
            last_date=last,
            complete_date=complete,
            ranked_date=entry["dates"].get("ranked") or complete,
            symbols=entry["counts"]["symbols"],
            synthetic=entry["synthetic"],
            provenance=entry.get("provenance") or {"tag": entry.get("tag")},
        )

    def tell(self, today: date | None = None) -> None:
        """Prints in a line or two which data this is, how old it is, and what it is not.

        today: the visitor's day in UTC; default: by the clock of the machine.
        """
        line = f"Snapshot {self.id}: {self.first_date} to {self.last_date}."
        if self.complete_date != self.last_date:
            line += f" Days after {self.complete_date} are incomplete: “now” is {self.complete_date}."
        if self.ranked_date != self.complete_date:
            line += f" Ranks are complete to {self.ranked_date}."
        age = ((today or datetime.now(UTC).date()) - date.fromisoformat(self.complete_date)).days
        # Invented data does not age.
        if self.synthetic is not True and age > OLD_AFTER_DAYS:
            line += f" {self.complete_date} was {age:,} days ago: newer days are not in it."
        print(line)
        if self.synthetic is not False:
            print(ORIGIN[self.synthetic])


def pinned() -> str | None:
    """The snapshot that `connect()` takes where nothing else is said: an id or a date, or None for the newest.

    $BINANCE_FUTURES_SNAPSHOT says so, which in the browser holds the pin of the notebook; on a computer, where Jupyter
    tells the kernel its notebook's file, else the pin in that.
    """
    pin = os.environ.get(PIN)
    if pin or not (notebook := os.environ.get("JPY_SESSION_NAME")):
        return pin or None
    try:
        metadata = json.loads(Path(notebook).read_text("utf-8"))["metadata"]
        found = metadata[METADATA]["snapshot"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return found if isinstance(found, str) and ID.fullmatch(found) else None


def choose(wanted: str | date | None, ids: list[str]) -> str:
    """The id that is meant: by id, or by the date of its data. None: the newest, which is first in `ids`.

    Raises `UnknownSnapshot`.
    """
    if wanted is None and ids:
        return ids[0]
    wanted = str(wanted)
    if wanted in ids:
        return wanted
    # Of several with the same date the newest, which comes first.
    of_the_date = [known for known in ids if known[:10] == wanted]
    if of_the_date:
        return of_the_date[0]
    near = ", ".join(nearest(wanted, ids)) or "none: this site has no snapshots"
    raise UnknownSnapshot(
        f"There is no snapshot {wanted!r}; the nearest are {near}. bf.snapshots() lists all."
    )


def nearest(wanted: str, ids: list[str], count: int = 3) -> list[str]:
    """The snapshots whose dates are nearest to that of `wanted`, nearest first; where it has no date, the newest."""
    try:
        day = date.fromisoformat(wanted[:10])
    except ValueError:
        return ids[:count]
    return sorted(ids, key=lambda known: abs(date.fromisoformat(known[:10]) - day))[:count]
