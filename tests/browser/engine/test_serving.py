"""What the engine asks of a server, and what it makes of the answers."""

import re
import threading

import pytest


def damage(answer):
    at = len(answer.body) // 2
    answer.body = answer.body[:at] + bytes([answer.body[at] ^ 1]) + answer.body[at + 1 :]


def lose(answer):
    answer.status, answer.body = 404, b""


def test_it_asks_its_own_server_only_and_never_for_head(make_page, server):
    page = make_page()
    origins = set()
    page.page.on("request", lambda request: origins.add(request.url.split("/repo/")[0] + "/"))
    page.open()
    page.run("await engine.attach()")
    page.query(f"SELECT avg(rank) FROM '{page.files['rankings'].name}'")
    page.query("SELECT json('{}')")
    assert {request.method for request in server.log} == {"GET"}
    assert origins == {server.url}
    assert {request.status for request in server.log} <= {200, 206}


def test_a_descriptor_comes_with_file_names(shared):
    files = {r["table"]: r["file"] for r in shared.run("return snapshot")["resources"]}
    assert files.items() >= {table: path.name for table, path in shared.files.items()}.items()


def test_an_older_snapshot_can_be_attached_beside(plain):
    old = plain.run("return await engine.attach('2025-12-31-aaaaaa')")
    assert plain.query(f"FROM '{old['resources'][0]['file']}'").to_pylist() == [{"one": 1}]


def test_an_unknown_snapshot_is_refused_with_the_nearest_ones(shared):
    for unknown in ("2026-01-19-cccccc", "../secrets", ""):
        message = shared.error("await engine.attach(arg)", unknown)["message"]
        assert "there is no snapshot" in message
        assert (
            "2026-01-20-bbbbbb, 2025-12-31-aaaaaa" in message
            or "2025-12-31-aaaaaa, 2026-01-20-bbbbbb" in message
        )


def test_a_missing_data_folder_is_named(make_page):
    page = make_page()
    page.open("{dataUrl: 'nowhere/'}")
    assert "repo/nowhere/snapshots.json answered HTTP 404" in page.error("await engine.attach()")["message"]


def test_a_changed_extension_is_refused(make_page, server):
    def change(answer, path, _range):
        if path.endswith("parquet.duckdb_extension.wasm"):
            damage(answer)

    server.faults.append(change)
    page = make_page()
    error = page.error("await (await import('./static/engine-test/engine.js')).open()")
    assert "signature is either missing or invalid" in error["message"]
    assert 'extension "parquet" could not be loaded' in error["message"]


def test_an_extension_that_does_not_come_ahead_is_asked_for_once_more(make_page, server):
    came = []

    def lose_the_first(answer, path, _range):
        if path.endswith("parquet.duckdb_extension.wasm"):
            came.append(path)
            if len(came) == 1:
                lose(answer)

    server.faults.append(lose_the_first)
    page = make_page()
    page.open()
    page.attach()
    assert page.query(f"SELECT count(*) AS n FROM '{page.file()}'").to_pylist() == [{"n": 280000}]
    assert len(came) == 2


def test_one_that_came_ahead_is_not_asked_for_again(make_page, server):
    came = []

    def only_once(answer, path, _range):
        if path.endswith("parquet.duckdb_extension.wasm"):
            came.append(path)
            answer.headers["Cache-Control"] = "no-store"
            if len(came) > 1:
                lose(answer)

    server.faults.append(only_once)
    page = make_page()
    page.open()
    page.attach()
    assert page.query(f"SELECT count(*) AS n FROM '{page.file()}'").to_pylist() == [{"n": 280000}]
    assert len(came) == 1


def test_unsigned_extensions_stay_refused(shared):
    assert shared.query("SELECT current_setting('allow_unsigned_extensions') AS allowed").to_pylist() == [
        {"allowed": False}
    ]
    assert (
        "Cannot change allow_unsigned_extensions"
        in shared.query_error("SET allow_unsigned_extensions = true")["message"]
    )


def test_missing_wasm_is_named(make_page, server):
    server.faults.append(lambda answer, path, _range: path.endswith("duckdb-eh.wasm") and lose(answer))
    error = make_page().error("await (await import('./static/engine-test/engine.js')).open()")
    assert "duckdb-eh.wasm answered HTTP 404" in error["message"]


def cut(answer):
    answer.cut = len(answer.body) - 1000


def another(answer):
    answer.body = b"<!doctype html><title>Not found</title>" * 9


def of_unknown_type(answer):
    answer.headers["Content-Type"] = "text/plain"


@pytest.mark.parametrize(
    ("fault", "asked"),
    [
        (of_unknown_type, ["duckdb-eh.bin"]),
        *((fault, ["duckdb-eh.bin", "duckdb-eh.wasm"]) for fault in (damage, cut, lose, another)),
    ],
)
def test_packed_wasm_is_used_where_it_is_whole_and_plain_where_not(make_page, server, fault, asked):
    came = []

    def watch(answer, path, _range):
        name = path.rpartition("/")[2]
        if name.startswith("duckdb-eh."):
            came.append(name)
        if name == "duckdb-eh.bin":
            fault(answer)

    server.faults.append(watch)
    page = make_page()
    page.open("{form: 'packed'}")
    page.attach()
    assert page.query(f"SELECT count(*) AS n FROM '{page.file()}'").to_pylist() == [{"n": 280000}]
    assert came == asked


def test_the_form_that_came_is_taken_again(make_page, server):
    came = []
    server.faults.append(lambda _answer, path, _range: came.append(path.rpartition("/")[2]))
    page = make_page()
    folder = page.page.evaluate("location.pathname").rpartition("/")[0]
    key = f"explorer-form {folder}/static/engine-test/engine.js"
    page.page.evaluate("(key) => localStorage.setItem(key, 'packed')", key)
    page.open()
    assert "duckdb-eh.bin" in came
    assert "duckdb-eh.wasm" not in came
    page.page.evaluate("(key) => localStorage.removeItem(key)", key)
    page.page.reload()
    page.open()
    assert "duckdb-eh.wasm" in came
    assert page.page.evaluate("(key) => localStorage.getItem(key)", key) == "plain"


def test_a_failed_read_names_object_range_and_status(plain, server):
    file = plain.files["rankings"].name

    def refuse(answer, path, wanted):
        if path.endswith(file) and wanted:
            answer.status, answer.body = 403, b"no"

    server.faults.append(refuse)
    error = plain.query_error(f"SELECT avg(rank) FROM '{file}'")
    assert file in error["message"]
    assert "HTTP 403" in error["message"]
    assert re.search(r"bytes \d+-\d+ of", error["message"])
    assert error["status"] == 403
    server.faults.clear()
    assert plain.query(f"SELECT count(*) AS n FROM '{file}'").to_pylist() == [{"n": 280000}]


def test_the_manifest_comes_while_the_engine_starts(make_page, server):
    asked = threading.Event()
    server.faults.append(lambda _answer, path, _range: path.endswith("datapackage.json") and asked.set())
    page = make_page()
    page.open("{snapshot: null}")
    assert asked.wait(30)  # though nothing was attached yet
    page.attach()
    assert page.query(f"SELECT count(*) AS n FROM '{page.file()}'").to_pylist() == [{"n": 280000}]
    assert not [s for s in server.log if s.path.endswith(".json")]  # the log begins anew after attach


def test_a_lost_manifest_is_reported_by_attach_and_the_next_attach_tries_again(make_page, server):
    def lose(answer, path, _range):
        if path.endswith("snapshots.json"):
            answer.status, answer.body = 503, b""

    server.faults.append(lose)
    page = make_page()
    page.open("{snapshot: null}")
    assert "snapshots.json answered HTTP 503" in page.error("await engine.attach()")["message"]
    server.faults.clear()
    page.attach()
    assert page.query(f"SELECT count(*) AS n FROM '{page.file()}'").to_pylist() == [{"n": 280000}]
