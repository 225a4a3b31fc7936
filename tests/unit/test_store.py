"""A store keeps what was published, adds what changed, and is never left half-changed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from futures_explorer.release.folder import read_folder
from futures_explorer.snapshot.prune import kept_snapshots
from futures_explorer.snapshot.publish import check_data
from futures_explorer.snapshot.store import add_snapshot
from support.releases import SmallRelease


@pytest.fixture
def days(sample_tables, tmp_path):
    """Releases of successive days: `days('2026-10-30')` ends there."""

    def write(last: str, name: str | None = None, change: str | None = None) -> Path:
        folder = tmp_path / (name or last)
        if folder.exists():
            return folder
        release = SmallRelease(sample_tables, f"date <= DATE '{last}'")
        if change:
            release.change(change).rank()
        return release.write(folder)

    return write


@pytest.fixture
def build(run):
    return lambda release, *more: run("build", "--data-only", "--store", "store", "--release", release, *more)


def ids(data: str = "_site/data") -> list[str]:
    return [s["id"] for s in json.loads(Path(data, "snapshots.json").read_text())["snapshots"]]


def tree(folder: str) -> dict[str, int]:
    """Every file below, with its time of change; a lock is not content."""
    return {
        str(path): path.stat().st_mtime_ns
        for path in Path(folder).rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_a_new_release_adds_what_changed_and_keeps_the_rest(build, days):
    assert build(days("2026-10-30")).exit_code == 0
    first = {name: stamp for name, stamp in tree("_site/data").items() if "/objects/" in name}
    assert build(days("2026-10-31")).exit_code == 0
    second = tree("_site/data")
    assert [snapshot[:10] for snapshot in ids()] == ["2026-10-31", "2026-10-30"]
    assert all(second[name] == stamp for name, stamp in first.items())
    check_data(Path("_site/data"))
    # The settled months are shared: only October's, the by-symbol, core and index objects are new.
    new = [name for name in second if "/objects/" in name and name not in first]
    assert len(new) < len(first)


def test_a_daily_release_rewrites_the_newest_months_only(build, days):
    """Upstream's lookback has probed the last 20 days again: here 12 of them are of October, 8 of September."""
    change = "UPDATE daily_availability SET probe_timestamp = '2026-10-13' WHERE date > DATE '2026-09-22'"
    build(days("2026-10-11"))
    build(days("2026-10-12", change=change))
    newer, older = (
        {
            resource["name"]: resource["hash"]
            for resource in json.loads(Path("_site/data/snapshots", id_, "datapackage.json").read_text())[
                "resources"
            ]
        }
        for id_ in ids()
    )
    changed = {name for name in newer if newer[name] != older.get(name)}
    assert {name for name in changed if ".by-date." in name and not name.startswith("footers")} == {
        "daily_availability.by-date.2026-09",
        "daily_availability.by-date.2026-10",
        "volume_rankings.by-date.2026-10",
    }
    assert "daily_availability.by-date.2026-08" in newer


def test_years_that_are_settled_are_whole_and_kept(built):
    """The sample ends on 2026-10-31: 2025 is one object, 2026 is cut into months."""
    names = {resource["name"] for resource in built.descriptor["resources"]}
    for table in ("daily_availability", "volume_rankings"):
        labels = sorted(name.rsplit(".", 1)[1] for name in names if name.startswith(f"{table}.by-date."))
        assert labels == [str(year) for year in range(2019, 2026)] + [
            f"2026-{month:02}" for month in range(1, 11)
        ]


def test_snapshots_json_is_newest_first_and_a_release_built_again_changes_nothing(build, days):
    older, newer = days("2026-10-30"), days("2026-10-31")
    build(older)
    build(newer)
    before = tree("_site/data") | tree("store")
    assert build(older).exit_code == 0
    assert tree("_site/data") | tree("store") == before


SHRUNK = {
    "older": ("2026-10-29", None, "newest date", "2026-10-30 →   2026-10-29"),
    "fewer rows": (
        "2026-10-30",
        "DELETE FROM daily_availability WHERE date < DATE '2026-08-25'",
        "probed rows",
        "→",
    ),
    "symbols gone": (
        "2026-10-30",
        "DELETE FROM daily_availability WHERE symbol = '龙猫USDT'",
        "symbols gone",
        "gone, e.g.: 龙猫USDT",
    ),
}


@pytest.mark.parametrize(("last", "change", "line", "said"), SHRUNK.values(), ids=SHRUNK.keys())
def test_a_release_that_went_backwards_is_refused_with_the_comparison(last, change, line, said, build, days):
    build(days("2026-10-30"))
    before = tree("_site/data") | tree("store")
    backwards = days(last, "backwards", change)
    result = build(backwards)
    assert result.exit_code == 1
    assert "went backwards against snapshot 2026-10-30-" in result.output
    assert any(line in row and "went backwards" in row for row in result.output.splitlines())
    assert said in result.output
    assert "--accept-shrink" in result.output
    assert tree("_site/data") | tree("store") == before
    assert build(backwards, "--accept-shrink").exit_code == 0
    assert len(ids()) == 2


def test_a_refused_release_leaves_the_last_good_snapshot(build, days):
    build(days("2026-10-30"))
    before = tree("_site/data") | tree("store")
    bad = days("2026-10-31")
    (bad / "volume-rankings-timeseries.parquet").write_bytes(b"<html>")
    assert build(bad).exit_code == 1
    assert tree("_site/data") | tree("store") == before


def test_origins_are_never_mixed_in_one_store(build, days, sample_tables, tmp_path):
    build(days("2026-10-30"))
    provenance = {"tag": "latest", "repository": "acme/data", "published": "x", "synthetic": False}
    real = SmallRelease(sample_tables).write(tmp_path / "real", provenance=provenance)
    result = build(real)
    assert result.exit_code == 1
    assert "holds snapshots of data of unknown origin; this release is the data of acme/data" in result.output


def test_a_store_that_would_grow_beyond_its_budget_says_so_and_is_unchanged(small_folder, tmp_path):
    release, store = read_folder(small_folder), tmp_path / "store"
    size = sum(resource["bytes"] for resource in add_snapshot(release, tmp_path / "other")["resources"])
    from futures_explorer.errors import ExplorerError

    with pytest.raises(ExplorerError, match=r"would grow from 0\.0 to .* MB; its budget is .*prune"):
        add_snapshot(release, store, budget=size - 1)
    assert not list((store / "objects").iterdir())
    assert not (store / "snapshots.json").exists()
    assert add_snapshot(release, store, budget=size)["id"]


def test_default_policy_keeps_thirty_days_and_each_months_last():
    newest = date(2026, 11, 18)
    snapshots = [(f"{newest - timedelta(days=age)}-x", newest - timedelta(days=age)) for age in range(400)]
    kept = kept_snapshots(snapshots)
    assert {f"{newest - timedelta(days=age)}-x" for age in range(30)} <= kept
    for month_end in ("2025-11-30", "2026-02-28", "2026-06-30", "2026-09-30"):
        assert f"{month_end}-x" in kept
    assert len(kept) == 30 + 12
    assert kept_snapshots([]) == set()


def test_prune_removes_only_what_no_kept_snapshot_names(build, run, days):
    for last in ("2026-08-30", "2026-09-10", "2026-09-30", "2026-10-20", "2026-10-31"):
        assert build(days(last)).exit_code == 0
    orphan = Path("store/objects", "0" * 64 + ".parquet")
    orphan.write_bytes(b"left by a crash")
    result = run("snapshots", "prune", "--store", "store", "--days", "10")
    assert result.exit_code == 0, result.output
    assert "removed 2026-10-20-" in result.output
    assert not orphan.exists()
    assert build(days("2026-10-31")).exit_code == 0
    assert [snapshot[:10] for snapshot in ids()] == ["2026-10-31", "2026-09-30", "2026-08-30"]
    check_data(Path("_site/data"))
    named = {path.name for path in Path("_site/data/objects").iterdir()}
    assert {path.name for path in Path("store/objects").iterdir()} == named


def test_prune_cut_off_between_its_steps_loses_nothing_and_is_finished_by_the_next(
    build, run, days, monkeypatch
):
    from futures_explorer.snapshot import prune as pruning

    for last in ("2026-10-20", "2026-10-31"):
        build(days(last))
    with monkeypatch.context() as patch:
        patch.setattr(pruning.shutil, "rmtree", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            pruning.prune(Path("store"), 1)
    assert run("snapshots", "list", "--store", "store").output.startswith("2026-10-31-")
    assert run("snapshots", "prune", "--store", "store", "--days", "1").exit_code == 0
    assert len(list(Path("store/snapshots").iterdir())) == 1


def _interrupt(*_args, **_options):
    raise KeyboardInterrupt


def test_list_and_show_say_what_a_snapshot_is(build, run, days):
    build(days("2026-10-31"))
    listed = run("snapshots", "list", "--store", "store").output
    assert "2026-08-20 to 2026-10-31, 40 symbols" in listed
    assert "(of unknown origin)" in listed
    assert "1 snapshots in store" in listed
    shown = run("snapshots", "show", ids()[0], "--store", "store").output
    assert "volume_rankings.by-date.2026-10" in shown
    assert "sha256:" in shown
    missing = run("snapshots", "show", "2020-01-01-abcdef", "--store", "store")
    assert missing.exit_code == 1
    assert f"It has: {ids()[0]}" in missing.output


DAMAGE = {
    "an object is missing": (lambda data: next((data / "objects").iterdir()).unlink(), "is missing"),
    "an object has changed": (
        lambda data: _flip(sorted((data / "objects").iterdir())[0]),
        "has changed: expected sha256:",
    ),
    "an object is left over": (
        lambda data: (data / "objects" / "x.parquet").write_bytes(b"x"),
        "is named by no snapshot",
    ),
    "a snapshot is left over": (lambda data: (data / "snapshots" / "x").mkdir(), "is not listed"),
    "a descriptor is missing": (
        lambda data: next((data / "snapshots").glob("*/datapackage.json")).unlink(),
        "is missing",
    ),
}


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(("damage", "said"), DAMAGE.values(), ids=DAMAGE.keys())
def test_check_reads_everything_again(damage, said, build, small_folder):
    from futures_explorer.errors import ExplorerError

    build(small_folder)
    check_data(Path("_site/data"))
    damage(Path("_site/data"))
    with pytest.raises(ExplorerError, match=said):
        check_data(Path("_site/data"))


def build_process(release: Path, *options) -> subprocess.Popen:
    command = [sys.executable, "-m", "futures_explorer", "build", "--data-only", "--store", "store"]
    return subprocess.Popen(
        [*command, "--release", str(release)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **dict(options),
    )


def test_two_builds_at_once_on_one_store_both_succeed(run, days):
    processes = [build_process(days("2026-10-30")) for _ in range(2)]
    results = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], results
    assert len(list(Path("store/snapshots").iterdir())) == 1
    assert not list(Path("store").glob(".staging-*"))
    check_data(Path("_site/data"))


# Each is a moment of a build: the file whose appearance marks it.
MOMENTS = (
    "store/.staging-*/.unpacked-*/availability.duckdb",
    "store/.staging-*/*.parquet",
    "store/objects/*.parquet",
    "_site/data/objects/*.parquet",
)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_build_stopped_at_any_point_leaves_the_last_good_snapshot_and_can_be_run_again(
    how, moment, run, days
):
    release = days("2026-10-31")
    process = build_process(release)
    folder = Path()
    while process.poll() is None and not any(folder.glob(moment)):
        os.sched_yield()
    process.send_signal(how)
    process.communicate(timeout=60)
    listed = Path("store/snapshots.json")
    if listed.exists():
        # It came to its end in the store: then everything that it names is there.
        (snapshot,) = json.loads(listed.read_text())["snapshots"]
        descriptor = json.loads(Path("store/snapshots", snapshot, "datapackage.json").read_text())
        assert all(
            Path("store/objects", Path(r["path"]).name).stat().st_size == r["bytes"]
            for r in descriptor["resources"]
        )
    if Path("_site/data/snapshots.json").exists():
        check_data(Path("_site/data"))
    result = run("build", "--data-only", "--store", "store", "--release", release)
    assert result.exit_code == 0, result.output
    check_data(Path("_site/data"))
    assert not list(Path("store").glob(".staging-*"))


def test_a_full_disk_during_a_build_leaves_the_store_as_it_was(run, days, small_folder):
    import resource

    assert run("build", "--data-only", "--store", "store", "--release", days("2026-10-30")).exit_code == 0
    before = tree("store")

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    process = build_process(small_folder, ("preexec_fn", limit))
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in errors
    assert "Error: " in errors
    assert tree("store") == before


def test_the_descriptor_follows_the_published_data_package_schema(built):
    """Version 2.0, from the wheel of Frictionless' own library."""
    from importlib.resources import files

    import jsonschema

    schema = json.loads((files("dplib") / "profiles/2.0/datapackage.json").read_text("utf-8"))
    package = json.loads(json.dumps(built.descriptor))
    for resource in package["resources"]:
        # The one rule that is broken on purpose: paths lead out of the descriptor's folder, because snapshots
        # share their objects.
        assert resource["path"].startswith("../../objects/")
        resource["path"] = resource["path"].removeprefix("../../")
    jsonschema.Draft7Validator(schema).validate(package)
    # And the schema can say no.
    package["resources"][0]["hash"] = "not a hash"
    assert list(jsonschema.Draft7Validator(schema).iter_errors(package))


def test_the_copy_in_the_site_is_not_the_stores_own_file(build, small_folder):
    build(small_folder)
    path = next(Path("_site/data/objects").iterdir())
    assert not path.samefile(Path("store/objects", path.name))
    shutil.rmtree("_site")
    assert build(small_folder).exit_code == 0
    check_data(Path("_site/data"))
