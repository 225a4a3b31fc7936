"""The API of the sample, written once; and of releases that a test makes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from futures_explorer.api.write import write_api
from futures_explorer.release.resolve import resolve_release
from futures_explorer.snapshot.publish import publish_data
from futures_explorer.snapshot.store import descriptors_of
from support.bad_releases import BadRelease


@dataclass(frozen=True)
class Api:
    """A folder `api/v1`, and the `data/` folder that it was made of."""

    folder: Path
    data: Path

    def read(self, path: str) -> dict:
        return json.loads((self.folder / path).read_text("utf-8"))

    def schemas(self) -> dict:
        return self.read("openapi.json")["components"]["schemas"]


@pytest.fixture(scope="session")
def api(built, tmp_path_factory: pytest.TempPathFactory) -> Api:
    folder = tmp_path_factory.mktemp("site") / "api" / "v1"
    write_api(built.store, descriptors_of(built.store), folder)
    return Api(folder, built.data)


@pytest.fixture
def api_of(tmp_path: Path) -> Callable[..., Api]:
    """The API of releases, oldest first, published one after another into one store."""

    def make(*releases: BadRelease) -> Api:
        store, data = tmp_path / "store", tmp_path / "site" / "data"
        for number, release in enumerate(releases):
            folder = release.write_to(tmp_path / f"release-{number}")
            publish_data(resolve_release(str(folder), tmp_path / "resolved"), store, data, True)
        write_api(store, descriptors_of(store), tmp_path / "site" / "api" / "v1")
        return Api(tmp_path / "site" / "api" / "v1", data)

    return make
