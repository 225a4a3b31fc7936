"""The last phase of a build: re-reads what was written, from the site's own files."""

import json
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from futures_explorer.errors import ExplorerError
from futures_explorer.links.archive import check_links
from futures_explorer.site.hashes import verify
from futures_explorer.site.labextension import labextension_name
from futures_explorer.site.packed import SUFFIX, unpack
from futures_explorer.site.runtime import duckdb_wasm
from futures_explorer.site.sqlkernel import sqlkernel_name
from futures_explorer.site.trim import trim
from futures_explorer.site.wheels import ENGINE_VERSIONS


def check_site(site: Path) -> None:
    """Raises `ExplorerError` where a file is missing or is not what the site's own manifests say.

    Checks the kernel's wheels against the lock, the engine's files against build/engine/versions.json, that the
    interface's extensions are there, and that every local link of the landing page leads to a file, and
    what earlier links name against its hash.
    """
    runtime = json.loads((site / "static" / "runtime.json").read_text())
    _check_wheels(site / runtime["pyodide"])
    check_engine((site / runtime["engine"]).parent)
    for wasm in (site / "static").rglob("*.wasm"):
        check_packed(wasm)
    _check_extensions(site)
    _check_links(site, site / "index.html")
    check_links(site / "data")


def _check_wheels(folder: Path) -> None:
    lock = json.loads((folder / "pyodide-lock.json").read_text())
    named = set()
    for entry in lock["packages"].values():
        if "://" not in entry["file_name"]:
            named.add(entry["file_name"])
            verify(folder / entry["file_name"], entry["sha256"], "the site's pyodide-lock.json")
    strays = {path.name for path in folder.glob("*.whl")} - named
    if strays:
        raise ExplorerError(
            f"No package of the lock uses {', '.join(sorted(strays))}; rebuild after `make clean`."
        )


def check_engine(folder: Path) -> None:
    """Raises `ExplorerError` where an extension, or DuckDB's WebAssembly, is not what it is made of."""
    versions = json.loads(ENGINE_VERSIONS.read_text())
    extensions = folder / "extensions" / f"v{versions['duckdb']}" / versions["platform"]
    for name, expected in versions["extensions"].items():
        verify(extensions / f"{name}.duckdb_extension.wasm", expected, "build/engine/versions.json")
    wasm = duckdb_wasm()
    signed = [file.read_bytes() for file in extensions.iterdir()]
    if (folder / wasm.name).read_bytes() != trim(wasm.read_bytes(), signed):
        raise ExplorerError(
            f"{folder / wasm.name} is not {wasm.name} as installed, trimmed; rebuild after `make clean`."
        )


def check_packed(wasm: Path) -> None:
    """Raises `ExplorerError` where the packed form beside a file, if there is one, holds something else."""
    packed = wasm.with_suffix(SUFFIX)
    if packed.exists() and unpack(packed) != wasm.read_bytes():
        raise ExplorerError(f"{packed} is not {wasm.name}, packed; rebuild after `make clean`.")


def _check_extensions(site: Path) -> None:
    config = json.loads((site / "jupyter-lite.json").read_text())["jupyter-config-data"]
    loaded = {entry["name"]: entry["load"] for entry in config["federated_extensions"]}
    for name in [labextension_name(), sqlkernel_name(), *loaded]:
        if name not in loaded or not (site / "extensions" / name / loaded[name]).is_file():
            raise ExplorerError(f"The site does not have {name}; rebuild after `make clean`.")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update(value for name, value in attrs if name in {"href", "src"} and value)


def _check_links(site: Path, page: Path) -> None:
    links = _Links()
    links.feed(page.read_text())
    for link in sorted(links.found):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not parts.path:
            continue
        if not (page.parent / unquote(parts.path)).exists():
            raise ExplorerError(f"{page.relative_to(site)} links to {link}, which is not in the site.")
        query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        if "path" in query and not (site / "files" / unquote(query["path"])).is_file():
            raise ExplorerError(f"{page.relative_to(site)} opens {query['path']}, which is not in content/.")
