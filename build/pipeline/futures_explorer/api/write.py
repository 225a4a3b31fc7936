"""The folder `api/v1`: the newest snapshot under `latest/`, and of every older one what is not the same there.

A full copy of each snapshot would be some 3,700 files and 25 MB forty times over. But days settle: of two snapshots a week
apart, 2,500 days are equal byte for byte. So `<id>/index.json` says where each file of a snapshot lies, and only those that
`latest/` has otherwise, or not, are in the snapshot's own folder.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from futures_explorer.api.description import describe
from futures_explorer.api.documents import (
    Document,
    dates_file,
    day_files,
    meta,
    monthly_file,
    symbol_files,
    symbols_file,
    text,
    universe_files,
)
from futures_explorer.api.tables import Tables, changed_days, open_snapshot
from futures_explorer.errors import ExplorerError
from futures_explorer.files import replace_folder

#: Where the API lies in a site.
PATH = "api/v1"
#: What the whole may come to: files, bytes. Pages allows 1 GB for the site.
MOST_FILES, MOST_BYTES = 6_000, 60_000_000


def write_api(
    root: Path, descriptors: list[dict[str, Any]], out: Path, url: str | None = None
) -> tuple[int, int]:
    """Writes the API of the snapshots `descriptors`, newest first, of the store or `data/` folder `root` into the folder
    `out`, which appears, or takes the place of the one before, once it is whole. `url` is the site's, if known.

    Returns the number of files and of bytes; says on standard error when they are more than was planned for.
    Raises `ExplorerError` where there is no snapshot, or `out` cannot be written.
    """
    if not descriptors:
        raise ExplorerError(f"{root} holds no snapshot to make an API of. Build the data first.")
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        _fill(root, descriptors, fresh, f"{url}{PATH}" if url else ".")
        fresh.chmod(0o755)
        replace_folder(fresh, out)
    except OSError as error:
        raise ExplorerError(f"{out} could not be written: {error}. Make room, then build again.") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return _weigh(out)


def _fill(root: Path, descriptors: list[dict[str, Any]], out: Path, server: str) -> None:
    newest, *older = descriptors
    folder = root / "snapshots"
    with open_snapshot(newest, folder / newest["id"]) as latest:
        months = latest.universes()
        largest = latest.largest(months.values())
        _write(out / "latest", day_files(latest, latest.days))
        _write(out / "latest", [dates_file(latest), symbols_file(latest)])
        _write(out / "latest", symbol_files(latest))
        _write(out / "latest", universe_files(latest, months, largest))
        _write(out / "latest", [monthly_file(latest, months, largest)])
        indexes = [_index(latest, newest, {})]
        for descriptor in older:
            with open_snapshot(descriptor, folder / descriptor["id"]) as tables:
                indexes.append(_older(tables, latest, months, largest, out))
    for index in indexes:
        _write(out / index["snapshot"], [("index.json", text(index))])
    _write(out / "latest", [("index.json", text(indexes[0]))])
    _write(out, [("snapshots.json", text(_snapshots(descriptors)))])
    _write(
        out,
        [("openapi.json", json.dumps(describe(newest, months, server), indent=1, ensure_ascii=False) + "\n")],
    )


def _older(tables: Tables, latest: Tables, months: dict, largest: dict, out: Path) -> dict[str, Any]:
    """Writes what is not in `latest/` as it was, and returns the snapshot's index."""
    changed = changed_days(tables, latest)
    theirs = tables.universes()
    # A day that has not changed has the universe that the newest snapshot has of it.
    known = {day: largest[day] for day in theirs.values() if day in largest and day not in changed}
    known |= tables.largest(day for day in theirs.values() if day not in known)
    unlike = {month: day for month, day in theirs.items() if day in changed or months.get(month) != day}
    files = {}
    documents = [
        *day_files(tables, changed),
        *universe_files(tables, unlike, known),
        dates_file(tables),
        symbols_file(tables),
    ]
    for path, said in documents:
        same = out / "latest" / path
        if not same.is_file() or same.read_text("utf-8") != said:
            _write(out / tables.descriptor["id"], [(path, said)])
            files[path] = f"{tables.descriptor['id']}/{path}"
    # The list of all months only grows: an older one is mostly the newest's beginning.
    path, said = monthly_file(tables, theirs, known)
    if (out / "latest" / path).read_text("utf-8").startswith(said):
        return _index(tables, latest.descriptor, files, {path: said.count("\n")})
    _write(out / tables.descriptor["id"], [(path, said)])
    return _index(tables, latest.descriptor, {**files, path: f"{tables.descriptor['id']}/{path}"})


def _index(
    tables: Tables, newest: dict[str, Any], files: dict[str, str], first_lines: dict[str, int] | None = None
) -> dict[str, Any]:
    """`files`: path of the snapshot → address from `api/v1/` on; whatever is not in it lies in `latest/`."""
    descriptor = tables.descriptor
    return {
        "meta": meta(descriptor),
        "snapshot": descriptor["id"],
        "dates": descriptor["dates"],
        "months": list(tables.universes()),
        "data": f"../../data/snapshots/{descriptor['id']}/datapackage.json",
        "latest": newest["id"],
        "files": files,
        "first_lines": first_lines or {},
    }


def _snapshots(descriptors: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "meta": meta(descriptors[0]),
        "latest": descriptors[0]["id"],
        "snapshots": [
            {
                "id": descriptor["id"],
                "dates": descriptor["dates"],
                "symbols": descriptor["counts"]["symbols"],
                "index": f"{descriptor['id']}/index.json",
            }
            for descriptor in descriptors
        ],
    }


def _write(folder: Path, documents: Iterable[Document]) -> None:
    made = set()
    for path, said in documents:
        target = folder / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(said.encode())


def _weigh(out: Path) -> tuple[int, int]:
    sizes = [path.stat().st_size for path in out.rglob("*") if path.is_file()]
    if len(sizes) > MOST_FILES or sum(sizes) > MOST_BYTES:
        print(
            f"Note: the API has {len(sizes):,} files of {sum(sizes) / 1e6:.1f} MB; planned for were {MOST_FILES:,} and "
            f"{MOST_BYTES / 1e6:.0f} MB. docs/api.md says what to pack then.",
            file=sys.stderr,
        )
    return len(sizes), sum(sizes)
