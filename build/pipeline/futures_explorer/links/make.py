"""`futures-explorer link`: the link to a notebook file, pinned to a snapshot that a site publishes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from futures_explorer.errors import ExplorerError
from futures_explorer.links.format import Environment, Outputs, encode, kernel_of, name_of, pack
from futures_explorer.project import BASE

#: The environment variable that names the site, as for `futures-explorer build`.
SITE_URL = "SITE_URL"
#: Where `futures-explorer serve` serves a built site.
LOCAL = f"http://127.0.0.1:8000{BASE}"
TIMEOUT = 30

#: Reads a JSON file of a site, by its path there; None where there is none.
Read = Callable[[str], object]


@dataclass(frozen=True)
class Made:
    """A link, and what it pins. `carried` is False where the site has the notebook, so that the link only names it."""

    url: str
    badge: str
    snapshot: str
    carried: bool


def make_link(
    path: Path, site: str | None, snapshot: str | None, built: Path, outputs: Outputs | None = None
) -> Made:
    """The link to the notebook file `path`.

    site: the site's address; default: $SITE_URL, else the local server's, and `built` is the folder that it serves.
    snapshot: the id to pin; default: the notebook's own pin, else the site's newest.
    outputs: which of the notebook's outputs go with it.

    Raises `ExplorerError` where the file is no notebook, the site does not answer or does not publish the snapshot.
    """
    address = site or os.environ.get(SITE_URL)
    read = _read_url(_with_slash(address)) if address else _read_folder(built)
    address = _with_slash(address or LOCAL)
    try:
        notebook = json.loads(path.read_text("utf-8"))
    except ValueError:
        raise ExplorerError(f"{path} is not a notebook: it is not JSON.") from None
    packed, name = pack(notebook, outputs), name_of(path.name)
    runtime = read("static/runtime.json")
    index = read("data/snapshots.json")
    if runtime is None or index is None:
        raise ExplorerError(
            f"{address} is not a site of the explorer: it has no runtime.json or no snapshots.json."
        )
    published = [entry["id"] for entry in index["snapshots"]]
    own_pin = notebook.get("metadata", {}).get("binance_futures", {}).get("snapshot")
    chosen = snapshot or own_pin or published[0]
    if chosen not in published:
        raise ExplorerError(
            f"{address} does not publish the snapshot {chosen!r}. It publishes {', '.join(published[:5])}"
            f"{' and older ones' if len(published) > 5 else ''}; choose one with --snapshot."
        )
    own = read(f"files/{name}.ipynb")
    same = own is not None and pack(own) == packed
    environment = Environment(runtime["environment"], runtime["python"], runtime["duckdb"])
    kernel = kernel_of(notebook)
    fragment = encode(name, packed, same=same, snapshot=chosen, environment=environment, kernel=kernel)
    url = f"{address}notebooks/#{fragment}"
    return Made(url, f"[![Open in the explorer]({address}badge.svg)]({url})", chosen, not same)


def _with_slash(address: str) -> str:
    if not address.startswith(("http://", "https://")):
        raise ExplorerError(f"The site's address begins with https:// or http://; got {address!r}.")
    return address.rstrip("/") + "/"


def _read_folder(built: Path) -> Read:
    if not (built / "static" / "runtime.json").is_file():
        raise ExplorerError(
            f"There is no built site in {built}. Give the address of one with --site URL, or run `make build`."
        )

    def read(name: str) -> object:
        file = built / name
        return json.loads(file.read_text("utf-8")) if file.is_file() else None

    return read


def _read_url(address: str) -> Read:
    def read(name: str) -> object:
        try:
            response = httpx.get(httpx.URL(address).join(name), timeout=TIMEOUT, follow_redirects=True)
            if response.status_code == 404:
                return None
            response.raise_for_status()
            return response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ExplorerError(
                f"{address}{name} could not be read: {error}. Is that the site's address?"
            ) from None

    return read
