"""How a page starts: build/start, put into JupyterLite's pages and in front of its kernel."""

import base64
import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from futures_explorer.errors import ExplorerError
from futures_explorer.project import ROOT
from futures_explorer.site import npm
from futures_explorer.site.cells import SQL
from futures_explorer.site.gallery import read_gallery
from futures_explorer.site.lock import PRELOADED
from futures_explorer.site.packed import pack
from futures_explorer.site.phases import files_below, fingerprint, phase
from futures_explorer.site.sqlkernel import PLUGIN

START = ROOT / "build" / "start"
INDICATOR = START / "src" / "indicator.html"
#: Imported when the site is built: what the first results need. For the rest Python's files are fetched.
IMPORTED = (
    *("pyodide_kernel", "piplite.piplite", "IPython.core.logger"),
    *("duckdb", "binance_futures._upstream", "duckdb_wasm.bridge", "duckdb_wasm.waiting"),
    *("duckdb_wasm.results.arrow", "duckdb_wasm.results.box"),
    *("bdb", "hashlib", "pyodide.http", "explorer_startup._streams"),
)
#: Imported in the browser: packages with WebAssembly of their own, and what of them a result needs.
IMPORTED_LATE = {"nanoarrow": "nanoarrow.ipc"}
#: Starts Python once, when the site is built.
STARTER = Path(__file__).with_name("memory_image.mjs")

#: The kernel extension's scripts, and what is changed in them: (file, from, to), `from` being there exactly once.
EXTENSION = "extensions/@jupyterlite/pyodide-kernel-extension/static"
WORKER = "comlink.worker.*.js"
_MAKES_WORKER = 'let t=e=>new Worker(e,{type:"module"});'
_TAKES_WORKER = 'let t=e=>globalThis.explorerKernelWorker?.(e)??new Worker(e,{type:"module"});'
#: Stands in a page's settings for the id of the build, which is known when everything else is there (manifest.py).
BUILD_ID = "build-id-of-this-site"
#: Where kernel.mjs does not come, the page is told: nothing else would tell it.
_WORKER_BEGINS = (
    "self.name&&import(self.name).catch(e=>postMessage({explorerStart:{failed:"
    "`Python could not start: ${e.message}.`}}));\n"
)


def build_start(say: Callable[[str], None]) -> Path:
    """Bundles (or finds unchanged) build/start. Returns the folder with its scripts."""
    return phase(
        "start",
        [*files_below(START), ROOT / "package-lock.json", ROOT / "package.json"],
        lambda into: npm.bundle("build:start", into, "The start of the pages"),
        say=say,
        doing="Bundling the start of the pages",
    )


def write_kernel(into: Path, bundle: Path, pyodide: str, engine: str, data: str) -> str:
    """Writes kernel.mjs, bridge.mjs and the memory image into a folder below `into`.

    Returns the path of kernel.mjs; all paths are from `static/` on.
    """
    folder = into / "start"
    folder.mkdir()
    write_memory_image(into / pyodide, folder)
    settings = {
        "pyodide": f"static/{pyodide}/",
        "packages": PRELOADED,
        "imports": IMPORTED,
        "lateImports": [*IMPORTED_LATE.values()],
        "image": {
            name: {"integrity": _integrity(file), "size": file.stat().st_size}
            for name, file in ((name, folder / f"{name}.bin") for name in ("memory", "files"))
        },
        "engine": f"static/{engine}/engine.js",
        "data": data,
    }
    texts = {name: _with_settings(settings, bundle / name) for name in ("kernel.mjs", "bridge.mjs")}
    for file, text in texts.items():
        (folder / file).write_text(text)
    name = f"start-{fingerprint([*texts.values()])[:8]}"  # the image's hashes are in them
    folder.rename(into / name)
    return f"{name}/kernel.mjs"


def write_memory_image(pyodide: Path, into: Path) -> None:
    """Writes memory.bin and files.bin (build/start/README.md): Python, started from the site's folder `pyodide`.

    Raises `ExplorerError`.
    """
    lists = [json.dumps([*names]) for names in (PRELOADED, IMPORTED_LATE, IMPORTED)]
    done = subprocess.run(
        ["node", str(STARTER), str(pyodide), str(into), *lists], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise ExplorerError(
            f"Python could not be started for its memory image:\n{done.stderr.strip()[-2000:]}"
        )
    memory = into / "memory.bin"
    memory.write_bytes(pack(memory.read_bytes()))


def _integrity(file: Path) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(file.read_bytes()).digest()).decode()}"


def _with_settings(settings: dict, script: Path) -> str:
    return f"const EXPLORER={json.dumps(settings, separators=(',', ':'))};{script.read_text()}"


def start_pages(site: Path, apps: tuple[str, ...], bundle: Path, kernel: str) -> None:
    """Makes the pages of `apps` say what they are loading, and start the kernel meanwhile.

    `kernel` is the path of kernel.mjs in the site. Raises `ExplorerError` where JupyterLite's files have changed.
    """
    extension = site / EXTENSION
    (worker,) = extension.glob(WORKER)
    worker.write_text(_WORKER_BEGINS + worker.read_text())
    makers = [path for path in extension.glob("*.js") if _MAKES_WORKER in path.read_text()]
    if len(makers) != 1 or makers[0].read_text().count(_MAKES_WORKER) != 1:
        raise ExplorerError(
            f"The kernel extension was expected to hold {_MAKES_WORKER!r} once, found it in "
            f"{[path.name for path in makers]}; see {Path(__file__).name}."
        )
    makers[0].write_text(makers[0].read_text().replace(_MAKES_WORKER, _TAKES_WORKER))
    # JupyterLite's service worker goes on doing what it does, behind ours.
    theirs = site / "service-worker.js"
    theirs.write_text((bundle / "service-worker.js").read_text() + theirs.read_text())
    lite = json.loads((site / "jupyter-lite.json").read_text())["jupyter-config-data"]
    settings = {
        "kernel": kernel,
        "worker": worker.relative_to(site).as_posix(),
        "appVersion": lite["appVersion"],
        "build": BUILD_ID,
        "starters": [entry.name for entry in read_gallery()],
        "sql": [entry.name for entry in read_gallery() if entry.kernel == SQL],
        **{part: lite["litePluginSettings"][PLUGIN][part] for part in ("engine", "data")},
    }
    script = _with_settings(settings, bundle / "page.js").replace("</", "<\\/")
    # In a block: what it declares is not the page's.
    inserted = f"{INDICATOR.read_text()}<script>{{{script}}}</script>\n"
    for app in apps:
        page = site / app / "index.html"
        text, count = re.subn(
            r"(<body[^>]*>\n)", lambda match: match[1] + inserted, page.read_text(), count=1
        )
        if count != 1:
            raise ExplorerError(f"{page} has no <body>: JupyterLite's pages have changed.")
        page.write_text(text)
