"""What the pipeline's tests share: one sample release and one build of it."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pytest
import stamina
from click.testing import CliRunner
from filelock import FileLock
from futures_explorer.cli import main
from futures_explorer.project import ROOT
from futures_explorer.release.folder import Release
from futures_explorer.release.resolve import resolve_release
from futures_explorer.release.tables import open_tables
from futures_explorer.site.phases import CACHE, files_below, phase
from futures_explorer.snapshot.publish import publish_data
from support.releases import SmallRelease
from support.upstream import serve


@pytest.fixture(scope="session")
def sample() -> Release:
    """The built-in sample, as `make build` keeps it; test_snapshot.py proves that it is what would be made today."""
    return resolve_release("sample", ROOT / ".cache" / "releases")


class Built:
    """A `data/` folder, the store behind it and the descriptor of its newest snapshot."""

    def __init__(self, store: Path, data: Path, descriptor: dict) -> None:
        self.store, self.data, self.descriptor = store, data, descriptor

    def paths(self, table: str, layout: str) -> list[str]:
        """The files of a table's layout, found the way a reader of the descriptor finds them."""
        folder = self.data / "snapshots" / self.descriptor["id"]
        return [
            str((folder / resource["path"]).resolve())
            for resource in self.descriptor["resources"]
            if (resource["table"], resource["layout"]) == (table, layout)
        ]


@pytest.fixture(scope="session")
def built(sample: Release, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample, built once: kept for the next run until the pipeline changes, and copied for this one."""
    pipeline = ROOT / "build" / "pipeline" / "futures_explorer"
    inputs = [*files_below(pipeline / "release", pipeline / "snapshot"), *sorted(pipeline.glob("*.py"))]

    def publish(into: Path) -> None:
        publish_data(sample, into / "store", into / "site" / "data")

    CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(CACHE / ".tests-built.lock"):  # one process of several makes it
        kept = phase("tests-built", [*inputs, ROOT / "requirements.txt", *sample.assets], publish)
    folder = shutil.copytree(kept, tmp_path_factory.mktemp("built") / "built")
    data = folder / "site" / "data"
    newest = json.loads((data / "snapshots.json").read_text("utf-8"))["snapshots"][0]["id"]
    descriptor = json.loads((data / "snapshots" / newest / "datapackage.json").read_text("utf-8"))
    return Built(folder / "store", data, descriptor)


@pytest.fixture(scope="session")
def sample_tables(sample: Release):
    """A DuckDB connection on the sample as released."""
    with tempfile.TemporaryDirectory() as scratch, open_tables(sample, Path(scratch)) as opened:
        yield opened.connection


@pytest.fixture
def small(sample_tables) -> SmallRelease:
    """A release of 40 symbols and ten weeks, whose rows a test may change."""
    return SmallRelease(sample_tables)


@pytest.fixture(scope="session")
def small_folder(sample_tables, tmp_path_factory) -> Path:
    """That release as it is, written once; copy it before you change it."""
    return SmallRelease(sample_tables).write(tmp_path_factory.mktemp("small") / "release")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run the command line in an empty folder, with a cache of its own and retries that do not wait."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    with stamina.set_testing(True, attempts=5, cap=True):
        yield lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def upstream(small_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A server that plays GitHub and has the small release."""
    with serve(Path(shutil.copytree(small_folder, tmp_path / "upstream"))) as server:
        monkeypatch.setenv("GITHUB_API_URL", server.url)
        yield server


@pytest.fixture
def fetch(run):
    """Run `futures-explorer fetch` on that server's release."""
    return lambda *more: run("fetch", "--repo", "acme/data", *more)
