"""What is declared once in each language is the same everywhere."""

import json
import re
import tarfile
from importlib.metadata import version
from pathlib import Path

import duckdb
import jupyterlite_core
from futures_explorer.project import ROOT
from futures_explorer.site.hashes import locked_hashes
from futures_explorer.site.lock import MARKERS
from futures_explorer.site.wheels import ENGINE_VERSIONS, KERNEL_PLATFORM, KERNEL_PYTHON
from jupyterlite_pyodide_kernel.constants import PYODIDE_PYTHON_VERSION, PYODIDE_VERSION

ENGINE = json.loads(ENGINE_VERSIONS.read_text())
NPM = json.loads((ROOT / "package-lock.json").read_text())["packages"]


def test_pyodide_is_the_one_that_the_kernel_expects():
    assert NPM["node_modules/pyodide"]["version"] == PYODIDE_VERSION


def test_the_kernels_python_and_platform_are_those_of_pyodides_lock():
    info = json.loads((ROOT / "node_modules/pyodide/pyodide-lock.json").read_text())["info"]
    assert info["python"] == MARKERS["python_full_version"]
    assert MARKERS["python_version"] == KERNEL_PYTHON == PYODIDE_PYTHON_VERSION
    assert f"pyemscripten_{info['abi_version']}_{info['arch']}" == KERNEL_PLATFORM


def test_native_duckdb_is_the_engines_version():
    assert duckdb.__version__ == ENGINE["duckdb"]


def test_the_engines_wasm_reports_the_declared_duckdb_version():
    wasm = ROOT / "node_modules/@duckdb/duckdb-wasm/dist" / ENGINE["wasm"]["file"]
    assert f"v{ENGINE['duckdb']}".encode() in wasm.read_bytes()


def test_package_json_and_its_lock_agree():
    for folder in ("", "build/engine", "build/labextension"):
        package = json.loads((ROOT / folder / "package.json").read_text())
        for section in ("dependencies", "devDependencies"):
            assert NPM[folder].get(section, {}) == package.get(section, {})
            for name, wanted in package.get(section, {}).items():
                assert re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", wanted), f"{name} {wanted} is a range"


def test_the_extension_is_checked_against_the_jupyterlab_that_runs():
    (archive,) = Path(jupyterlite_core.__file__).parent.glob("jupyterlite-app-*.tgz")
    with tarfile.open(archive) as packed:
        config = json.load(packed.extractfile("package/jupyter-lite.json"))["jupyter-config-data"]
    for package in ("application", "notebook"):
        runs = config["versionInfo"]["@jupyterlab/application"]["version"]
        assert NPM[f"node_modules/@jupyterlab/{package}"]["version"] == runs


def test_lock_files_name_no_registry():
    texts = [path.read_text() for path in (*ROOT.glob("requirements*.txt"), ROOT / "package-lock.json")]
    addresses = [
        line
        for text in texts
        for line in text.splitlines()
        if "https://registry" in line or "index-url" in line
    ]
    assert addresses == []


def test_the_installed_jupyterlite_is_the_locked_one():
    locked = (ROOT / "requirements.txt").read_text()
    for name in ("jupyterlite-core", "jupyterlite-pyodide-kernel"):
        assert f"{name}=={version(name)}" in locked


def test_every_locked_distribution_has_a_hash():
    for path in ROOT.glob("requirements*.txt"):
        assert all(locked_hashes(path).values()), path.name
