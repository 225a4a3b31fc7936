"""JupyterLite: the apps, the kernel and the notebooks, configured for the runtime that the site serves."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from futures_explorer.errors import ExplorerError
from futures_explorer.project import ROOT
from futures_explorer.site.chunks import CHUNKS, join_chunks
from futures_explorer.site.chunks import __file__ as chunks_module
from futures_explorer.site.gallery import GALLERY
from futures_explorer.site.lock import LATER, PRELOADED
from futures_explorer.site.phases import files_below, phase
from futures_explorer.site.runtime import KERNEL_EXTENSION, Runtime
from futures_explorer.site.sqlkernel import PLUGIN as SQL_PLUGIN
from futures_explorer.site.sqlkernel import __file__ as sqlkernel_module
from futures_explorer.site.sqlkernel import sqlkernel_settings
from futures_explorer.site.start import INDICATOR, start_pages
from futures_explorer.site.start import __file__ as start_module

CONTENT = ROOT / "content"
CONFIG = (ROOT / "jupyter_lite_config.json", ROOT / "jupyter-lite.json")
KERNEL_PLUGIN = "@jupyterlite/pyodide-kernel-extension:kernel"
#: What a browser that installs the site is told of it; in place of JupyterLite's.
APP = ROOT / "build/start/manifest.webmanifest"
#: The apps' pages, as JupyterLite lays them out.
APPS = ("lab", "notebooks", "repl", "tree")
TITLE = "Binance Futures Availability Explorer"
#: It brings back a workspace's tabs, which a page with one notebook does not have, and holds that notebook up for a
#: second: JupyterLab saves the workspace, in two rounds of half a second, before it opens what the address names.
NOTEBOOKS_DISABLED = ("@jupyterlite/application-extension:resolver",)
#: What JupyterLite's archive holds for its own developers.
NOT_PUBLISHED = ("doc", "rspack.config*.js", "package.json", "index.html")


def build_lite(runtime: Runtime, extensions: list[Path], start: Path, say: Callable[[str], None]) -> Path:
    """Builds (or finds unchanged) the JupyterLite part of the site, with our extensions. Returns its folder.

    `start` is the folder with the bundle of build/start.
    """

    def build(into: Path) -> None:
        _jupyter_lite_build(into, [Path(sys.prefix) / KERNEL_EXTENSION, *extensions])
        for pattern in NOT_PUBLISHED:
            for path in into.glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        _point_kernels_at(runtime, into / "jupyter-lite.json")
        _disable(NOTEBOOKS_DISABLED, into / "notebooks/jupyter-lite.json")
        join_chunks(into)
        for app in APPS:
            _brand(into / app / "index.html")
        start_pages(into, APPS, start, runtime.kernel)
        shutil.copyfile(APP, into / APP.name)

    inputs = [APP, GALLERY, *CONFIG, *files_below(CONTENT, *extensions, start), INDICATOR]
    inputs += [
        Path(__file__),
        Path(start_module),
        Path(chunks_module),
        Path(sqlkernel_module),
        CHUNKS,
        runtime.kernel,
        runtime.environment,
    ]
    versions = [version("jupyterlite-core"), version("jupyterlite-pyodide-kernel")]
    return phase("lite", [*inputs, *versions], build, say=say, doing="Building JupyterLite")


def _jupyter_lite_build(into: Path, extensions: list[Path]) -> None:
    scratch = into / ".scratch"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "jupyterlite_core", "build"),
            *("--lite-dir", str(ROOT), "--output-dir", str(into), f"--LiteBuildConfig.cache_dir={scratch}"),
            # Only these extensions: not whatever else this machine's Python brings along.
            "--ignore-sys-prefix",
            *(f"--LiteBuildConfig.federated_extensions={extension}" for extension in extensions),
        ],
        cwd=ROOT,
        # Fixed times make the listing of the notebooks the same on every machine.
        env={**os.environ, "SOURCE_DATE_EPOCH": "1577836800"},
        capture_output=True,
        text=True,
    )
    shutil.rmtree(scratch, ignore_errors=True)
    (ROOT / ".jupyterlite.doit.db").unlink(missing_ok=True)
    if done.returncode:
        raise ExplorerError(f"JupyterLite could not be built:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")


def _point_kernels_at(runtime: Runtime, config: Path) -> None:
    settings = json.loads(config.read_text())
    plugins = settings["jupyter-config-data"].setdefault("litePluginSettings", {})
    plugins[KERNEL_PLUGIN] = {
        # Not Pyodide itself but what starts it (build/start/src/kernel.ts); the packages are those that the
        # kernel is not to install by itself.
        "pyodideUrl": f"./{runtime.kernel}",
        "loadPyodideOptions": {"packages": [*PRELOADED, *LATER]},
    }
    plugins[SQL_PLUGIN] = sqlkernel_settings(runtime.engine, runtime.data, runtime.sql, runtime.duckdb)
    config.write_text(json.dumps(settings, indent=1) + "\n")


def _disable(plugins: tuple[str, ...], config: Path) -> None:
    settings = json.loads(config.read_text())
    settings["jupyter-config-data"]["disabledExtensions"] = plugins
    config.write_text(json.dumps(settings, indent=1) + "\n")


def _brand(page: Path) -> None:
    """Gives an app's page the site's title and icon; without an icon browsers ask the host's root for one."""
    text = page.read_text()
    title = re.sub(r"<title>.*?</title>", f"<title>{TITLE}</title>", text, count=1)
    if title == text:
        raise ExplorerError(
            f"{page} has no <title>: JupyterLite's pages have changed; see {Path(__file__).name}."
        )
    icon = '<link rel="icon" href="../favicon.svg" type="image/svg+xml">'
    page.write_text(title.replace("</title>", f"</title>\n    {icon}", 1))
