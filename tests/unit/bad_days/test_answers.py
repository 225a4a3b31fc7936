"""What the front page, its search and the macros say of each bad release, counted by hand."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from support.bad_releases import FIRST, LAST, PLAIN

EVER = ("2019-01-01", "2030-01-01")
ALL = sorted(PLAIN)


def front(site) -> str:
    """The front page's words, without its tags."""
    text = (site.folder / "index.html").read_text("utf-8")
    text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


def days(rows):
    """Rows with their dates as text."""
    return [tuple(str(value) if isinstance(value, date) else value for value in row) for row in rows]


def test_an_incomplete_newest_day_kills_nobody(bad, read):
    site = bad("incomplete_newest_day")
    db = read(site)
    assert site.descriptor["dates"] == {
        "first": FIRST,
        "last": LAST,
        "complete": "2026-10-30",
        "ranked": "2026-10-30",
    }
    assert site.descriptor["notes"] == [
        "2026-10-31 is incomplete: 1 of usually 20 symbols have a file. The newest complete day is 2026-10-30."
    ]
    said = front(site)
    assert "Data to 2026-10-30. 2026-10-31 is incomplete: so far 1 of usually 20 symbols." in said
    assert "20 symbols traded on 2026-10-30: all that have been listed since 2024-12-01." in said
    assert {state for _, state in site.symbols().values()} == {"trades"}
    assert site.symbols()["ETHUSDT"] == ([[FIRST, "2026-10-30"]], "trades")
    assert site.symbols()["C18USDT"] == ([[FIRST, LAST]], "trades")

    assert (db.snapshot.complete_date, db.snapshot.last_date) == ("2026-10-30", LAST)
    assert db.delistings(*EVER).fetchall() == []
    assert {state for *_, state in db.listing_periods().fetchall()} == {"trades"}
    # Every row stays as it was released.
    assert db.tradable_on(LAST).fetchall() == [("C18USDT",)]
    assert db.sql(
        f"SELECT count(*), count(*) FILTER (available) FROM daily_availability WHERE date = '{LAST}'"
    ).fetchall() == [(20, 1)]
    assert days(db.about_day(LAST).fetchall()) == [
        (LAST, 1, 1, 1, False, True, "2026-10-31 is incomplete: 1 of usually 20 symbols have a file.")
    ]
    assert days(db.symbols_per_day().fetchall())[-2:] == [("2026-10-30", 20, True), (LAST, 1, False)]


def test_a_dead_contract_that_still_prints_is_published_and_not_tradable(bad, read):
    site = bad("dead_contract_prints")
    db = read(site)
    assert site.descriptor["dates"]["complete"] == LAST
    assert site.descriptor["notes"] == [
        "123 files of 2 symbols are without a trade: published, not tradable."
    ]
    # 20 plain symbols and DEADUSDT; FLATUSDT never was a market.
    assert (
        "20 symbols traded on 2026-10-31; there were 21 listings since 2024-12-01. "
        "A backtest on the day's list forgets the other 1." in front(site)
    )
    assert site.symbols()["DEADUSDT"] == ([[FIRST, "2026-09-30"]], "gone")
    assert site.symbols()["FLATUSDT"] == ([], "untraded")

    assert [symbol for (symbol,) in db.tradable_on("2026-10-15").fetchall()] == ALL
    printing = db.published_on("2026-10-15").filter("NOT tradable").project("symbol").fetchall()
    assert printing == [("DEADUSDT",), ("FLATUSDT",)]
    assert days(db.delistings(*EVER).fetchall()) == [("DEADUSDT", "2026-09-30", 1, "gone")]
    assert days(db.flat_runs().fetchall()) == [
        ("DEADUSDT", "2026-10-01", LAST, 31),
        ("FLATUSDT", "2026-08-01", LAST, 92),
    ]
    assert [symbol for _, symbol, *_ in db.universe("2026-10-15", 50).fetchall()] == sorted(
        ALL, key=PLAIN.get, reverse=True
    )
    assert [symbol for _, symbol, *_ in db.universe("2026-09-30", 3).fetchall()] == [
        "BTCUSDT",
        "ETHUSDT",
        "DEADUSDT",
    ]
    # As released, both have a rank: the last one.
    assert db.rankings_on("2026-10-15").order("rank, symbol").project("symbol, rank").fetchall()[-2:] == [
        ("DEADUSDT", 21),
        ("FLATUSDT", 21),
    ]
    assert db.market_share("2026-10-15", 100).project("symbols").fetchone() == (20,)
    assert db.timeline("DEADUSDT").order("date DESC").limit(1).fetchone() == (
        date(2026, 10, 31),
        True,
        False,
    )
    assert days(db.lifespan("DEADUSDT").fetchall()) == [("DEADUSDT", FIRST, "2026-09-30", 669, 1, 1, "gone")]


def test_a_name_that_is_used_twice_has_two_listings_and_a_gap_of_days_none(bad, read):
    site = bad("name_used_twice")
    db = read(site)
    assert "22 symbols traded on 2026-10-31; there were 23 listings since 2024-12-01." in front(site)
    assert site.symbols()["LITUSDT"] == ([[FIRST, "2025-01-31"], ["2025-12-23", LAST]], "trades")
    assert site.symbols()["GAPUSDT"] == ([[FIRST, LAST]], "trades")

    assert days(db.listing_periods().filter("symbol = 'LITUSDT'").fetchall()) == [
        ("LITUSDT", 1, FIRST, "2025-01-31", 62, 1, "gone"),
        ("LITUSDT", 2, "2025-12-23", LAST, 313, 1, "trades"),
    ]
    assert days(db.delistings(*EVER).fetchall()) == [("LITUSDT", "2025-01-31", 1, "gone")]
    assert days(db.listings("2024-12-02", LAST).fetchall()) == [("LITUSDT", "2025-12-23", 2)]
    assert days(db.gaps().fetchall()) == [("GAPUSDT", "2026-05-10", "2026-05-14", 5)]
    # The limit is a parameter: an absence of 5 days is more than 4, one of 325 days not more than 325.
    assert [row[0] for row in db.delistings(*EVER, absence=4).fetchall()] == ["LITUSDT", "GAPUSDT"]
    assert db.sql("FROM delistings('2019-01-01', '2030-01-01', absence := 325)").fetchall() == []


def test_volumes_without_ranks_are_said_to_be(bad, read):
    site = bad("volumes_without_ranks")
    db = read(site)
    assert (db.snapshot.complete_date, db.snapshot.ranked_date) == (LAST, "2026-10-29")
    notes = "\n".join(site.descriptor["notes"])
    # NEWUSDT on 153 days, and 20 others on the newest two.
    assert "193 of 14,053 rows: the rank is missing" in notes
    assert "Ranks are complete to 2026-10-29 only; the newest complete day is 2026-10-31." in notes
    # Upstream's percentiles counted NEWUSDT, on 151 days with 20 others of which the first is 0 all the same.
    assert (
        "volume_rankings.percentile: 2,869 of 13,860 rows differ from the formula, e.g. 2026-10-29 C01USDT"
        in notes
    )
    assert db.universe(LAST, 10).fetchall() == []
    assert db.about_day(LAST).project("note").fetchone() == ("2026-10-31 has no ranks.",)
    assert db.about_day("2024-12-03").project("note").fetchone() == (
        "2024-12-03 has no volumes and no ranks; they begin on 2024-12-06.",
    )
    assert db.about_day("2026-10-29").project("note").fetchone() == (None,)
    assert db.rank_history("NEWUSDT").fetchall() == []
    assert site.symbols()["NEWUSDT"] == ([["2026-06-01", LAST]], "trades")


def test_all_at_once_is_still_told_apart(bad, read):
    site = bad("all_at_once")
    db = read(site)
    assert (db.snapshot.complete_date, db.snapshot.ranked_date) == ("2026-10-30", "2026-10-29")
    # On 2026-10-30: 20 plain symbols. Listings by then: these, DEADUSDT, LATEUSDT and LITUSDT's first.
    assert (
        "20 symbols traded on 2026-10-30; there were 23 listings since 2024-12-01. "
        "A backtest on the day's list forgets the other 3." in front(site)
    )
    assert "2026-10-31 is incomplete: so far 2 of usually 22 symbols." in front(site)
    found = {name: value for name, value in site.symbols().items() if name not in PLAIN}
    assert found == {
        "DEADUSDT": ([[FIRST, "2026-09-30"]], "gone"),
        "LATEUSDT": ([[FIRST, "2026-10-29"]], "absent"),
        "LITUSDT": ([[FIRST, "2025-01-31"], [LAST, LAST]], "trades"),
    }
    assert days(db.delistings(*EVER).fetchall()) == [
        ("LITUSDT", "2025-01-31", 1, "gone"),
        ("DEADUSDT", "2026-09-30", 1, "gone"),
        ("LATEUSDT", "2026-10-29", 1, "absent"),
    ]
    assert db.tradable_on(LAST).fetchall() == [("LITUSDT",)]


@pytest.mark.parametrize(
    ("day", "note"),
    [
        ("2024-11-30", "2024-11-30 is before the first day of this snapshot, 2024-12-01."),
        ("2026-11-01", "2026-11-01 is after the newest day of this snapshot, 2026-10-31."),
        ("0001-01-01", "0001-01-01 is before the first day of this snapshot, 2024-12-01."),
        ("9999-12-31", "9999-12-31 is after the newest day of this snapshot, 2026-10-31."),
    ],
)
def test_a_day_outside_of_the_data_is_said_to_be(bad, read, day, note):
    db = read(bad("name_used_twice"))
    assert db.about_day(day).project("published, tradable, ranked, complete, note").fetchall() == [
        (0, 0, 0, False, note)
    ]


def test_a_time_with_a_zone_is_its_day_in_utc(bad, read):
    db = read(bad("name_used_twice"))
    tokyo = timezone(timedelta(hours=9))
    # 8 o'clock on 1 February in Tokyo is 31 January in UTC, LITUSDT's last day.
    for moment in (datetime(2025, 2, 1, 8, tzinfo=tokyo), datetime(2025, 1, 31, 23, tzinfo=UTC)):
        assert ("LITUSDT",) in db.tradable_on(moment).fetchall()
        in_sql = db.execute("SELECT symbol FROM tradable_on($day)", {"day": moment}).fetchall()
        assert in_sql == db.tradable_on("2025-01-31").fetchall()
        at_cursor = db.cursor().execute("SELECT symbol FROM tradable_on($day)", {"day": moment}).fetchall()
        assert at_cursor == in_sql
    assert ("LITUSDT",) not in db.tradable_on(datetime(2025, 2, 1, 9, tzinfo=tokyo)).fetchall()


def test_the_documentation_s_examples_run(bad, read):
    db = read(bad("all_at_once"))
    text = (Path(__file__).parents[3] / "docs" / "what-the-data-can-tell.md").read_text("utf-8")
    statements = [
        statement.strip()
        for block in re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
        for statement in re.sub(r"--.*", "", block).split(";")
        if statement.strip()
    ]
    rows = [days(db.sql(statement).fetchall()) for statement in statements]
    assert len(rows) == 11
    assert rows[0] == [(2, 1, False, "2026-10-31 is incomplete: 2 of usually 22 symbols have a file.")]
    assert ("DEADUSDT",) not in rows[1]
    assert rows[2] == [("DEADUSDT",)]
    assert ("DEADUSDT", "2026-09-30", 1, "gone") in rows[3]
    assert rows[4] == [("DEADUSDT", "2026-10-01", LAST, 31)]
    assert [row[1:4:2] for row in rows[5]] == [(1, "2025-01-31"), (2, LAST)]
    assert rows[6] == []  # this release has neither name
    assert rows[7:9] == [[(20, 0, "2026-10-30 has no ranks.")], []]
    assert rows[9] == [("2030-01-01 is after the newest day of this snapshot, 2026-10-31.",)]
    assert rows[10] == [("2026-10-30",)]
    (in_python,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    *before, last = in_python.strip().splitlines()
    known = {"db": db}
    exec("\n".join(before), known)
    found = eval(last, known).fetchall()
    assert ("LITUSDT",) in found
    assert found == db.tradable_on("2025-01-31").fetchall()


def test_the_newest_complete_day_is_the_same_each_time_it_is_asked_for(bad, tmp_path):
    """DuckDB 1.5.1 on several threads has lost rows of a left join in this very question."""
    from futures_explorer.release import definitions
    from futures_explorer.release.resolve import resolve_release
    from futures_explorer.release.tables import open_tables

    folder = bad("dead_contract_prints").folder.parent / "release"
    with open_tables(resolve_release(str(folder), tmp_path), tmp_path) as opened:
        assert {opened.rows(definitions.newest())[0] for _ in range(30)} == {(LAST, LAST)}


def test_a_snapshot_from_before_complete_days_still_answers(bad, read, tmp_path):
    """Its `core` has no column `tradable`, and it has no layout `days`."""
    import duckdb
    from binance_futures._tables import create_tables

    site = bad("name_used_twice")
    folder = site.folder / "data" / "snapshots" / site.descriptor["id"]
    resources = []
    for resource in site.descriptor["resources"]:
        resource = {**resource, "file": str((folder / resource["path"]).resolve())}
        if resource["layout"] == "core":
            core = tmp_path / "core.parquet"
            duckdb.sql(f"COPY (SELECT date, symbol, available FROM '{resource['file']}') TO '{core}'")
            resource["file"] = str(core)
        if resource["table"] != "days":
            resources.append(resource)
    with duckdb.connect() as old:
        old.execute(create_tables({"dates": {"first": FIRST, "last": LAST}, "resources": resources}))
        db = read(site)
        for question in (
            "tradable_on('2025-01-31')",
            "symbols_per_day()",
            "about_day('2024-12-02')",
            "listing_periods()",
            "delistings('2019-01-01', '2030-01-01')",
            "universe('2025-01-31', 3)",
            "days",
        ):
            assert old.sql(f"FROM {question}").fetchall() == db.sql(f"FROM {question}").fetchall()
