"""Snapshots are pinned by id or date, cached, checked, and need no network afterwards."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from support.range_server import RangeServer

IDS = ["2026-11-18-3fa9c1", "2026-11-18-000001", "2026-11-10-aaaaaa", "2026-09-01-bbbbbb"]


def test_the_newest_is_the_default_and_says_what_it_is(bf, db, built):
    snapshot = db.snapshot
    assert str(snapshot) == snapshot.id == built.descriptor["id"]
    assert (snapshot.first_date, snapshot.last_date) == ("2019-09-25", "2026-10-31")
    assert snapshot.symbols == built.descriptor["counts"]["symbols"]
    assert snapshot.synthetic is True
    assert snapshot.provenance == built.descriptor["provenance"]
    assert [listed.id for listed in bf.snapshots()] == [snapshot.id]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (None, "2026-11-18-3fa9c1"),
        ("2026-09-01-bbbbbb", "2026-09-01-bbbbbb"),
        ("2026-11-18", "2026-11-18-3fa9c1"),
        ("2026-11-10", "2026-11-10-aaaaaa"),
    ],
)
def test_a_snapshot_is_chosen_by_id_or_date(bf, wanted, expected):
    from binance_futures._snapshot import choose

    assert choose(wanted, IDS) == expected


@pytest.mark.parametrize(
    ("wanted", "near"),
    [
        ("2026-11-11", "2026-11-10-aaaaaa, 2026-11-18-3fa9c1, 2026-11-18-000001"),
        ("2026-09-01-cccccc", "2026-09-01-bbbbbb, 2026-11-10-aaaaaa, 2026-11-18-3fa9c1"),
        ("newest", "2026-11-18-3fa9c1, 2026-11-18-000001, 2026-11-10-aaaaaa"),
    ],
)
def test_an_unknown_snapshot_lists_the_nearest(bf, wanted, near):
    from binance_futures._snapshot import choose

    with pytest.raises(bf.UnknownSnapshot, match=f"no snapshot '{wanted}'; the nearest are {near}"):
        choose(wanted, IDS)


def test_pins_work_on_a_connection(bf, built):
    by_id = bf.connect(built.descriptor["id"])
    by_date = bf.connect("2026-10-31")
    assert by_id.snapshot == by_date.snapshot
    with pytest.raises(bf.UnknownSnapshot, match=f"nearest are {built.descriptor['id']}"):
        bf.connect("2020-01-01-ffffff")


def test_it_prints_which_snapshot_it_is_and_that_the_data_is_synthetic(bf, capsys):
    snapshot = bf.connect().snapshot
    bf.tradable_on("2021-05-19").fetchall()
    printed = capsys.readouterr()
    first, second = printed.out.splitlines()
    # Invented data does not age.
    assert first == f"Snapshot {snapshot.id}: 2019-09-25 to 2026-10-31."
    assert second.startswith("Synthetic data")
    assert printed.err == ""


@pytest.mark.parametrize(
    ("dates", "today", "said"),
    [
        (
            {"last": "2026-10-31", "complete": "2026-10-31", "ranked": "2026-10-31"},
            "2026-11-03",
            "2026-10-31.",
        ),
        (
            {"last": "2026-10-31", "complete": "2026-10-31", "ranked": "2026-10-31"},
            "2026-11-04",
            "2026-10-31. 2026-10-31 was 4 days ago: newer days are not in it.",
        ),
        (
            {"last": "2026-10-31", "complete": "2026-10-30", "ranked": "2026-10-28"},
            "2026-11-01",
            "2026-10-31. Days after 2026-10-30 are incomplete: “now” is 2026-10-30. Ranks are complete to 2026-10-28.",
        ),
        # Snapshots from before complete days were told apart.
        ({"last": "2026-10-31"}, "2026-11-01", "2026-10-31."),
    ],
)
def test_it_says_what_is_incomplete_and_how_old_the_data_is(bf, capsys, dates, today, said):
    entry = {
        "id": "x",
        "dates": {"first": "2019-09-25", **dates},
        "counts": {"symbols": 1},
        "synthetic": False,
    }
    bf.Snapshot.of(entry).tell(date.fromisoformat(today))
    assert capsys.readouterr().out == f"Snapshot x: 2019-09-25 to {said}\n"


def test_what_is_fetched_is_kept_and_needs_no_server_afterwards(site, cache):
    import binance_futures as bf

    with RangeServer(site) as server:
        first = bf.connect(site=server.url).tradable_on("2021-05-19").fetchall()
        fetched = len(server.data())
        assert fetched > 10
        server.reset()
        again = bf.connect(site=server.url)
        assert server.data() == []
        url = server.url
    assert len(first) > 20
    for wanted in (None, again.snapshot.id, "2026-10-31"):
        assert bf.connect(wanted, site=url).tradable_on("2021-05-19").fetchall() == first
    assert [listed.id for listed in bf.snapshots(site=url)] == [again.snapshot.id]
    assert bf.site() == url
    assert [listed.id for listed in bf.snapshots()] == [again.snapshot.id]


def test_an_object_that_was_changed_is_refused_and_not_kept(site, cache):
    import binance_futures as bf

    def change(answer, path, _range):
        if path.endswith(".parquet"):
            answer.body = answer.body[:-1] + bytes([answer.body[-1] ^ 1])

    with RangeServer(site) as server:
        server.faults.append(change)
        with pytest.raises(
            OSError, match=r"not what the snapshot names: expected sha256:\w+, got sha256:\w+"
        ):
            bf.connect(site=server.url)
        assert list((cache / "objects").iterdir()) == []
        server.faults.clear()
        assert bf.connect(site=server.url).universe("2021-05-19", 3).fetchall()


def test_an_object_that_was_cut_in_the_cache_is_fetched_again(site, filled, tmp_path, monkeypatch):
    import binance_futures as bf
    from binance_futures import _native

    copy = shutil.copytree(filled, tmp_path / "copy")
    monkeypatch.setattr(_native, "user_cache_path", lambda *_args, **_named: copy)
    largest = max((copy / "objects").iterdir(), key=lambda path: path.stat().st_size)
    whole = largest.read_bytes()
    largest.write_bytes(whole[:1000])
    bf.connect(site=str(site))
    assert largest.read_bytes() == whole


def test_a_site_must_be_named(cache):
    import binance_futures as bf

    with pytest.raises(ValueError, match="BINANCE_FUTURES_SITE"):
        bf.connect()
    with pytest.raises(ValueError, match="neither an address"):
        bf.connect(site="no-such-folder")


def test_an_address_that_is_no_site_is_named(tmp_path, cache):
    import binance_futures as bf

    with RangeServer(tmp_path) as server:
        with pytest.raises(OSError, match=r"data/snapshots\.json answered HTTP 404"):
            bf.connect(site=server.url)
        url = server.url
    with pytest.raises(OSError, match="could not be read"):
        bf.connect(site=url)


def test_cursors_see_the_tables_and_python_variables_are_tables(db):
    import pyarrow

    wanted = pyarrow.table({"symbol": ["BTCUSDT", "ETHUSDT"]})
    assert db.sql("SELECT count(*) FROM symbols JOIN wanted USING (symbol)").fetchone()[0] >= wanted.num_rows
    assert db.cursor().execute("SELECT count(*) FROM universe('2021-05-19', 3)").fetchone() == (3,)
