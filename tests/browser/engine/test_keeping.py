"""What outlives a reload, and what happens where nothing can."""

import json

import duckdb
import pyarrow.parquet as pq
import pytest

SCAN = "SELECT max(quote_volume_usdt / 2) AS top, max(noise % 1000003) AS most FROM '{}'"


def opened(page, options="{}"):
    page.open(options)
    page.attach()
    return page


def status(page):
    return page.run("return await engine.cacheStatus()")


def answer(page):
    path = page.files["rankings"]
    with duckdb.connect() as native:
        expected = native.execute(SCAN.format(path)).to_arrow_table().to_pylist()
    assert page.query(SCAN.format(path.name)).to_pylist() == expected


def test_after_a_reload_no_data_is_requested(plain, server):
    answer(plain)
    assert status(plain)["persistent"]
    server.reset()
    plain.page.reload()
    answer(opened(plain))
    assert plain.attached + server.data() == []


def test_after_one_visit_data_and_manifests_need_no_server(make_page, server):
    """The engine's own code is the service worker's matter: only what it reads is cut off here."""
    answer(opened(make_page()))
    server.faults.append(lambda answer, path, _range: setattr(answer, "cut", 0) if "/data/" in path else None)
    page = opened(make_page())
    answer(page)
    assert {s.path for s in server.log if "/data/" in s.path} <= {"repo/data/snapshots.json"}
    page.attach("2026-01-20-bbbbbb")
    assert "could not be reached" in page.error("await engine.attach('2025-12-31-aaaaaa')")["message"]


def test_nor_in_a_second_tab_while_the_first_is_open(make_page, server):
    first = opened(make_page())
    answer(first)
    assert status(first)["bytes"] > 0
    server.reset()
    second = opened(make_page())
    answer(second)
    assert second.attached + server.data() == []
    answer(first)


def test_two_tabs_that_fetch_the_same_at_once_agree(make_page):
    first, second = opened(make_page()), opened(make_page())
    file = first.file()
    for page in (first, second):
        page.run("globalThis.running = engine.query(arg); return null", SCAN.format(file))
    for page in (first, second):
        assert page.run("return (await running).length") > 0
    kept = max(status(first)["bytes"], status(second)["bytes"])
    third = opened(make_page())
    answer(third)
    assert status(third)["bytes"] <= kept


def test_clear_empties_it(plain, server):
    answer(plain)
    assert status(plain)["bytes"] > 0
    plain.run("await engine.clearCache()")
    assert (status(plain)["bytes"], status(plain)["objects"]) == (0, 0)
    server.reset()
    plain.page.reload()
    answer(opened(plain))
    assert server.data() != []


def test_what_is_over_the_budget_goes_and_the_budget_is_remembered(plain):
    answer(plain)
    before = status(plain)
    assert before["bytes"] > 10_000
    plain.run("await engine.setCacheBudget(10_000)")
    assert status(plain)["bytes"] <= 10_000
    plain.page.reload()
    opened(plain)
    assert status(plain)["budget"] == 10_000
    answer(plain)
    assert status(plain)["bytes"] <= 10_000


def test_snapshots_not_used_lately_go_first(plain, server):
    plain.attach("2025-12-31-aaaaaa")
    old = plain.run("return snapshot.resources[0].file")
    plain.query(f"FROM '{old}'")
    status(plain)
    plain.page.reload()
    opened(plain)
    plain.query(f"FROM '{plain.file('symbols')}'")
    plain.run("await engine.setCacheBudget(arg)", status(plain)["bytes"] - 1)
    plain.page.reload()
    opened(plain)
    server.reset()
    plain.query(f"FROM '{plain.file('symbols')}'")
    assert server.data() == []
    plain.attach("2025-12-31-aaaaaa")
    plain.query(f"FROM '{old}'")
    assert len(server.data()) == 1


def test_a_budget_must_be_a_size(shared):
    assert "number of bytes" in shared.error("await engine.setCacheBudget(-1)")["message"]


REFUSED = {
    "no indexedDB": "Object.defineProperty(globalThis, 'indexedDB', {value: undefined})",
    "refused": "IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError') }",
    "failing": """
      const open = IDBFactory.prototype.open;
      IDBFactory.prototype.open = function () {
        const request = open.call(this, 'x' + Math.random(), 1);
        request.addEventListener('upgradeneeded', (event) => event.target.transaction.abort(), {once: true});
        return request;
      }""",
    "full": """
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (...args) {
        if (this.name === 'pieces') throw new DOMException('no room', 'QuotaExceededError');
        return put.apply(this, args);
      }""",
}


# Its database opens, and no transaction ever answers; time passes faster.
REFUSED["hanging"] = """
      const every = setInterval;
      globalThis.setInterval = (call, time) => every(call, time / 20);
      IDBDatabase.prototype.transaction = () => ({objectStore: () => new Proxy({}, {get: () => () => ({})})})"""
# It works until the first piece is to be kept.
REFUSED["failing midway"] = """
      const transaction = IDBDatabase.prototype.transaction;
      let put = false;
      IDBDatabase.prototype.transaction = function (...args) {
        if (put) throw new DOMException('the database connection is closing', 'InvalidStateError');
        put = String(args[0]).includes('pieces') && args[1] === 'readwrite';
        return transaction.apply(this, args);
      }"""


@pytest.mark.parametrize("broken", REFUSED.values(), ids=REFUSED)
def test_without_storage_it_works_from_memory_with_one_line_of_notice(make_page, server, broken):
    def prepend(answer, path, _range):
        if path.endswith("worker.js"):
            answer.body = f"{{{broken}}};".encode() + answer.body

    server.faults.append(prepend)
    page = opened(make_page())
    answer(page)
    requests = len(server.data())
    answer(page)
    assert len(server.data()) == requests
    assert status(page)["persistent"] is False
    notices = page.run("return notices")
    assert len(notices) == 1
    assert "kept in memory only" in notices[0]
    assert "\n" not in notices[0]


def test_a_worker_killed_while_it_writes_leaves_nothing_wrong(plain, server):
    """The page goes away at once after the query, in the middle of what it keeps."""
    for _ in range(3):
        plain.query(SCAN.format(plain.file()))
        plain.run("engine.close()")
        plain.page.reload()
        opened(plain)
    answer(plain)


def test_a_piece_that_was_wrong_is_not_kept(plain, server):
    """The object becomes whole piece by piece; what was wrong shows when the last one comes."""
    size = plain.files["rankings"].stat().st_size
    steps = []

    def flip(answer, path, wanted):
        if path.endswith(plain.file()) and wanted:
            steps.append(wanted)
            if len(steps) == 3:
                answer.body = bytes([answer.body[0] ^ 1]) + answer.body[1:]

    server.faults.append(flip)
    message = plain.error("await engine.prefetch()")["message"]
    assert f"expected {plain.file()[:64]}" in message
    server.faults.clear()
    assert status(plain)["bytes"] < size
    plain.page.reload()
    answer(opened(plain))


def test_a_piece_that_another_tab_evicted_is_fetched_again(make_page, server):
    first = opened(make_page())
    answer(first)
    status(first)
    second = opened(make_page())
    first.run("await engine.clearCache()")
    answer(second)


def test_prefetch_brings_in_what_questions_need_and_tells_how_far_it_is(plain, server):
    seen = plain.run("""
      const seen = [];
      const result = await engine.prefetch({onProgress: (p) => seen.push(p)});
      return [...seen, result]""")
    assert seen[-1]["state"] == "done"
    assert seen[-1]["bytes"] == seen[-1]["total"] == sum(f.stat().st_size for f in plain.files.values())
    assert [p["bytes"] for p in seen] == sorted(p["bytes"] for p in seen)
    requests = len(server.data())
    answer(plain)
    assert len(server.data()) == requests


def test_prefetch_follows_the_list_and_leaves_out_what_is_odd_in_it(plain, server):
    """Small objects come whole; of the others what the list names: here the first two row groups."""
    path = plain.files["rankings"]
    groups = [pq.read_metadata(path).row_group(i) for i in range(3)]
    ends = [group.column(0).dictionary_page_offset or group.column(0).data_page_offset for group in groups]
    odd = [[-5, 9], [9, 9], [1.5, 9], [0, path.stat().st_size + 1], ["a", "b"], [], None]
    likely = [
        {"object": "0" * 64, "ranges": [[0, 9]]},
        None,
        {"object": path.stem},
        {"object": path.stem, "ranges": [[ends[1], ends[2]], *odd, [ends[0], ends[1]]]},
    ]

    def list_them(answer, asked, _range):
        if asked.endswith("data/likely.json"):
            answer.status, answer.body = 200, json.dumps({"likely": likely}).encode()

    server.faults.append(list_them)
    result = plain.run("return await engine.prefetch()")
    small = sum(file.stat().st_size for name, file in plain.files.items() if name != "rankings")
    assert (result["bytes"], result["total"]) == (small + ends[2] - ends[0],) * 2
    assert sum(asked.bytes for asked in server.data() if asked.path.endswith(path.name)) == ends[2] - ends[0]
    server.log.clear()
    date = f"DATE '2026-01-01' + {groups[0].num_rows * 2 // 500 - 1}"
    query = f"SELECT sum(noise % 9)::BIGINT AS n, max(symbol) AS s FROM '{{}}' WHERE date < {date}"
    with duckdb.connect() as native:
        expected = native.execute(query.format(path)).to_arrow_table().to_pylist()
    assert plain.query(query.format(path.name)).to_pylist() == expected
    assert server.data() == []


def test_prefetch_stops_when_asked(plain, server):
    result = plain.run("""
      const abort = new AbortController();
      return await engine.prefetch({signal: abort.signal, onProgress: () => abort.abort()})""")
    assert result["state"] == "cancelled"
    assert result["bytes"] < result["total"]


def test_prefetch_stays_within_its_bytes(plain, server):
    result = plain.run("return await engine.prefetch({maxBytes: 100_000})")
    assert 0 < result["bytes"] <= 100_000
    assert sum(s.bytes for s in server.data()) <= 100_000


@pytest.mark.parametrize("connection", ["{saveData: true}", "{type: 'cellular'}", "{effectiveType: '3g'}"])
def test_prefetch_does_nothing_where_bytes_are_dear(make_page, server, connection):
    def prepend(answer, path, _range):
        if path.endswith("worker.js"):
            script = f"Object.defineProperty(navigator, 'connection', {{value: {connection}}});"
            answer.body = script.encode() + answer.body

    server.faults.append(prepend)
    page = opened(make_page())
    assert page.run("return await engine.prefetch()")["state"] == "skipped"
    assert server.data() == []
