"""The dataset's package in the browser gives what its twin gives on a computer, and reads little for it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "build" / "kernel" / "binance_futures"))

DAY = "2021-05-19"
#: Question, arguments, and how many requests and kilobytes of data it may cost once there is a connection, which
#: brings the small layouts along; the questions are asked in this order, each finding what those before it read.
CONNECTING = (6, 300)
ASKED = [
    ("tradable_on", [DAY], 0, 0),
    ("published_on", [DAY], 0, 0),
    ("symbols_per_day", [], 0, 0),
    ("about_day", [DAY], 0, 0),
    ("timeline", ["BTCUSDT"], 0, 0),
    ("lifespan", ["BTCUSDT"], 0, 0),
    ("listing_periods", [], 0, 0),
    ("gaps", [60], 0, 0),
    ("listings", ["2021-01-01", "2021-06-30"], 0, 0),
    ("delistings", ["2024-01-01", "2030-01-01"], 0, 0),
    ("universe", [DAY, 20], 2, 400),
    ("rankings_on", [DAY], 2, 200),
    ("movers", [DAY, 7], 2, 100),
    ("market_share", [DAY, 10], 0, 0),
    ("rank_history", ["ETHUSDT"], 4, 800),
    ("average_volume", ["ETHUSDT", "2024-01-01", "2024-12-31"], 2, 100),
]
START = """
import pyodide_js
await pyodide_js.loadPackage("binance-futures")
import io, contextlib, json
import binance_futures as bf
from duckdb_wasm.bridge import session
before = await session.stats()
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    db = bf.connect()
after = await session.stats()
cost = [after[key] - before[key] for key in ("requests", "bytes")]
json.dumps([str(db.snapshot), db.snapshot.synthetic, printed.getvalue(), [s.id for s in bf.snapshots()], cost])
"""
ASK = """
import json
import binance_futures as bf
from duckdb_wasm.bridge import session
before = await session.stats()
relation = getattr(bf, {name!r})(*{arguments!r})
rows = relation.fetchall()
after = await session.stats()
cost = [after[key] - before[key] for key in ("requests", "bytes")]
json.dumps([relation.columns, [str(kind) for kind in relation.types], [list(map(repr, row)) for row in rows], cost])
"""


@pytest.fixture(scope="module")
def twin(site, tmp_path_factory):
    """The same snapshot on this computer."""
    import binance_futures as bf
    from binance_futures import _native

    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_native, "user_cache_path", lambda *_args, **_named: folder)
        yield bf.connect(site=str(site))


@pytest.fixture(scope="module")
def started(kernel):
    return json.loads(kernel.run(START))


def test_the_snapshot_is_the_sites_newest(started, twin, site):
    known = [entry["id"] for entry in json.loads((site / "data" / "snapshots.json").read_text())["snapshots"]]
    snapshot, synthetic, printed, listed, cost = started
    assert snapshot == twin.snapshot.id == known[0]
    assert listed == known
    assert printed.startswith(f"Snapshot {snapshot}: ")
    assert printed.count("\n") == (1 if synthetic is False else 2)
    assert cost[0] <= CONNECTING[0]
    assert cost[1] <= CONNECTING[1] * 1000


@pytest.mark.parametrize(("name", "arguments", "requests", "kilobytes"), ASKED, ids=[a[0] for a in ASKED])
def test_a_question_gives_what_its_twin_gives(kernel, started, twin, name, arguments, requests, kilobytes):
    columns, types, rows, cost = json.loads(kernel.run(ASK.format(name=name, arguments=arguments)))
    relation = getattr(twin, name)(*arguments)
    assert columns == relation.columns
    assert types == [str(kind) for kind in relation.types]
    expected = relation.fetchall()
    assert len(rows) == len(expected) > 0
    if name in ("market_share", "average_volume"):  # sums of floating-point numbers, in any order
        assert [float(value) for value in rows[0]] == pytest.approx(list(map(float, expected[0])), rel=1e-12)
    else:
        assert rows == [list(map(repr, row)) for row in expected]
    assert cost[0] <= requests
    assert cost[1] <= kilobytes * 1000


def test_an_unknown_snapshot_lists_the_nearest(kernel, started):
    code = """
import binance_futures as bf
messages = []
for wanted in ("2020-01-01-ffffff", "2020-01-01", "tomorrow"):
    try:
        bf.connect(wanted)
    except bf.UnknownSnapshot as error:
        messages.append(str(error))
"\\n".join(messages)
"""
    messages = kernel.run(code).splitlines()
    assert len(messages) == 3
    assert all(f"nearest are {started[0]}" in message for message in messages)


def test_pins_and_cursors_work(kernel, started):
    code = """
import json
import binance_futures as bf
pinned, dated = bf.connect({id!r}), bf.connect({id!r}[:10])
with_cursor = pinned.cursor().execute("SELECT count(*) FROM universe('2021-05-19', 3)").fetchall()
json.dumps([pinned.snapshot.id, dated.snapshot.id, with_cursor])
""".format(id=started[0])
    pinned, dated, counted = json.loads(kernel.run(code))
    assert pinned == dated == started[0]
    assert counted == [[3]]


def test_where_python_cannot_wait_await_does(kernel, started):
    code = """
import json
import binance_futures as bf
from duckdb_wasm import NotSupportedError
from duckdb_wasm.bridge import session
session.can_wait = lambda: False
try:
    db = await bf.connect()
    rows = (await db.universe("2021-05-19", 3)).fetchall()
    by_sql = (await db.sql("SELECT count(*) FROM tradable_on('2021-05-19')")).fetchall()
    listed = [str(snapshot) for snapshot in await bf.snapshots()]
    try:
        db.universe("2021-05-19", 3).fetchall()
    except NotSupportedError as error:
        door = str(error)
finally:
    del session.can_wait
json.dumps([len(rows), by_sql[0][0], listed, door])
"""
    rows, tradable, listed, door = json.loads(kernel.run(code))
    assert rows == 3
    assert tradable > 20
    assert listed[0] == started[0]
    assert "await db.sql" in door
