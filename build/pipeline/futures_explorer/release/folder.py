"""A release in a folder: its assets, and where they come from."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from futures_explorer.errors import ExplorerError
from futures_explorer.files import file_sha256
from futures_explorer.release import contract

#: Beside the assets: the release's provenance and the assets' digests.
RELEASE_FILE = "release.json"
#: What a release can be, for messages.
POSSIBLE = """\
  sample   the built-in synthetic release (no network)
  latest   upstream's newest release
  FOLDER   a folder that holds a release's assets: volume-rankings-timeseries.parquet and
           availability-daily.parquet or availability.duckdb.gz"""


@dataclass(frozen=True)
class Provenance:
    """Where a release comes from. `synthetic` is None where nothing says: such data is shown as
    "of unknown origin", never as real.
    """

    tag: str
    repository: str | None
    published: str | None
    synthetic: bool | None


@dataclass(frozen=True)
class Release:
    """The files of one release on this machine and where they come from."""

    folder: Path
    availability: Path
    rankings: Path
    provenance: Provenance
    # Asset name → SHA-256 (hexadecimal), where release.json says it.
    expected: dict[str, str] = field(default_factory=dict)

    @property
    def assets(self) -> tuple[Path, ...]:
        return (self.availability, self.rankings)

    @property
    def label(self) -> str:
        """How messages name it."""
        where = self.provenance.repository or self.folder
        return f"{where} ({self.provenance.tag})"

    def digests(self) -> dict[str, str]:
        """Asset name → `sha256:…` of the bytes on disk.

        Raises:
            ExplorerError: a file is not what release.json says.
        """
        found = {asset.name: file_sha256(asset) for asset in self.assets}
        for name, digest in found.items():
            expected = self.expected.get(name, digest)
            if digest != expected:
                raise ExplorerError(
                    f"{name} of {self.label} has changed since it was fetched: expected sha256 {expected}, got "
                    f"{digest} ({self.folder / name}). Run `futures-explorer cache clear` and fetch it again."
                )
        return {name: f"sha256:{digest}" for name, digest in found.items()}


def read_folder(folder: Path) -> Release:
    """The release whose assets are in `folder`.

    Raises:
        ExplorerError: an asset is missing, or `release.json` cannot be read.
    """
    rankings = folder / contract.RANKINGS_PARQUET
    candidates = [folder / contract.AVAILABILITY_PARQUET, folder / contract.AVAILABILITY_DUCKDB]
    availability = next((path for path in candidates if path.is_file()), None)
    missing = [] if rankings.is_file() else [rankings.name]
    if availability is None:
        missing.insert(0, " or ".join(path.name for path in candidates))
    if availability is None or missing:
        found = ", ".join(sorted(path.name for path in folder.iterdir())) or "nothing"
        raise ExplorerError(
            f"{folder} is not a whole release: {'; '.join(missing)} missing. Found: {found}.\n"
            f"A release can be:\n{POSSIBLE}"
        )
    return Release(folder, availability, rankings, *_provenance(folder))


def _provenance(folder: Path) -> tuple[Provenance, dict[str, str]]:
    file = folder / RELEASE_FILE
    if not file.is_file():
        return Provenance(tag="folder", repository=None, published=None, synthetic=None), {}
    try:
        said = json.loads(file.read_text("utf-8"))
        expected = {str(name): str(asset["sha256"]) for name, asset in said.get("assets", {}).items()}
        synthetic = said["synthetic"]
        if not (synthetic is None or isinstance(synthetic, bool)):
            raise TypeError(f"synthetic is {synthetic!r}")
        return Provenance(
            str(said["tag"]), said.get("repository"), said.get("published"), synthetic
        ), expected
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ExplorerError(
            f"{file} cannot be read ({error!r}). Expected a JSON object with tag, repository, published and "
            "synthetic (true, false or null). Fetch the release again, or remove the file: the data is then "
            "shown as of unknown origin."
        ) from error
