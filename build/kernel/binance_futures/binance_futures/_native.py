"""On a computer: native DuckDB over the snapshot's objects in the platform's cache folder.

The first connection to a snapshot fetches what is missing, in parallel, and checks each object's SHA-256 before it
takes its name; afterwards the snapshot needs no network.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urljoin
from urllib.request import urlopen

import duckdb
from platformdirs import user_cache_path

from binance_futures._questions import Questions
from binance_futures._snapshot import ID, Snapshot, choose
from binance_futures._tables import create_tables, layouts

#: The environment variable that names the site.
SITE = "BINANCE_FUTURES_SITE"
#: Seconds without an answer, and objects fetched at a time.
TIMEOUT, AT_ONCE = 30, 6
CHUNK = 1 << 20


class Connection(Questions):
    """A native DuckDB connection whose tables are a snapshot's; `snapshot` says which.

    It has every method of `duckdb.DuckDBPyConnection`. Where DuckDB itself wants a connection, give it `db.native`.
    """

    def __init__(self, native: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> None:
        self.native, self.snapshot = native, snapshot

    def __getattr__(self, name: str) -> Any:
        # DuckDB's own bound method: it looks for Python variables in the frame that calls it.
        if name == "native":
            raise AttributeError(name)
        return getattr(self.native, name)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.native.close()

    def __await__(self):
        """Harmless here: the same cell runs in a browser that needs `await`."""
        yield from ()
        return self


class Store:
    """The cached part of a site: its index, descriptors and objects."""

    def __init__(self, site: str | None) -> None:
        self._site = _address(site)
        self.folder = user_cache_path("binance-futures", appauthor=False)
        self._of_site = self.folder / "sites" / quote(self._site, safe="")

    def index(self) -> list[dict]:
        """The entries of snapshots.json: as the site has it now, or as it had it last."""
        cached = self._of_site / "snapshots.json"
        try:
            content = _read(urljoin(self._site, "data/snapshots.json"))
            _write(cached, content)
        except OSError:
            if not cached.is_file():
                raise
            content = cached.read_bytes()
        return json.loads(content)["snapshots"]

    def descriptor(self, wanted: str | date | None) -> dict:
        """The descriptor of the snapshot that is meant, each resource with its local `file`; nothing is missing."""
        chosen = str(wanted)
        cached = self._of_site / "snapshots" / chosen / "datapackage.json"
        if not (ID.fullmatch(chosen) and cached.is_file()):
            chosen = choose(wanted, [entry["id"] for entry in self.index()])
            cached = self._of_site / "snapshots" / chosen / "datapackage.json"
        address = urljoin(self._site, f"data/snapshots/{chosen}/datapackage.json")
        if not cached.is_file():
            _write(cached, _read(address))
        descriptor = json.loads(cached.read_text("utf-8"))
        self._fetch_objects(descriptor, address)
        return descriptor

    def _fetch_objects(self, descriptor: dict, address: str) -> None:
        needed = [r for r in descriptor["resources"] if (r["table"], r["layout"]) in layouts()]
        missing = {}
        for resource in needed:
            path = self.folder / "objects" / f"{resource['hash'].removeprefix('sha256:')}.parquet"
            resource["file"] = str(path)
            if not path.is_file() or path.stat().st_size != resource["bytes"]:
                missing[path] = resource
        if not missing:
            return
        size = sum(resource["bytes"] for resource in missing.values()) / 1e6
        print(f"Fetching {len(missing)} objects ({size:.0f} MB) into {self.folder} …", file=sys.stderr)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done in [
                pool.submit(_fetch_object, urljoin(address, resource["path"]), path, resource["hash"])
                for path, resource in missing.items()
            ]:
                done.result()


def _address(site: str | None) -> str:
    """The site's address with a slash at its end; a folder's as a file URL."""
    given = site or os.environ.get(SITE, "")
    if not given:
        raise ValueError(
            f"Which site's data? Give its address: bf.connect(site='https://OWNER.github.io/REPOSITORY/'), or set the "
            f"environment variable {SITE} to it."
        )
    if "://" not in given:
        if not Path(given).is_dir():
            raise ValueError(
                f"{given!r} is neither an address (https://…) nor a folder that holds a built site."
            )
        given = Path(given).resolve().as_uri()
    return given if given.endswith("/") else given + "/"


def _open(url: str):
    try:
        return urlopen(url, timeout=TIMEOUT)  # noqa: S310 - an address that the visitor gave
    except HTTPError as error:
        raise OSError(
            f"{url} answered HTTP {error.code}, expected 200. Is this the site's address?"
        ) from None
    except URLError as error:
        raise OSError(
            f"{url} could not be read: {error.reason}. Check the address and the network."
        ) from None


def _read(url: str) -> bytes:
    with _open(url) as response:
        return response.read()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as beside:
        beside.write(content)
    Path(beside.name).replace(path)


def _fetch_object(url: str, path: Path, expected: str) -> None:
    """Fetches an object beside its place, and moves it there once its SHA-256 is right."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as beside:
        part = Path(beside.name)
        try:
            with _open(url) as response:
                while chunk := response.read(CHUNK):
                    digest.update(chunk)
                    beside.write(chunk)
            beside.close()
            if f"sha256:{digest.hexdigest()}" != expected:
                raise OSError(
                    f"{url} is not what the snapshot names: expected {expected}, got sha256:{digest.hexdigest()} "
                    f"({part.stat().st_size} bytes). Nothing was kept; try again, and if it stays, tell the site's owner."
                )
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def site(given: str | None = None) -> str:
    return _address(given)


def connect(snapshot: str | date | None, site: str | None) -> Connection:
    descriptor = Store(site).descriptor(snapshot)
    native = duckdb.connect()
    # Days are counted in UTC, wherever the computer stands; so a time with a zone is cast to its day there.
    native.execute("SET GLOBAL TimeZone = 'UTC'")
    if native.execute("SELECT current_setting('threads') > 1").fetchone() == (True,):
        # It loses rows of joins now and then, on several threads (duckdb #22075, open); the browser has one.
        native.execute("SET GLOBAL disabled_optimizers = 'join_filter_pushdown'")
    native.execute(create_tables(descriptor))
    made = Connection(native, Snapshot.of(descriptor))
    made.snapshot.tell()
    return made


def snapshots(site: str | None) -> list[Snapshot]:
    return [Snapshot.of(entry) for entry in Store(site).index()]


class Cache:
    """What this computer keeps of the data, in the platform's cache folder."""

    def status(self) -> dict:
        """persistent (True), bytes (int), budget (None: no limit), objects (int), notice (the folder)."""
        folder = user_cache_path("binance-futures", appauthor=False)
        sizes = [path.stat().st_size for path in folder.rglob("*.parquet")]
        return {
            "persistent": True,
            "bytes": sum(sizes),
            "budget": None,
            "objects": len(sizes),
            "notice": f"kept in {folder}",
        }

    def clear(self) -> None:
        """Deletes the kept objects and descriptors; the next connection fetches what it needs."""
        shutil.rmtree(user_cache_path("binance-futures", appauthor=False), ignore_errors=True)

    def set_budget(self, size: int) -> None:
        """Not on a computer: nothing there is limited, and `clear` frees everything."""
        raise NotImplementedError("On a computer the cache has no budget; bf.cache.clear() frees it.")
