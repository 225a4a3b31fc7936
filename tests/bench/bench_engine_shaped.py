"""The engine's questions against DuckDB-WASM's own HTTP on a line with 40 ms and 20 Mbit/s."""

from __future__ import annotations

import os

from questions import SHAPED, bench, compare


def run(report) -> None:
    """Adds each question's rows, asked of the release that $RELEASE names."""
    with bench(os.environ.get("RELEASE", "sample")) as asked:
        compare(asked, report, SHAPED, "40 ms, 20 Mbit/s")
