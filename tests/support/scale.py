"""What other readers read of a snapshot: the same day's and the same symbol's rows, and the bytes that it took."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import fsspec.implementations.local
import polars
import pyarrow.compute as pc
import pyarrow.dataset
import pyarrow.fs
from support.range_server import RangeServer

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "scale-out.md"
#: Per question: the layout that suits it, the column that is filtered, what is asked for, and in which order.
QUESTIONS = {
    "one day": ("by-date", "date", ["symbol", "rank", "quote_volume_usdt"], ["rank", "symbol"]),
    "one symbol": ("by-symbol", "symbol", ["date", "rank", "quote_volume_usdt"], ["date"]),
}
Rows = list[tuple]


def snippets(kind: str = "python") -> str:
    """The documentation's code, in its order; `python spark` has Spark's alone."""
    return "\n\n".join(re.findall(rf"```{kind}\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL))


def prelude(data: Path) -> dict[str, Any]:
    """What the documentation's first snippet makes, for a `data/` folder."""
    made: dict[str, Any] = {}
    first = re.search(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)[1]
    exec(first.replace('"mirror"', repr(str(data))), made)
    return made


def files(made: dict, question: str) -> tuple[list[str], str]:
    """The files that can hold what a question asks for, and the value that is asked for."""
    layout, column, _, _ = QUESTIONS[question]
    value = made["day"] if column == "date" else made["symbol"]
    return made["objects"]("volume_rankings", layout, column, value), value


def size_of_all(made: dict, question: str) -> int:
    """Bytes of the whole table in the layout of a question."""
    return sum(
        Path(file).stat().st_size for file in made["objects"]("volume_rankings", QUESTIONS[question][0])
    )


def natively(made: dict, question: str) -> Rows:
    """DuckDB's own answer, over all files of the layout."""
    layout, column, wanted, order = QUESTIONS[question]
    value = files(made, question)[1]
    return duckdb.execute(
        f"SELECT {', '.join(wanted)} FROM read_parquet($files) WHERE {column}::VARCHAR = $value ORDER BY {', '.join(order)}",
        {"files": made["objects"]("volume_rankings", layout), "value": value},
    ).fetchall()


def by_polars(made: dict, question: str) -> tuple[Rows, int]:
    """Rows, and bytes that a server of files had to send."""
    _, column, wanted, order = QUESTIONS[question]
    paths, value = files(made, question)
    given = datetime.date.fromisoformat(value) if column == "date" else value
    with RangeServer(Path(paths[0]).parent) as server:
        lazily = polars.scan_parquet([f"{server.url}{Path(path).name}" for path in paths])
        rows = lazily.filter(polars.col(column) == given).select(wanted).sort(order).collect().rows()
        return rows, sum(served.bytes for served in server.log if served.method == "GET")


class Counting(fsspec.implementations.local.LocalFileSystem):
    """Local files that count what is read of them."""

    cachable = False

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    def open(self, path: str, mode: str = "rb", **options: Any) -> Any:
        opened = super().open(path, mode, **options)
        read, outer = opened.f.read, self

        class Counted:
            def read(self, *arguments: Any) -> bytes:
                got = read(*arguments)
                outer.bytes += len(got)
                return got

            def __getattr__(self, name: str) -> Any:
                return getattr(opened, name)

        return Counted()


def by_pyarrow(made: dict, question: str) -> tuple[Rows, int]:
    """Rows, and bytes that were read of the files."""
    _, column, wanted, order = QUESTIONS[question]
    paths, value = files(made, question)
    given = datetime.date.fromisoformat(value) if column == "date" else value
    counting = Counting()
    opened = pyarrow.fs.PyFileSystem(pyarrow.fs.FSSpecHandler(counting))
    dataset = pyarrow.dataset.dataset(paths, filesystem=opened)
    found = dataset.to_table(columns=wanted, filter=pc.field(column) == given)
    found = found.sort_by([(name, "ascending") for name in order])
    return [tuple(row.values()) for row in found.to_pylist()], counting.bytes


#: Beside the documentation's Spark: rows as JSON, what was pushed down, and the bytes that Hadoop's files counted.
_SPARK = """
import json
statistics = spark._jvm.org.apache.hadoop.fs.FileSystem.getGlobalStorageStatistics()
def read():
    listed = statistics.iterator()
    total = 0
    while listed.hasNext():
        each = listed.next()
        total += (each.getLong("bytesRead") or 0)
    return total
told = {}
for name, frame in (("one day", spark_of_day), ("one symbol", spark_of_symbol)):
    plan = frame._jdf.queryExecution().executedPlan().toString()
    before = read()
    rows = [[str(value) if hasattr(value, "isoformat") else value for value in row] for row in frame.collect()]
    told[name] = {"rows": rows, "bytes": read() - before, "plan": plan}
print("TOLD" + json.dumps(told))
spark.stop()
"""


def by_spark(python: Path, data: Path, question: str, kept: dict = {}) -> tuple[Rows, int, str]:  # noqa: B006
    """Rows, bytes and plan, by the documentation's snippets in a Python that has PySpark; both questions at once."""
    if data not in kept:
        code = re.search(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)[1]
        code = code.replace('"mirror"', repr(str(data))) + snippets("python spark") + _SPARK
        # What is read by several ranges at once is not counted.
        uncounted = '"spark.hadoop.parquet.hadoop.vectored.io.enabled", "false"'
        code = code.replace('appName("availability")', f'appName("availability").config({uncounted})')
        done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)
        told = [line for line in done.stdout.splitlines() if line.startswith("TOLD")]
        if not told:
            raise AssertionError(f"PySpark did not answer: {done.stderr[-3000:]}")
        kept[data] = json.loads(told[0].removeprefix("TOLD"))
    said = kept[data][question]
    dates = QUESTIONS[question][2][0] == "date"
    rows = [(datetime.date.fromisoformat(row[0]), *row[1:]) if dates else tuple(row) for row in said["rows"]]
    return rows, said["bytes"], said["plan"]


READERS: dict[str, Callable[[dict, str], tuple[Rows, int]]] = {"Polars": by_polars, "pyarrow": by_pyarrow}
