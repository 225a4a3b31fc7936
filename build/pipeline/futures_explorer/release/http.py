"""HTTP as the pipeline needs it: retried with backoff, resumed, verified before anything is in place."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import stamina
import stamina.instrumentation

from futures_explorer.errors import ExplorerError

ATTEMPTS = 5
# A limit that ends later than this is reported instead of waited for, in seconds.
LONGEST_WAIT = 60.0


@dataclass(frozen=True)
class Asset:
    """One file of a release, as its listing describes it. Size and digest are None where nothing tells."""

    name: str
    url: str
    size: int | None = None
    sha256: str | None = None
    updated: str | None = None


class AssetChangedError(ExplorerError):
    """What arrived is not what the listing said; the listing may be out of date."""


class _TryAgainError(Exception):
    """The transfer must start anew."""


def client() -> httpx.Client:
    """A client that follows redirects; it sends no token (see `get_json`)."""
    stamina.instrumentation.set_on_retry_hooks([_tell])
    return httpx.Client(
        follow_redirects=True,
        timeout=httpx.Timeout(30.0, connect=10.0),
        headers={"User-Agent": "futures-explorer"},
    )


def get_json(http: httpx.Client, url: str, token: str | None = None) -> Any:
    """The JSON at `url`; None where the server says 404.

    The token goes to the host of `url` only (httpx drops it on a redirect to another).

    Raises:
        ExplorerError: the server cannot be reached, refuses, or sends something else than JSON.
    """
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    with _explained(url):
        for attempt in _attempts():
            with attempt:
                response = http.get(url, headers=headers)
                if response.status_code == 404:
                    return None
                response.raise_for_status()
    try:
        return response.json()
    except ValueError as error:
        kind = response.headers.get("content-type", "no content type")
        raise ExplorerError(
            f"{url}: expected JSON, got {kind} that begins {response.text[:60]!r}. Something between this "
            "machine and the server answers in its place (a proxy or a login page?)."
        ) from error


def download(http: httpx.Client, asset: Asset, target: Path, advance: Callable[[int], None]) -> str:
    """Download `asset` to `target` and return its SHA-256; `target` appears only when it is whole and right.

    What was received before an interruption waits in `<target>.part` and is continued where the server
    allows it. `advance` is told the bytes received since its last call (negative when starting anew).

    Raises:
        AssetChangedError: length or digest differ from the listing.
        ExplorerError: the server cannot be reached or refuses, or the disk is full.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _check_room(asset, part)
        with _explained(asset.url):
            for attempt in _attempts():
                with attempt:
                    resumed = _receive(http, asset, part, advance)
            if resumed and asset.sha256 and _sha256(part) != asset.sha256:
                # The first half was of an older file. Once more from the start.
                advance(-part.stat().st_size)
                part.unlink()
                for attempt in _attempts():
                    with attempt:
                        _receive(http, asset, part, advance)
        digest = _sha256(part)
        if asset.sha256 and digest != asset.sha256:
            raise AssetChangedError(
                f"{asset.name} from {asset.url}: expected sha256 {asset.sha256}, got {digest}. It was not kept. "
                "Either it was replaced upstream just now, or it was changed on its way: fetch again."
            )
        part.replace(target)
        return digest
    except AssetChangedError:
        part.unlink(missing_ok=True)
        raise
    except OSError as error:
        raise ExplorerError(
            f"{asset.name} could not be written to {target.parent}: {error}. Make room there (`futures-explorer "
            "cache clear` empties the cache), then fetch again; what has arrived is continued."
        ) from error


def _receive(http: httpx.Client, asset: Asset, part: Path, advance: Callable[[int], None]) -> bool:
    """Receive what is missing of `part`; True where it continued an earlier transfer."""
    # Without a digest nobody would notice that the two halves are of different files.
    have = part.stat().st_size if asset.sha256 and part.is_file() else 0
    if have and have == asset.size:
        return True
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with http.stream("GET", asset.url, headers=headers) as response:
        if response.status_code == 416:
            part.unlink(missing_ok=True)
            raise _TryAgainError("the server refused to continue")
        response.raise_for_status()
        resumed = response.status_code == 206
        if resumed and not response.headers.get("content-range", "").startswith(f"bytes {have}-"):
            part.unlink(missing_ok=True)
            raise _TryAgainError("the server continued at another place")
        if not resumed:
            advance(-have)
            have = 0
        _check_headers(asset, response, have)
        with part.open("ab" if resumed else "wb") as file:
            for block in response.iter_bytes():
                have += len(block)
                if asset.size is not None and have > asset.size:
                    raise _wrong_length(asset, f"more than {asset.size:,}")
                file.write(block)
                advance(len(block))
    if asset.size is not None and have < asset.size:
        raise _TryAgainError(f"got {have:,} of {asset.size:,} bytes")
    return resumed


def _check_headers(asset: Asset, response: httpx.Response, have: int) -> None:
    kind = response.headers.get("content-type", "")
    if kind.startswith(("text/html", "application/json")):
        raise ExplorerError(
            f"{asset.name} from {asset.url}: expected a file, got {kind}. Something between this machine and the "
            "server answers in its place (a proxy or a login page?)."
        )
    length = response.headers.get("content-length")
    if asset.size is not None and length and length.isdigit() and have + int(length) != asset.size:
        raise _wrong_length(asset, f"{have + int(length):,}")


def _wrong_length(asset: Asset, got: str) -> AssetChangedError:
    return AssetChangedError(
        f"{asset.name} from {asset.url}: expected {asset.size:,} bytes, got {got}. It was not kept. Either it was "
        "replaced upstream just now, or something on its way changed it: fetch again."
    )


def _check_room(asset: Asset, part: Path) -> None:
    if asset.size is None:
        return
    need = asset.size - (part.stat().st_size if part.is_file() else 0)
    free = shutil.disk_usage(part.parent).free
    if need > free:
        raise ExplorerError(
            f"{asset.name} needs {need / 1e6:.1f} MB in {part.parent}, which has {free / 1e6:.1f} MB free. "
            "Make room (`futures-explorer cache clear` empties the cache), then fetch again."
        )


def _attempts() -> Iterator[stamina.Attempt]:
    return stamina.retry_context(
        on=_backoff, attempts=ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=20, wait_jitter=1
    )


def _tell(details: stamina.instrumentation.RetryDetails) -> None:
    cause = details.caused_by
    if isinstance(cause, httpx.HTTPStatusError):
        what = f"The server answers {cause.response.status_code}"
    else:
        what = f"The transfer failed ({cause or type(cause).__name__})"
    print(f"{what}; trying again in {details.wait_for:.0f} s.", file=sys.stderr)


def _backoff(error: Exception) -> bool | float:
    """Whether to try again after `error`: no, yes, or yes after so many seconds, as the server asks."""
    if isinstance(error, httpx.TransportError | _TryAgainError):
        return True
    if not isinstance(error, httpx.HTTPStatusError):
        return False
    wait = limit_wait(error.response)
    if wait is not None:
        return wait if wait <= LONGEST_WAIT else False
    return error.response.status_code == 429 or error.response.status_code >= 500


def limit_wait(response: httpx.Response) -> float | None:
    """Seconds that the server asks to wait; None where it asks for nothing.

    Source: RFC 9110 (Retry-After) and GitHub's "Rate limits for the REST API".
    """
    headers = response.headers
    if response.status_code not in (403, 429, 503):
        return None
    now = _server_time(headers.get("date"))
    if "retry-after" in headers:
        value = headers["retry-after"]
        if value.isdigit():
            return float(value)
        asked = _http_date(value)
        return max(0.0, (asked - now).total_seconds()) if asked else None
    if headers.get("x-ratelimit-remaining") == "0" and headers.get("x-ratelimit-reset", "").isdigit():
        return max(0.0, int(headers["x-ratelimit-reset"]) - now.timestamp())
    return None


def _server_time(value: str | None) -> datetime:
    # By the server's own clock: this machine's may be wrong.
    return (_http_date(value) if value else None) or datetime.now(UTC)


def _http_date(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(value).astimezone(UTC)
    except ValueError:
        return None


@contextmanager
def _explained(url: str) -> Iterator[None]:
    """Turn what httpx raises into a message that says what to do. No header, so no token, is in it."""
    try:
        yield
    except httpx.HTTPStatusError as error:
        raise ExplorerError(_refusal(url, error.response)) from error
    except (httpx.TransportError, _TryAgainError) as error:
        raise ExplorerError(
            f"{url} could not be read in {ATTEMPTS} attempts: {error or type(error).__name__}. Check the network "
            "and try again; what has arrived is continued. `--offline` uses the release fetched last."
        ) from error


def _refusal(url: str, response: httpx.Response) -> str:
    status = f"{response.status_code} {response.reason_phrase}".strip()
    wait = limit_wait(response)
    if wait is not None:
        until = datetime.fromtimestamp(_server_time(response.headers.get("date")).timestamp() + wait, UTC)
        advice = "" if os.environ.get("GITHUB_TOKEN") else " or set GITHUB_TOKEN, which has a higher limit"
        return (
            f"{url} answers {status}: the request limit is used up until {until:%Y-%m-%d %H:%M:%S} UTC. "
            f"Try again then{advice}. `--offline` uses the release fetched last."
        )
    if response.status_code == 404:
        return f"{url} does not exist (404). Check the repository, tag or address."
    if response.status_code in (401, 403):
        return f"{url} answers {status}. Check the address and, where GITHUB_TOKEN is set, that the token is valid."
    return f"{url} answers {status}. Try again later; `--offline` uses the release fetched last."


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
