"""Compiles the Python code of every wheel in /source into /target. Runs in Pyodide, as the bytecode must be its own.

A compiled module stands in the place of its source, so that the kernel neither reads nor compiles it at its start.
"""

import importlib.util
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc
from pathlib import Path

#: Distributions that read their own source files.
KEPT_AS_THEY_ARE = ("nanoarrow",)
SITE_PACKAGES = "/lib/python3.14/site-packages/"
EPOCH = (2020, 1, 1, 0, 0, 0)


def compiled(name: str, source: bytes) -> bytes | None:
    """The .pyc of a module, never checked against its source; None where the file is no module."""
    try:
        code = compile(source, SITE_PACKAGES + name, "exec", dont_inherit=True, optimize=0)
    except SyntaxError:
        return None
    return bytes(_code_to_hash_pyc(code, importlib.util.source_hash(source), checked=False))


def compile_wheel(wheel: Path, target: Path) -> None:
    with zipfile.ZipFile(wheel) as members, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result:
        record = ""
        for name in members.namelist():
            data = members.read(name)
            if name.endswith(".dist-info/RECORD"):
                record = name
                continue
            bytecode = compiled(name, data) if name.endswith(".py") else None
            if bytecode is not None:
                name, data = name + "c", bytecode
            result.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
        # Its hashes would be those of the source; the lock has the hash of the whole wheel.
        listing = "".join(f"{name},,\n" for name in [*result.namelist(), record])
        result.writestr(zipfile.ZipInfo(record, EPOCH), listing, zipfile.ZIP_DEFLATED)


for wheel in sorted(Path("/source").glob("*.whl")):
    target = Path("/target") / wheel.name
    if wheel.name.startswith(KEPT_AS_THEY_ARE):
        target.write_bytes(wheel.read_bytes())
    else:
        compile_wheel(wheel, target)
