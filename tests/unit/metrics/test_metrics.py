"""GitHub's counts, from a server that answers as https://docs.github.com/en/rest describes, and on its bad days."""

from __future__ import annotations

import http.server
import json
import threading
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import stamina
from click.testing import CliRunner
from futures_explorer import refresh
from futures_explorer.errors import ExplorerError
from futures_explorer.metrics import readings
from futures_explorer.metrics.counts import PAGE
from futures_explorer.metrics.report import TRIGGERS, Trigger, report
from futures_explorer.release.fetch import REPOSITORY
from futures_explorer.site.landing import _rendered

OURS = "acme/explorer"


class GitHub:
    """The three answers that are asked for; `faults` puts another status, and body, in the place of a path's."""

    def __init__(self) -> None:
        #: Downloads of each asset, newest release first; two assets a release.
        self.downloads = {1001: 40, 1002: 2, 901: 300, 902: 9}
        self.visitors = 38
        self.failed = [date(2026, 10, 3), date(2026, 11, 5), date(2026, 11, 20)]
        self.faults: dict[str, tuple[int, str]] = {}
        self.asked: list[tuple[str, str | None]] = []

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, str]:
        for part, fault in self.faults.items():
            if part in path:
                return fault
        if path == f"/repos/{REPOSITORY}/releases":
            ids = list(self.downloads)
            listed = [
                {
                    "id": n,
                    "assets": [
                        {"id": a, "name": "x", "download_count": self.downloads[a]} for a in ids[n : n + 2]
                    ],
                }
                for n in range(0, len(ids), 2)
            ]
            size, page = int(query["per_page"][0]), int(query["page"][0])
            return 200, json.dumps(listed[(page - 1) * size : page * size])
        if path == f"/repos/{OURS}/traffic/views":
            return 200, json.dumps({"count": 90, "uniques": self.visitors, "views": []})
        if path == f"/repos/{OURS}/actions/workflows/refresh.yml/runs":
            assert query["status"] == ["failure"]
            since = query.get("created", [">=2000-01-01"])[0].removeprefix(">=")
            count = sum(day >= date.fromisoformat(since) for day in self.failed)
            return 200, json.dumps({"total_count": count, "workflow_runs": []})
        return 404, '{"message": "Not Found"}'


@contextmanager
def served(github: GitHub):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            github.asked.append((self.path, self.headers.get("Authorization")))
            parts = urlsplit(self.path)
            status, body = github.answer(parts.path, parse_qs(parts.query))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def github(monkeypatch):
    answers = GitHub()
    with served(answers) as url, stamina.set_testing(True, attempts=2):
        monkeypatch.setenv("GITHUB_API_URL", url)
        monkeypatch.setenv("GITHUB_TOKEN", "secret")
        yield answers


def count(folder: Path, day: str) -> readings.Reading:
    return refresh.count(refresh.FolderRemote(folder), OURS, date.fromisoformat(day))


def test_a_reading_a_month_tells_what_came_since_the_one_before(github, tmp_path):
    first = count(tmp_path, "2026-11-01")
    assert first == readings.Reading("2026-11-01", None, None, 38, 3)
    github.downloads |= {1001: 45, 1101: 600}
    del github.downloads[901]  # replaced by a later release, its count with it
    second = count(tmp_path, "2026-12-01")
    assert second == readings.Reading("2026-12-01", "2026-11-01", 605, 38, 2)
    assert second.a_month == 605
    assert readings.read(tmp_path / readings.FILE).readings == (first, second)


def test_many_releases_are_read_page_by_page_and_the_token_goes_along(github, tmp_path):
    github.downloads = dict.fromkeys(range(2 * PAGE + 2), 1)
    count(tmp_path, "2026-11-01")
    assert len(readings.read(tmp_path / readings.FILE).assets) == 2 * PAGE + 2
    assert {token for _, token in github.asked} == {"Bearer secret"}


def test_what_a_token_may_not_read_is_unknown_and_said(github, tmp_path, capsys):
    github.faults["traffic"] = (403, '{"message": "Resource not accessible by integration"}')
    github.faults["actions"] = (404, '{"message": "Not Found"}')
    assert count(tmp_path, "2026-11-01") == readings.Reading("2026-11-01", None, None, None, None)
    said = capsys.readouterr().err
    assert "No count of visitors" in said
    assert "403" in said
    assert "No count of failed refreshes" in said


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ((404, "{}"), "expected .*/releases to be there"),
        ((500, "oops"), "500"),
        ((200, "<html>"), "expected JSON"),
        ((200, '{"message": "moved"}'), "expected a list of releases"),
        ((200, '[{"assets": [{"id": 1}]}]'), "expected a list of releases"),
    ],
)
def test_without_downloads_there_is_no_reading_and_the_file_is_as_it_was(github, tmp_path, fault, says):
    count(tmp_path, "2026-11-01")
    before = (tmp_path / readings.FILE).read_bytes()
    github.faults["releases"] = fault
    with pytest.raises(ExplorerError, match=says):
        count(tmp_path, "2026-12-01")
    assert (tmp_path / readings.FILE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [readings.FILE]


def test_one_day_is_read_once(github, tmp_path):
    count(tmp_path, "2026-11-01")
    with pytest.raises(ExplorerError, match="last reading is of 2026-11-01"):
        count(tmp_path, "2026-11-01")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"readings": []}',
        '{"upstream": "", "repository": "", "assets": {}, "readings": [{"day": 1}]}',
    ],
)
def test_a_file_that_is_none_is_named_and_left_alone(github, tmp_path, content):
    (tmp_path / readings.FILE).write_text(content)
    with pytest.raises(ExplorerError, match="is no file of readings"):
        count(tmp_path, "2026-11-01")
    assert (tmp_path / readings.FILE).read_text() == content


def test_readings_of_another_repository_are_not_mixed_in(github, tmp_path):
    count(tmp_path, "2026-11-01")
    with pytest.raises(ExplorerError, match="Move it away"):
        refresh.count(refresh.FolderRemote(tmp_path), "acme/other", date(2026, 12, 1))


def test_the_step_says_what_it_counted(github, tmp_path):
    done = CliRunner().invoke(refresh.main, ["count", "--remote", str(tmp_path), "--repository", OURS])
    assert done.exit_code == 0, done.output
    assert "visitors=38" in done.output


def test_a_pulled_store_has_the_readings(github, tmp_path):
    remote = refresh.FolderRemote(tmp_path / "remote")
    remote.folder.mkdir()
    refresh.count(remote, OURS, date(2026, 11, 1))
    store = tmp_path / "store"
    store.mkdir()
    refresh.pull(remote, store)
    assert readings.read(store / readings.FILE).readings[0].visitors == 38


# --- the report ---


def found(*counts: tuple[int | None, int | None, int | None]) -> readings.Readings:
    days = [f"2026-{month:02}-01" for month in range(1, len(counts) + 1)]
    listed = tuple(
        readings.Reading(day, days[n - 1] if n else None, *given)
        for n, (day, given) in enumerate(zip(days, counts, strict=True))
    )
    return readings.Readings(REPOSITORY, OURS, {}, listed)


def now(text: str, trigger: Trigger) -> str:
    """What the report says of a trigger, before what to do."""
    (line,) = [line for line in text.splitlines() if line.startswith(f"- **{trigger.what}**: ")]
    assert line.endswith(f": {trigger.then}")
    return line.partition("**: ")[2].removesuffix(f": {trigger.then}")


@pytest.mark.parametrize(
    ("counts", "reached"),
    [
        ((500 * 31 // 30, 100, 4), []),
        ((530, 100, 4), ["Downloads"]),
        ((0, 101, 4), ["Visitors"]),
        ((0, 0, 5), ["Refreshes"]),
        ((9999, 9999, 9999), ["Downloads", "Visitors", "Refreshes"]),
    ],
)
def test_a_limit_that_is_passed_says_so_and_what_to_do(counts, reached):
    text = report(found((None, None, 0), counts))
    for trigger in TRIGGERS:
        assert (", above" in now(text, trigger)) == (trigger.what.split()[0] in reached)


def test_failed_refreshes_of_a_year_are_added_up():
    assert now(report(found(*[(None, None, 1)] * 14)), TRIGGERS[2]) == "**12, above 4**"


def test_nothing_read_and_nothing_known_are_said():
    empty = report(readings.Readings(REPOSITORY, OURS, {}, ()))
    assert "Nothing has been read yet" in empty
    assert "<svg" not in empty
    unknown = report(found((None, None, None)))
    assert {now(unknown, trigger)[:2] for trigger in TRIGGERS} == {"–."}


def test_the_chart_has_a_bar_for_each_reading_and_words():
    text = report(found((None, 1, 0), (120, 2, 0), (240, 3, 1)))
    assert text.count("<rect") == 3
    assert "at most 240" in text
    title, body = _rendered(text)
    assert title == "Is anybody there?"
    assert "<svg" in body
    assert "<td>240</td>" in body
