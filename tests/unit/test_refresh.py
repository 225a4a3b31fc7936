"""The daily refresh: its make targets against folders, and its `gh` calls against a stand-in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from futures_explorer import refresh
from futures_explorer.errors import ExplorerError
from futures_explorer.release.folder import read_folder
from futures_explorer.snapshot.publish import check_data, copy_store
from futures_explorer.snapshot.store import add_snapshot, snapshot_ids
from support.releases import SmallRelease

ROOT = Path(__file__).parents[2]


@pytest.fixture
def days(sample_tables, tmp_path):
    def write(last: str, change: str | None = None) -> Path:
        release = SmallRelease(sample_tables, f"date <= DATE '{last}'")
        if change:
            release.change(change)
        return release.write(tmp_path / f"{last}{'-changed' if change else ''}")

    return write


@pytest.fixture
def make(tmp_path):
    """Run a refresh target of the Makefile with every folder below `tmp_path`."""

    def run(target: str, *variables: str) -> subprocess.CompletedProcess:
        folders = (
            f"REFRESH={tmp_path}/refresh",
            f"REMOTE={tmp_path}/remote",
            f"SITE={tmp_path}/site",
            "DATA=--data-only",
        )
        # What the outer make put into the environment is not meant for this one.
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
        }
        return subprocess.run(
            ["make", "--no-print-directory", target, *folders, *variables],
            cwd=ROOT,
            env={**environment, "XDG_CACHE_HOME": str(tmp_path / "cache")},
            capture_output=True,
            text=True,
        )

    return run


def ids(site: Path) -> list[str]:
    return [s["id"][:10] for s in json.loads((site / "data/snapshots.json").read_text())["snapshots"]]


def whole_day(make, release: Path, *tested: str) -> None:
    for target in ("fetch", "pull", "build", *tested, "push"):
        done = make(f"refresh-{target}", f"FETCH=--from {release}")
        assert done.returncode == 0, (target, done.stdout, done.stderr)


def test_days_go_by(make, days, tmp_path):
    first, second = days("2026-10-30"), days("2026-10-31")
    site, remote = tmp_path / "site", tmp_path / "remote"

    make("refresh-fetch", f"FETCH=--from {first}")
    assert make("refresh-new").stdout == "true\n"
    whole_day(make, first)
    assert ids(site) == ["2026-10-30"]

    # The machine is new each day; only the remote stays.
    shutil.rmtree(tmp_path / "refresh")
    shutil.rmtree(site)
    make("refresh-fetch", f"FETCH=--from {first}")
    before = {path.name: path.stat().st_mtime_ns for path in remote.iterdir()}
    assert make("refresh-new").stdout == "false\n"
    assert {path.name: path.stat().st_mtime_ns for path in remote.iterdir()} == before

    make("refresh-fetch", f"FETCH=--from {second}")
    assert make("refresh-new").stdout == "true\n"
    whole_day(make, second, "test")
    assert ids(site) == ["2026-10-31", "2026-10-30"]
    assert {path.name for path in remote.glob("*.parquet")} == {
        path.name for path in (site / "data/objects").iterdir()
    }
    assert [path.name for path in remote.glob("index-*")] == ["index-000002.tar.gz"]


def test_a_refused_release_leaves_site_and_remote_and_is_reported_in_one_place(make, days, tmp_path):
    whole_day(make, days("2026-10-30"))
    site, remote = tmp_path / "site", tmp_path / "remote"
    before = {path: path.stat().st_mtime_ns for folder in (site, remote) for path in folder.rglob("*")}
    bad = days("2026-10-31", "UPDATE volume_rankings SET rank = rank + 1")
    for _ in range(2):
        assert make("refresh-fetch", f"FETCH=--from {bad}").returncode == 0
        assert make("refresh-pull").returncode == 0
        refused = make("refresh-build")
        assert refused.returncode != 0
        (tmp_path / "refresh/message").write_text(refused.stderr)
        assert make("refresh-report").returncode == 0
    assert {
        path: path.stat().st_mtime_ns for folder in (site, remote) for path in folder.rglob("*")
    } == before
    report = (tmp_path / "remote-issue.md").read_text()
    assert report.count("expected that rank is the DENSE_RANK") == 1


@pytest.fixture
def github(tmp_path, monkeypatch):
    """`gh` on PATH, over a folder: it knows the calls that the refresh makes and refuses others."""
    folder = tmp_path / "gh"
    folder.mkdir()
    program = tmp_path / "bin" / "gh"
    program.parent.mkdir()
    shutil.copyfile(ROOT / "tests/support/fake_gh.py", program)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_GH", str(folder))
    return folder


def test_a_store_goes_to_a_github_release_and_comes_back(github, days, tmp_path):
    remote = refresh.open_remote("github:acme/site")
    store, other = tmp_path / "store", tmp_path / "other"
    assert refresh.pull(remote, other) == 0
    first, second = read_folder(days("2026-10-30")), read_folder(days("2026-10-31"))
    assert refresh.is_new(first, remote)
    add_snapshot(first, store)
    refresh.push(remote, store)
    assert not refresh.is_new(first, remote)
    assert refresh.is_new(second, remote)
    refresh.pull(remote, other)
    assert snapshot_ids(other) == snapshot_ids(store)
    add_snapshot(second, other)
    sent, _ = refresh.push(remote, other)
    assert 0 < sent < len(list((other / "objects").iterdir()))
    assert refresh.pull(remote, store) == sent
    copy_store(store, tmp_path / "data")
    check_data(tmp_path / "data")
    assert [name for name in sorted(remote.names()) if name.startswith("index")] == ["index-000002.tar.gz"]


def test_a_push_cut_off_before_its_index_leaves_the_remote_as_it_was(days, tmp_path, monkeypatch):
    remote = refresh.open_remote(str(tmp_path / "remote"))
    store = tmp_path / "store"
    add_snapshot(read_folder(days("2026-10-30")), store)
    refresh.push(remote, store)
    add_snapshot(read_folder(days("2026-10-31")), store)
    put = remote.put

    def objects_only(paths):
        paths = list(paths)
        if any(path.suffix == ".gz" for path in paths):
            raise KeyboardInterrupt
        put(paths)

    monkeypatch.setattr(remote, "put", objects_only)
    with pytest.raises(KeyboardInterrupt):
        refresh.push(remote, store)
    other = tmp_path / "other"
    refresh.pull(refresh.open_remote(str(tmp_path / "remote")), other)
    assert [snapshot[:10] for snapshot in snapshot_ids(other)] == ["2026-10-30"]


def test_an_object_that_changed_at_the_remote_is_refused(days, tmp_path):
    remote = refresh.open_remote(str(tmp_path / "remote"))
    add_snapshot(read_folder(days("2026-10-30")), tmp_path / "store")
    refresh.push(remote, tmp_path / "store")
    path = next((tmp_path / "remote").glob("*.parquet"))
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ExplorerError, match=r"came from the remote with sha256 .* The store is as it was"):
        refresh.pull(remote, tmp_path / "other")
    assert snapshot_ids(tmp_path / "other") == []


def test_reports_go_to_one_issue(github):
    remote = refresh.open_remote("github:acme/site")
    remote.report("first")
    remote.report("second")
    assert json.loads((github / "issues.json").read_text()) == [
        {"number": 1, "title": "The daily refresh was refused", "body": "second"}
    ]


def test_a_gh_that_fails_is_reported_without_its_environment(github, monkeypatch):
    monkeypatch.setenv("GH_TOKEN", "ghp_secret")
    monkeypatch.setenv("FAKE_GH_FAILS", "HTTP 502")
    with pytest.raises(ExplorerError, match="HTTP 502") as error:
        refresh.open_remote("github:acme/site").names()
    assert "ghp_secret" not in str(error.value)
