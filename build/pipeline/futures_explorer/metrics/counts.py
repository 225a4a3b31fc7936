"""What GitHub counts: downloads of upstream's releases, visitors of this repository, refreshes that failed.

Sources: https://docs.github.com/en/rest/releases/releases, …/rest/metrics/traffic and …/rest/actions/workflow-runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

import httpx

from futures_explorer.errors import ExplorerError
from futures_explorer.release.http import get_json

#: The workflow that refuses a release which is none.
REFRESH = "refresh.yml"
#: Releases asked for at a time, the most that GitHub gives.
PAGE = 100


@dataclass(frozen=True)
class Counts:
    """One reading."""

    #: Downloads so far of each release asset that there is, by its id.
    assets: dict[str, int]
    #: Different visitors of this repository's pages in the last 14 days; None where the token may not ask.
    visitors: int | None
    #: Refreshes that failed since the reading before; None where they cannot be asked for.
    refused: int | None


def read_counts(
    http: httpx.Client,
    api: str,
    token: str | None,
    upstream: str,
    repository: str,
    since: date | None,
    say: Callable[[str], None],
) -> Counts:
    """Asks GitHub's API at `api`.

    Raises:
        ExplorerError: the downloads cannot be had. What else cannot is None, and said.
    """
    return Counts(
        _downloads(http, api, token, upstream),
        _optional(say, "visitors", lambda: _visitors(http, api, token, repository)),
        _optional(say, "failed refreshes", lambda: _refused(http, api, token, repository, since)),
    )


def _downloads(http: httpx.Client, api: str, token: str | None, upstream: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for page in range(1, 1000):
        url = f"{api}/repos/{upstream}/releases?per_page={PAGE}&page={page}"
        releases = _json(http, url, token)
        try:
            found |= {
                str(asset["id"]): int(asset["download_count"])
                for release in releases
                for asset in release["assets"]
            }
        except (KeyError, TypeError, ValueError) as error:
            raise _unexpected(url, "a list of releases with their assets' id and download_count") from error
        if len(releases) < PAGE:
            return found
    raise ExplorerError(f"{upstream} has more releases than can be read.")


def _visitors(http: httpx.Client, api: str, token: str | None, repository: str) -> int:
    url = f"{api}/repos/{repository}/traffic/views"
    return _count(url, _json(http, url, token), "uniques")


def _refused(http: httpx.Client, api: str, token: str | None, repository: str, since: date | None) -> int:
    created = f"&created={quote(f'>={since}')}" if since else ""
    url = f"{api}/repos/{repository}/actions/workflows/{REFRESH}/runs?status=failure&per_page=1{created}"
    return _count(url, _json(http, url, token), "total_count")


def _json(http: httpx.Client, url: str, token: str | None) -> Any:
    said = get_json(http, url, token)
    if said is None:
        raise ExplorerError(
            f"{url} answers 404: expected {url.split('/repos/')[1].split('?')[0]} to be there."
        )
    return said


def _count(url: str, said: Any, name: str) -> int:
    count = said.get(name) if isinstance(said, dict) else None
    if not isinstance(count, int):
        raise _unexpected(url, f"a number {name!r}")
    return count


def _unexpected(url: str, expected: str) -> ExplorerError:
    return ExplorerError(f"{url}: expected {expected}, got something else. GitHub's API may have changed.")


def _optional(say: Callable[[str], None], what: str, ask: Callable[[], int]) -> int | None:
    try:
        return ask()
    except ExplorerError as error:
        say(f"No count of {what}: {error}")
        return None
