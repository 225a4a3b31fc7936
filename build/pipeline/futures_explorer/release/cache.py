"""Downloads kept in the platform's cache folder.

    v1/assets/<sha256>/<name>                        one asset; `.part` beside it while it arrives
    v1/releases/<key>/<digest>/                      a whole release: its assets and release.json
    v1/releases/<key>/current                        which of them was fetched last

An asset is moved to its name only when it is verified, a release exists only with all its assets.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock
import platformdirs

from futures_explorer.errors import ExplorerError
from futures_explorer.files import write_json, write_text
from futures_explorer.release.folder import RELEASE_FILE

# Raise it when the layout below changes; an older one is then left alone and a new one begun.
LAYOUT = "v1"


def default_root() -> Path:
    """The platform's cache folder for this program (XDG_CACHE_HOME on Linux)."""
    return platformdirs.user_cache_path("binance-futures-explorer", appauthor=False) / LAYOUT


@dataclass(frozen=True)
class CachedRelease:
    """A release in the cache."""

    key: str
    folder: Path
    about: dict[str, Any]

    @property
    def bytes(self) -> int:
        return sum(asset["bytes"] for asset in self.about["assets"].values())

    @property
    def age_seconds(self) -> float:
        fetched = datetime.fromisoformat(self.about["fetched"])
        return (datetime.now(UTC) - fetched).total_seconds()


class Cache:
    """The cache below `root`."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or default_root()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the cache for this process; another fetch waits, then finds what this one brought.

        Raises:
            ExplorerError: somebody else held it for half an hour, or the folder cannot be written.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with filelock.FileLock(self.root / ".lock", timeout=1800):
                yield
        except filelock.Timeout as error:
            raise ExplorerError(
                f"Another fetch has held the cache {self.root} for half an hour. Wait for it or stop it."
            ) from error

    def asset(self, sha256: str, name: str) -> Path:
        """Where the asset with that digest is, or would be."""
        return self.root / "assets" / sha256 / name

    def adopt(self, path: Path, sha256: str, name: str) -> Path:
        """Move a verified file to its place."""
        target = self.asset(sha256, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        return target

    def current(self, key: str) -> CachedRelease | None:
        """The release fetched last under `key`, if it is whole."""
        folder = self.root / "releases" / key
        try:
            folder = folder / (folder / "current").read_text("utf-8").strip()
            about = json.loads((folder / RELEASE_FILE).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        whole = all(
            (folder / name).is_file() and (folder / name).stat().st_size == asset["bytes"]
            for name, asset in about["assets"].items()
        )
        return CachedRelease(key, folder, about) if whole else None

    def releases(self) -> list[CachedRelease]:
        """Every release that was fetched last under its key."""
        keys = sorted(path.name for path in (self.root / "releases").glob("*") if path.is_dir())
        return [release for release in map(self.current, keys) if release]

    def record(self, key: str, about: dict[str, Any]) -> CachedRelease:
        """Make a release of assets that are in the cache, and the current one of `key`.

        `about` is what release.json will say: tag, repository, published, synthetic, fetched, and for each
        asset its bytes and sha256.
        """
        digests = {name: asset["sha256"] for name, asset in about["assets"].items()}
        name = hashlib.sha256(json.dumps([digests, about["published"]]).encode()).hexdigest()[:16]
        folder = self.root / "releases" / key
        folder.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
        try:
            for asset, digest in digests.items():
                _link(self.asset(digest, asset), beside / asset)
            write_json(beside / RELEASE_FILE, about)
            beside.chmod(0o755)
            shutil.rmtree(folder / name, ignore_errors=True)
            beside.rename(folder / name)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        write_text(folder / "current", name + "\n")
        return CachedRelease(key, folder / name, about)

    def sweep(self) -> None:
        """Remove releases that are not the current ones, and assets that none of these holds."""
        kept = self.releases()
        folders = {release.folder for release in kept}
        digests = {asset["sha256"] for release in kept for asset in release.about["assets"].values()}
        for folder in (self.root / "releases").glob("*/*/"):
            if folder not in folders:
                shutil.rmtree(folder)
        for folder in (self.root / "assets").glob("*/"):
            # A part is kept: its transfer can be continued.
            if folder.name not in digests and not list(folder.glob("*.part")):
                shutil.rmtree(folder)

    def parts(self) -> list[Path]:
        """Downloads that were interrupted."""
        return sorted((self.root / "assets").glob("*/*.part"))

    def clear(self) -> int:
        """Empty the cache; returns the bytes freed."""
        freed = sum(path.stat().st_size for path in (self.root / "assets").glob("*/*"))
        with self.locked():
            for name in ("releases", "assets"):
                shutil.rmtree(self.root / name, ignore_errors=True)
        return freed


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
