"""`futures-explorer link` makes links, and `bf.open_link` turns them into notebooks."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import binance_futures as bf
import nbformat
import pytest
from binance_futures import _links, _snapshot
from click.testing import CliRunner
from futures_explorer.cli import main
from futures_explorer.links import format as link_format
from support.browsing import serving
from support.links import CONTENT, cells_of

PUBLISHED = ["2026-11-18-3fa9c1", "2026-11-11-0123ab"]


@pytest.fixture
def site(tmp_path, monkeypatch) -> Path:
    """What a link needs of a built site: its starter notebooks, snapshots and runtime."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SITE_URL", raising=False)
    folder = tmp_path / "_site"
    shutil.copytree(CONTENT, folder / "files", ignore=shutil.ignore_patterns("pages"))
    for name, content in {
        "static/runtime.json": {"environment": "0123456789ab", "python": "3.14.2", "duckdb": "1.5.1"},
        "data/snapshots.json": {"snapshots": [{"id": snapshot} for snapshot in PUBLISHED]},
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(content))
    return folder


@pytest.fixture
def edited(tmp_path) -> Path:
    notebook = json.loads((CONTENT / "quickstart.ipynb").read_text("utf-8"))
    notebook["cells"][-1]["source"] = "My own words. 🙂"
    path = tmp_path / "quickstart.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def link(*arguments: object, fails: bool = False) -> str:
    done = CliRunner().invoke(main, ["link", *map(str, arguments)])
    assert (done.exit_code != 0) == fails, done.output
    return done.output.strip().splitlines()[-1]


def test_a_starter_is_named_and_anything_else_is_carried(site, edited):
    short = link(CONTENT / "quickstart.ipynb")
    assert short.startswith("http://127.0.0.1:8000/binance-futures-explorer/notebooks/#v=1&name=quickstart&")
    assert f"&snapshot={PUBLISHED[0]}&env=0123456789ab,3.14.2,1.5.1&same=" in short
    assert len(short) < 200
    carried = _links.decode(link(edited).partition("#")[2])
    assert cells_of({"cells": carried.cells}) == cells_of(json.loads(edited.read_text("utf-8")))


def test_outputs_go_along_where_they_are_asked_for_and_are_marked(site, edited, tmp_path):
    notebook = json.loads(edited.read_text("utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "AAAA"}}
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "42"}, picture]
    edited.write_text(json.dumps(notebook), encoding="utf-8")

    def opened(*options: str) -> list:
        made = json.loads(bf.open_link(link(edited, *options), tmp_path).read_text("utf-8"))
        nbformat.validate(made)
        return [
            list(output["data"].values())[-1] for cell in made["cells"] for output in cell.get("outputs", [])
        ]

    assert opened() == []
    assert opened("--outputs", "texts") == ["Came with the link, not run here:", "42"]
    assert opened("--outputs", "pictures") == ["Came with the link, not run here:", "42", "AAAA"]


def test_the_pin_is_the_one_asked_for_else_the_notebooks_own_else_the_newest(site, edited):
    assert f"snapshot={PUBLISHED[0]}&" in link(edited)
    notebook = json.loads(edited.read_text("utf-8"))
    notebook["metadata"]["binance_futures"] = {"snapshot": PUBLISHED[1]}
    edited.write_text(json.dumps(notebook), encoding="utf-8")
    assert f"snapshot={PUBLISHED[1]}&" in link(edited)
    assert f"snapshot={PUBLISHED[0]}&" in link(edited, "--snapshot", PUBLISHED[0])
    assert PUBLISHED[1] in link(edited, "--snapshot", "2020-01-01-000000", fails=True)


def test_a_site_is_asked_over_http_and_a_badge_leads_to_it(site, edited):
    with serving(site) as url:
        badge = link(edited, "--site", url, "--badge")
        assert badge.startswith(
            f"[![Open in the explorer]({url}badge.svg)]({url}notebooks/#v=1&name=quickstart"
        )
        assert "same=" in link(CONTENT / "universe.ipynb", "--site", url.rstrip("/"))
    assert "could not be read" in link(edited, "--site", "http://127.0.0.1:9/", fails=True)
    assert "https://" in link(edited, "--site", "ftp://x", fails=True)


def test_a_file_that_is_no_notebook_is_refused(site, tmp_path):
    wrong = tmp_path / "wrong.ipynb"
    for text, says in (
        ("{", "not JSON"),
        ("{}", "not a Jupyter notebook"),
        ("[1]", "not a Jupyter notebook"),
    ):
        wrong.write_text(text)
        assert says in link(wrong, fails=True)


def test_a_link_becomes_a_new_file_each_time_and_runs_with_its_pin(
    site, edited, tmp_path, monkeypatch, capsys
):
    folder = tmp_path / "opened"
    folder.mkdir()
    paths = [bf.open_link(link(edited, "--snapshot", PUBLISHED[1]), folder) for _ in range(2)]
    assert [path.name for path in paths] == ["quickstart-shared.ipynb", "quickstart-shared-2.ipynb"]
    notebook = json.loads(paths[0].read_text("utf-8"))
    nbformat.validate(notebook)
    assert cells_of(notebook) == cells_of(json.loads(edited.read_text("utf-8")))
    # Jupyter tells a kernel the file of its notebook.
    monkeypatch.delenv(_snapshot.PIN, raising=False)
    monkeypatch.setenv("JPY_SESSION_NAME", str(paths[0]))
    assert _snapshot.pinned() == PUBLISHED[1]
    monkeypatch.setenv(_snapshot.PIN, PUBLISHED[0])
    assert _snapshot.pinned() == PUBLISHED[0]
    assert PUBLISHED[1] in capsys.readouterr().out


def test_a_link_that_names_a_starter_asks_its_site_for_it(site, tmp_path, capsys):
    with serving(site) as url:
        short = link(CONTENT / "quickstart.ipynb", "--site", url)
        path = bf.open_link(short, tmp_path)
        starter = json.loads((CONTENT / "quickstart.ipynb").read_text("utf-8"))
        assert cells_of(json.loads(path.read_text("utf-8"))) == cells_of(starter)
        assert "changed" not in capsys.readouterr().out
        file = site / "files" / "quickstart.ipynb"
        file.write_text(file.read_text("utf-8").replace("Quickstart", "Faster start"), encoding="utf-8")
        # The site keeps what it was; where it does not, that is said.
        kept = site / "data" / "notebooks" / f"{short.rpartition('=')[2]}.json"
        kept.parent.mkdir()
        kept.write_text(link_format.pack(starter), encoding="utf-8")
        path = bf.open_link(short, tmp_path)
        assert cells_of(json.loads(path.read_text("utf-8"))) == cells_of(starter)
        assert "changed" not in capsys.readouterr().out
        kept.write_text("[]")
        bf.open_link(short, tmp_path)
        assert "The site has changed this notebook since" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", ["", "https://example.org/", "nonsense", "notebooks/#v=1&name=x&same=0123456789ab"]
)
def test_what_is_no_link_writes_nothing(wrong, tmp_path):
    with pytest.raises(bf.LinkError):
        bf.open_link(wrong, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_kernel_the_package_and_the_interface_name_the_pin_alike():
    root = Path(__file__).parents[3] / "build"
    sys.path.insert(0, str(root / "kernel" / "explorer_startup"))
    from explorer_startup import _pin

    assert _pin.PIN == _snapshot.PIN
    typescript = (root / "labextension" / "src" / "data-pin" / "kernel.ts").read_text()
    assert f'"{_pin.TARGET}"' in typescript
    assert f'"{_snapshot.METADATA}"' in (root / "labextension" / "src" / "metadata.ts").read_text()
