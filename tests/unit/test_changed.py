"""`make test-changed` leaves out only what a change cannot break."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.changed import AFTER, EVERYTHING, TESTS, arguments, broken_by, room

ROOT = Path(__file__).resolve().parents[2]
FILES = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.split()


def test_every_test_that_is_named_exists_and_every_beginning_fits_a_file():
    for start, tests in TESTS.items():
        assert any(file.startswith(start) for file in FILES), start
        assert [test for test in tests if not (ROOT / test).exists()] == [], start
    assert {name for after in AFTER.items() for name in (after[0], *after[1])} <= set(TESTS)


def test_every_test_is_reached_by_a_change_of_something_else():
    # Not by a change of everything.
    reached = {test for file in FILES if not file.startswith("tests/") for test in broken_by(file)} - set(
        EVERYTHING
    )
    rooms = {f"{path.parent.as_posix()}" for path in map(Path, FILES) if path.name.startswith("test_")}
    missed = [
        file
        for file in FILES
        if Path(file).name.startswith("test_") and file.startswith("tests/browser/")
        if not any(file == one.partition("[")[0] or file.startswith(f"{one}/") for one in reached)
    ]
    assert rooms
    assert missed == []


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "build/labextension/src/links/open.ts",
            ["tests/browser/labextension", "tests/unit/labextension", "tests/unit/links"],
        ),
        ("requirements.txt", ["tests/browser", "tests/unit"]),
        ("CHANGELOG.md", []),
        ("tests/browser/test_start.py", ["tests/browser/test_start.py"]),
        ("tests/browser/kernel/conftest.py", ["tests/browser/kernel"]),
    ],
)
def test_a_change_is_checked_by(file, expected):
    assert arguments(broken_by(file)) == expected


def test_what_tests_share_reaches_those_that_name_it_and_no_other():
    found = broken_by("tests/support/cells.py")
    assert {"tests/browser/test_bad_days.py", "tests/browser/kernel/test_offline.py"} <= found
    assert "tests/browser/test_start.py" not in found


def test_an_engines_change_reaches_the_kernel_and_the_answer():
    found = arguments(broken_by("build/engine/src/read/http.ts"))
    assert {"tests/browser/engine", "tests/browser/kernel", "tests/browser/test_quickstart.py"} <= set(found)
    assert room("build/engine/src/read/http.ts") == "build/engine/"


def test_a_browser_test_that_no_line_names_runs_with_whatever_runs_in_a_browser(monkeypatch):
    left = {start: tests for start, tests in TESTS.items() if start and start != "build/start/"}
    monkeypatch.setattr("support.changed.TESTS", {"": EVERYTHING, **left})
    assert "tests/browser/test_offline.py" in broken_by("build/labextension/src/index.ts")
    assert "tests/browser/test_offline.py" not in broken_by("docs/data.md")


def test_a_sentence_in_a_notebook_starts_no_browser_and_its_code_does():
    file = "content/universe.ipynb"
    assert not any("browser" in test for test in broken_by(file, lambda _file: True))
    found = broken_by(file)
    assert "tests/browser/test_notebooks.py[universe]" in found
    # pytest fails where no test has that name.
    for path, name in (test.removesuffix("]").split("[") for test in found if "[" in test):
        command = [sys.executable, "-m", "pytest", "-q", "--collect-only", path, "-k", name]
        assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0, path
