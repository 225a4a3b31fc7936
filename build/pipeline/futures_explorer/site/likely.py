"""`data/likely.json`: the bytes of the newest snapshot that the engine brings in quietly, for a visit without a network.

They are what the starter notebooks read, and a little more. The notebooks are run on the data as it is, by native DuckDB
(read_notebooks.py), so the list follows every release and every change of a notebook by itself. It is a hint: what it leaves
out is fetched when it is asked for.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyarrow.parquet as pq

from futures_explorer.errors import ExplorerError
from futures_explorer.project import ROOT
from futures_explorer.site.gallery import read_gallery
from futures_explorer.site.phases import files_below, phase

READER = Path(__file__).with_name("read_notebooks.py")
KERNEL = ROOT / "build" / "kernel"
NAME = "likely.json"
#: Run after the starter notebooks: so that the quickstart, `universe` and `market_share` answer on every other date, too.
ANY_DATE = "SELECT max(COLUMNS('^(symbol|rank|quote_volume_usdt|market_share_pct|trade_count)$')) FROM volume_rankings"
#: Bytes that nobody asked for, worth fetching to save a request.
GAP = 16 * 1024
#: DuckDB reads page headers in pieces of this size, past the end of a short column chunk.
SLACK = 256

Span = tuple[int, int]
#: Sha256 of an object, and from where to where it was read.
Read = tuple[str, int, int]


def write_likely(data: Path, say: Callable[[str], None]) -> None:
    """Writes `likely.json` into the site's `data/` folder: `{"likely": [{"object": sha256, "ranges": [[from, to], …]}, …]}`.

    Most likely first; `to` is exclusive. Raises `ExplorerError` where the notebooks cannot be run at all; of one that fails,
    what it read until then is in the list, and a note goes to standard error.
    """
    newest = json.loads((data / "snapshots.json").read_text(encoding="utf-8"))["snapshots"][0]["id"]
    descriptor = data / "snapshots" / newest / "datapackage.json"
    notebooks = [ROOT / "content" / f"{entry.name}.ipynb" for entry in read_gallery()]
    inputs = [*notebooks, descriptor, ROOT / "requirements.txt", *files_below(Path(__file__), READER, KERNEL)]

    def build(into: Path) -> None:
        resources = json.loads(descriptor.read_text(encoding="utf-8"))["resources"]
        objects = {resource["hash"].removeprefix("sha256:"): resource for resource in resources}
        told = read(data.parent, notebooks)
        for name, of in told.items():
            if of["error"]:
                first = of["error"].splitlines()[0]
                print(f"Note: {name} did not run to its end on this data: {first}", file=sys.stderr)
        tiers = [[read for read in of["reads"] if read[0] in objects] for of in told.values()]
        likely = [
            {"object": sha256, "ranges": ranges} for sha256, ranges in order(tiers, objects, data / "objects")
        ]
        (into / NAME).write_text(json.dumps({"likely": likely}, separators=(",", ":")), encoding="utf-8")

    built = phase("likely", inputs, build, say=say, doing="Seeing what the starter notebooks read")
    (data / NAME).write_bytes((built / NAME).read_bytes())


def read(site: Path, notebooks: list[Path]) -> dict[str, dict]:
    """What each notebook reads, in the order in which they are shown; last, what is read for other dates."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BINANCE_", "JPY_"))}
    with tempfile.TemporaryDirectory() as scratch:
        cell = f"import binance_futures as bf\nbf.connect().sql({ANY_DATE!r}).fetchall()"
        other = Path(scratch) / "any date.ipynb"
        other.write_text(json.dumps({"cells": [{"cell_type": "code", "source": [cell]}]}), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, str(READER), str(site.resolve()), *map(str, notebooks), str(other)],
            cwd=scratch,
            env={**kept, "IPYTHONDIR": scratch},
            capture_output=True,
            text=True,
        )
    if done.returncode:
        raise ExplorerError(f"The starter notebooks could not be run on the data:\n{done.stderr.strip()}")
    return json.loads(done.stdout)


def order(
    tiers: Iterable[Iterable[Read]], objects: dict[str, dict], folder: Path
) -> Iterator[tuple[str, list[Span]]]:
    """Whole column chunks of what was read, as few ranges of each object; each chunk where it is first wanted.

    `objects` are the snapshot's resources, `folder` holds them. Footers are left out: the engine has them.
    """
    chunks: dict[str, list[Span]] = {}
    taken: set[tuple[str, Span]] = set()
    for tier in tiers:
        wanted: dict[str, list[Span]] = {}
        for sha256, start, end in tier:
            footer = objects[sha256]["bytes"] - objects[sha256]["footerBytes"]
            if end > footer:
                continue
            if sha256 not in chunks:
                chunks[sha256] = list(_chunks(folder / f"{sha256}.parquet"))
            for chunk in chunks[sha256]:
                is_read = start < chunk[1] and (chunk[0] <= start or end > chunk[0] + SLACK)
                if is_read and (sha256, chunk) not in taken:
                    taken.add((sha256, chunk))
                    wanted.setdefault(sha256, []).append((chunk[0], min(chunk[1] + SLACK, footer)))
        for sha256, spans in wanted.items():
            yield sha256, joined(spans)


def _chunks(file: Path) -> Iterator[Span]:
    metadata = pq.read_metadata(file)
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            start = chunk.dictionary_page_offset or chunk.data_page_offset
            yield start, start + chunk.total_compressed_size


def joined(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that are close to each other made one."""
    runs: list[Span] = []
    for start, end in sorted(spans):
        if runs and start - runs[-1][1] <= GAP:
            runs[-1] = (runs[-1][0], max(end, runs[-1][1]))
        else:
            runs.append((start, end))
    return runs
