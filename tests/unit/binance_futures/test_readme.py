"""The README's tables name what there is."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).parents[3] / "build" / "kernel" / "binance_futures" / "README.md"


def rows(heading: str) -> list[tuple[str, str]]:
    part = README.read_text("utf-8").partition(f"## {heading}")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(.+?)` \| (.+?) \|$", part, re.MULTILINE)


def test_every_question_is_listed_with_its_own_words(bf):
    from binance_futures._questions import QUESTIONS, macro

    expected = [(macro(q), q.doc.partition(" Columns: ")[0].rstrip(".")) for q in QUESTIONS]
    assert rows("Questions") == expected


def test_every_table_is_listed(db):
    names = [name for (name,) in db.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()]
    assert sorted(name for name, _ in rows("Tables")) == sorted(names)
