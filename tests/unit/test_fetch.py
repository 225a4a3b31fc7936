"""Fetching from a server that behaves, and from one that does not."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import stamina
from support.upstream import DATABASE, RANKINGS, Fault, assert_is_release, serve


def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "binance-futures-explorer" / "v1"


def whole(tmp_path: Path) -> set[str]:
    """Names of all files in the cache that look whole."""
    return {p.name for p in (cache(tmp_path) / "assets").glob("*/*") if not p.name.endswith(".part")}


def test_a_release_is_fetched_with_its_provenance(fetch, upstream):
    result = fetch()
    assert result.exit_code == 0, result.output
    assert "2 downloaded, 0 from the cache" in result.stderr
    folder = result.stdout.strip()
    assert_is_release(folder, upstream)
    about = json.loads((Path(folder) / "release.json").read_text())
    assert (about["repository"], about["tag"], about["synthetic"]) == ("acme/data", "latest", False)
    # The assets' time: the release itself is as old as its tag, which moves.
    assert about["published"] == "2026-11-01T03:20:11Z"
    assert (
        about["assets"][RANKINGS]["sha256"]
        == hashlib.sha256((upstream.folder / RANKINGS).read_bytes()).hexdigest()
    )


def test_parquet_availability_is_preferred(run, small, tmp_path, monkeypatch):
    folder = small.write(tmp_path / "upstream", parquet=True)
    (folder / DATABASE).write_bytes(b"not asked for")
    with serve(folder) as server:
        monkeypatch.setenv("GITHUB_API_URL", server.url)
        assert run("fetch", "--repo", "acme/data").exit_code == 0
        assert server.asked("/download/availability-daily.parquet")
        assert not server.asked(f"/download/{DATABASE}")


def test_an_unchanged_asset_is_not_downloaded_again(fetch, upstream):
    fetch()
    (upstream.folder / RANKINGS).write_bytes((upstream.folder / RANKINGS).read_bytes() + b"moved")
    result = fetch()
    assert "1 downloaded, 1 from the cache" in result.stderr
    assert len(upstream.asked(f"/download/{DATABASE}")) == 1
    assert len(upstream.asked(f"/download/{RANKINGS}")) == 2


def test_offline_takes_the_release_fetched_last_and_asks_nobody(fetch, upstream):
    folder = fetch().stdout
    asked = len(upstream.requests)
    assert fetch("--offline").stdout == folder
    assert len(upstream.requests) == asked


def test_offline_with_an_empty_cache_says_what_to_do(fetch, upstream):
    result = fetch("--offline")
    assert result.exit_code == 1
    assert "is not in the cache" in result.output
    assert "Run `futures-explorer fetch` once" in result.output


def test_a_cut_transfer_is_continued_where_it_stopped(fetch, upstream):
    upstream.faults[f"/download/{DATABASE}"] = [Fault(cut=5000)]
    result = fetch()
    assert result.exit_code == 0, result.output
    assert "trying again" in result.stderr
    assert_is_release(result.stdout.strip(), upstream)
    assert upstream.asked(f"/download/{DATABASE}")[1]["range"] == "bytes=5000-"


def test_a_cut_transfer_starts_anew_where_the_server_knows_no_ranges(fetch, upstream):
    upstream.ranges = False
    upstream.faults[f"/download/{DATABASE}"] = [Fault(cut=5000)]
    result = fetch()
    assert result.exit_code == 0, result.output
    assert_is_release(result.stdout.strip(), upstream)


def test_a_transfer_that_is_always_cut_ends_with_a_message_and_is_continued_by_the_next_fetch(
    fetch, upstream, tmp_path
):
    upstream.faults[f"/download/{DATABASE}"] = [Fault(cut=100) for _ in range(5)]
    result = fetch()
    assert result.exit_code == 1
    assert "could not be read in 5 attempts" in result.output
    assert "what has arrived is continued" in result.output
    assert DATABASE not in whole(tmp_path)
    result = fetch()
    assert result.exit_code == 0
    assert upstream.asked(f"/download/{DATABASE}")[-1]["range"] == "bytes=500-"
    assert_is_release(result.stdout.strip(), upstream)


def test_a_body_that_ends_early_without_a_length_is_not_taken_for_whole(fetch, upstream):
    upstream.faults[f"/download/{DATABASE}"] = [Fault(cut=3000, no_length=True)]
    result = fetch()
    assert result.exit_code == 0, result.output
    assert_is_release(result.stdout.strip(), upstream)


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_server_error_is_tried_again(status, fetch, upstream):
    upstream.faults[upstream.api] = [Fault(status=status, body=b"oops")]
    upstream.faults[f"/download/{RANKINGS}"] = [Fault(status=status, body=b"oops")]
    result = fetch()
    assert result.exit_code == 0, result.output
    assert_is_release(result.stdout.strip(), upstream)


def test_a_server_error_that_stays_is_reported(fetch, upstream):
    upstream.faults[upstream.api] = [Fault(status=500, body=b"oops") for _ in range(9)]
    result = fetch()
    assert result.exit_code == 1
    assert "answers 500" in result.output
    assert len(upstream.asked(upstream.api)) == 5


def test_retry_after_is_honoured(upstream):
    from futures_explorer.release import http

    now = datetime(2026, 11, 1, 12, 0, 0, tzinfo=UTC)
    date = format_datetime(now, usegmt=True)
    later = format_datetime(now + timedelta(seconds=42), usegmt=True)
    for headers, seconds in (
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": later, "Date": date}, 42),
        (
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(now.timestamp()) + 30), "Date": date},
            30,
        ),
    ):
        request = http.httpx.Request("GET", "http://x")
        response = http.httpx.Response(403, headers=headers, request=request)
        error = http.httpx.HTTPStatusError("", request=request, response=response)
        assert http._backoff(error) == seconds


def test_backoff_doubles_and_has_jitter(monkeypatch):
    from futures_explorer.release import http

    slept: list[list[float]] = []

    def delays() -> list[float]:
        slept.append([])
        for attempt in http._attempts():
            with attempt:
                raise http.httpx.ConnectError("no")
        return []

    monkeypatch.setattr("tenacity.nap.time.sleep", lambda seconds: slept[-1].append(seconds))
    with stamina.set_testing(False):
        for _ in range(2):
            with pytest.raises(http.httpx.ConnectError):
                delays()
    for run in slept:
        assert [base <= delay <= base + 1 for base, delay in zip((0.5, 1, 2, 4), run, strict=True)] == [
            True
        ] * 4
    assert slept[0] != slept[1]


def test_a_rate_limit_that_ends_late_is_reported_with_its_end_and_never_waited_for(fetch, upstream):
    reset = int(datetime(2026, 11, 1, 13, 0, 0, tzinfo=UTC).timestamp())
    limited = Fault(
        status=403,
        body=b"{}",
        headers={
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(reset),
            "Date": "Sun, 01 Nov 2026 12:00:00 GMT",
        },
    )
    upstream.faults[upstream.api] = [limited]
    result = fetch()
    assert result.exit_code == 1
    assert "request limit is used up until 2026-11-01 13:00:00 UTC" in result.output
    assert "set GITHUB_TOKEN" in result.output
    assert len(upstream.asked(upstream.api)) == 1


def test_the_token_goes_to_the_api_only_and_is_never_printed(fetch, upstream, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_secret")
    upstream.faults[upstream.api] = [Fault(status=401, body=b"{}")]
    refused, fetched = fetch(), fetch()
    assert refused.exit_code == 1
    assert fetched.exit_code == 0
    assert all(headers["authorization"] == "Bearer ghp_secret" for headers in upstream.asked(upstream.api))
    assert all("authorization" not in headers for headers in upstream.asked(f"/download/{RANKINGS}"))
    assert "ghp_secret" not in refused.output + fetched.output
    assert not any(b"ghp_secret" in path.read_bytes() for path in tmp_path.rglob("*.json"))


@pytest.mark.parametrize("where", ["api", "download"])
def test_html_in_place_of_the_answer_is_recognised(where, fetch, upstream, tmp_path):
    page = Fault(body=b"<html>Please log in</html>", headers={"Content-Type": "text/html; charset=utf-8"})
    upstream.faults[upstream.api if where == "api" else f"/download/{DATABASE}"] = [page]
    result = fetch()
    assert result.exit_code == 1
    assert "text/html" in result.output
    assert "proxy or a login page" in result.output
    assert DATABASE not in whole(tmp_path)


def test_a_wrong_length_is_refused(fetch, upstream, tmp_path):
    upstream.faults[f"/download/{DATABASE}"] = [Fault(body=b"short")]
    result = fetch()
    assert result.exit_code == 1
    size = (upstream.folder / DATABASE).stat().st_size
    assert f"expected {size:,} bytes, got 5" in result.output
    assert DATABASE not in whole(tmp_path)


@pytest.mark.parametrize("name", [DATABASE, RANKINGS])
def test_a_flipped_byte_is_refused_by_its_digest(name, fetch, upstream, tmp_path):
    data = bytearray((upstream.folder / name).read_bytes())
    expected = hashlib.sha256(data).hexdigest()
    data[len(data) // 2] ^= 1
    upstream.faults[f"/download/{name}"] = [Fault(body=bytes(data))]
    result = fetch()
    assert result.exit_code == 1
    assert f"expected sha256 {expected}, got {hashlib.sha256(data).hexdigest()}" in result.output
    assert name not in whole(tmp_path)
    assert fetch().exit_code == 0


def test_a_release_that_moves_while_it_is_fetched_is_listed_again(fetch, upstream):
    """The listing is of the old file, the download already of the new one."""
    new = (upstream.folder / RANKINGS).read_bytes() + b"new"
    old_listing = json.dumps(upstream.listing()).encode()
    upstream.faults[upstream.api] = [Fault(body=old_listing)]
    (upstream.folder / RANKINGS).write_bytes(new)
    result = fetch()
    assert result.exit_code == 0, result.output
    assert "The release moved while it was fetched" in result.stderr
    assert_is_release(result.stdout.strip(), upstream)


def test_an_asset_without_a_digest_is_not_fetched(fetch, upstream):
    upstream.digests = False
    result = fetch()
    assert result.exit_code == 1
    assert "has no sha256 digest at GitHub, so it cannot be verified" in result.output


def test_a_missing_release_and_a_missing_asset_are_named(fetch, run, upstream):
    result = run("fetch", "--repo", "acme/data", "--tag", "v9")
    assert result.exit_code == 1
    assert "acme/data has no release 'v9'" in result.output
    (upstream.folder / RANKINGS).unlink()
    result = fetch()
    assert result.exit_code == 1
    assert f"expected {RANKINGS}" in result.output
    assert f"it has {DATABASE}" in result.output


def test_an_unreachable_server_gets_a_message(fetch, monkeypatch):
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    result = fetch()
    assert result.exit_code == 1
    assert "could not be read in 5 attempts" in result.output
    assert "`--offline` uses the release fetched last" in result.output


def test_a_full_disk_gets_a_message_and_leaves_nothing_that_looks_whole(upstream, tmp_path):
    """The operating system refuses to let any file of the process grow beyond 20 KB."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "GITHUB_API_URL": upstream.url}
    result = subprocess.run(
        [sys.executable, "-m", "futures_explorer", "fetch", "--repo", "acme/data"],
        env=environment,
        preexec_fn=limit,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1, result.stderr
    assert "could not be written" in result.stderr
    assert "Make room" in result.stderr
    assert "Traceback" not in result.stderr
    assert whole(tmp_path) == set()


def test_too_little_room_is_seen_before_the_download(fetch, upstream, monkeypatch):
    from futures_explorer.release import http

    class Usage:
        free = 10

    monkeypatch.setattr(http.shutil, "disk_usage", lambda _: Usage)
    result = fetch()
    assert result.exit_code == 1
    assert "MB free" in result.output
    assert not upstream.asked(f"/download/{DATABASE}")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_fetch_leaves_nothing_that_looks_whole_and_is_continued(
    how, fetch, upstream, tmp_path
):
    sent, hold = threading.Event(), threading.Event()
    upstream.faults[f"/download/{DATABASE}"] = [Fault(cut=4000, then=sent, hold=hold)]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "GITHUB_API_URL": upstream.url}
    process = subprocess.Popen(
        [sys.executable, "-m", "futures_explorer", "fetch", "--repo", "acme/data"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert sent.wait(60)
    process.send_signal(how)
    _, errors = process.communicate(timeout=60)
    hold.set()
    assert process.returncode != 0
    assert "Traceback" not in errors
    assert DATABASE not in whole(tmp_path)
    result = fetch()
    assert result.exit_code == 0, result.output
    assert_is_release(result.stdout.strip(), upstream)


def test_two_fetches_at_once_share_one_download(upstream, tmp_path):
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "GITHUB_API_URL": upstream.url}
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "futures_explorer", "fetch", "--repo", "acme/data"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    outputs = {process.communicate(timeout=60)[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0]
    assert len(outputs) == 1
    assert_is_release(outputs.pop().strip(), upstream)
    assert len(upstream.asked(f"/download/{DATABASE}")) == 1
