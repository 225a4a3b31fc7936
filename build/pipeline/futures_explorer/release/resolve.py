"""Which release: the built-in sample, upstream's, or a folder of assets."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from futures_explorer.errors import ExplorerError
from futures_explorer.release import sample
from futures_explorer.release.folder import POSSIBLE, Release, read_folder


def resolve_release(
    name: str, cache: Path, offline: bool = False, say: Callable[[str], None] = lambda _: None
) -> Release:
    """The release that `name` stands for: `sample`, `latest` or a folder.

    `cache` is a folder that this function may fill; the sample is made there once. Upstream's release is
    fetched into the platform's cache; with `offline` the one fetched last is taken.

    Raises:
        ExplorerError: the name is unknown, or the folder lacks an asset.
    """
    if name == "sample":
        return _sample(cache)
    if name == "latest":
        # Imported late: a build of the sample needs no HTTP.
        from futures_explorer.release import fetch
        from futures_explorer.release.cache import Cache

        return read_folder(fetch.fetch_github(fetch.REPOSITORY, fetch.TAG, Cache(), say, offline).folder)
    folder = Path(name)
    if not folder.is_dir():
        raise ExplorerError(f"There is no release {name!r}. Possible are:\n{POSSIBLE}")
    return read_folder(folder)


def _sample(cache: Path) -> Release:
    target = cache / f"sample-{sample.VERSION}"
    if not target.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".sample-", dir=cache))
        try:
            sample.write_sample(beside)
            beside.chmod(0o755)
            beside.rename(target)
        except OSError:
            # Another build made it first, or the disk is full.
            if not target.is_dir():
                raise
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return read_folder(target)
