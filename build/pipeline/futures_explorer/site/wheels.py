"""Wheels: those that the notebook's kernel runs, and the one that carries DuckDB-WASM's extensions."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from packaging.utils import canonicalize_name, parse_wheel_filename

from futures_explorer.errors import ExplorerError
from futures_explorer.project import ROOT
from futures_explorer.site.hashes import locked_hashes, verify

#: What `pip` is told about the platform on which the kernel runs.
KERNEL_PYTHON = "3.14"
KERNEL_PLATFORM = "pyemscripten_2026_0_wasm32"

#: What the kernel can load: this site's choice, and upstream's own package without its dependencies.
KERNEL_LOCKS = (ROOT / "requirements-kernel.txt", ROOT / "requirements-upstream.txt")
ENGINE_LOCK = ROOT / "requirements-engine.txt"
ENGINE_VERSIONS = ROOT / "build" / "engine" / "versions.json"

#: Distributions that have no wheel for the kernel's platform. Their sdist, built without a C compiler, is pure.
SDIST_ONLY = ("markupsafe",)


def _pip(*arguments: str, env: dict[str, str] | None = None) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(env or {})})
    if done.returncode:
        raise ExplorerError(f"pip could not {arguments[0]} what the site needs:\n{done.stderr.strip()}")


def download_kernel_wheels(into: Path) -> None:
    """Fills `into` with every wheel of KERNEL_LOCKS, each checked against its hash there."""
    lines = [line for lock in KERNEL_LOCKS for line in lock.read_text().replace("\\\n", " ").splitlines()]
    requirements = {canonicalize_name(line.split("==")[0]): line for line in lines if "==" in line}
    with tempfile.TemporaryDirectory() as scratch:
        wheels, sdists = Path(scratch) / "wheels.txt", Path(scratch) / "sdists.txt"
        wheels.write_text("\n".join(line for name, line in requirements.items() if name not in SDIST_ONLY))
        sdists.write_text("\n".join(requirements[name] for name in SDIST_ONLY))
        _pip(
            *("download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"),
            *("--platform", KERNEL_PLATFORM, "--platform", "any"),
            *("--python-version", KERNEL_PYTHON, "--implementation", "cp", "--abi", "cp314", "--abi", "none"),
            *("--dest", str(into), "--requirement", str(wheels)),
        )
        sources = Path(scratch) / "sources"
        _pip(
            *(
                "download",
                "--quiet",
                "--no-deps",
                "--require-hashes",
                "--no-binary=:all:",
                "--no-build-isolation",
            ),
            *("--dest", str(sources), "--requirement", str(sdists)),
        )
        for sdist in sources.iterdir():
            _build_pure_wheel(sdist, into)
    verify_kernel_wheels(into)


def _build_pure_wheel(source: Path, into: Path) -> None:
    """Builds a `py3-none-any` wheel, the same bytes on every machine, from an sdist or a project folder."""
    with tempfile.TemporaryDirectory() as scratch:
        _pip(
            *("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", scratch, str(source)),
            # A compiler that always fails makes setuptools leave out the optional C speed-ups.
            env={"CC": "/bin/false", "SOURCE_DATE_EPOCH": "1577836800", "PYTHONHASHSEED": "0"},
        )
        (built,) = Path(scratch).glob("*.whl")
        name, version, *_ = parse_wheel_filename(built.name)
        pure = into / f"{str(name).replace('-', '_')}-{version}-py3-none-any.whl"
        _retag(built, pure)


def _retag(built: Path, pure: Path) -> None:
    """Copies a wheel whose code is pure Python under the tag py3-none-any, with fixed times and order."""
    with zipfile.ZipFile(built) as source, zipfile.ZipFile(pure, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            if name.endswith((".so", ".pyd", ".c", ".pyi")):
                if name.endswith((".so", ".pyd")):
                    raise ExplorerError(f"{built.name} was expected to be pure Python; it holds {name}.")
                continue
            data = source.read(name)
            if name.endswith(".dist-info/WHEEL"):
                kept = [
                    line for line in data.decode().splitlines() if not line.startswith(("Tag:", "Root-Is-"))
                ]
                data = "\n".join([*kept, "Root-Is-Purelib: true", "Tag: py3-none-any", ""]).encode()
            if name.endswith(".dist-info/RECORD"):
                data = b""
            target.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def verify_kernel_wheels(folder: Path) -> None:
    """Checks each downloaded wheel in `folder` against KERNEL_LOCKS, and that none is missing.

    Raises `ExplorerError`. Wheels built here from a checked sdist are exempt: their bytes are ours.
    """
    locked = {
        name: (hashes, lock.name) for lock in KERNEL_LOCKS for name, hashes in locked_hashes(lock).items()
    }
    found = {canonicalize_name(parse_wheel_filename(path.name)[0]): path for path in folder.glob("*.whl")}
    missing = sorted(set(locked) - set(found))
    if missing:
        raise ExplorerError(
            f"{locked[missing[0]][1]} names {', '.join(missing)}, but no such wheel was downloaded into {folder}."
        )
    for name, path in found.items():
        if name not in SDIST_ONLY:
            verify(path, *locked[name])


def build_own_wheels(into: Path) -> None:
    """Builds the wheels of build/kernel, one for each folder that has a pyproject.toml."""
    for project in sorted((ROOT / "build" / "kernel").glob("*/pyproject.toml")):
        _pip(
            *("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(into)),
            str(project.parent),
            env={"SOURCE_DATE_EPOCH": "1577836800"},
        )


def download_extensions(into: Path) -> None:
    """Fills `into` with DuckDB-WASM's official signed extensions, as `v<duckdb>/<platform>/<name>.duckdb_extension.wasm`.

    They are taken out of the wheel in requirements-engine.txt and checked against build/engine/versions.json.
    """
    versions = json.loads(ENGINE_VERSIONS.read_text())
    folder = f"v{versions['duckdb']}/{versions['platform']}"
    with tempfile.TemporaryDirectory() as scratch:
        _pip(
            *("download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"),
            *("--dest", scratch, "--requirement", str(ENGINE_LOCK)),
        )
        (wheel,) = Path(scratch).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for name, expected in versions["extensions"].items():
                file = f"{name}.duckdb_extension.wasm"
                target = into / folder / file
                target.parent.mkdir(parents=True, exist_ok=True)
                member = next((n for n in archive.namelist() if n.endswith(f"{folder}/{file}")), None)
                if member is None:
                    raise ExplorerError(f"{wheel.name} holds no {folder}/{file}; see {ENGINE_LOCK.name}.")
                with archive.open(member) as source, target.open("wb") as sink:
                    shutil.copyfileobj(source, sink)
                verify(target, expected, "build/engine/versions.json")
