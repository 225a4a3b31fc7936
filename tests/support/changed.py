"""Which tests a change can break, by the rooms' arrows: `python tests/support/changed.py [BASE]` runs them.

What has changed since BASE (default: where this branch left main), committed or not, is looked up in TESTS. A room's change
also reaches the rooms that stand after it. A notebook whose code is what it was needs no browser.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EVERYTHING = ("tests/unit", "tests/browser")
#: One question all the way: from the release to what a visitor sees.
END_TO_END = ("tests/browser/test_quickstart.py",)
PIPELINE, KERNEL = "build/pipeline/futures_explorer", "build/kernel"
#: Beginning of a path (the longest that fits counts) → the tests of that room.
TESTS: dict[str, tuple[str, ...]] = {
    "": EVERYTHING,  # what is in no line below, such as a lock: everything
    f"{PIPELINE}/": ("tests/unit", *END_TO_END),
    f"{PIPELINE}/release/": (
        "tests/unit/bad_days",
        "tests/unit/test_cache.py",
        "tests/unit/test_cli.py",
        "tests/unit/test_contract.py",
        "tests/unit/test_fetch.py",
        "tests/unit/test_sample.py",
    ),
    f"{PIPELINE}/snapshot/": (
        "tests/browser/test_bad_days.py",
        "tests/unit/bad_days",
        "tests/unit/test_data_docs.py",
        "tests/unit/test_refresh.py",
        "tests/unit/test_snapshot.py",
        "tests/unit/test_store.py",
    ),
    f"{PIPELINE}/api/": ("tests/unit/api",),
    f"{PIPELINE}/metrics/": ("tests/unit/metrics", "tests/unit/site/test_pages.py"),
    f"{PIPELINE}/links/": ("tests/unit/links", "tests/browser/labextension/test_travel.py"),
    f"{PIPELINE}/site/": (
        "tests/unit/site",
        "tests/browser/test_embed.py",
        "tests/browser/test_front.py",
        "tests/browser/test_site.py",
    ),
    "build/engine/": ("tests/unit/site/test_versions.py", "tests/browser/engine"),
    "build/start/": (
        "tests/unit/site",
        "tests/browser/test_browsers.py",
        "tests/browser/test_memory_image.py",
        "tests/browser/test_offline.py",
        "tests/browser/test_start.py",
        "tests/browser/test_untidy.py",
    ),
    f"{KERNEL}/": ("tests/unit/kernel", "tests/unit/binance_futures", "tests/browser/kernel", *END_TO_END),
    f"{KERNEL}/duckdb/": ("tests/unit/kernel", "tests/browser/kernel", "tests/browser/test_browsers.py"),
    f"{KERNEL}/binance_futures/": (
        "tests/browser/test_bad_days.py",
        "tests/unit/bad_days",
        "tests/unit/binance_futures",
        "tests/unit/links",
        "tests/unit/test_content.py",
        "tests/browser/test_cache.py",
        "tests/browser/kernel/test_binance_futures.py",
        "tests/browser/kernel/test_offline.py",
    ),
    f"{KERNEL}/explorer_startup/": ("tests/unit/kernel", "tests/browser/kernel/test_caught.py"),
    "build/labextension/federate.mjs": (
        "tests/browser/labextension/test_extension.py",
        "tests/browser/sqlkernel",
    ),
    "build/addon/": ("tests/browser/test_addon.py",),
    "build/sqlkernel/": ("tests/unit/sqlkernel", "tests/browser/sqlkernel", "tests/browser/test_addon.py"),
    "build/labextension/": ("tests/unit/labextension", "tests/unit/links", "tests/browser/labextension"),
    "build/labextension/src/charts/": (
        "tests/unit/labextension",
        "tests/browser/test_notebooks.py",
        *END_TO_END,
    ),
    "content/pages/": (
        "tests/unit/site/test_pages.py",
        "tests/browser/test_front.py",
    ),
    "docs/": (
        "tests/unit/api/test_docs.py",
        "tests/unit/test_data_docs.py",
        "tests/unit/test_scale_out.py",
        "tests/unit/test_content.py",
        "tests/unit/test_when_it_breaks.py",
    ),
    "deploy/aws/": ("tests/unit/test_deploy.py",),
    "deploy/container/": ("tests/unit/test_container.py",),
    "tests/bench/": (),
    "tests/chunks/": (),
    "tests/pictures/": (),
    ".github/": (),  # `make lint`
    "docs/quickstart.png": (),
    "CHANGELOG.md": (),
    "CONTRIBUTING.md": (),
    "LICENSE": (),
    "README.md": (),
    ".gitignore": (),
}
#: Room → rooms that a change of it can break: the picture in README.md.
AFTER = {
    f"{PIPELINE}/release/": (f"{PIPELINE}/snapshot/",),
    f"{PIPELINE}/snapshot/": (f"{PIPELINE}/links/", f"{PIPELINE}/api/"),
    "build/engine/": (f"{KERNEL}/duckdb/", "build/sqlkernel/"),
    f"{KERNEL}/duckdb/": (f"{KERNEL}/binance_futures/",),
    f"{KERNEL}/binance_futures/": (f"{KERNEL}/explorer_startup/",),
}
#: Rooms whose change a visitor sees in an answer.
ANSWERING = (f"{PIPELINE}/snapshot/", f"{KERNEL}/explorer_startup/", "build/start/")
TYPED = (
    "build/engine",
    "build/labextension",
    "build/sqlkernel",
    "build/start",
    "build/start/src/service-worker",
)


def room(file: str) -> str:
    """The longest beginning in TESTS that fits."""
    return max((start for start in TESTS if file.startswith(start)), key=len)


def unnamed() -> set[str]:
    """Browser tests that no line of TESTS names: any change of what runs in a browser could break them."""
    named = {test for start, tests in TESTS.items() if start for test in tests}
    files = [path.relative_to(ROOT).as_posix() for path in (ROOT / "tests/browser").rglob("test_*.py")]
    return {file for file in files if not any(file == one or _lies_in(file, one) for one in named)}


def broken_by(file: str, is_only_text: Callable[[str], bool] = lambda _file: False) -> set[str]:
    """Pytest's arguments for a change of `file`; `is_only_text` tells of a notebook that its code is what it was."""
    if notebook := re.fullmatch(r"content/([\w-]+)\.ipynb", file):
        return _of_notebook(notebook[1], is_only_text(file))
    if file.startswith("tests/") and file not in TESTS and room(file) == "":
        return _of_tests(file)
    reached, found = [room(file)], set()
    for name in reached:
        found |= set(TESTS[name])
        reached += [after for after in AFTER.get(name, ()) if after not in reached]
        found |= set(END_TO_END) if name in ANSWERING else set()
    if any(test.startswith("tests/browser") for test in found):
        found |= unnamed()
    return found


def _of_notebook(name: str, only_text: bool) -> set[str]:
    host = {"tests/unit/test_content.py", "tests/unit/site/test_pages.py", "tests/unit/labextension"}
    if only_text:
        return host
    shown = "test_quickstart.py" if name == "quickstart" else f"test_notebooks.py[{name}]"
    return {
        *host,
        "tests/unit/site/test_likely.py",
        f"tests/browser/{shown}",
    }


def _of_tests(file: str) -> set[str]:
    """A test is its own; what tests share is those's that name it; a conftest is its folder's."""
    path = Path(file)
    if path.name.startswith("test_"):
        return {file}
    if path.name == "conftest.py":
        return {path.parent.as_posix()}
    if file.startswith("tests/corpus/"):
        return {"tests/unit/kernel", "tests/browser/kernel"}
    if not file.startswith("tests/support/"):
        return {path.parent.as_posix()}
    name = path.parent.name if path.parent.name != "support" else path.stem
    naming = {
        other.relative_to(ROOT).as_posix()
        for other in [*(ROOT / "tests/unit").rglob("*.py"), *(ROOT / "tests/browser").rglob("*.py")]
        if re.search(rf"support(?:\.| import .*\b){name}\b", other.read_text("utf-8"))
    }
    return {test for other in naming for test in _of_tests(other)} or set(EVERYTHING)


def arguments(tests: Iterable[str]) -> list[str]:
    """Without what lies in a folder that is there as a whole."""
    kept = set(tests)
    return sorted(one for one in kept if not any(one != other and _lies_in(one, other) for other in kept))


def _lies_in(test: str, other: str) -> bool:
    return test.startswith((f"{other}/", f"{other}["))


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _base() -> str:
    for name in ("origin/main", "main"):
        found = subprocess.run(["git", "merge-base", "HEAD", name], cwd=ROOT, capture_output=True, text=True)
        if found.returncode == 0:
            return found.stdout.strip()
    return "HEAD"


def main(base: str | None) -> int:
    base = base or _base()
    files = {
        *_git("diff", "--name-only", base).split(),
        *_git("ls-files", "-o", "--exclude-standard").split(),
    }

    def code(notebook: str) -> list:
        cells = json.loads(notebook)["cells"]
        return [[cell["source"], cell["metadata"]] for cell in cells if cell["cell_type"] == "code"]

    def is_only_text(file: str) -> bool:
        try:
            return code(_git("show", f"{base}:{file}")) == code((ROOT / file).read_text("utf-8"))
        except (subprocess.CalledProcessError, OSError):
            return False  # it is new, or gone

    wanted = arguments({test for file in files for test in broken_by(file, is_only_text)})
    print(f"{len(files)} files have changed since {base[:12]}.")
    bin_ = ROOT / ".venv/bin"
    commands = [[bin_ / "ruff", "check", "."], [bin_ / "ruff", "format", "--check", "."]]
    commands += [
        ["npx", "--no-install", "tsc", "--noEmit", "-p", folder]
        for folder in TYPED
        if any(file.startswith(f"{folder}/") for file in files)
    ]
    workers = ["-n", os.environ.get("WORKERS", str(os.cpu_count())), "--dist", "loadfile"]
    whole = [one for one in wanted if "[" not in one]
    # Apart: Playwright's loop, in which browser tests run, is not one that a host's test can run its own in.
    for are_browsers in (False, True):
        if together := [one for one in whole if one.startswith("tests/browser") == are_browsers]:
            commands.append([bin_ / "pytest", "-q", *workers, *together])
    for one in (one for one in wanted if "[" in one):
        file, name = re.fullmatch(r"(.+)\[(.+)\]", one).groups()
        commands.append([bin_ / "pytest", "-q", file, "-k", name])
    if not wanted:
        print("No test depends on them.")
    for command in commands:
        print("$", *(str(word).removeprefix(f"{ROOT}/") for word in command), flush=True)
        if failed := subprocess.run(command, cwd=ROOT).returncode:
            return failed
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 and sys.argv[1] else None))
