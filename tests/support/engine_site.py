"""A plain site that holds the engine and small snapshots, and nothing of Jupyter."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
from pathlib import Path

import duckdb
from futures_explorer.project import ROOT
from futures_explorer.site import wheels
from futures_explorer.site.phases import phase
from futures_explorer.site.runtime import engine_wasm

VERSIONS = json.loads((ROOT / "build/engine/versions.json").read_text())
PAGE = "<!doctype html><title>plain page</title><link rel=icon href=data:,>"


def build_engine(folder: Path) -> None:
    """engine.js, worker.js, DuckDB's WebAssembly in both forms and extensions/ in a folder, as deployed."""
    build = ["node", str(ROOT / "build/engine/build.mjs"), str(folder)]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    # The same phases as the site's build, so that what it packed and downloaded is used.
    inputs = [wheels.ENGINE_LOCK, wheels.ENGINE_VERSIONS, Path(wheels.__file__)]
    extensions = phase("extensions", inputs, wheels.download_extensions)
    shutil.copytree(extensions, folder / "extensions")
    for file in engine_wasm(extensions, lambda _: None):
        shutil.copy(file, folder)


def write_object(objects: Path, select: str, rows_per_group: int = 20480) -> Path:
    """Writes the rows of a SELECT as `<sha256>.parquet`."""
    objects.mkdir(parents=True, exist_ok=True)
    made = objects / "made.tmp"
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows_per_group}"
    with duckdb.connect() as db:
        db.execute(f"COPY ({select}) TO '{made}' ({options})")
    return made.rename(objects / f"{hashlib.sha256(made.read_bytes()).hexdigest()}.parquet")


def footer(path: Path) -> bytes:
    """The Parquet footer with its length and magic."""
    content = path.read_bytes()
    return content[-int.from_bytes(content[-8:-4], "little") - 8 :]


def write_footers(objects: Path, files: list[Path], padding: int = 0) -> Path:
    """An object that holds the footers of others, as the pipeline writes it; and so many bytes of an unknown one's."""
    rows = ", ".join(
        f"('{path.stem}', {path.stat().st_size - len(footer(path))}, from_hex('{footer(path).hex()}'))"
        for path in files
    )
    if padding:
        rows += f", ('{'0' * 64}', 0, from_hex('{random.Random(1).randbytes(padding).hex()}'))"
    return write_object(objects, f"""SELECT * FROM (VALUES {rows}) t(object, "offset", footer)""")


def describe(path: Path, name: str, table: str) -> dict:
    """The resource of an object that lies in `objects`."""
    return {
        "name": name,
        "path": f"../../objects/{path.name}",
        "hash": f"sha256:{path.stem}",
        "bytes": path.stat().st_size,
        "footerBytes": len(footer(path)),
        "table": table,
        "layout": "by-date",
    }


def write_snapshot(data: Path, snapshot_id: str, files: dict[str, Path], with_footers: bool = True) -> None:
    """Writes a snapshot of objects that lie in `data/objects`, newest of those there."""
    resources = [describe(path, name, name) for name, path in files.items()]
    if with_footers:
        path = write_footers(data / "objects", list(files.values()))
        resources.append(describe(path, "footers.all", "footers"))
    write_descriptor(data, snapshot_id, resources)


def write_descriptor(data: Path, snapshot_id: str, resources: list[dict]) -> None:
    """Writes a snapshot of these resources, newest of those there."""
    folder = data / "snapshots" / snapshot_id
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_text(json.dumps({"name": snapshot_id, "resources": resources}))
    index = data / "snapshots.json"
    known = json.loads(index.read_text())["snapshots"] if index.exists() else []
    index.write_text(json.dumps({"snapshots": [{"id": snapshot_id}, *known]}))
