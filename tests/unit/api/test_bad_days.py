"""The API on days that are not as one would wish: incomplete, without trades, oddly named, changed later, cut off."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import unquote

import jsonschema_rs
import pytest
from futures_explorer.api import write
from futures_explorer.api.names import address, file_stem, pair
from futures_explorer.errors import ExplorerError
from futures_explorer.release.resolve import resolve_release
from futures_explorer.snapshot.publish import publish_data
from futures_explorer.snapshot.store import descriptors_of
from support.bad_releases import FIRST, LAST, PLAIN, BadRelease, incomplete_newest_day, volumes_without_ranks

ODD = {name: [(FIRST, LAST, 70.0)] for name in ("A/BUSDT", "100%USDT", "币安人生USDT", "..", "a~b", "Ω" * 64)}


def texts(folder: Path) -> dict[str, str]:
    """Every file below `folder` by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def as_it_was(api, snapshot: str) -> dict[str, str]:
    """The files of a snapshot, found by its index as docs/api.md says."""
    index = api.read(f"{snapshot}/index.json")
    dates_at = index["files"].get("dates.json", "latest/dates.json")
    days = [f"dates/{day}.json" for day in api.read(dates_at)["dates"]["date"]]
    forms = [
        f"universe/top-100/{form}{month}.json" for month in index["months"] for form in ("", "freqtrade/")
    ]
    found = {}
    for path in ("dates.json", "symbols.json", "universe/top-100/monthly.csv", *days, *forms):
        said = (api.folder / index["files"].get(path, f"latest/{path}")).read_text("utf-8")
        lines = index["first_lines"].get(path)
        found[path] = said if lines is None else "".join(said.splitlines(keepends=True)[:lines])
    return found


def test_an_incomplete_newest_day_is_there_and_says_so(api_of):
    api = api_of(incomplete_newest_day())
    day = api.read(f"latest/dates/{LAST}.json")
    assert (day["complete"], day["tradable"]["symbol"]) == (False, ["C18USDT"])
    assert api.read("latest/symbols.json")["now"] == "2026-10-30"
    # It kills no symbol, and no universe goes by it.
    assert set(api.read("latest/symbols.json")["symbols"]["state"]) == {"trades"}
    assert "2026-11" not in api.read("latest/index.json")["months"]


def test_volumes_without_ranks_are_listed_after_what_has_one(api_of):
    api = api_of(volumes_without_ranks())
    tradable = api.read("latest/dates/2026-10-29.json")["tradable"]
    assert (tradable["symbol"][-1], tradable["rank"][-1]) == ("NEWUSDT", None)
    assert tradable["quote_volume_usdt"][-1] == 70.0
    day = api.read(f"latest/dates/{LAST}.json")
    assert (day["ranks_complete"], set(day["tradable"]["rank"])) == (False, {None})


@pytest.mark.parametrize("since", [FIRST, "2026-10-30"])
def test_days_without_anything_tradable_have_empty_columns(api_of, since):
    release = BadRelease()
    release.change(f"UPDATE daily_availability SET quote_volume_usdt = 0 WHERE date >= '{since}'").rank()
    api = api_of(release)
    day = api.read(f"latest/dates/{LAST}.json")
    assert day["tradable"] == {"symbol": [], "rank": [], "quote_volume_usdt": []}
    assert (day["published_count"], day["tradable_count"]) == (20, 0)
    symbols = api.read("latest/symbols.json")["symbols"]
    assert symbols["symbol"] == sorted(PLAIN)
    if since == FIRST:
        assert set(symbols["state"]) == {"untraded"}
        assert api.read("latest/symbols/BTCUSDT.json")["first"] is None
        assert (api.folder / "latest/universe/top-100/monthly.csv").read_text().count("\n") == 1


def test_a_name_of_any_kind_has_an_address_of_its_own(api_of):
    api = api_of(BadRelease(others=ODD))
    columns = api.read("latest/symbols.json")["symbols"]
    assert {*ODD, *PLAIN} == set(columns["symbol"])
    schemas = {"$ref": "#/components/schemas/Symbols", "components": {"schemas": api.schemas()}}
    jsonschema_rs.validate(schemas, api.read("latest/symbols.json"))
    for symbol, where in zip(columns["symbol"], columns["address"], strict=True):
        assert where.isascii()
        assert "/" not in unquote(where.removeprefix("symbols/"))
        assert api.read(f"latest/{unquote(where)}")["symbol"] == symbol
    listed = api.read("latest/universe/top-100/2026-10.json")
    assert set(ODD) <= set(listed["symbols"])
    # Only what is built as a contract's name has a pair.
    assert {"100%/USDT:USDT", "币安人生/USDT:USDT"} <= set(listed["pairs"])
    assert len(listed["pairs"]) == len(PLAIN) + 2


def test_names_as_files_and_as_pairs():
    assert file_stem("BTCUSDT") == "BTCUSDT"
    assert (address("A/B"), address("100%"), address("币")) == (
        "symbols/A~2FB.json",
        "symbols/100~25.json",
        "symbols/%E5%B8%81.json",
    )
    long = ["★" * 64, "★" * 63 + "☆"]
    assert len({file_stem(name) for name in long}) == 2
    assert max(len(file_stem(name).encode()) for name in long) <= 200
    assert pair("1000SHIBUSDT") == "1000SHIB/USDT:USDT"
    assert pair("BTCUSDC") == "BTC/USDC:USDC"
    assert pair("BTCUSDT_240329") == "BTC/USDT:USDT-240329"
    assert pair("USDT") is None


def test_every_snapshot_that_is_kept_says_what_it_said(api_of, tmp_path):
    releases = [
        # The newest day is coming in; later it is whole, and a symbol is found late; at last a day is probed again.
        BadRelease(last="2026-10-20", missing={"2026-10-20": {"C18USDT"}}),
        BadRelease(last="2026-10-25", others={"LATEUSDT": [("2026-03-01", "2026-10-25", 990.0)]}),
        BadRelease(
            others={"LATEUSDT": [("2026-03-01", LAST, 990.0)]},
            missing={"2026-10-24": set(PLAIN) - {"C01USDT"}},
        ),
    ]
    api = api_of(*releases)
    store = tmp_path / "store"
    descriptors = descriptors_of(store)
    assert len(descriptors) == 3
    for descriptor in descriptors:
        write.write_api(store, [descriptor], tmp_path / "alone")
        alone = texts(tmp_path / "alone" / "latest")
        alone = {
            path: said for path, said in alone.items() if not path.startswith(("symbols/", "index.json"))
        }
        assert as_it_was(api, descriptor["id"]) == alone
    # What has not changed is there once.
    own = {descriptor["id"]: len(texts(api.folder / descriptor["id"])) for descriptor in descriptors}
    assert own[descriptors[0]["id"]] == 1
    assert own[descriptors[1]["id"]] < 8
    everything = len(texts(api.folder))
    assert everything < len(texts(api.folder / "latest")) + 400


def test_a_day_changes_little(api_of, tmp_path):
    today = texts(api_of(BadRelease()).folder / "latest")
    store = tmp_path / "store"
    release = BadRelease(last="2026-10-30").write_to(tmp_path / "before" / "release")
    publish_data(resolve_release(str(release), tmp_path / "r"), store, tmp_path / "d", accept_shrink=True)
    write.write_api(store, descriptors_of(store)[-1:], tmp_path / "yesterday")
    yesterday = texts(tmp_path / "yesterday" / "latest")
    changed = {path for path, said in today.items() if yesterday.get(path) != said}
    assert {path for path in changed if not path.startswith("symbols/")} == {
        *(f"dates/{LAST}.json", "dates.json", "symbols.json", "index.json"),
        *("universe/top-100/2026-11.json", "universe/top-100/freqtrade/2026-11.json"),
        "universe/top-100/monthly.csv",
    }


def test_what_is_cut_off_leaves_the_api_from_before(api_of, tmp_path, monkeypatch):
    api = api_of(BadRelease(first="2026-09-01"))
    before = texts(api.folder)

    def full(*_args):
        raise OSError("No space left on device")

    monkeypatch.setattr(write, "symbol_files", full)
    with pytest.raises(ExplorerError, match=r"could not be written: No space left"):
        write.write_api(tmp_path / "store", descriptors_of(tmp_path / "store"), api.folder)
    assert texts(api.folder) == before
    assert os.listdir(api.folder.parent) == ["v1"]  # noqa: PTH208 - hidden files, too


def test_without_a_snapshot_it_says_what_to_do(tmp_path):
    with pytest.raises(ExplorerError, match="Build the data first"):
        write.write_api(tmp_path, [], tmp_path / "v1")
    assert list(tmp_path.iterdir()) == []


def test_more_than_was_planned_for_is_said(api_of, monkeypatch, tmp_path, capsys):
    api = api_of(BadRelease(first="2026-10-01"))
    monkeypatch.setattr(write, "MOST_FILES", 10)
    files, size = write.write_api(tmp_path / "store", descriptors_of(tmp_path / "store"), api.folder)
    assert f"the API has {files:,} files" in capsys.readouterr().err
    assert size == sum(len(said.encode()) for said in texts(api.folder).values())
    assert json.loads((api.folder / "snapshots.json").read_text())["latest"]
