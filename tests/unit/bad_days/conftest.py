"""Bad releases, each published once by the pipeline with the front page that belongs to it, and read on a computer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from futures_explorer.release.resolve import resolve_release
from futures_explorer.site.landing import write_landing
from futures_explorer.snapshot.publish import publish_data
from support.bad_releases import BAD_RELEASES, BadRelease

ROOT = Path(__file__).parents[3]
KERNEL = ROOT / "build" / "kernel" / "binance_futures"
#: Its pages name the runtime that `make build` put there.
BUILT = ROOT / "_site"


@dataclass(frozen=True, eq=False)
class Site:
    """A folder with `data/` and the site's own pages, and what the snapshot says of itself."""

    folder: Path
    descriptor: dict

    def symbols(self) -> dict[str, tuple[list[list[str]], str]]:
        """What the front page's search knows: a symbol's listings, and its state."""
        found = json.loads((self.folder / "symbols.json").read_text("utf-8"))["symbols"]
        return {symbol: (listings, state) for symbol, listings, state in found}


def publish(release: BadRelease, folder: Path) -> Site:
    """Publishes a release into `folder`, which is made."""
    resolved = resolve_release(str(release.write_to(folder / "release")), folder / "resolved")
    descriptor = publish_data(resolved, folder / "store", folder / "site" / "data")
    (folder / "site" / "static").symlink_to(BUILT / "static")
    write_landing(folder / "site")
    return Site(folder / "site", descriptor)


@pytest.fixture(scope="session")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Site]:
    """The site of a bad release, by the name of its maker."""
    return cache(lambda name: publish(BAD_RELEASES[name](), tmp_path_factory.mktemp("bad") / name))


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable]:
    """Opens a site's snapshot with `binance_futures`, with a cache folder of the tests' own."""
    sys.path.insert(0, str(KERNEL))
    import binance_futures as bf
    from binance_futures import _native

    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_native, "user_cache_path", lambda *_args, **_named: folder)

        @cache
        def opened(site: Site):
            return bf.connect(site=str(site.folder))

        yield opened
    sys.path.remove(str(KERNEL))
