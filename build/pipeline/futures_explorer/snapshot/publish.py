"""From a store to the site's `data/` folder, and a check that re-reads every byte of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from futures_explorer.errors import ExplorerError
from futures_explorer.files import file_sha256, write_json, write_text
from futures_explorer.release.folder import Release
from futures_explorer.snapshot.store import SIZE_BUDGET, add_snapshot, descriptors_of, locked, object_names


def publish_data(
    release: Release, store: Path, out: Path, accept_shrink: bool = False, budget: int = SIZE_BUDGET
) -> dict[str, Any]:
    """Add `release` to `store` and make `out` (the site's `data/` folder) hold every snapshot of the store.

    Returns the descriptor of the release's own snapshot.

    Raises:
        ExplorerError: the release is refused (see `add_snapshot`), or what was written is not what it
            should be (see `check_data`).
    """
    descriptor = add_snapshot(release, store, accept_shrink, budget)
    with locked(store):
        copy_store(store, out)
        check_data(out)
    return descriptor


def copy_store(store: Path, out: Path) -> None:
    """Make `out` hold what `store` holds.

    `snapshots.json` is written last, so that its reader never meets a snapshot that is not whole; what no
    snapshot names any more is removed after that.
    """
    snapshots = descriptors_of(store)
    objects = set()
    try:
        for snapshot in snapshots:
            for name in sorted(object_names(snapshot) - objects):
                objects.add(name)
                _copy(store / "objects" / name, out / "objects" / name)
            source = store / "snapshots" / snapshot["id"] / "datapackage.json"
            write_text(out / "snapshots" / snapshot["id"] / "datapackage.json", source.read_text("utf-8"))
        write_json(out / "snapshots.json", {"snapshots": [summary(snapshot) for snapshot in snapshots]})
    except OSError as error:
        raise ExplorerError(f"{out} could not be written: {error}. Make room, then build again.") from error
    kept = {snapshot["id"] for snapshot in snapshots}
    for path in (out / "objects").iterdir():
        if path.name not in objects:
            path.unlink()
    for path in (out / "snapshots").iterdir():
        if path.name not in kept:
            shutil.rmtree(path)


def summary(descriptor: dict[str, Any]) -> dict[str, Any]:
    """What `snapshots.json` says of a snapshot."""
    return {
        "id": descriptor["id"],
        "dates": descriptor["dates"],
        "counts": descriptor["counts"],
        "synthetic": descriptor["synthetic"],
        "tag": descriptor["provenance"]["tag"],
    }


def check_data(data: Path) -> None:
    """Re-read a `data/` folder from its own files: hashes, sizes, rows, columns, nothing missing or left over.

    Raises:
        ExplorerError: with everything that is wrong.
    """
    wrong = []
    named: set[str] = set()
    checked: set[str] = set()
    listed = json.loads((data / "snapshots.json").read_text("utf-8"))["snapshots"]
    for entry in listed:
        file = data / "snapshots" / entry["id"] / "datapackage.json"
        if not file.is_file():
            wrong.append(f"snapshots.json lists {entry['id']}; {file} is missing")
            continue
        descriptor = json.loads(file.read_text("utf-8"))
        if summary(descriptor) != entry:
            wrong.append(f"snapshots.json and {file} say different things of {entry['id']}")
        for resource in descriptor["resources"]:
            path = file.parent / resource["path"]
            named.add(path.name)
            if path.name not in checked:
                checked.add(path.name)
                wrong += _check_object(path.resolve(), resource)
    wrong += [
        f"{path} is named by no snapshot" for path in (data / "objects").iterdir() if path.name not in named
    ]
    ids = {entry["id"] for entry in listed}
    wrong += [f"{path} is not listed" for path in (data / "snapshots").iterdir() if path.name not in ids]
    if wrong:
        raise ExplorerError(
            "The data that was written is not what it should be:\n"
            + "\n".join(f"  {line}" for line in wrong)
            + f"\nRemove {data} and build again; if it comes back, remove the store as well."
        )


def _check_object(path: Path, resource: dict[str, Any]) -> list[str]:
    name = resource["name"]
    if not path.is_file():
        return [f"{name}: {path} is missing"]
    digest = f"sha256:{file_sha256(path)}"
    if digest != resource["hash"] or path.stat().st_size != resource["bytes"]:
        return [
            f"{name}: {path} has changed: expected {resource['hash']} and {resource['bytes']:,} bytes, got "
            f"{digest} and {path.stat().st_size:,}"
        ]
    file = pq.ParquetFile(path)
    columns = [(field.name, str(field.type)) for field in file.schema_arrow]
    expected = [(field["name"], field["arrowType"]) for field in resource["schema"]["fields"]]
    if (file.metadata.num_rows, columns) != (resource["rows"], expected):
        return [
            f"{name}: expected {resource['rows']:,} rows of {expected}, got {file.metadata.num_rows:,} of {columns}"
        ]
    return []


def _copy(source: Path, target: Path) -> None:
    # Named by content: the same name and size is the same file; the check at the end reads it.
    if target.is_file() and target.stat().st_size == source.stat().st_size:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(source, beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
