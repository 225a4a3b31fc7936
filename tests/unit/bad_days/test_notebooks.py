"""The starter notebooks on bad releases: what they say, counted by hand, and in a sentence whatever they are given."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from IPython.display import Markdown
from support import native_notebook
from support.bad_releases import BAD_RELEASES
from support.native_notebook import notebooks

#: A trade on a flat day, one while the name was nobody's, one on the day that has not come in, one after the data, one good.
TRADES = """date,symbol,usdt
2026-10-15,DEADUSDT,5
2025-06-01,LITUSDT,5
2026-10-31,BTCUSDT,5
2030-01-01,BTCUSDT,5
2026-10-01,ETHUSDT,40
"""
#: Release, notebook, parameters, and what it says in this order.
SAID = [
    (
        "incomplete_newest_day",
        "quickstart",
        {"day": "2026-10-30"},
        ["could trade **20 symbols**, of which **20** still trade on 2026-10-30.", "the other **0**."],
    ),
    (
        "incomplete_newest_day",
        "quickstart",
        {"day": "2026-10-31"},
        [
            "could trade **1 symbol**, of which **1** still trade on 2026-10-30.",
            "**Note:** 2026-10-31 is incomplete: 1 of usually 20 symbols have a file.",
        ],
    ),
    (
        "incomplete_newest_day",
        "universe",
        {},
        ["to 2026-10-30, **20 different listings**", "**0 of them no longer trade**"],
    ),
    (
        "incomplete_newest_day",
        "symbol-timeline",
        {"symbol": "ETHUSDT"},
        ["traded on **699 days** from 2024-12-01 to 2026-10-30, without a gap; it still trades."],
    ),
    (
        "incomplete_newest_day",
        "listings-and-delistings",
        {},
        [
            "**20 listings** of 20 symbols",
            "**0** of them are gone.",
            "**0 arrived and 0 left**",
            "about **100** are there",
        ],
    ),
    ("incomplete_newest_day", "volume-rankings", {}, ["On 2026-10-30, **BTCUSDT** alone took **26%**"]),
    (
        "incomplete_newest_day",
        "data-quality",
        {},
        [
            "The newest complete day is **2026-10-30**.",
            "**2026-10-30**, with 20 files where 20 are usual. **Incomplete, leave out: 2026-10-31 with 1 of 20**.",
        ],
    ),
    (
        "incomplete_newest_day",
        "sql-tour",
        {"day": "2026-10-01"},
        ["2026-10-01 20 True", "2026-10-30 20 True"],
    ),
    (
        "dead_contract_prints",
        "quickstart",
        {"day": "2026-09-30"},
        ["could trade **21 symbols**, of which **20** still trade on 2026-10-31.", "the other **1**."],
    ),
    ("dead_contract_prints", "universe", {}, ["**21 different listings**", "**1 of them no longer trade**."]),
    (
        "dead_contract_prints",
        "symbol-timeline",
        {"symbol": "DEADUSDT"},
        [
            "traded on **669 days** from 2024-12-01 to 2026-09-30, without a gap; it is gone.",
            "the exchange published **31 files without a trade**, to 2026-10-31.",
            "it ranked **3** on 2026-09-30",
        ],
    ),
    (
        "dead_contract_prints",
        "symbol-timeline",
        {"symbol": "FLATUSDT"},
        ["**FLATUSDT** has files for 92 days, all without a trade.", "What follows is about"],
    ),
    (
        "dead_contract_prints",
        "data-quality",
        {},
        [
            "**123 files** in 2 runs are without a trade.",
            "On 2026-10-31, **2 symbols** had a file and no trade.",
        ],
    ),
    (
        "dead_contract_prints",
        "listings-and-delistings",
        {},
        ["**21 listings** of 21 symbols", "**1** of them are gone.", "**0 arrived and 1 left**"],
    ),
    (
        "name_used_twice",
        "quickstart",
        {"day": "2025-01-15"},
        ["could trade **22 symbols**, of which **21** still trade on 2026-10-31.", "the other **1**."],
    ),
    # Eight quarters: 22 places, three times 21, four times 22; LITUSDT's first listing had one of them.
    (
        "name_used_twice",
        "universe",
        {},
        [
            "**8 rebalances** from 2025-01-01",
            "**23 different listings**",
            "**1 of them no longer trade**",
            "**99%** of the places",
        ],
    ),
    (
        "name_used_twice",
        "symbol-timeline",
        {"symbol": "LITUSDT"},
        [
            "traded on **375 days** from 2024-12-01 to 2026-10-31, in 2 runs; it still trades.",
            "The name had **2 listings**, more than four weeks apart",
            "**No gaps** within its 2 listings",
        ],
    ),
    (
        "name_used_twice",
        "symbol-timeline",
        {"symbol": "GAPUSDT"},
        ["in 2 runs; it still trades. By volume", "**1 gap**, the longest of 5 days"],
    ),
    (
        "name_used_twice",
        "listings-and-delistings",
        {},
        [
            "**23 listings** of 22 symbols",
            "**1 arrived and 0 left**",
            "**1 name** came back",
            "typically after **325 days**",
        ],
    ),
    ("name_used_twice", "data-quality", {}, ["1 gap in 1 symbol. **0 files** in 0 runs"]),
    (
        "volumes_without_ranks",
        "symbol-timeline",
        {"symbol": "NEWUSDT"},
        [
            "traded on **153 days** from 2026-06-01 to 2026-10-31, without a gap; it still trades. It has no ranks."
        ],
    ),
    ("volumes_without_ranks", "volume-rankings", {}, ["On 2026-10-29, **BTCUSDT**"]),
    (
        "volumes_without_ranks",
        "volume-rankings",
        {"day": "2024-12-03"},
        ["**No symbol is ranked on 2024-12-03**", "they begin on 2024-12-06."],
    ),
    (
        "volumes_without_ranks",
        "universe",
        {"start": "2026-10-30"},
        ["**no ranked day to rebalance on**. Ranks are complete to 2026-10-29"],
    ),
    (
        "all_at_once",
        "universe",
        {},
        ["**23 different listings**", "**2 of them no longer trade** (1 more is absent for now)"],
    ),
    (
        "all_at_once",
        "symbol-timeline",
        {"symbol": "LATEUSDT"},
        [
            "traded on **698 days** from 2024-12-01 to 2026-10-29, without a gap; ",
            "it is absent on 2026-10-30 and may come back.",
        ],
    ),
    (
        "all_at_once",
        "bring-your-own-data",
        {"file": "trades.csv"},
        # 40 of the 8,000 USDT that ETHUSDT turned over.
        [
            "Of **5 trades**, **2** fell on a day on which",
            "the largest was **0.50%** of it.",
            "**2** fell on days that this snapshot does not hold",
        ],
    ),
    (
        "all_at_once",
        "take-it-home",
        {"day": "2026-11-01"},
        ["**0 symbols** could be traded", "2026-11-01 is after the newest day of this snapshot"],
    ),
    (
        "all_at_once",
        "quickstart",
        {"day": "2026-11-01"},
        ["**2026-11-01 is after the newest day of this snapshot, 2026-10-31.** Choose another day"],
    ),
    # Of TRADES, those of DEADUSDT and LITUSDT; the largest is 40 of the 8,000 USDT that ETHUSDT turned over.
    *(
        (
            release,
            "bring-your-own-data",
            {"file": "trades.csv"},
            [
                "Of **5 trades**, **2** fell on a day on which",
                "the largest was **0.50%**",
                f"**{outside}** fell on days",
            ],
        )
        for release, outside in (
            ("incomplete_newest_day", 2),
            ("dead_contract_prints", 1),
            ("name_used_twice", 1),
            ("volumes_without_ranks", 1),
        )
    ),
    *(
        (release, "take-it-home", {"day": day}, [f"On {day}, **{symbols}** could be traded"])
        for release, day, symbols in (
            ("incomplete_newest_day", "2026-10-31", "1 symbol"),
            ("dead_contract_prints", "2026-10-15", "20 symbols"),
            ("name_used_twice", "2025-06-01", "21 symbols"),
            ("volumes_without_ranks", "2026-06-01", "21 symbols"),
        )
    ),
    *(
        (
            release,
            "sql-tour",
            {"day": day},
            [f"{day} {then} True", f"{newest} {now} True"],
        )
        for release, day, then, now, newest in (
            ("dead_contract_prints", "2026-09-30", 21, 20, "2026-10-31"),
            ("name_used_twice", "2025-06-01", 21, 22, "2026-10-31"),
            ("volumes_without_ranks", "2026-05-31", 20, 21, "2026-10-31"),
            ("all_at_once", "2025-01-31", 23, 20, "2026-10-30"),
        )
    ),
    # The plain symbols' volumes are 9,000, 8,000 and 999 to 982: 34,829 in all, 24,964 of it the ten largest.
    (
        "dead_contract_prints",
        "volume-rankings",
        {},
        [
            "On 2026-10-31, **BTCUSDT** alone took **26%** of all volume, and the top 10 together **72%**.",
            "no symbol climbed",
            "as if **7.5 symbols** of equal size",
        ],
    ),
    # With LITUSDT's 50 and GAPUSDT's 40.
    ("name_used_twice", "volume-rankings", {}, ["On 2026-10-31, **BTCUSDT**", "top 10 together **71%**."]),
    # 30 listed days before, DEADUSDT was third.
    (
        "all_at_once",
        "volume-rankings",
        {},
        ["On 2026-10-29, **BTCUSDT**", "climber is **C01USDT**: from 4 to **3** within 30 listed days"],
    ),
    (
        "volumes_without_ranks",
        "quickstart",
        {"day": "2026-10-31"},
        ["could trade **21 symbols**, of which **21** still trade", "2026-10-31 has no ranks."],
    ),
    (
        "volumes_without_ranks",
        "listings-and-delistings",
        {},
        ["**21 listings** of 21 symbols", "**0** of them are gone.", "**1 arrived and 0 left**"],
    ),
    (
        "volumes_without_ranks",
        "data-quality",
        {},
        [
            "Of 1,260 files of the last 60 days",
            "**2026-10-31**, with 21 files where 21 are usual. No newer day",
        ],
    ),
    # In the year to 2026-10-30 DEADUSDT left; LATEUSDT is absent, and LITUSDT's return is after it. 22 of 23 lived a year.
    (
        "all_at_once",
        "listings-and-delistings",
        {},
        [
            "**23 listings** of 23 symbols",
            "**2** of them are gone, and 1 more absent",
            "**0 arrived and 1 left**",
            "about **96** are there a year later",
            "**1 name** came back",
            "typically after **637 days**",
        ],
    ),
    # 58 days of 22 files, one of 21, one of 2.
    (
        "all_at_once",
        "data-quality",
        {},
        [
            "**31 files** in 1 run are without a trade. Of 1,299 files of the last 60 days",
            "On 2026-10-30, **1 symbol** had a file and no trade.",
            "with 21 files where 22 are usual. **Incomplete, leave out: 2026-10-31 with 2 of 22**.",
        ],
    ),
]
#: Values that a link may set, at the edges of what each parameter accepts.
EDGES = {
    "date": ["0001-01-01", "2024-12-02", "2026-10-31", "9999-12-31"],
    "symbol": ["NOPE", "LITUSDT", "龙猫_1"],
    "file": ["no such file.csv"],
}


@pytest.fixture
def run(bad, read, tmp_path, monkeypatch):
    """Runs a notebook on a release's site, and gives what it says."""

    def said(release: str, notebook: str, parameters: dict) -> list[str]:
        monkeypatch.setenv("BINANCE_FUTURES_SITE", str(bad(release).folder))
        monkeypatch.chdir(tmp_path)
        Path("trades.csv").write_text(TRADES)
        values = native_notebook.run(notebook, parameters)
        if native_notebook.is_sql(notebook):
            # What it says first: the day and the newest one, how many symbols, and what is missing.
            (first, *_) = [value for value in values if value is not None]
            return [
                " ".join(str(value) for value in row if value is not None)
                for row in first.select("*").fetchall()
            ]
        return [value.data for value in values if isinstance(value, Markdown)]

    return said


def test_every_notebook_is_counted_on_every_bad_release():
    counted = {(release, notebook) for release, notebook, *_ in SAID}
    assert counted == {(release, notebook) for release in BAD_RELEASES for notebook in notebooks()}


@pytest.mark.parametrize(("release", "notebook", "parameters", "expected"), SAID)
def test_a_notebook_says_what_was_counted_by_hand(run, release, notebook, parameters, expected):
    said = " ".join(run(release, notebook, parameters))
    place = 0
    for part in expected:
        assert part in said[place:], said
        place = said.index(part, place) + len(part)


@pytest.mark.parametrize("name", notebooks())
def test_a_notebook_ends_in_a_sentence_for_whatever_it_is_given(run, name):
    declared = native_notebook.read(name)["cells"][1]["metadata"]["binance_futures"]["parameters"]
    for parameter, schema in declared.items():
        kind = schema.get("format") or parameter
        for value in EDGES.get(kind) or [schema["minimum"], schema["maximum"]]:
            said = run("all_at_once", name, {parameter: value})
            assert said, (parameter, value)
            for sentence in said:
                assert "None" not in sentence, (parameter, value)
                assert "nan" not in sentence.split(), (parameter, value)


def test_a_notebook_says_the_same_in_every_time_zone(run, monkeypatch):
    said = []
    try:
        for zone, offset in (("Asia/Tokyo", -9), ("America/Los_Angeles", 8)):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            assert time.timezone == offset * 3600
            said.append([run("all_at_once", name, {}) for name in notebooks()])
    finally:
        monkeypatch.undo()
        time.tzset()
    assert said[0] == said[1]
