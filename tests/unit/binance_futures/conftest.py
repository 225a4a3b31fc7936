"""The dataset's package on a computer, over the sample's data, with a cache folder of the test's own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "build" / "kernel" / "binance_futures"))


@pytest.fixture(scope="session")
def site(built) -> Path:
    """A folder like a built site's, with one snapshot."""
    return built.data.parent


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    """An empty cache folder, which the package uses."""
    from binance_futures import _native

    monkeypatch.setattr(_native, "user_cache_path", lambda *_args, **_named: tmp_path / "cache")
    monkeypatch.delenv(_native.SITE, raising=False)
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def filled(tmp_path_factory, site) -> Path:
    """A cache folder with the snapshot in it."""
    import binance_futures as bf
    from binance_futures import _native

    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_native, "user_cache_path", lambda *_args, **_named: folder)
        bf.connect(site=str(site))
    return folder


@pytest.fixture
def bf(filled, site, monkeypatch):
    """The package, its site set and everything cached."""
    import binance_futures
    from binance_futures import _native

    monkeypatch.setattr(_native, "user_cache_path", lambda *_args, **_named: filled)
    monkeypatch.setenv(_native.SITE, str(site))
    monkeypatch.setattr(binance_futures, "_default", None)
    return binance_futures


@pytest.fixture
def db(bf):
    with bf.connect() as connection:
        yield connection
