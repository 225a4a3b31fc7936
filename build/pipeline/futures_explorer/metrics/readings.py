"""The readings so far, in one small file of the store: `metrics.json`.

    {"upstream": "owner/name", "repository": "owner/name", "assets": {"<id>": downloads so far, …}, "readings": [
      {"day": "2026-12-01", "since": "2026-11-01", "downloads": 412, "visitors": 38, "refused": 0}, …]}

A count is null where it could not be had; `since` and `downloads` are null in the first reading, as
what came before is not known.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from futures_explorer.errors import ExplorerError
from futures_explorer.files import write_json
from futures_explorer.metrics.counts import Counts

FILE = "metrics.json"
#: Days of a month, for counts of more or fewer.
MONTH = 30


@dataclass(frozen=True)
class Reading:
    """What was counted between two days."""

    day: str
    since: str | None
    downloads: int | None
    visitors: int | None
    refused: int | None

    @property
    def a_month(self) -> float | None:
        """Downloads in 30 days."""
        if self.downloads is None or self.since is None:
            return None
        days = (date.fromisoformat(self.day) - date.fromisoformat(self.since)).days
        return self.downloads * MONTH / max(days, 1)


@dataclass(frozen=True)
class Readings:
    upstream: str
    repository: str
    assets: dict[str, int]
    readings: tuple[Reading, ...]

    @property
    def last_day(self) -> date | None:
        return date.fromisoformat(self.readings[-1].day) if self.readings else None

    def with_counts(self, counts: Counts, day: date) -> Readings:
        """With one more reading. An asset that was replaced takes its count with it, so downloads are at least these.

        Raises:
            ExplorerError: there is a reading of that day or a later one.
        """
        since = self.last_day
        if since is not None and since >= day:
            raise ExplorerError(
                f"The last reading is of {since}; expected one before {day}. Nothing was changed."
            )
        more = sum(max(0, count - self.assets.get(asset, 0)) for asset, count in counts.assets.items())
        reading = Reading(
            str(day), since and str(since), more if since else None, counts.visitors, counts.refused
        )
        return Readings(self.upstream, self.repository, counts.assets, (*self.readings, reading))


def load(folder: Path, upstream: str, repository: str) -> Readings:
    """The readings in a folder; none where there is no file.

    Raises:
        ExplorerError: the file is not what this module writes, or of other repositories.
    """
    file = folder / FILE
    if not file.is_file():
        return Readings(upstream, repository, {}, ())
    found = read(file)
    if (found.upstream, found.repository) != (upstream, repository):
        raise ExplorerError(
            f"{file} counts {found.upstream} and {found.repository}, expected {upstream} and {repository}. "
            "Move it away to begin anew."
        )
    return found


def read(file: Path) -> Readings:
    """The readings in a file. Raises `ExplorerError` where it is not what this module writes."""
    try:
        said = json.loads(file.read_text("utf-8"))
        readings = tuple(Reading(**reading) for reading in said["readings"])
        assets = {str(name): int(count) for name, count in said["assets"].items()}
        return Readings(said["upstream"], said["repository"], assets, readings)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ExplorerError(
            f"{file} is no file of readings: {error!r}. Take an earlier one from the release `snapshots`, or move it "
            "away to begin anew."
        ) from error


def save(folder: Path, readings: Readings) -> Path:
    """Writes the file as a whole, and says where it is."""
    file = folder / FILE
    write_json(
        file,
        {
            "upstream": readings.upstream,
            "repository": readings.repository,
            "assets": dict(sorted(readings.assets.items(), key=lambda item: int(item[0]))),
            "readings": [asdict(reading) for reading in readings.readings],
        },
    )
    return file
