"""Compiles Python code of the wheels in /source, and of the standard library, into /target.

$MODULES says which: `all` modules of the wheels, and nothing else; or those that are `started` with every kernel:

bytecode is nearly twice as large as its source, so of the standard library and of what every kernel imports at its
start, only the modules that it then imports are compiled.

Runs in Pyodide, as the bytecode must be its own. A compiled module stands in the place of its source, so that the
kernel neither reads nor compiles it.
"""

import importlib.util
import os
import sys
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc
from pathlib import Path

#: Distributions that read their own source files.
KEPT_AS_THEY_ARE = ("nanoarrow",)
SITE_PACKAGES = "/lib/python3.14/site-packages/"
#: Pyodide imports its standard library from this archive, as it is.
STDLIB = "python_stdlib.zip"
STDLIB_FOLDER = "/lib/python314.zip/"
#: What the packages of build/kernel, and the loading of packages, import beside what IPython does.
OURS = (
    *(
        "asyncio",
        "datetime",
        "decimal",
        "email",
        "html",
        "importlib.metadata",
        "itertools",
        "json",
        "numbers",
    ),
    *("pyodide.http", "re", "tarfile", "urllib.parse", "uuid"),
)
EPOCH = (2020, 1, 1, 0, 0, 0)


def imported_at_start(wheels: list[Path]) -> set[str]:
    """The modules that a kernel has imported when it has run its first cell."""
    for wheel in wheels:
        zipfile.ZipFile(wheel).extractall("/packages")
    sys.path.insert(0, "/packages")
    for name in OURS:
        importlib.import_module(name)
    kernel = importlib.import_module("pyodide_kernel")
    kernel.ipython_shell.run_cell("1 + 1")
    return set(sys.modules)


def compiled(path: str, source: bytes) -> bytes | None:
    """The .pyc of a module, never checked against its source; None where the file is no module."""
    try:
        code = compile(source, path, "exec", dont_inherit=True, optimize=0)
    except SyntaxError:
        return None
    return bytes(_code_to_hash_pyc(code, importlib.util.source_hash(source), checked=False))


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def compile_archive(archive: Path, target: Path, folder: str, started: set[str]) -> None:
    """Writes `target`: `archive`, which will lie in `folder`, with the modules `started`, or else all, compiled."""
    with zipfile.ZipFile(archive) as members, zipfile.ZipFile(target, "w") as result:
        # What a wheel puts elsewhere, such as IPython's configuration, is read as it is.
        chosen = {name for name in members.namelist() if name.endswith(".py") and ".data/" not in name}
        chosen = {name for name in chosen if module_name(name) in started} or chosen
        record = None
        for name in members.namelist():
            data = members.read(name)
            if name.endswith(".dist-info/RECORD"):
                record = name
                continue
            bytecode = compiled(folder + name, data) if name in chosen else None
            if bytecode is not None:
                name, data = name + "c", bytecode
            result.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED, 9)
        if record:
            # Its hashes would be those of the source; the lock has the hash of the whole wheel.
            listing = "".join(f"{name},,\n" for name in [*result.namelist(), record])
            result.writestr(zipfile.ZipInfo(record, EPOCH), listing, zipfile.ZIP_DEFLATED, 9)


wheels = sorted(Path("/source").glob("*.whl"))
started = set() if os.environ["MODULES"] == "all" else imported_at_start(wheels)
for wheel in wheels:
    target = Path("/target") / wheel.name
    if wheel.name.startswith(KEPT_AS_THEY_ARE):
        target.write_bytes(wheel.read_bytes())
    else:
        compile_archive(wheel, target, SITE_PACKAGES, started)
if started:
    compile_archive(Path("/stdlib") / STDLIB, Path("/target") / STDLIB, STDLIB_FOLDER, started)
