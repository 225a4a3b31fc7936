"""The API in the built site: whole, of the site's own snapshot, kept apart from what a browser keeps, not written twice."""

from __future__ import annotations

import json
import os
import shutil

from futures_explorer.project import ROOT
from futures_explorer.site import phases
from futures_explorer.site.api import build_api
from futures_explorer.site.manifest import LEFT_OUT, MANIFEST

SITE = ROOT / "_site"


def read(path: str) -> dict:
    return json.loads((SITE / path).read_text("utf-8"))


def test_it_is_of_the_snapshots_of_the_site():
    ids = [entry["id"] for entry in read("data/snapshots.json")["snapshots"]]
    listed = read("api/v1/snapshots.json")
    assert [entry["id"] for entry in listed["snapshots"]] == ids
    assert read("api/v1/latest/index.json")["snapshot"] == listed["latest"] == ids[0]
    for entry in listed["snapshots"]:
        index = read(f"api/v1/{entry['index']}")
        assert (SITE / "api/v1" / index["data"]).resolve().is_file()
        assert [path for path in index["files"].values() if not (SITE / "api/v1" / path).is_file()] == []


def test_nothing_of_it_is_kept_for_a_visit_without_a_network():
    assert "api/v1/" in LEFT_OUT
    assert [name for name in read(MANIFEST)["files"] if name.startswith("api/v1/")] == []
    worker = (SITE / "service-worker.js").read_text("utf-8")
    assert r"api\/(v1|drive|stdin|service-worker)" in worker


def test_it_is_written_again_only_when_there_are_other_snapshots(built, tmp_path, monkeypatch):
    monkeypatch.setattr(phases, "CACHE", tmp_path / "cache")
    data = tmp_path / "site" / "data"
    shutil.copytree(built.data, data, copy_function=os.link)
    said: list[str] = []
    first = build_api(data, None, said.append)
    assert build_api(data, None, said.append) == first
    assert said == ["Writing the API"]
    at = build_api(data, "https://owner.github.io/name/", said.append)
    (server,) = json.loads((at / "openapi.json").read_text("utf-8"))["servers"]
    assert (server["url"], len(said)) == ("https://owner.github.io/name/api/v1", 2)
