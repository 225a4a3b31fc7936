"""What the cache holds, where it came from, and what a build makes of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from support.upstream import DATABASE, RANKINGS, assert_is_release, serve


def test_from_a_folder_and_from_the_web_carry_what_release_json_says(run, small, tmp_path):
    provenance = {"tag": "t1", "repository": None, "published": "2026-11-01T00:00:00Z", "synthetic": True}
    folder = small.write(tmp_path / "upstream", provenance=provenance)
    with serve(folder) as server:
        for source in (folder, f"{server.url}/download"):
            result = run("fetch", "--from", source)
            assert result.exit_code == 0, result.output
            assert_is_release(result.stdout.strip(), server)
            about = json.loads((Path(result.stdout.strip()) / "release.json").read_text())
            assert {name: about[name] for name in provenance} == provenance


def test_from_the_web_without_release_json_is_of_unknown_origin(run, upstream):
    result = run("fetch", "--from", f"{upstream.url}/download")
    assert result.exit_code == 0, result.output
    assert_is_release(result.stdout.strip(), upstream)
    assert json.loads((Path(result.stdout.strip()) / "release.json").read_text())["synthetic"] is None


def test_from_a_folder_that_is_not_what_its_release_json_says_is_refused(run, small, tmp_path):
    provenance = {"tag": "t1", "repository": None, "published": None, "synthetic": True}
    folder = small.write(tmp_path / "upstream", provenance=provenance)
    (folder / RANKINGS).write_bytes((folder / RANKINGS).read_bytes()[:-1])
    result = run("fetch", "--from", folder)
    assert result.exit_code == 1
    assert "release.json says sha256" in result.output


def test_cache_status_clear_and_refresh(fetch, run, upstream, tmp_path):
    assert "no release" in run("cache", "status").output
    fetch()
    (upstream.folder / RANKINGS).write_bytes((upstream.folder / RANKINGS).read_bytes() + b"moved")
    assert "1 downloaded, 1 from the cache" in run("cache", "refresh").output
    status = run("cache", "status").output
    for said in (
        "acme/data (latest)",
        "published 2026-11-01T03:20:11Z",
        "seconds ago",
        "MB",
        RANKINGS,
        DATABASE,
    ):
        assert said in status
    # What was replaced is gone.
    root = tmp_path / "cache" / "binance-futures-explorer" / "v1"
    assert len(list((root / "assets").glob("*/*"))) == 2
    assert run("cache", "clear").exit_code == 0
    assert list(root.glob("*/*")) == []


def test_release_latest_is_fetched_built_as_real_data_and_built_again_offline(run, upstream):
    upstream.repository = "terrylica/binance-futures-availability"
    build = ("build", "--data-only", "--release", "latest")
    result = run(*build)
    assert result.exit_code == 0, result.output
    assert "synthetic" not in result.output
    assert "unknown origin" not in result.output
    (file,) = Path("_site/data/snapshots").glob("*/datapackage.json")
    descriptor = json.loads(file.read_text())
    assert descriptor["synthetic"] is False
    assert descriptor["provenance"]["repository"] == upstream.repository
    assert descriptor["provenance"]["published"] == "2026-11-01T03:20:11Z"
    digest = hashlib.sha256((upstream.folder / RANKINGS).read_bytes()).hexdigest()
    assert descriptor["provenance"]["assets"][RANKINGS] == f"sha256:{digest}"
    asked = len(upstream.requests)
    assert run(*build, "--offline").exit_code == 0
    assert len(upstream.requests) == asked
    assert len(list(Path("_site/data/snapshots").iterdir())) == 1


def test_a_damaged_cache_entry_is_seen_when_it_is_used(fetch, run, upstream):
    folder = Path(fetch().stdout.strip())
    data = bytearray((folder / RANKINGS).read_bytes())
    data[100] ^= 1
    (folder / RANKINGS).write_bytes(data)
    result = run("build", "--data-only", "--release", folder)
    assert result.exit_code == 1
    assert "has changed since it was fetched: expected sha256" in result.output
    assert "cache clear" in result.output
    assert not Path("_site").exists()
