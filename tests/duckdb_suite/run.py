"""Runs DuckDB's own Python tests in the browser's kernel and natively, and says where they differ: make test-duckdb.

    run.py SUITE [FILE …] [--again]

SUITE is a folder outside this repository that holds the `tests` of duckdb/duckdb-python at the tag of our version; nothing
of it is kept here. Each file runs in a page of its own; what ran before is not run again without --again.
"""

from __future__ import annotations

import argparse
import collections
import json
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".cache" / "duckdb-suite"
#: Locked by hash; the first is left out in the browser, where our own takes its place.
REQUIREMENTS = HERE / "requirements.txt"
VERSION = tomllib.loads((ROOT / "build/kernel/duckdb/pyproject.toml").read_text())["project"]["version"]
sys.path.insert(0, str(HERE.parent))

#: Runs a file of the suite in the browser; the answer is the outcome of each test.
RUN = """
import json, os, platform, sys, zipfile, io
from base64 import b64decode
from pathlib import Path
folder = Path("/tmp/suite")
zipfile.ZipFile(io.BytesIO(b64decode(given["suite"]))).extractall(folder)
for wheel in given["wheels"]:
    zipfile.ZipFile(io.BytesIO(b64decode(wheel))).extractall("/tmp/wheels")
sys.path[:0] = ["/tmp/wheels", "/tmp"]
Path("/tmp/plugin.py").write_text(given["plugin"])
# Some files are skipped where extensions cannot be loaded, which they are not about.
platform.system = lambda: "Linux"
os.chdir(folder)
import plugin, pytest
plugin.block()
options = ["-q", "--capture=sys", "--tb=short", "-p", "no:cacheprovider", "-p", "no:faulthandler"]
pytest.main([*options, given["file"]], plugins=[plugin])
json.dumps(plugin.Running.outcomes)
"""


def native_python() -> Path:
    """The Python of an environment that has native DuckDB and none of the libraries that the browser has not."""
    folder = CACHE / "venv"
    python = folder / "bin" / "python"
    mark = folder / "requirements.txt"
    if not mark.is_file() or mark.read_text() != REQUIREMENTS.read_text():
        venv.create(folder, clear=True, with_pip=True)
        command = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--requirement",
            REQUIREMENTS,
        ]
        subprocess.run(command, check=True)
        mark.write_text(REQUIREMENTS.read_text())
    return python


def wheels(python: Path) -> list[bytes]:
    """The pure Python packages that the tests need in the browser, as wheels."""
    folder = CACHE / "wheels"
    if not any(folder.glob("pytest-*.whl")):
        folder.mkdir(parents=True, exist_ok=True)
        command = [python, "-m", "pip", "download", "--quiet", "--require-hashes", "--dest", folder]
        subprocess.run([*command, "--requirement", REQUIREMENTS], check=True)
    return [file.read_bytes() for file in sorted(folder.glob("*-none-any.whl"))]


def kept(which: str, file: str) -> Path:
    """Where the outcomes of a file are kept."""
    return CACHE / which / f"{file.replace('/', '__')}.json"


def run_native(python: Path, suite: Path, file: str) -> dict:
    """The outcomes of a file with native DuckDB."""
    with tempfile.NamedTemporaryFile(suffix=".json") as answer:
        command = [python, HERE / "host.py", "native", file, answer.name]
        subprocess.run(command, cwd=suite, capture_output=True, timeout=900, check=False)
        return json.loads(Path(answer.name).read_text() or "{}")


def packed(suite: Path) -> str:
    """The suite as a zip file, as text."""
    import base64
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(suite.rglob("*")):
            if file.is_file() and "slow" not in file.parts and "__pycache__" not in file.parts:
                archive.write(file, file.relative_to(suite))
    return base64.b64encode(buffer.getvalue()).decode()


def compare(files: list[str]) -> int:
    """Prints how many of the tests that pass natively pass in the browser, and the others; how many those are."""
    passed, wrong = collections.Counter(), []
    for file in files:
        native = json.loads(kept("native", file).read_text()) if kept("native", file).is_file() else {}
        ours = json.loads(kept("browser", file).read_text()) if kept("browser", file).is_file() else {}
        for test, (outcome, _) in native.items():
            if outcome != "passed":
                continue
            got, why = ours.get(test) or ours.get(file) or ["not run", ""]
            passed["native"] += 1
            passed["browser"] += got == "passed"
            if got != "passed":
                reason = next((line[2:].strip() for line in why.splitlines() if line.startswith("E ")), got)
                wrong.append(f"| {test.removeprefix('fast/')} | {reason[:120].replace('|', '/')} |")
    print("| test | what happened in the browser |\n|---|---|", *wrong, sep="\n")
    print(
        f"\n{passed['browser']} of {passed['native']} tests that pass with native DuckDB {VERSION} pass in the browser."
    )
    return len(wrong)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("suite", type=Path)
    parser.add_argument(
        "files", nargs="*", help="of the suite, such as fast/test_value.py; default: all of fast"
    )
    parser.add_argument("--again", action="store_true", help="run what ran before, too")
    given = parser.parse_args()
    suite = given.suite.resolve()
    if not (suite / "conftest.py").is_file():
        parser.error(
            f"{suite} has no conftest.py: expected the folder `tests` of duckdb/duckdb-python v{VERSION}"
        )
    files = given.files or [str(f.relative_to(suite)) for f in sorted((suite / "fast").rglob("test_*.py"))]
    python = native_python()
    for file in files:
        target = kept("native", file)
        if not target.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(run_native(python, suite, file)))
    # Only files in which native DuckDB passes anything.
    files = [
        f for f in files if any(o == "passed" for o, _ in json.loads(kept("native", f).read_text()).values())
    ]
    run_in_browser(python, suite, [f for f in files if given.again or not kept("browser", f).is_file()])
    sys.exit(compare(files) > 0)


def run_in_browser(python: Path, suite: Path, files: list[str]) -> None:
    """Runs files in the kernel on a plain page, each in a page of its own, and keeps what they gave."""
    import base64

    from playwright.sync_api import Error, sync_playwright
    from support.chromium import ARGUMENTS, ensure_chromium
    from support.kernel_page import kernel_page

    if not files:
        return
    shared = {
        "suite": packed(suite),
        "wheels": [base64.b64encode(wheel).decode() for wheel in wheels(python)],
        "plugin": (HERE / "plugin.py").read_text(),
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=list(ARGUMENTS))
        for file in files:
            with (
                tempfile.TemporaryDirectory() as folder,
                kernel_page(ROOT / "_site", Path(folder) / "site", browser) as kernel,
            ):
                try:
                    answer = kernel.run(RUN, file=file, **shared)
                except Error as error:
                    answer = json.dumps({file: ["failed", f"E {error}"]})
            target = kept("browser", file)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(answer)
            outcomes = collections.Counter(outcome for outcome, _ in json.loads(answer).values())
            print(f"{file}: {dict(outcomes)}", flush=True)


if __name__ == "__main__":
    main()
