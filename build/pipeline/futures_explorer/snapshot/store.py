"""A store: objects and snapshots kept across builds.

    objects/<sha256>.parquet            what snapshots name
    snapshots/<id>/datapackage.json     one snapshot
    snapshots.json                      the ids, newest first
    builds/<fingerprint>                the id that a release gave

A snapshot exists once snapshots.json lists it; everything it names is there before. Whoever changes a store
holds its lock.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import filelock
import pyarrow as pa

import futures_explorer
from futures_explorer.errors import ExplorerError
from futures_explorer.files import write_json, write_text
from futures_explorer.release.checks import check_release
from futures_explorer.release.folder import Release
from futures_explorer.release.tables import OpenRelease, open_tables
from futures_explorer.snapshot import descriptor as descriptors
from futures_explorer.snapshot.layout import parts
from futures_explorer.snapshot.objects import Object, write_footers, write_object
from futures_explorer.snapshot.regression import check_not_shrunk

# Raise it when the layout changes: the same release then gives a new snapshot.
LAYOUT_VERSION = 6
# GitHub Pages allows a site 1 GB; the rest is for the runtime and the day's growth.
SIZE_BUDGET = 700_000_000


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Hold the store for this process; another one that wants it waits.

    Raises:
        ExplorerError: somebody else held it for ten minutes.
    """
    lock = filelock.FileLock(store / ".lock", timeout=600)
    try:
        store.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError as error:
        raise ExplorerError(
            f"The store {store} cannot be written: {error}. Choose another --store."
        ) from error
    except filelock.Timeout as error:
        raise ExplorerError(
            f"Another build has held the store {store} for ten minutes. Wait for it or stop it, then try again."
        ) from error
    try:
        # What a build that was killed left behind.
        for leftover in store.glob(".staging-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        lock.release()


def snapshot_ids(store: Path) -> list[str]:
    """The ids of a store's snapshots, newest data first; of the same date, the newest built first."""
    file = store / "snapshots.json"
    return json.loads(file.read_text("utf-8"))["snapshots"] if file.is_file() else []


def read_snapshot(store: Path, snapshot: str) -> dict[str, Any]:
    """The descriptor of one snapshot.

    Raises:
        ExplorerError: the store has no such snapshot.
    """
    file = store / "snapshots" / snapshot / "datapackage.json"
    if snapshot not in snapshot_ids(store) or not file.is_file():
        known = ", ".join(snapshot_ids(store)[:10]) or "none"
        raise ExplorerError(f"The store {store} has no snapshot {snapshot!r}. It has: {known}.")
    return json.loads(file.read_text("utf-8"))


def descriptors_of(store: Path) -> list[dict[str, Any]]:
    """The descriptors of a store's snapshots, in the order of `snapshot_ids`."""
    return [read_snapshot(store, snapshot) for snapshot in snapshot_ids(store)]


def object_names(descriptor: dict[str, Any]) -> set[str]:
    """File names of the objects that a snapshot names."""
    return {Path(resource["path"]).name for resource in descriptor["resources"]}


def known_snapshot(release: Release, store: Path) -> str | None:
    """The id of the snapshot that the store already has of `release`, if any."""
    built = store / "builds" / _fingerprint(release, release.digests())
    snapshot = built.read_text("utf-8").strip() if built.is_file() else None
    return snapshot if snapshot in snapshot_ids(store) else None


def add_snapshot(
    release: Release, store: Path, accept_shrink: bool = False, budget: int = SIZE_BUDGET
) -> dict[str, Any]:
    """Check `release`, lay it out in `store` and return its snapshot's descriptor; nothing is written twice.

    Raises:
        ExplorerError: the release breaks its contract, or went backwards, or is of another origin than the
            store's snapshots, or would make the store larger than `budget` bytes. The store is then as it was.
    """
    with locked(store):
        known = known_snapshot(release, store)
        if known:
            return read_snapshot(store, known)
        digests = release.digests()
        existing = descriptors_of(store)
        _check_origin(release, store, existing)
        staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=store))
        try:
            with open_tables(release, staging) as opened:
                notes = check_release(opened)
                if existing and not accept_shrink:
                    check_not_shrunk(opened, existing[0], store)
                objects = _write_objects(opened, staging)
                descriptor = descriptors.describe(
                    opened, digests, objects, notes, futures_explorer.__version__
                )
            _move_objects(objects, staging, store, budget)
            write_json(store / "snapshots" / descriptor["id"] / "datapackage.json", descriptor)
            _list_snapshot(store, existing, descriptor)
            write_text(store / "builds" / _fingerprint(release, digests), descriptor["id"] + "\n")
        except OSError as error:
            raise ExplorerError(
                f"The store {store} could not be written: {error}. The snapshots that it held are unchanged. "
                "Make room or choose another --store, then build again."
            ) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        return descriptor


def _list_snapshot(store: Path, existing: list[dict[str, Any]], descriptor: dict[str, Any]) -> None:
    others = [other for other in existing if other["id"] != descriptor["id"]]
    newer = [other for other in others if other["dates"]["last"] > descriptor["dates"]["last"]]
    listed = [*newer, descriptor, *others[len(newer) :]]
    write_json(store / "snapshots.json", {"snapshots": [snapshot["id"] for snapshot in listed]})


def _write_objects(opened: OpenRelease, staging: Path) -> list[Object]:
    objects = [write_object(opened.connection, part, staging) for part in parts(opened)]
    layouts: dict[tuple[str, str], list[Object]] = {}
    for item in objects:
        layouts.setdefault((item.table.name, item.layout), []).append(item)
    # A single object's footer is as near as its data.
    several = [items for items in layouts.values() if len(items) > 1]
    return [*objects, write_footers(several, staging)] if several else objects


def _move_objects(objects: list[Object], staging: Path, store: Path, budget: int) -> None:
    folder = store / "objects"
    folder.mkdir(exist_ok=True)
    new = {item.file_name: item.bytes for item in objects if not (folder / item.file_name).is_file()}
    size = sum(path.stat().st_size for path in folder.glob("*.parquet"))
    after = size + sum(new.values())
    if after > budget:
        raise ExplorerError(
            f"The store {store} would grow from {size / 1e6:.1f} to {after / 1e6:.1f} MB; its budget is "
            f"{budget / 1e6:.0f} MB (GitHub Pages allows a site 1 GB). Nothing was written. "
            "Run `futures-explorer snapshots prune`, then build again."
        )
    for name in new:
        (staging / name).replace(folder / name)


def _check_origin(release: Release, store: Path, existing: list[dict[str, Any]]) -> None:
    """One store, one origin: synthetic data never stands in a row with real data."""
    here = (release.provenance.synthetic, release.provenance.repository)
    for descriptor in existing[:1]:
        said = descriptor["provenance"]
        if (said["synthetic"], said["repository"]) != here:
            raise ExplorerError(
                f"The store {store} holds snapshots of {origin(said['synthetic'], said['repository'])}; this "
                f"release is {origin(*here)}. They are never mixed: choose another --store."
            )


def origin(synthetic: bool | None, repository: str | None) -> str:
    """How messages name where data comes from."""
    if synthetic is None:
        return "data of unknown origin"
    return "synthetic data" if synthetic else f"the data of {repository}"


def _fingerprint(release: Release, digests: dict[str, str]) -> str:
    facts = [
        digests,
        vars(release.provenance),
        LAYOUT_VERSION,
        futures_explorer.__version__,
        pa.__version__,
        duckdb.__version__,
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
