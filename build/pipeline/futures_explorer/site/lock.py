"""Pyodide's lock file: which packages the kernel can load, from where, and with which hash.

The format is that of https://pypi.org/project/pyodide-lock/. Packages of the kernel's requirements files, of
jupyterlite-pyodide-kernel and of build/kernel are served by the site, beside the lock. All others keep the
address and hash of Pyodide's own distribution, and are fetched only when a visitor imports one.
"""

import email.parser
import json
import zipfile
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from futures_explorer.errors import ExplorerError
from futures_explorer.files import file_sha256

#: How the kernel's platform answers the questions that a wheel's dependency markers ask.
MARKERS = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "wasm32",
    "platform_python_implementation": "CPython",
    "platform_system": "Emscripten",
    "python_full_version": "3.14.2",
    "python_version": "3.14",
    "sys_platform": "emscripten",
    "extra": "",
}

#: What every kernel needs before its first cell; loaded side by side with the interpreter.
PRELOADED = (
    "ipykernel",
    "comm",
    "pyodide-kernel",
    "ipython",
    "piplite",
    "duckdb",
    "binance-futures",
    "explorer-startup",
)
#: What the kernel would fetch at its start, too, and is loaded when it is first used: completion and %pip.
LATER = ("jedi", "micropip")

#: Dependencies that a wheel's metadata denies for this Python.
UNDECLARED = {"altair": ("typing-extensions",)}  # 5.5.0 imports it on every Python
#: Dependencies that a notebook does not have: a terminal, and pyarrow, which has no wheel for the kernel and which
#: upstream's package never imports (a script beside it does). For jedi, see LATER.
UNUSED = {"ipython": ("prompt-toolkit", "jedi"), "binance-futures-availability": ("pyarrow",)}


def lock_entry(wheel: Path) -> dict:
    """The lock's entry for a wheel that lies beside the lock file: name, version, hash, imports, dependencies."""
    name, version, *_ = parse_wheel_filename(wheel.name)
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (n for n in names if n.endswith(".dist-info/METADATA") and n.count("/") == 1)
        fields = email.parser.Parser().parsestr(archive.read(metadata).decode())
    requirements = [Requirement(text) for text in fields.get_all("Requires-Dist", [])]
    depends = {
        canonicalize_name(r.name) for r in requirements if r.marker is None or r.marker.evaluate(MARKERS)
    }
    depends.update(UNDECLARED.get(name, ()))
    depends.difference_update(UNUSED.get(name, ()))
    return {
        "name": str(name),
        "version": str(version),
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": file_sha256(wheel),
        "package_type": "package",
        "imports": sorted(_top_level_modules(names)),
        "depends": sorted(depends),
        "unvendored_tests": False,
    }


def _top_level_modules(names: list[str]) -> set[str]:
    modules = set()
    for name in names:
        first, _, rest = name.partition("/")
        if first.endswith((".dist-info", ".data")):
            continue
        if rest and name.endswith((".py", ".pyc", ".so")):
            modules.add(first)
        elif not rest and first.endswith((".py", ".pyc")):
            modules.add(first.partition(".")[0])
    return modules


def write_lock(wheels: list[Path], pyodide_lock: Path, cdn: str, target: Path) -> None:
    """Writes the lock for `wheels`, which lie in the folder of `target`, over Pyodide's own lock.

    `cdn` is the address at which Pyodide's own packages live. Raises `ExplorerError` where something that the
    site preloads, or any wheel that it serves, depends on a package that it does not serve.
    """
    upstream = json.loads(pyodide_lock.read_text())
    packages = {}
    for key, entry in upstream["packages"].items():
        packages[canonicalize_name(key)] = {**entry, "file_name": f"{cdn.rstrip('/')}/{entry['file_name']}"}
    served = {entry["name"]: entry for entry in map(lock_entry, wheels)}
    for name, entry in served.items():
        foreign = [dependency for dependency in entry["depends"] if dependency not in served]
        if foreign:
            raise ExplorerError(
                f"The wheel {entry['file_name']} needs {', '.join(foreign)}, which the site does not serve. "
                "Add it to requirements-kernel.in and run `make lock`."
            )
        packages[name] = entry
    absent = [name for name in (*PRELOADED, *LATER) if name not in served]
    if absent:
        raise ExplorerError(
            f"The kernel needs {', '.join(absent)}, but no such wheel was built or downloaded."
        )
    lock = {"info": upstream["info"], "packages": dict(sorted(packages.items()))}
    target.write_text(json.dumps(lock, indent=1) + "\n")
