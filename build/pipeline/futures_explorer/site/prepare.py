"""What is changed in a downloaded wheel before the site serves it: left out, put right, compiled. Listed here."""

import subprocess
import zipfile
from pathlib import Path

from packaging.utils import canonicalize_name, parse_wheel_filename

from futures_explorer.errors import ExplorerError
from futures_explorer.site.phases import ROOT

#: Folders that the notebook does not need, by distribution.
LEFT_OUT = {
    # Type stubs of other libraries: 2.9 MB of 4.9 MB. Completion knows the standard library without them.
    "jedi": ("jedi/third_party/typeshed/stubs/", "jedi/third_party/django-stubs/"),
}

#: (files, from, to), by distribution. Each file must hold `from` exactly once.
PUT_RIGHT = {
    # Altair 5.5 expects PEP 728 (`TypedDict(closed=True)`) in Python 3.14; it came later. Altair 6 knows, but
    # emits Vega-Lite 6, which JupyterLab cannot draw.
    "altair": (
        (
            "altair/vegalite/v5/api.py",
            "altair/vegalite/v5/schema/_config.py",
            "altair/vegalite/v5/schema/_typing.py",
        ),
        b"if sys.version_info >= (3, 14):",
        b"if sys.version_info >= (3, 15):",
    ),
}

#: The date of every file in a wheel that the build writes, so that the same input gives the same bytes.
EPOCH = (2020, 1, 1, 0, 0, 0)


def prepare_wheels(downloaded: Path, into: Path) -> None:
    """Copies every wheel of `downloaded` into `into`, changed as LEFT_OUT and PUT_RIGHT say.

    Raises `ExplorerError` where a wheel no longer holds what is to be changed.
    """
    for wheel in sorted(downloaded.glob("*.whl")):
        name = canonicalize_name(parse_wheel_filename(wheel.name)[0])
        left_out = LEFT_OUT.get(name, ())
        files, old, new = PUT_RIGHT.get(name, ((), b"", b""))
        if not left_out and not files:
            (into / wheel.name).write_bytes(wheel.read_bytes())
            continue
        with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(into / wheel.name, "w") as target:
            members = source.namelist()
            for wanted in (*left_out, *files):
                if not any(member.startswith(wanted) for member in members):
                    raise ExplorerError(f"{wheel.name} holds no {wanted}; see {Path(__file__).name}.")
            for member in sorted(members):
                if member.startswith(left_out) if left_out else False:
                    continue
                data = source.read(member)
                if member in files:
                    if data.count(old) != 1:
                        raise ExplorerError(
                            f"{wheel.name}: {member} holds {old.decode()!r} {data.count(old)} times, expected once; "
                            f"see {Path(__file__).name}."
                        )
                    data = data.replace(old, new)
                if member.endswith(".dist-info/RECORD"):
                    data = _record(data.decode(), left_out, files).encode()
                target.writestr(zipfile.ZipInfo(member, EPOCH), data, zipfile.ZIP_DEFLATED)


def _record(text: str, left_out: tuple[str, ...], changed: tuple[str, ...]) -> str:
    """The wheel's list of files without those left out, and without the hashes of those changed."""
    lines = []
    for line in text.splitlines():
        path = line.split(",", 1)[0]
        if left_out and path.startswith(left_out):
            continue
        lines.append(f"{path},," if path in changed else line)
    return "\n".join([*lines, ""])


#: Runs in Node, in the kernel's own Python.
COMPILER = (Path(__file__).with_name("compile_wheels.mjs"), Path(__file__).with_name("compile_wheels.py"))


def compile_wheels(prepared: Path, into: Path) -> None:
    """Fills `into` with the wheels of `prepared`, their modules compiled: the kernel starts sooner.

    A traceback then shows no source line of a compiled package. Raises `ExplorerError`.
    """
    done = subprocess.run(
        ["node", str(COMPILER[0]), str(prepared), str(into)], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise ExplorerError(f"The kernel's packages could not be compiled:\n{done.stderr.strip()[-2000:]}")
    for wheel in into.glob("*.whl"):
        # Pyodide's file system makes every file writable by all.
        wheel.chmod(0o644)
