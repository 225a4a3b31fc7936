"""Which bytes of the data the build says are likely to be needed."""

import json
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from futures_explorer.project import ROOT
from futures_explorer.site.likely import SLACK, order
from futures_explorer.site.starters import RUNNER, run

ROWS = 40_000


@pytest.fixture
def stored(tmp_path):
    """A folder with one object of two row groups of three columns; its resource, and its chunks' ranges by group."""
    columns = {name: pa.array([hash((name, i)) for i in range(ROWS)]) for name in "abc"}
    path = tmp_path / "object.parquet"
    pq.write_table(pa.table(columns), path, row_group_size=ROWS // 2, use_dictionary=False)
    metadata = pq.read_metadata(path)
    chunks = []
    for group in (0, 1):
        columns = [metadata.row_group(group).column(i) for i in range(3)]
        chunks.append([(c.data_page_offset, c.data_page_offset + c.total_compressed_size) for c in columns])
    size = path.stat().st_size
    resource = {"bytes": size, "footerBytes": size - chunks[1][-1][1]}
    return tmp_path, {"object": resource}, chunks


def test_column_chunks_come_whole_and_neighbours_as_one_range(stored):
    folder, objects, ((a, b, _), (_, _, c)) = stored
    size = objects["object"]["bytes"]
    reads = [("object", a[0] + 5, a[0] + 9), ("object", b[0], b[0] + 1), ("object", c[1] - 1, c[1])]
    footer = [("object", size - 8, size), ("object", c[1], size)]
    assert list(order([footer + reads], objects, folder)) == [("object", [(a[0], b[1] + SLACK), c])]


def test_what_an_earlier_notebook_reads_is_not_listed_again(stored):
    folder, objects, ((a, b, c), _) = stored
    first, second = [("object", *b)], [("object", a[0], c[1])]
    assert list(order([first, second, first], objects, folder)) == [
        ("object", [(b[0], b[1] + SLACK)]),
        ("object", [(a[0], a[1] + SLACK), (c[0], c[1] + SLACK)]),
    ]


def test_a_page_header_at_the_end_of_a_chunk_does_not_ask_for_the_next_one(stored):
    folder, objects, ((a, _, _), _) = stored
    assert list(order([[("object", a[0], a[1] + SLACK)]], objects, folder)) == [
        ("object", [(a[0], a[1] + SLACK)])
    ]


def test_duckdb_reads_as_it_does_in_the_engine():
    source = ROOT / "build/engine/src"
    assert f"const SLACK = {SLACK};" in (source / "read/read-plan.ts").read_text("utf-8")
    engine = (source / "database.ts").read_text("utf-8")
    settings = re.findall(r"SET (\w+ = \w+)", RUNNER.read_text("utf-8"))
    assert len(settings) == 4
    # The engine has one thread anyway.
    assert [setting for setting in settings if setting not in engine] == ["threads = 1"]


def test_a_notebook_that_fails_is_named_and_the_others_are_read(built, tmp_path):
    def notebook(name: str, *cells: str):
        path = tmp_path / f"{name}.ipynb"
        path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": [cell]} for cell in cells]}))
        return path

    begin = "import binance_futures as bf\ndb = bf.connect()"
    told = run(
        built.data.parent,
        [
            notebook(
                "broken", begin, "db.execute('FROM universe(1, 2)')", "%%sql\nFROM rankings_on('2024-01-01')"
            ),
            notebook("sql", begin, "%%sql\nFROM rankings_on('2024-01-01')"),
        ],
    )
    assert [(name, bool(of["error"])) for name, of in told.items()] == [
        ("broken", True),
        ("sql", False),
        ("any date", False),
    ]
    assert "Conversion Error" in told["broken"]["error"] or "Binder Error" in told["broken"]["error"]
    names = {resource["hash"][7:]: resource["name"] for resource in built.descriptor["resources"]}
    read_of = {name: {names[sha256] for sha256, _, _ in of["reads"]} for name, of in told.items()}
    assert "volume_rankings.by-date.2024" in read_of["sql"]
    every = {name for name in names.values() if name.startswith("volume_rankings.by-date")}
    assert every <= read_of["any date"]
