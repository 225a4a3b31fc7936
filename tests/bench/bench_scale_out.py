"""What Polars, pyarrow and Spark read of a snapshot of ten times the symbols, for one day and for one symbol.

Bytes are those that a server of files sent to Polars, that pyarrow read, and that Hadoop's files counted for Spark; the
share is that of the whole table in the layout. Spark is asked where $SPARK_PYTHON has PySpark (`make test-spark`).
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from futures_explorer.release.resolve import resolve_release
from futures_explorer.snapshot.publish import publish_data
from questions import CACHE, RELEASES, tenfold
from support import scale


def run(report) -> None:
    release = resolve_release(os.environ.get("RELEASE", "sample"), RELEASES, say=print)
    large = tenfold(release, CACHE / f"tenfold-{release.rankings.stat().st_size}")
    spark = os.environ.get("SPARK_PYTHON")
    with tempfile.TemporaryDirectory(prefix="bench-scale-") as folder:
        data = Path(folder) / "data"
        publish_data(
            resolve_release(str(large), RELEASES), Path(folder) / "store", data, False, 5_000_000_000
        )
        made = scale.prelude(data)
        readers = dict(scale.READERS)
        if spark:
            readers["Spark"] = lambda _, question: scale.by_spark(Path(spark), data, question)[:2]
        for question in scale.QUESTIONS:
            whole, expected = scale.size_of_all(made, question), scale.natively(made, question)
            for name, reader in readers.items():
                rows, read = reader(made, question)
                if rows != expected:
                    raise AssertionError(f"{name} gives other rows than DuckDB for {question}")
                report.add(
                    f"{question}, ten times the symbols",
                    name,
                    limits={"share": "≤ 0.05"},
                    **{"rows": len(rows), "MB": round(read / 1e6, 2), "of MB": round(whole / 1e6, 1)},
                    share=round(read / whole, 4),
                )
