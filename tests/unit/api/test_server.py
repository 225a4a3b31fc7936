"""What its description promises, asked of the files on the local server, as any client would."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from support.served import served


@pytest.fixture(scope="module")
def address(api) -> Iterator[str]:
    """Where `api/v1/` is served."""
    site = api.folder.parents[1]
    (site / "404.html").write_text("<p>There is no such page.")  # as a site has one
    with served(site) as url:
        yield f"{url}api/v1/"


def test_schemathesis_finds_nothing_that_is_not_as_described(address, tmp_path):
    done = subprocess.run(
        [
            *(Path(sys.executable).with_name("schemathesis"), "run", f"{address}openapi.json"),
            # Files have no state: it would take a whole column for a day.
            *(
                "--phases",
                "examples,coverage,fuzzing",
                "--url",
                address,
                "--checks",
                "all",
                "--max-examples",
                "15",
                "--seed",
                "17",
                "--no-color",
            ),
        ],
        cwd=tmp_path,  # it keeps what it found beside it
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "No issues found" in done.stdout


def test_a_symbol_is_served_at_the_address_that_the_list_gives(api, address):
    columns = api.read("latest/symbols.json")["symbols"]
    with httpx.Client(base_url=f"{address}latest/") as http:
        listed = dict(zip(columns["symbol"], columns["address"], strict=True))
        named = [symbol for number, symbol in enumerate(listed) if number % 50 == 0 or not symbol.isascii()]
        for symbol in named:
            answer = http.get(listed[symbol])
            assert (answer.status_code, answer.json()["symbol"]) == (200, symbol)
        # As it is typed into a browser.
        assert http.get("symbols/龙猫USDT.json").json()["symbol"] == "龙猫USDT"


def test_an_answer_has_a_type_and_is_not_sent_again_to_whoever_has_it(address):
    for path, kind in (
        ("latest/dates.json", "application/json"),
        ("latest/universe/top-100/monthly.csv", "text/csv"),
    ):
        answer = httpx.get(address + path)
        assert answer.headers["content-type"].startswith(kind)
        again = httpx.get(address + path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_what_there_is_not_is_not_found(address):
    for path in (
        "latest/dates/2019-09-24.json",
        "latest/symbols/NOUSDT.json",
        "1999-01-01-000000/index.json",
    ):
        assert httpx.get(address + path).status_code == 404
