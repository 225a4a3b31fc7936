"""Few bytes, few requests, and what the engine makes of servers that misbehave."""

import gzip
import re

import duckdb
import pytest

ONE_DATE = "SELECT * FROM '{}' WHERE date = DATE '2026-05-05' ORDER BY rank LIMIT 20"
SCAN = "SELECT max(quote_volume_usdt / 2) AS top, max(noise % 1000003) AS most FROM '{}'"


def native(query, path):
    with duckdb.connect() as db:
        return db.execute(query.format(path)).to_arrow_table().to_pylist()


def spans(server):
    return [tuple(map(int, re.findall(r"\d+", s.range))) for s in server.data() if s.range]


def test_nothing_is_fetched_twice(plain, server):
    file = plain.file()
    for query in (ONE_DATE, SCAN, ONE_DATE, "SELECT count(DISTINCT symbol) FROM '{}'", "SELECT * FROM '{}'"):
        plain.query(query.format(file))
    seen = set()
    for first, last in spans(server):
        bytes_ = set(range(first, last + 1))
        assert not bytes_ & seen
        seen |= bytes_
    assert len(seen) <= plain.files["rankings"].stat().st_size


def test_one_date_costs_a_row_group_and_no_more_than_three_requests(plain, server):
    path = plain.files["rankings"]
    assert plain.query(ONE_DATE.format(path.name)).to_pylist() == native(ONE_DATE, path)
    assert len(server.data()) <= 3
    assert sum(s.bytes for s in server.data()) < path.stat().st_size / 14 * 1.2


def test_a_scan_of_one_column_reads_that_column_only(plain, server):
    path = plain.files["rankings"]
    query = "SELECT sum(rank) AS total FROM '{}'"
    assert plain.query(query.format(path.name)).to_pylist() == native(query, path)
    with duckdb.connect() as db:
        needed = db.execute(
            f"SELECT sum(total_compressed_size) FROM parquet_metadata('{path}') WHERE path_in_schema = 'rank'"
        ).fetchone()[0]
    assert sum(s.bytes for s in server.data()) <= needed * 1.1
    assert len(server.data()) <= 14


def test_a_small_object_comes_whole_in_one_request(plain, server):
    assert plain.query(f"SELECT max(days + 1) AS most FROM '{plain.file('symbols')}'").to_pylist() == [
        {"most": 500}
    ]
    assert len(server.data()) == 1


def test_the_footers_of_all_objects_come_in_one_request(plain, server):
    plain.query(f"DESCRIBE FROM '{plain.file()}'")
    plain.query(f"SELECT count(*) FROM '{plain.file()}'")
    assert server.data() == []
    assert len(plain.attached) == 1


def test_without_them_a_footer_costs_one_request(plain, server):
    plain.attach("2025-12-31-aaaaaa")
    file = plain.run("return snapshot.resources[0].file")
    assert plain.query(f"FROM '{file}'").to_pylist() == [{"one": 1}]
    assert len(server.data()) == 1


def fails(times, change, only=".parquet"):
    """A fault that changes the first so many answers for objects."""
    left = [times]

    def fault(answer, path, wanted):
        if path.endswith(only) and left[0] > 0:
            left[0] -= 1
            change(answer, wanted)

    return fault


def status(code, **headers):
    def change(answer, _wanted):
        answer.status, answer.body, answer.headers = code, b"no", headers

    return change


def short(answer, _wanted):
    answer.body = answer.body[: len(answer.body) // 2]


def cut(answer, _wanted):
    answer.cut = len(answer.body) // 2


def whole(root, files):
    path = files["rankings"]

    def change(answer, _wanted):
        answer.status, answer.body = 200, path.read_bytes()
        answer.headers.pop("Content-Range", None)

    return change


TRANSIENT = {
    "429": status(429, **{"Retry-After": "0"}),
    "500": status(500),
    "503": status(503, **{"Retry-After": "0"}),
    "short body": short,
    "cut connection": cut,
}


@pytest.mark.parametrize("change", TRANSIENT.values(), ids=TRANSIENT)
def test_a_passing_fault_is_retried(plain, server, change):
    path = plain.files["rankings"]
    server.faults.append(fails(2, change))
    assert plain.query(ONE_DATE.format(path.name)).to_pylist() == native(ONE_DATE, path)


@pytest.mark.parametrize("change", TRANSIENT.values(), ids=TRANSIENT)
def test_a_lasting_fault_is_one_readable_error_and_the_next_query_works(plain, server, change):
    path = plain.files["rankings"]
    server.faults.append(fails(10**6, change))
    error = plain.query_error(ONE_DATE.format(path.name))
    assert error["name"] == "ReadError"
    assert re.search(
        rf"bytes \d+-\d+ of .*{path.name}: (HTTP \d+|\d+ bytes, expected \d+|no answer)", error["message"]
    )
    assert len(error["message"].splitlines()) == 1
    if error["status"] == 0:
        assert "rankings is not in this browser yet" in error["message"]
    server.faults.clear()
    assert plain.query(ONE_DATE.format(path.name)).to_pylist() == native(ONE_DATE, path)


@pytest.mark.parametrize("code", [403, 404, 410])
def test_a_refusal_is_not_asked_for_again(plain, server, code):
    server.faults.append(fails(10**6, status(code)))
    error = plain.query_error(ONE_DATE.format(plain.file()))
    assert (error["status"], len(server.data())) == (code, 1)
    assert f"HTTP {code}" in error["message"]


def test_a_server_without_ranges_gives_the_object_once(plain, server, engine_site):
    path = plain.files["rankings"]
    server.faults.append(fails(10**6, whole(*engine_site)))
    assert plain.query(ONE_DATE.format(path.name)).to_pylist() == native(ONE_DATE, path)
    assert plain.query(SCAN.format(path.name)).to_pylist() == native(SCAN, path)
    assert len(server.data()) == 1


def test_a_200_of_a_wrong_length_is_refused(plain, server):
    def error_page(answer, _wanted):
        answer.status, answer.body, answer.headers = 200, b"<html>Sign in to this network", {}

    server.faults.append(fails(10**6, error_page))
    message = plain.query_error(ONE_DATE.format(plain.file()))["message"]
    assert "HTTP 200 with 29 bytes, expected 206 with" in message


def test_416_falls_back_to_the_whole_object(plain, server):
    path = plain.files["rankings"]
    server.faults.append(
        lambda answer, p, wanted: status(416)(answer, wanted) if p.endswith(".parquet") and wanted else None
    )
    assert plain.query(ONE_DATE.format(path.name)).to_pylist() == native(ONE_DATE, path)
    assert [s.status for s in server.data()] == [416, 200]


def test_a_proxy_that_gzips_is_seen_through(plain, server):
    """Such a proxy cuts its ranges out of the compressed bytes."""
    path = plain.files["rankings"]
    packed = gzip.compress(path.read_bytes(), 1)

    def proxy(answer, p, wanted):
        if not p.endswith(".parquet"):
            return
        if wanted:
            first, last = map(int, re.findall(r"\d+", wanted))
            answer.body = packed[first : last + 1]
            answer.headers["Content-Range"] = f"bytes {first}-{last}/{len(packed)}"
        else:
            answer.body, answer.headers["Content-Encoding"] = packed, "gzip"

    server.faults.append(proxy)
    assert plain.query(ONE_DATE.format(path.name)).to_pylist() == native(ONE_DATE, path)


def flip(answer, _wanted):
    at = len(answer.body) // 2
    answer.body = answer.body[:at] + bytes([answer.body[at] ^ 1]) + answer.body[at + 1 :]


def test_a_whole_object_with_a_wrong_hash_is_fetched_once_more(plain, server):
    plain.attach("2025-12-31-aaaaaa")
    file = plain.run("return snapshot.resources[0].file")
    server.faults.append(fails(1, flip))
    assert plain.query(f"FROM '{file}'").to_pylist() == [{"one": 1}]
    assert len(server.data()) == 2


def test_and_then_refused(plain, server):
    plain.attach("2025-12-31-aaaaaa")
    file = plain.run("return snapshot.resources[0].file")
    server.faults.append(fails(10**6, flip))
    message = plain.query_error(f"FROM '{file}'")["message"]
    assert re.search(r"the bytes have sha256 [0-9a-f]{64}, expected " + file[:64], message)
    assert len(server.data()) == 2


def test_an_object_that_became_whole_by_pieces_is_checked_too(plain, server):
    file = plain.file("symbols")  # its footer came with those of the others
    server.faults.append(fails(1, flip))
    assert "expected " + file[:64] in plain.query_error(f"SELECT max(days + 1) FROM '{file}'")["message"]
    assert plain.query(f"SELECT max(days + 1) AS most FROM '{file}'").to_pylist() == [{"most": 500}]


def test_where_the_first_address_fails_the_next_one_serves(make_page, server):
    page = make_page()
    page.open("{dataUrl: ['nowhere/', 'data/']}")
    page.attach()
    path = page.files["rankings"]
    assert page.query(ONE_DATE.format(path.name)).to_pylist() == native(ONE_DATE, path)
    # Once one has worked it is asked first.
    assert not [s for s in server.data() if "nowhere" in s.path]


def test_a_mirror_serves_when_the_sites_objects_are_gone(make_page, server, engine_site):
    mirror = engine_site[0] / "repo/mirror"
    mirror.symlink_to("data")

    def gone(answer, path, _range):
        if path.startswith("repo/data/objects/"):
            answer.status, answer.body = 404, b""

    try:
        server.faults.append(gone)
        page = make_page()
        page.open("{dataUrl: ['data/', 'mirror/']}")
        page.attach()  # the site still has its manifests
        path = page.files["rankings"]
        assert page.query(ONE_DATE.format(path.name)).to_pylist() == native(ONE_DATE, path)
        assert [s for s in server.data() if s.status == 206 and s.path.startswith("repo/mirror/")]
    finally:
        mirror.unlink()


def test_when_all_addresses_fail_the_error_names_them(make_page, server):
    page = make_page()
    page.open("{dataUrl: ['data/', 'mirror/']}")
    page.attach()
    server.faults.append(fails(10**6, status(404)))
    message = page.query_error(ONE_DATE.format(page.file()))["message"]
    assert "repo/data/" in message
    assert "repo/mirror/" in message
