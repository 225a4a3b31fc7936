"""What is changed in a downloaded wheel before the site serves it: left out, put right, compiled. Listed here."""

import re
import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path
from textwrap import indent

from packaging.utils import canonicalize_name, parse_wheel_filename

from futures_explorer.errors import ExplorerError
from futures_explorer.project import ROOT

#: Files and folders (by the beginning of their path) that the notebook does not need, by distribution.
LEFT_OUT = {
    # Type stubs of other libraries: 2.9 MB of 4.9 MB. Completion knows the standard library without them.
    "jedi": ("jedi/third_party/typeshed/stubs/", "jedi/third_party/django-stubs/"),
    "ipython": ("IPython/sphinxext/", "IPython/testing/plugin/"),
    "pygments": ("pygments/sphinxext.py",),
}

#: The languages that Pygments colours here (modules of pygments.lexers): those of notebooks, and what they embed.
#: The others are two thirds of the wheel: it is 1.25 MB with them, 0.43 MB without.
LEXERS = (
    *(
        "css",
        "data",
        "html",
        "javascript",
        "jvm",
        "lilypond",
        "lisp",
        "markup",
        "perl",
        "python",
        "ruby",
        "shell",
    ),
    *("special", "sql"),
)

_PIPLITE_IMPORTS = b"""from unittest.mock import patch

import micropip
from micropip.package_index import CompatibilityLayer, ProjectInfo
from micropip.package_index import query_package as _MP_QUERY_PACKAGE
"""
_PIPLITE_INSTALL = b"""    \"\"\"Invoke micropip.install with a patch to get data from local indexes\"\"\"
"""
_PIPLITE_FETCH = b"""    global micropip, CompatibilityLayer, ProjectInfo, _MP_QUERY_PACKAGE
    from unittest.mock import patch
    from pyodide_js import loadPackage
    await loadPackage("micropip")
    import micropip
    from micropip.package_index import CompatibilityLayer, ProjectInfo
    from micropip.package_index import query_package as _MP_QUERY_PACKAGE

"""

# Altair turns a DuckDB relation into pyarrow's table first, and there is no pyarrow: here the relation gives its own rows.
_ALTAIR_DIRECT = b"""    if data is None:

        def pipe("""
_ALTAIR_PIPED = b"""            data = limit_rows(data, max_rows=max_rows)
"""
_ALTAIR_ASKS = """if hasattr(type(data), "chart_values"):
    data = data.chart_values(max_rows)
"""

#: (file, from, to), by distribution. Each file must hold `from` exactly once.
PUT_RIGHT = {
    # Altair 5.5 expects PEP 728 (`TypedDict(closed=True)`) in Python 3.14; it came later. Altair 6 knows, but
    # emits Vega-Lite 6, which JupyterLab cannot draw.
    "altair": (
        *(
            (file, b"if sys.version_info >= (3, 14):", b"if sys.version_info >= (3, 15):")
            for file in (
                "altair/vegalite/v5/api.py",
                "altair/vegalite/v5/schema/_config.py",
                "altair/vegalite/v5/schema/_typing.py",
            )
        ),
        *(
            ("altair/vegalite/data.py", before, indent(_ALTAIR_ASKS, depth * " ").encode() + before)
            for depth, before in ((4, _ALTAIR_DIRECT), (12, _ALTAIR_PIPED))
        ),
    ),
    # %pip fetches micropip when it is first used: no start has to import it.
    "piplite": (
        ("piplite/piplite.py", _PIPLITE_IMPORTS, b""),
        ("piplite/piplite.py", _PIPLITE_INSTALL, _PIPLITE_INSTALL + _PIPLITE_FETCH),
    ),
}

#: The date of every file in a wheel that the build writes, so that the same input gives the same bytes.
EPOCH = (2020, 1, 1, 0, 0, 0)


def prepare_wheels(wheels: Iterable[Path], into: Path) -> None:
    """Copies each of `wheels` into the folder `into`, changed as LEFT_OUT, LEXERS and PUT_RIGHT say.

    Raises `ExplorerError` where a wheel no longer holds what is to be changed.
    """
    for wheel in wheels:
        name = canonicalize_name(parse_wheel_filename(wheel.name)[0])
        left_out, changes = LEFT_OUT.get(name, ()), PUT_RIGHT.get(name, ())
        if not left_out and not changes:
            (into / wheel.name).write_bytes(wheel.read_bytes())
            continue
        with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(into / wheel.name, "w") as target:
            members = source.namelist()
            for wanted in (*left_out, *(file for file, _, _ in changes)):
                if not any(member.startswith(wanted) for member in members):
                    raise ExplorerError(f"{wheel.name} holds no {wanted}; see {Path(__file__).name}.")
            for member in sorted(members):
                if member.startswith(left_out) or (name == "pygments" and not _is_kept(member, source)):
                    continue
                data = source.read(member)
                for file, old, new in changes:
                    if file == member:
                        data = _replaced(data, old, new, f"{wheel.name}: {member}")
                if member == LEXER_INDEX:
                    data = _kept_lexers(data)
                # Nobody checks a RECORD's hashes here: the lock has the hash of the whole wheel.
                target.writestr(zipfile.ZipInfo(member, EPOCH), data, zipfile.ZIP_DEFLATED)


def _replaced(data: bytes, old: bytes, new: bytes, where: str) -> bytes:
    if data.count(old) != 1:
        raise ExplorerError(
            f"{where} holds {old.decode()!r} {data.count(old)} times, expected once; see {Path(__file__).name}."
        )
    return data.replace(old, new)


LEXER_INDEX = "pygments/lexers/_mapping.py"


def _is_kept(member: str, pygments: zipfile.ZipFile) -> bool:
    """Whether a file of Pygments is kept: not a language, a kept one, or the words that a kept one imports."""
    module = re.fullmatch(r"pygments/lexers/(\w+)\.py", member)
    if module is None or module[1] in ("__init__", "_mapping", *LEXERS):
        return True
    users = (pygments.read(f"pygments/lexers/{name}.py") for name in LEXERS)
    return module[1].startswith("_") and any(module[1].encode() in user for user in users)


def _kept_lexers(index: bytes) -> bytes:
    """Pygments' index of its lexers without those that are left out: it is then whole, only smaller."""
    gone = re.compile(rb"    '\w+': \('pygments\.lexers\.(?!(?:%s)')" % "|".join(LEXERS).encode())
    return b"".join(line for line in index.splitlines(keepends=True) if not gone.match(line))


#: Runs in Node, in the kernel's own Python.
COMPILER = (Path(__file__).with_name("compile_wheels.mjs"), Path(__file__).with_name("compile_wheels.py"))


def compile_wheels(wheels: Path, into: Path, modules: str) -> None:
    """Fills `into` with the wheels of the folder `wheels`, compiled: the kernel starts sooner.

    `modules` is "all", or "started": those that every kernel imports, and the standard library's among them. A
    traceback then shows no source line of a compiled module. Raises `ExplorerError`.
    """
    done = subprocess.run(
        ["node", str(COMPILER[0]), str(wheels), str(into), modules], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise ExplorerError(f"The kernel's packages could not be compiled:\n{done.stderr.strip()[-2000:]}")
    for archive in into.iterdir():
        # Pyodide's file system makes every file writable by all.
        archive.chmod(0o644)
