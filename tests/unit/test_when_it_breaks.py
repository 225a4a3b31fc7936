"""docs/when-it-breaks.md: its commands work, and its messages are those that are seen."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/when-it-breaks.md").read_text("utf-8")
#: Cannot be run here: GitHub's side, or a registry.
ELSEWHERE = re.compile(r"# needs (GitHub|the network)$")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.S)


def commands() -> list[str]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if not ELSEWHERE.search(line)]


def test_its_commands_work_in_the_order_in_which_they_stand(small_folder, tmp_path):
    """On folders of the test's own; only where something lies is another."""
    refresh, remote, store = tmp_path / "refresh", tmp_path / "remote", tmp_path / "refresh" / "store"
    names = {"FOLDER": small_folder, "REMOTE": remote, "STORE": store, "REFRESH": refresh}
    told = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    told |= {"XDG_CACHE_HOME": str(tmp_path / "cache"), "REMOTE": str(remote)}
    found = commands()
    assert len(found) >= 10
    for line in found:
        words = shlex.split(
            re.sub(r"(?<![\w-])(FOLDER|STORE|REFRESH|(?<==)REMOTE)\b(?!=)", lambda m: str(names[m[1]]), line)
        )
        if words[0] == "make":
            words += [
                f"REFRESH={refresh}",
                f"SITE={tmp_path / 'site'}",
                "DATA=--data-only",
                "--no-print-directory",
            ]
        elif "build" in words:
            words += ["--store", str(tmp_path / "shrunk"), "--out", str(tmp_path / "site")]
        done = subprocess.run(words, cwd=ROOT, env=told, capture_output=True, text=True)
        assert done.returncode == 0, (line, done.stdout, done.stderr)


@pytest.mark.parametrize("message", [block.strip() for block in blocks("text")])
def test_each_message_is_one_that_the_project_says(message):
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "build/pipeline").rglob("*.py"))
    # A message is written over several lines of code.
    joined = re.sub(r'"\s*\n?\s*f?"', "", sources)
    assert message in joined


def test_what_is_not_run_is_githubs_or_a_registrys():
    assert all(
        re.match(r"gh |git revert|make refresh-push REMOTE=github:|npm install|make lock", line)
        for block in blocks("sh")
        for line in block.splitlines()
        if ELSEWHERE.search(line)
    )
