"""The addon for other JupyterLite sites: build/addon with engine, SQL kernel and wheels, as one wheel to install."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from futures_explorer.errors import ExplorerError
from futures_explorer.project import ROOT
from futures_explorer.site.runtime import (
    assemble_engine,
    duckdb_wasm,
    engine_parts,
    kernel_packages,
    own_wheels,
)
from futures_explorer.site.sqlkernel import build_sqlkernel
from futures_explorer.site.trim import trimmed

ADDON = ROOT / "build" / "addon"
#: What the site's own `%pip install duckdb` needs beside Pyodide's packages.
WHEELS = ("duckdb", "nanoarrow")

Say = Callable[[str], None]


def build_addon(out: Path, say: Say) -> Path:
    """Builds the wheel of `jupyterlite-duckdb` into `out`. Returns its path. Raises `ExplorerError`."""
    extensions, bundle = engine_parts(say)
    wheels = [*kernel_packages(say)[0].glob("*.whl"), *own_wheels(say).glob("*.whl")]
    labextension = build_sqlkernel(say) / "extension"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "addon"
        shutil.copytree(ADDON, folder, ignore=shutil.ignore_patterns("__pycache__"))
        site = folder / "jupyterlite_duckdb" / "site"
        (site / "pypi").mkdir(parents=True)
        assemble_engine(site, bundle, extensions, trimmed(duckdb_wasm(), extensions, say))
        for name in WHEELS:
            (wheel,) = (path for path in wheels if path.name.split("-")[0] == name)
            shutil.copyfile(wheel, site / "pypi" / wheel.name)
        shutil.copytree(_packaged(labextension), folder / "labextension")
        say("Building jupyterlite-duckdb …")
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
        built = Path(scratch) / "built"
        done = subprocess.run(
            [*command, "--wheel-dir", str(built), str(folder)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ExplorerError(f"jupyterlite-duckdb could not be built:\n{done.stderr.strip()}")
        (wheel,) = built.glob("*.whl")
        out.mkdir(parents=True, exist_ok=True)
        return Path(shutil.move(wheel, out / wheel.name))


def _packaged(extension: Path) -> Path:
    """The folder with the extension's package.json."""
    return next(extension.rglob("package.json")).parent
