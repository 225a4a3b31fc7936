"""What links name and the site goes on to change: every starter notebook and every kernel that was ever published.

    notebooks/<hash>.json       the canonical text of a starter's cells (docs/links.md), under its hash
    environments/<id>.json      the versions of a kernel's packages, under the id of its lock

They lie in the store beside the snapshots, and under the same names in the site's data/. Nothing is ever taken away.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from futures_explorer.errors import ExplorerError
from futures_explorer.files import write_json, write_text
from futures_explorer.links.format import hash_of, pack
from futures_explorer.snapshot.store import locked

FOLDERS = ("notebooks", "environments")


def archive_links(site: Path, store: Path) -> None:
    """Keep in `store` what links to this build of `site` name, and put all that it ever kept into the site's data/."""
    with locked(store):
        for notebook in (site / "files").glob("*.ipynb"):
            text = pack(json.loads(notebook.read_text("utf-8")))
            write_text(store / "notebooks" / f"{hash_of(text)}.json", text)
        runtime = json.loads((site / "static" / "runtime.json").read_text("utf-8"))
        lock = json.loads((site / runtime["pyodide"] / "pyodide-lock.json").read_text("utf-8"))
        environment = {"python": runtime["python"], "duckdb": runtime["duckdb"], "packages": _versions(lock)}
        write_json(store / "environments" / f"{runtime['environment']}.json", environment)
        add_links(store, site / "data")


def _versions(lock: dict) -> dict[str, str]:
    """Name to version, those that the site itself serves first."""
    packages = sorted(lock["packages"].items(), key=lambda entry: "://" in entry[1]["file_name"])
    return {name: entry["version"] for name, entry in packages}


def add_links(source: Path, target: Path) -> int:
    """Copy what `source` keeps and `target` lacks; returns how many files that were."""
    lacking = [
        path.relative_to(source)
        for folder in FOLDERS
        for path in sorted((source / folder).glob("*.json"))
        if not (target / folder / path.name).is_file()
    ]
    for name in lacking:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)
    return len(lacking)


def check_links(data: Path) -> None:
    """Raises `ExplorerError` where a notebook in a site's data/ is not the one that its name says."""
    for path in (data / "notebooks").glob("*.json"):
        found = hash_of(path.read_text("utf-8"))
        if found != path.stem:
            raise ExplorerError(
                f"{path} has changed: expected the hash {path.stem}, got {found}. Remove it from the store and build again."
            )
