"""`data/likely.json`: the bytes of the newest snapshot that the engine brings in quietly, for a visit without a network.

They are what the starter notebooks read, and a little more. The notebooks are run on the data as it is, by native DuckDB
(run_notebooks.py), so the list follows every release and every change of a notebook by itself. It is a hint: what it leaves
out is fetched when it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow.parquet as pq

#: Bytes that nobody asked for, worth fetching to save a request.
GAP = 16 * 1024
#: DuckDB reads page headers in pieces of this size, past the end of a short column chunk.
SLACK = 256

Span = tuple[int, int]
#: Sha256 of an object, and from where to where it was read.
Read = tuple[str, int, int]


def likely(told: dict[str, dict], descriptor: dict, folder: Path) -> str:
    """`{"likely": [{"object": sha256, "ranges": [[from, to], …]}, …], NAME: […], …}`: most likely first; `to` is exclusive.

    `likely` has everything, and each notebook a list of its own.

    `told` is what each notebook read (starters.py), `descriptor` the snapshot's, `folder` holds its objects.
    """
    objects = {entry["hash"].removeprefix("sha256:"): entry for entry in descriptor["resources"]}
    tiers = [[read for read in of["reads"] if read[0] in objects] for of in told.values()]
    lists = {name: [tier] for name, tier in zip(told, tiers, strict=True)}
    listed = {
        name: [{"object": sha256, "ranges": ranges} for sha256, ranges in order(of, objects, folder)]
        for name, of in [("likely", tiers), *lists.items()]
    }
    return json.dumps(listed, separators=(",", ":"))


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
