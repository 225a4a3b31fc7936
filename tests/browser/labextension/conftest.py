"""A site of two snapshots, of which the second can be published while a test looks."""

import os
import shutil
from pathlib import Path

import pytest
from futures_explorer.links.archive import archive_links
from futures_explorer.project import BASE
from futures_explorer.release.resolve import resolve_release
from futures_explorer.release.tables import open_tables
from futures_explorer.snapshot.publish import publish_data
from support.browsing import Trouble, serving
from support.kept import change
from support.releases import SmallRelease

ROOT = Path(__file__).resolve().parents[3]


class GrowingSite:
    """A copy of the built site over a small release, at `url`; `grow` publishes the release of a day later."""

    def __init__(self, site: Path, folder: Path) -> None:
        self.folder = Path(shutil.copytree(site, folder / "site", copy_function=os.link))
        shutil.rmtree(self.folder / "data")
        self._store = folder / "store"
        sample = resolve_release("sample", ROOT / ".cache" / "releases")
        with open_tables(sample, folder / "tables") as opened:
            first = SmallRelease(opened.connection, "date <= DATE '2026-10-30'")
            self._first = first.write(folder / "first", parquet=True)
            second = SmallRelease(opened.connection)
            # Upstream revises up to twenty days back.
            second.change(
                "UPDATE daily_availability SET quote_volume_usdt = quote_volume_usdt * 1.5 WHERE date > DATE '2026-10-11'"
            )
            self._second = second.rank().write(folder / "second", parquet=True)
        self.snapshots = [self._publish(self._first)]
        shutil.copyfile(site / "data/likely.json", self.folder / "data/likely.json")
        shutil.copytree(site / "data/answers", self.folder / "data/answers")
        archive_links(self.folder, self._store)
        self.url = ""

    def _publish(self, release: Path) -> str:
        resolved = resolve_release(str(release), self._store.parent / "none")
        return publish_data(resolved, self._store, self.folder / "data")["id"]

    def grow(self) -> str:
        """Publishes the second snapshot and returns its id."""
        self.snapshots.insert(0, self._publish(self._second))
        return self.snapshots[0]

    def change(self, path: str, old: str, new: str) -> None:
        """Publishes a file with a text in place of another."""
        change(self.folder, path, old, new)
        archive_links(self.folder, self._store)


@pytest.fixture
def growing(site, tmp_path):
    (tmp_path / "tables").mkdir()
    made = GrowingSite(site, tmp_path)
    with serving(made.folder) as url:
        made.url = url
        yield made


@pytest.fixture
def person(growing, browser):
    """Makes a browser profile of its own on the growing site; at the end nothing must have gone wrong in any."""
    trouble = Trouble(origin=growing.url.removesuffix(BASE) + "/")
    contexts = []

    def make(**options):
        context = browser.new_context(**options)
        context.set_default_timeout(60_000)
        trouble.watch(context)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert trouble.found == []
