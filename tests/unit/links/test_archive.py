"""What links name is kept: starter notebooks and kernels as they were, in the store, in the site and in the remote."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from futures_explorer import refresh
from futures_explorer.errors import ExplorerError
from futures_explorer.links.archive import archive_links, check_links
from futures_explorer.links.format import hash_of, pack
from futures_explorer.snapshot.prune import prune
from support.labextension import run_typescript
from support.links import CONTENT

HERE = {"environment": "0123456789ab", "python": "3.14.2", "duckdb": "1.5.1"}


@pytest.fixture
def site(tmp_path) -> Path:
    """What the archive reads of a built site: its starter notebooks, and the kernel's lock."""
    folder = tmp_path / "site"
    shutil.copytree(CONTENT, folder / "files", ignore=shutil.ignore_patterns("pages"))
    publish_kernel(folder, HERE["environment"], altair="5.5.0", numpy="2.0")
    return folder


def publish_kernel(site: Path, environment: str, **versions: str) -> None:
    (site / "static/pyodide").mkdir(parents=True, exist_ok=True)
    runtime = {**HERE, "environment": environment, "pyodide": "static/pyodide/"}
    (site / "static/runtime.json").write_text(json.dumps(runtime))
    packages = {
        name: {"version": version, "file_name": f"{'' if name == 'altair' else 'https://cdn/'}{name}.whl"}
        for name, version in versions.items()
    }
    (site / "static/pyodide/pyodide-lock.json").write_text(json.dumps({"packages": packages}))


def change_quickstart(site: Path) -> str:
    """Changes a starter notebook and returns the hash that it had."""
    file = site / "files/quickstart.ipynb"
    text = file.read_text("utf-8")
    file.write_text(text.replace("Quickstart", "Faster start"), encoding="utf-8")
    return hash_of(pack(json.loads(text)))


def kept(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for part in ("notebooks", "environments")
        for path in (folder / part).glob("*")
    }


def test_what_was_published_stays_published(site, tmp_path):
    store = tmp_path / "store"
    archive_links(site, store)
    first = kept(site / "data")
    assert first == kept(store)
    assert len(first) == 1 + len(list((site / "files").glob("*.ipynb")))
    former = change_quickstart(site)
    publish_kernel(site, "ba9876543210", numpy="2.1", altair="5.6.0")
    prune(store)
    # The next build begins with an empty folder.
    shutil.rmtree(site / "data")
    archive_links(site, store)
    assert len(kept(site / "data") - first) == 2
    assert first < kept(site / "data") == kept(store)
    text = (site / "data/notebooks" / f"{former}.json").read_text("utf-8")
    assert hash_of(text) == former
    assert "Quickstart" in text
    # Those that the site serves itself come first: what a message names of many.
    versions = json.loads((site / "data/environments/ba9876543210.json").read_text())
    assert versions == {
        "python": "3.14.2",
        "duckdb": "1.5.1",
        "packages": {"altair": "5.6.0", "numpy": "2.1"},
    }
    assert list(versions["packages"]) == ["altair", "numpy"]
    check_links(site / "data")
    (site / "data/notebooks" / f"{former}.json").write_text("[]")
    with pytest.raises(ExplorerError, match=f"expected the hash {former}"):
        check_links(site / "data")


def test_the_remote_has_all_that_any_machine_published(site, tmp_path):
    remote = refresh.open_remote(str(tmp_path / "remote"))
    one, other, third = (tmp_path / name for name in ("one", "other", "third"))
    archive_links(site, one)
    assert refresh.keep(remote, one) == len(kept(one))
    assert refresh.keep(remote, one) == 0
    # A machine that has not seen it publishes something else.
    change_quickstart(site)
    shutil.rmtree(site / "data")
    archive_links(site, other)
    assert refresh.keep(remote, other) == 1
    refresh.pull(remote, third)
    assert kept(third) == kept(one) | kept(other)
    assert kept(other) == kept(third)
    assert remote.names() == {"links-000002.tar.gz"}


@pytest.mark.parametrize(
    ("then", "packages", "says"),
    [
        (["0123456789ab", "3.14.2", "1.5.1"], None, ""),
        (["ba9876543210", "3.14.2", "1.5.1"], None, "Packages of the kernel have changed since it was made"),
        (
            ["ba9876543210", "3.13.0", "1.5.1"],
            None,
            "It was made with Python 3.13.0 (now 3.14.2); results may differ.",
        ),
        (["ba9876543210", "3.14.2", "1.5.1"], [{"a": "1"}, {"a": "1", "b": "2"}], "The site's own code"),
        (
            ["ba9876543210", "3.14.2", "1.5.0"],
            [{"altair": "5.4.0", "duckdb": "1.5.0", "old": "1"}, {"altair": "5.5.0", "duckdb": "1.5.1"}],
            "It was made with DuckDB 1.5.0 (now 1.5.1), altair 5.4.0 (now 5.5.0) and old 1 (now gone); results may differ.",
        ),
        (
            ["ba9876543210", "3.14.2", "1.5.1"],
            [dict.fromkeys("abcdefgh", "1"), dict.fromkeys("abcdefgh", "2")],
            "d 1 (now 2), e 1 (now 2) and 3 more packages of other versions; results may differ.",
        ),
    ],
)
def test_a_difference_names_what_changed(then, packages, says):
    script = """const [[id, python, duckdb], here, packages] = given;
        return module.environmentNote({ id, python, duckdb }, here, packages);"""
    said = run_typescript(("links/notes",), script, [then, HERE, packages])
    assert says in said if says else said == ""
