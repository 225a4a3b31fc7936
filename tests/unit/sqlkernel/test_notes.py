"""What a SQL notebook says of its snapshot is what a Python notebook says of it."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from futures_explorer.site import sqlkernel
from support.labextension import run_typescript

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def notes() -> list[dict]:
    """The site's own."""
    done = subprocess.run(
        [sys.executable, "-c", sqlkernel.TEMPLATE],
        cwd=sqlkernel.KERNEL,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)["notes"]


@pytest.mark.parametrize("synthetic", [True, None, False])
@pytest.mark.parametrize("complete", ["2026-10-31", "2026-10-30", None])
@pytest.mark.parametrize("today", ["2026-11-01", "2026-11-26"])
def test_it_says_what_python_says(notes, synthetic, complete, today, monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(sqlkernel.KERNEL))
    from binance_futures._snapshot import Snapshot

    dates = {"first": "2019-09-25", "last": "2026-10-31"} | (
        {"complete": complete, "ranked": "2026-10-30"} if complete else {}
    )
    descriptor = {
        "id": "2026-10-31-0a1b2c",
        "dates": dates,
        "synthetic": synthetic,
        "counts": {"symbols": 3},
        "provenance": {"tag": "latest"},
    }
    now = datetime.combine(date.fromisoformat(today), datetime.min.time(), UTC).timestamp() * 1000
    ours = run_typescript(
        ("notes",), "return module.notesOf(...given);", [notes, descriptor, now], room="sqlkernel"
    )
    Snapshot.of(descriptor).tell(date.fromisoformat(today))
    theirs = capsys.readouterr().out
    if complete is None:  # a snapshot from before there was a table of days: its age is not told in SQL
        assert ours[0] in theirs
        assert ours[1:] == ([theirs.splitlines()[1]] if synthetic is not False else [])
    else:
        assert " ".join(ours) == " ".join(theirs.split("\n")).strip()
