"""The runtime: everything under `static/` that runs in the visitor's browser, and `static/runtime.json`.

`runtime.json` tells the kernel where the engine and the data are, relative to the site's base:
`{"engine": "static/engine-…/engine.js", "pyodide": "static/pyodide-…/", "kernel": "static/start-…/kernel.mjs",
"data": "data/", "sql": "static/sql-…/", "environment": "…", "python": "3.14.2", "duckdb": "1.5.1"}`, where the environment
is a hash of the kernel's lock, and so of every package that a notebook can import.
"""

import json
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL, PYODIDE_VERSION

from futures_explorer.errors import ExplorerError
from futures_explorer.files import file_sha256
from futures_explorer.project import ROOT
from futures_explorer.site import npm, prepare, wheels
from futures_explorer.site.hashes import verify
from futures_explorer.site.lock import write_lock
from futures_explorer.site.packed import packed
from futures_explorer.site.phases import files_below, fingerprint, phase
from futures_explorer.site.sqlkernel import write_sql
from futures_explorer.site.start import write_kernel
from futures_explorer.site.trim import trimmed

NODE_MODULES = ROOT / "node_modules"
ENGINE = ROOT / "build" / "engine"
KERNEL = ROOT / "build" / "kernel"
#: What Pyodide itself consists of, in its npm package.
PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
PYODIDE_WASM = NODE_MODULES / "pyodide" / "pyodide.asm.wasm"
STDLIB = "python_stdlib.zip"
DATA = "data/"
#: The kernel's own wheels, in jupyterlite-pyodide-kernel's front-end extension.
KERNEL_EXTENSION = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension"
KERNEL_EXTENSION_WHEELS = ("ipykernel", "piplite", "pyodide_kernel")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Runtime:
    """A built runtime: `folder` becomes the site's `static/`; the rest is runtime.json."""

    folder: Path
    pyodide: str
    engine: str
    kernel: str
    data: str
    sql: str
    environment: str
    python: str
    duckdb: str


def build_runtime(start: Path, sqlkernel: Path, say: Say) -> Runtime:
    """Builds (or finds unchanged) Pyodide with its packages and lock, and the engine with its extensions.

    `start` and `sqlkernel` are the folders with the bundles of build/start and build/sqlkernel.
    """
    with ThreadPoolExecutor() as side:
        packages = side.submit(kernel_packages, say)
        signed = side.submit(_extensions, say)
        bundled = side.submit(_engine_bundle, say)
        python = side.submit(packed, PYODIDE_WASM, say)
        duckdb = side.submit(lambda: engine_wasm(signed.result(), say))
        own = _own_packages(say)
        downloaded, compiled = packages.result()
        extensions, bundle = signed.result(), bundled.result()
        python, duckdb = python.result(), duckdb.result()
    wheels.verify_kernel_wheels(downloaded)

    def assemble(into: Path) -> None:
        pyodide = assemble_pyodide(into, compiled, own, python)
        engine = assemble_engine(into, bundle, extensions, *duckdb)
        runtime = {
            "engine": f"static/{engine}/engine.js",
            "pyodide": f"static/{pyodide}/",
            "kernel": f"static/{write_kernel(into, start, pyodide, engine, DATA)}",
            "data": DATA,
            "sql": f"static/{write_sql(into, sqlkernel)}/",
            "environment": file_sha256(into / pyodide / "pyodide-lock.json")[:12],
            "python": json.loads((into / pyodide / "pyodide-lock.json").read_text())["info"]["python"],
            "duckdb": json.loads(wheels.ENGINE_VERSIONS.read_text())["duckdb"],
        }
        (into / "runtime.json").write_text(json.dumps(runtime, indent=1) + "\n")

    folders = (compiled, own, bundle, extensions, start, sqlkernel)
    parts = [python, *duckdb, *(path for folder in folders for path in files_below(folder))]
    folder = phase(
        "runtime",
        [*parts, *files_below(Path(__file__).parent), ROOT / "package-lock.json", PYODIDE_VERSION],
        assemble,
        say=say,
        doing="Putting the runtime together",
    )
    return Runtime(folder, **json.loads((folder / "runtime.json").read_text()))


def kernel_packages(say: Say) -> tuple[Path, Path]:
    """The wheels that others wrote: as downloaded, and as the site serves them."""
    downloaded = phase(
        "kernel-wheels",
        [*wheels.KERNEL_LOCKS, Path(wheels.__file__)],
        wheels.download_kernel_wheels,
        say=say,
        doing="Downloading the kernel's packages",
    )
    extension = Path(sys.prefix) / KERNEL_EXTENSION / "static" / "pypi"
    kernel = [path for path in extension.glob("*.whl") if path.name.split("-")[0] in KERNEL_EXTENSION_WHEELS]
    wheels_to_prepare = sorted([*files_below(downloaded), *kernel])
    prepared = phase(
        "prepared-wheels",
        [*wheels_to_prepare, Path(prepare.__file__)],
        lambda into: prepare.prepare_wheels(wheels_to_prepare, into),
        say=say,
        doing="Preparing the kernel's packages for the browser",
    )
    return downloaded, _compiled("compiled-wheels", prepared, "started", "the kernel's packages", say)


def own_wheels(say: Say) -> Path:
    """The folder with the wheels of build/kernel."""
    return phase(
        "own-wheels",
        [*files_below(KERNEL), Path(wheels.__file__)],
        wheels.build_own_wheels,
        say=say,
        doing="Building the notebook's Python packages",
    )


def _own_packages(say: Say) -> Path:
    return _compiled("compiled-own-wheels", own_wheels(say), "all", "the notebook's packages", say)


def duckdb_wasm() -> Path:
    """DuckDB's WebAssembly as installed, which the hash in build/engine/versions.json is of. Raises `ExplorerError`."""
    wasm = json.loads(wheels.ENGINE_VERSIONS.read_text())["wasm"]
    file = NODE_MODULES / "@duckdb" / "duckdb-wasm" / "dist" / wasm["file"]
    verify(file, wasm["sha256"], "build/engine/versions.json")
    return file


def engine_wasm(extensions: Path, say: Say) -> tuple[Path, Path]:
    """What the engine runs, for the extensions of that folder: DuckDB's WebAssembly, trimmed, and the same packed."""
    plain = trimmed(duckdb_wasm(), extensions, say)
    return plain, packed(plain, say)


def engine_parts(say: Say) -> tuple[Path, Path]:
    """The folders with the engine's signed extensions and with its bundle, for `assemble_engine`."""
    return _extensions(say), _engine_bundle(say)


def _extensions(say: Say) -> Path:
    return phase(
        "extensions",
        [wheels.ENGINE_LOCK, wheels.ENGINE_VERSIONS, Path(wheels.__file__)],
        wheels.download_extensions,
        say=say,
        doing="Downloading DuckDB's signed extensions",
    )


def _engine_bundle(say: Say) -> Path:
    return phase(
        "engine-bundle",
        [*files_below(ENGINE), ROOT / "package-lock.json", ROOT / "package.json"],
        lambda into: npm.bundle("build:engine", into, "The engine"),
        say=say,
        doing="Bundling the engine",
    )


def _compiled(name: str, source: Path, modules: str, what: str, say: Say) -> Path:
    """The wheels of the folder `source`, compiled (see `prepare.compile_wheels`). Returns their folder."""
    return phase(
        name,
        [*files_below(source), *prepare.COMPILER, PYODIDE_VERSION],
        lambda into: prepare.compile_wheels(source, into, modules),
        say=say,
        doing=f"Compiling {what}",
    )


def assemble_engine(into: Path, bundle: Path, extensions: Path, *wasm: Path) -> str:
    """Puts the engine's files, the extensions checked against their hashes, into a new folder of `into`. Returns its name.

    `wasm` is its WebAssembly: plain, and for a site whose pages choose also packed (`engine_wasm`).
    """
    versions = json.loads(wheels.ENGINE_VERSIONS.read_text())
    for name, expected in versions["extensions"].items():
        file = extensions / f"v{versions['duckdb']}" / versions["platform"] / f"{name}.duckdb_extension.wasm"
        verify(file, expected, "build/engine/versions.json")
    folder = f"engine-{versions['duckdb']}-{fingerprint([*files_below(bundle), *wasm])[:8]}"
    shutil.copytree(bundle, into / folder)
    shutil.copytree(extensions, into / folder / "extensions")
    for file in wasm:
        shutil.copyfile(file, into / folder / file.name)
    return folder


def assemble_pyodide(into: Path, compiled: Path, own: Path, packed: Path) -> str:
    source = NODE_MODULES / "pyodide"
    installed = json.loads((source / "package.json").read_text())["version"]
    if installed != PYODIDE_VERSION:
        raise ExplorerError(
            f"The kernel expects Pyodide {PYODIDE_VERSION}; package.json installs {installed}. Make them agree."
        )
    scratch = into / "pyodide"
    scratch.mkdir()
    for name in PYODIDE_FILES:
        shutil.copyfile(source / name, scratch / name)
    shutil.copyfile(packed, scratch / packed.name)
    # The standard library comes compiled, too.
    shutil.copyfile(compiled / STDLIB, scratch / STDLIB)
    served = []
    for wheel in sorted([*compiled.glob("*.whl"), *own.glob("*.whl")]):
        served.append(scratch / wheel.name)
        shutil.copyfile(wheel, served[-1])
    lock = scratch / "pyodide-lock.json"
    write_lock(served, source / "pyodide-lock.json", PYODIDE_CDN_URL, lock)
    # The lock names every wheel's hash, so the name changes whenever anything in this folder does.
    folder = f"pyodide-{PYODIDE_VERSION}-{fingerprint([lock, scratch / STDLIB, packed])[:8]}"
    scratch.rename(into / folder)
    return folder
