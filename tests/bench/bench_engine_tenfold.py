"""Ten times the rows: what the questions cost beside the same ones on the release itself."""

from __future__ import annotations

import os

from questions import (
    CACHE,
    OWN,
    QUESTIONS,
    RELEASES,
    RUNS,
    SHAPED,
    STEADY,
    UNSHAPED,
    bench,
    figures,
    middle,
    resolve_release,
    tenfold,
)


def run(report) -> None:
    """Adds the rows of each question, of which three must not cost more, and DuckDB-WASM's own HTTP with ranges."""
    name = os.environ.get("RELEASE", "sample")
    with bench(name) as asked:
        # Bytes and requests are the same each time.
        small = {key: asked.cold(UNSHAPED, QUESTIONS[key].sql.format(**asked.fill)) for key in QUESTIONS}
    release = resolve_release(name, RELEASES, say=print)
    large = tenfold(release, CACHE / f"tenfold-{release.rankings.stat().st_size}")
    with bench(str(large)) as asked:
        for key, question in QUESTIONS.items():
            for line, where in ((UNSHAPED, "unshaped"), (SHAPED, "40 ms, 20 Mbit/s")):
                result = middle([asked.cold(line, question.sql.format(**asked.fill)) for _ in range(RUNS)])
                row = {**figures(result), "× bytes": round(result["bytes"] / small[key]["bytes"], 2)}
                limits = {"× bytes": "≤ 1.5"} if key in STEADY else {}
                report.add(key, f"engine, cold, ten times the rows, {where}", limits=limits, **row)
            if question.released:
                sql = question.released.format(**asked.fill)
                # Whole minutes where it is shaped: once is enough to see that, and unshaped.
                other = asked.cold_own(UNSHAPED, OWN["ranges"], sql)
                where = "DuckDB-WASM's own HTTP, ranges, ten times the rows, unshaped, once"
                report.add(key, where, **figures(other))
