"""Which snapshots a store keeps, and removing the others with the objects that only they name."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from futures_explorer.files import write_json
from futures_explorer.snapshot.store import descriptors_of, locked, object_names

KEPT_DAYS = 30


@dataclass(frozen=True)
class Pruned:
    """What a prune did."""

    kept: list[str]
    removed: list[str]
    objects: int
    bytes: int


def kept_snapshots(snapshots: list[tuple[str, date]], days: int = KEPT_DAYS) -> set[str]:
    """Ids to keep of (id, newest date) pairs, newest first: the last `days` days and each month's last.

    Days are counted from the newest snapshot, not from today: a store that nobody fed loses nothing.
    """
    if not snapshots:
        return set()
    since = snapshots[0][1] - timedelta(days=days - 1)
    kept = {snapshot for snapshot, last in snapshots if last >= since}
    months: dict[tuple[int, int], str] = {}
    for snapshot, last in snapshots:
        months.setdefault((last.year, last.month), snapshot)
    return kept | set(months.values())


def prune(store: Path, days: int = KEPT_DAYS) -> Pruned:
    """Keep the last `days` days and each month's last snapshot; remove the rest.

    The list of snapshots changes first and at once; files go after it. Cut off at any point, the store
    still holds everything that its snapshots name, and the next prune finishes the work.
    """
    with locked(store):
        descriptors = descriptors_of(store)
        wanted = kept_snapshots(
            [(d["id"], date.fromisoformat(d["dates"]["last"])) for d in descriptors], days
        )
        kept = [d for d in descriptors if d["id"] in wanted]
        removed = [d["id"] for d in descriptors if d["id"] not in wanted]
        if removed:
            write_json(store / "snapshots.json", {"snapshots": [d["id"] for d in kept]})
        count, freed = _collect(store, kept)
        return Pruned([d["id"] for d in kept], removed, count, freed)


def _collect(store: Path, kept: list[dict]) -> tuple[int, int]:
    """Remove what no listed snapshot names; (objects, bytes) removed."""
    ids = {descriptor["id"] for descriptor in kept}
    named = {name for descriptor in kept for name in object_names(descriptor)}
    for folder in (store / "snapshots").glob("*/"):
        if folder.name not in ids:
            shutil.rmtree(folder)
    for build in (store / "builds").glob("*"):
        if build.read_text("utf-8").strip() not in ids:
            build.unlink()
    count = freed = 0
    for path in (store / "objects").glob("*"):
        if path.name not in named:
            count += 1
            freed += path.stat().st_size
            path.unlink()
    return count, freed
