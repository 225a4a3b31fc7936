"""docs/data.md shows commands; here they run, in their order, on the sample or on the data that was just built."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import duckdb
import pytest
from futures_explorer.snapshot.publish import check_data
from support.served import served

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def data(request) -> Path:
    """EXPLORER_DATA names a built `data/` folder; else the sample is built."""
    given = os.environ.get("EXPLORER_DATA")
    return Path(given).resolve() if given else request.getfixturevalue("built").data


@pytest.fixture
def httpfs():
    """DuckDB's own HTTP, from its wheel: without it DuckDB would download the extension."""
    package = pytest.importorskip("duckdb_extension_httpfs", reason="no wheel of it for this platform")
    (extension,) = Path(package.__file__).parent.rglob("httpfs.duckdb_extension")
    duckdb.execute(f"LOAD '{extension}'")


def test_the_commands_of_the_documentation_run(data, httpfs, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "data.md").read_text("utf-8")
    code = "\n\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    said: dict = {}
    with served(data.parent) as url:
        code = code.replace("https://OWNER.github.io/REPOSITORY/", url)
        exec(compile(code, "docs/data.md", "exec"), said)
    counts = said["package"]["counts"]
    assert len(said["top"]) == 20
    assert [row[0] for row in said["top"]] == sorted(row[0] for row in said["top"])
    assert said["tradable"]["len"].sum() == counts["available_rows"]
    assert said["availability"].count_rows() == counts["probed_rows"]
    assert set(said["history"]["symbol"]) == {"BTCUSDT"}
    assert said["history"]["date"].is_unique
    ranked = duckdb.execute(
        "SELECT count(*) FROM read_parquet($objects) WHERE symbol = 'BTCUSDT'",
        {"objects": [str(data / "objects" / Path(url).name) for url in said["rankings"]]},
    ).fetchone()
    assert ranked == (len(said["history"]),)


def test_published_data_is_whole(data):
    check_data(data)


def test_documented_tables_and_layouts_are_those_of_the_snapshot(data):
    newest = json.loads((data / "snapshots.json").read_text())["snapshots"][0]["id"]
    resources = json.loads((data / "snapshots" / newest / "datapackage.json").read_text())["resources"]
    text = (ROOT / "docs" / "data.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `(\w+)` \| `([\w-]+)` \|", text, re.MULTILINE))
    found = {(r["table"], r["layout"]) for r in resources}
    assert documented == found
