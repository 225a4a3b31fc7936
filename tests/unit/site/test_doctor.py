"""The doctor finds nothing wrong at a good host, and each thing that a bad one does, by what a server really sends."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from futures_explorer.cli import main
from futures_explorer.errors import ExplorerError
from futures_explorer.release.http import client
from futures_explorer.site.doctor import TEXT, examine
from support.range_server import Answer, RangeServer

SITE = Path(__file__).parents[3] / "_site"
TYPES = {
    **{".js": "text/javascript", ".mjs": "text/javascript", ".html": "text/html", ".css": "text/css"},
    **{".wasm": "application/wasm", ".json": "application/json"},
}


def good(answer: Answer, path: str, wanted: str | None) -> None:
    """A host that does everything right."""
    if path == "":
        answer.status, answer.body, path = 200, (SITE / "index.html").read_bytes(), "index.html"
    suffix = Path(path).suffix
    answer.headers["Content-Type"] = TYPES.get(suffix, "application/octet-stream")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = (
        "max-age=31536000" if path.startswith("static/engine") else "max-age=600"
    )
    if suffix in TEXT and wanted is None:
        answer.headers["Content-Encoding"] = "gzip"
        answer.body = gzip.compress(answer.body, 1)


@pytest.fixture(scope="module")
def host():
    with RangeServer(SITE) as server:
        yield server


@pytest.fixture
def found(host):
    """What the doctor says of a host with these faults: by level, what each finding is about."""

    def say(*faults) -> dict[str, list[str]]:
        host.reset()
        host.faults += [good, *faults]
        told: dict[str, list[str]] = {"good": [], "better": [], "wrong": []}
        with client() as http:
            for finding in examine(host.url, http, date(2026, 11, 1)):
                told[finding.level].append(f"{finding.what}: {finding.why}")
        return told

    return say


def header(name: str, value: str | None, suffix: str = ""):
    """A fault: this header of files with this suffix."""

    def fault(answer: Answer, path: str, _wanted: str | None) -> None:
        if path.endswith(suffix):
            answer.headers.pop(name, None)
            if value is not None:
                answer.headers[name] = value

    return fault


def unzipped(answer: Answer, _path: str, wanted: str | None) -> None:
    if answer.headers.pop("Content-Encoding", None) and wanted is None:
        answer.body = gzip.decompress(answer.body)


def rewritten(answer: Answer, path: str, _wanted: str | None) -> None:
    if path == "jupyter-lite.json":
        answer.body = gzip.compress(gzip.decompress(answer.body) + b"\n")


def no_ranges(answer: Answer, path: str, wanted: str | None) -> None:
    if wanted and path.endswith(".parquet"):
        answer.status, answer.body = 200, (SITE / path).read_bytes()
        del answer.headers["Content-Range"]


def zipped_ranges(answer: Answer, _path: str, wanted: str | None) -> None:
    if wanted:
        answer.headers["Content-Encoding"] = "gzip"
        answer.body = gzip.compress(answer.body)


def page_for_everything(answer: Answer, path: str, _wanted: str | None) -> None:
    if answer.status == 404:
        answer.status, answer.body = 200, gzip.compress(b"<p>welcome")


def other_bytes(answer: Answer, path: str, wanted: str | None) -> None:
    if path.endswith(".parquet") and not wanted:
        answer.body = answer.body[:-1] + b"?"


def real_data(days: str):
    """The newest snapshot's data is said to be real, and complete until then."""

    def fault(answer: Answer, path: str, _wanted: str | None) -> None:
        if path == "data/snapshots.json":
            told = json.loads(gzip.decompress(answer.body))
            told["snapshots"][0].update(synthetic=False, dates={"first": "2019-09-25", "complete": days})
            answer.body = gzip.compress(json.dumps(told).encode())

    return fault


def test_a_good_host_gets_no_complaint(found):
    told = found()
    assert told["better"] == told["wrong"] == []
    assert len(told["good"]) == 7


@pytest.mark.parametrize(
    ("fault", "level", "said"),
    [
        (header("Content-Type", "text/plain", ".mjs"), "wrong", "expected text/javascript, got text/plain"),
        (header("Content-Type", "application/octet-stream", ".wasm"), "better", "expected application/wasm"),
        (
            header("Content-Type", "text/html", "service-worker.js"),
            "wrong",
            "service-worker.js: expected HTTP 200",
        ),
        (
            header("Cross-Origin-Embedder-Policy", "require-corp"),
            "better",
            "it blocks other hosts, got require-corp",
        ),
        (
            header("Content-Security-Policy", "script-src 'self'"),
            "wrong",
            "'wasm-unsafe-eval', got script-src 'self'",
        ),
        (
            header("Content-Security-Policy", "default-src 'self'"),
            "wrong",
            "'wasm-unsafe-eval', got default-src 'self'",
        ),
        (
            header("Content-Security-Policy", "img-src *; connect-src 'self'"),
            "better",
            "browsers without JSPI get large results, got img-src *; connect-src 'self'",
        ),
        (header("Access-Control-Allow-Origin", None), "better", "Access-Control-Allow-Origin: expected *"),
        (
            header("Cache-Control", "max-age=86400", "snapshots.json"),
            "wrong",
            "at most 3600 seconds, got max-age=86400",
        ),
        (header("Cache-Control", None, "engine.js"), "better", "caching of static/"),
        (unzipped, "better", "compression of .js: expected gzip or brotli, got none"),
        (rewritten, "wrong", "jupyter-lite.json: expected the bytes of the build"),
        (no_ranges, "better", "expected HTTP 206 with the part, got HTTP 200"),
        (zipped_ranges, "wrong", "a range of a .parquet file: expected its bytes, not compressed, got gzip"),
        (page_for_everything, "wrong", "expected HTTP 404, not a page in its place, got HTTP 200"),
        (other_bytes, "wrong", "bytes of the hash in its name"),
        (real_data("2026-10-20"), "wrong", "the data's age: expected at most 3 days, got 12 days"),
        (real_data("2026-10-31"), "good", ", 1 days old"),
    ],
)
def test_each_fault_is_named_with_what_was_expected_and_what_came(found, fault, level, said):
    told = found(fault)
    assert any(said in line for line in told[level]), told
    assert level == "wrong" or told["wrong"] == []


def test_where_to_change_it_is_said_for_the_host_that_it_is(found):
    for server, where in (
        ("nginx/1.30", "nginx: the `location`"),
        ("Netlify", "Netlify: the file `_headers`"),
    ):
        told = found(header("Server", server), header("Access-Control-Allow-Origin", None))
        assert any(where in line for line in told["better"])


def test_what_is_no_explorer_or_does_not_answer_is_said(tmp_path):
    with RangeServer(tmp_path) as server, client() as http:
        server.faults.append(good)
        with pytest.raises(ExplorerError, match="is no explorer"):
            list(examine(server.url, http))
    with client() as http, pytest.raises(ExplorerError, match="does not answer"):
        list(examine(server.url, http))


def test_the_command_ends_with_1_where_something_is_wrong(host):
    for faults, code, last in (
        ([good, zipped_ranges], 1, "1 thing to mend."),
        ([good], 0, "Nothing to mend."),
    ):
        host.reset()
        host.faults += faults
        done = CliRunner().invoke(main, ["doctor", host.url])
        assert (done.exit_code, done.output.splitlines()[-1]) == (code, last)
        assert ("WRONG: a range of a .parquet file" in done.output) == bool(code)
