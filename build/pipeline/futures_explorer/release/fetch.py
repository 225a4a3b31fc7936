"""Bringing a release here: from a GitHub release, a folder or a web folder, into the cache."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from futures_explorer.errors import ExplorerError
from futures_explorer.files import file_sha256
from futures_explorer.release import contract
from futures_explorer.release.cache import Cache, CachedRelease
from futures_explorer.release.folder import RELEASE_FILE, read_folder
from futures_explorer.release.http import Asset, AssetChangedError, client, download, get_json

REPOSITORY = "terrylica/binance-futures-availability"
TAG = "latest"
_AVAILABILITY = (contract.AVAILABILITY_PARQUET, contract.AVAILABILITY_DUCKDB)

Say = Callable[[str], None]
# What the listing of a release says: its release.json without the assets, and the assets.
Listing = tuple[dict[str, Any], list[Asset]]


def fetch_github(repository: str, tag: str, cache: Cache, say: Say, offline: bool = False) -> CachedRelease:
    """The release `tag` of the GitHub repository `repository` (OWNER/NAME), in the cache.

    An asset whose digest is in the cache is not downloaded. With `offline` nothing is asked: the release
    fetched last is taken. The API's address is GITHUB_API_URL, its token GITHUB_TOKEN, as in GitHub Actions.

    Raises:
        ExplorerError: see the modules `http` and `cache`; nothing that looks whole is left behind.
    """
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise ExplorerError(f"--repo is OWNER/NAME, for example {REPOSITORY}; got {repository!r}.")
    key = f"{repository.replace('/', '+')}@{quote(tag, safe='')}"
    if offline:
        return _offline(cache, key, f"{repository} ({tag})")
    url = f"{github_api()[0]}/repos/{repository}/releases/tags/{quote(tag, safe='')}"
    with client() as http:
        return _fetch(http, lambda: _github_listing(http, url, repository, tag), cache, key, say)


def github_api() -> tuple[str, str | None]:
    """The address of GitHub's API and the token for it, as in GitHub Actions."""
    address = os.environ.get("GITHUB_API_URL") or "https://api.github.com"
    return address.rstrip("/"), os.environ.get("GITHUB_TOKEN")


def fetch_from(source: str, cache: Cache, say: Say, offline: bool = False) -> CachedRelease:
    """The release in a folder, or in a folder on the web, in the cache.

    Where `source` has a release.json, its provenance and digests hold; else the origin is unknown.

    Raises:
        ExplorerError: an asset is missing or is not what release.json says.
    """
    web = re.match(r"https?://", source) is not None
    source = source.rstrip("/") if web else str(Path(source).resolve())
    key = f"from-{hashlib.sha256(source.encode()).hexdigest()[:12]}"
    if offline:
        return _offline(cache, key, source)
    if web:
        with client() as http:
            return _fetch(http, lambda: _web_listing(http, source), cache, key, say)
    return _copy_folder(Path(source), cache, key, say)


def refresh(cache: Cache, say: Say) -> list[CachedRelease]:
    """Fetch again every release in the cache; what has not changed is not downloaded."""
    fetched = []
    for known in cache.releases():
        source = known.about["source"]
        if known.about["repository"] and source == "github":
            fetched.append(fetch_github(known.about["repository"], known.about["tag"], cache, say))
        else:
            fetched.append(fetch_from(source, cache, say))
    return fetched


def _offline(cache: Cache, key: str, label: str) -> CachedRelease:
    release = cache.current(key)
    if release is None:
        raise ExplorerError(
            f"{label} is not in the cache ({cache.root}), and --offline forbids to fetch it. "
            "Run `futures-explorer fetch` once with a network."
        )
    return release


def _fetch(
    http: httpx.Client, listing: Callable[[], Listing], cache: Cache, key: str, say: Say
) -> CachedRelease:
    with cache.locked():
        about, assets = listing()
        try:
            return _bring(http, about, assets, cache, key, say)
        except AssetChangedError:
            # The tag moves: an asset may have been replaced since it was listed.
            again, assets_again = listing()
            if assets_again == assets:
                raise
            say("The release moved while it was fetched; fetching it again.")
            return _bring(http, again, assets_again, cache, key, say)


def _bring(
    http: httpx.Client, about: dict[str, Any], assets: list[Asset], cache: Cache, key: str, say: Say
) -> CachedRelease:
    known = {}
    downloaded = 0
    for asset in assets:
        held = asset.sha256 and cache.asset(asset.sha256, asset.name)
        if held and held.is_file() and held.stat().st_size == asset.size:
            known[asset.name] = (asset.sha256, asset.size)
            continue
        known[asset.name] = _download(http, asset, cache)
        downloaded += 1
    release = cache.record(
        key,
        {
            **about,
            "fetched": datetime.now(UTC).isoformat(timespec="seconds"),
            "assets": {name: {"bytes": size, "sha256": digest} for name, (digest, size) in known.items()},
        },
    )
    cache.sweep()
    say(
        f"{about['repository'] or about['source']} ({about['tag']}): {len(assets)} assets, "
        f"{release.bytes / 1e6:.1f} MB; {downloaded} downloaded, {len(assets) - downloaded} from the cache."
    )
    return release


def _download(http: httpx.Client, asset: Asset, cache: Cache) -> tuple[str, int]:
    # Without a digest the place is not known yet; by address, so that it can be continued.
    place = asset.sha256 or f"url-{hashlib.sha256(asset.url.encode()).hexdigest()[:16]}"
    target = cache.asset(place, asset.name)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        part = target.with_name(f"{target.name}.part")
        have = part.stat().st_size if part.is_file() else 0
        task = progress.add_task(asset.name, total=asset.size, completed=have)
        digest = download(http, asset, target, lambda count: progress.advance(task, count))
    if not asset.sha256:
        target = cache.adopt(target, digest, asset.name)
    return digest, target.stat().st_size


def _github_listing(http: httpx.Client, url: str, repository: str, tag: str) -> Listing:
    said = get_json(http, url, github_api()[1])
    if said is None:
        raise ExplorerError(
            f"{repository} has no release {tag!r} ({url} answers 404). Check --repo and --tag."
        )
    try:
        assets = [
            Asset(
                item["name"],
                item["browser_download_url"],
                int(item["size"]),
                (item.get("digest") or "").removeprefix("sha256:") or None,
                item["updated_at"],
            )
            for item in said["assets"]
            if item.get("state", "uploaded") == "uploaded"
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise ExplorerError(
            f"{url}: expected a GitHub release with assets, got {str(said)[:80]!r}."
        ) from error
    chosen = _choose(assets, f"{repository} ({tag})")
    for asset in chosen:
        if not (asset.sha256 and re.fullmatch(r"[0-9a-f]{64}", asset.sha256)):
            raise ExplorerError(
                f"{asset.name} of {repository} ({tag}) has no sha256 digest at GitHub, so it cannot be verified. "
                "Download it by hand and build with --release FOLDER; it is then shown as of unknown origin."
            )
    about = {
        "tag": tag,
        "repository": repository,
        # The release itself is as old as its tag; its assets are replaced in place.
        "published": max(asset.updated or "" for asset in chosen),
        "synthetic": False,
        "source": "github",
    }
    return about, chosen


def _web_listing(http: httpx.Client, base: str) -> Listing:
    said = get_json(http, f"{base}/{RELEASE_FILE}")
    if said is None:
        names = [contract.RANKINGS_PARQUET, _first_there(http, base)]
        assets = [Asset(name, f"{base}/{name}") for name in names]
        about = {"tag": "web", "repository": None, "published": None, "synthetic": None}
        return {**about, "source": base}, assets
    try:
        assets = [
            Asset(name, f"{base}/{name}", int(item["bytes"]), str(item["sha256"]))
            for name, item in said["assets"].items()
        ]
        about = {name: said[name] for name in ("tag", "repository", "published", "synthetic")}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ExplorerError(
            f"{base}/{RELEASE_FILE}: expected tag, repository, published, synthetic and assets, each with bytes "
            f"and sha256; {error!r} is missing or wrong."
        ) from error
    return {**about, "source": base}, _choose(assets, base)


def _first_there(http: httpx.Client, base: str) -> str:
    for name in _AVAILABILITY:
        with suppress(httpx.HTTPError), http.stream("GET", f"{base}/{name}") as response:
            if response.status_code == 200:
                return name
    return _AVAILABILITY[-1]


def _choose(assets: list[Asset], label: str) -> list[Asset]:
    """The two assets that a release needs; availability as Parquet is preferred."""
    by_name = {asset.name: asset for asset in assets}
    availability = next((by_name[name] for name in _AVAILABILITY if name in by_name), None)
    rankings = by_name.get(contract.RANKINGS_PARQUET)
    if availability is None or rankings is None:
        raise ExplorerError(
            f"{label} is not a whole release: expected {contract.RANKINGS_PARQUET} and one of "
            f"{' or '.join(_AVAILABILITY)}; it has {', '.join(sorted(by_name)) or 'no assets'}."
        )
    return [availability, rankings]


def _copy_folder(folder: Path, cache: Cache, key: str, say: Say) -> CachedRelease:
    if not folder.is_dir():
        raise ExplorerError(f"There is no folder {folder}. --from takes a folder or an http(s) address.")
    release = read_folder(folder)
    provenance = release.provenance
    known = {}
    with cache.locked():
        try:
            for asset in release.assets:
                with tempfile.TemporaryDirectory(dir=cache.root, prefix=".copy-") as scratch:
                    copy = Path(shutil.copyfile(asset, Path(scratch) / asset.name))
                    digest = file_sha256(copy)
                    expected = release.expected.get(asset.name)
                    if expected and digest != expected:
                        raise ExplorerError(
                            f"{asset}: release.json says sha256 {expected}, the file has {digest}. It was not taken."
                        )
                    known[asset.name] = {"bytes": copy.stat().st_size, "sha256": digest}
                    cache.adopt(copy, digest, asset.name)
        except OSError as error:
            raise ExplorerError(
                f"{folder} could not be copied to {cache.root}: {error}. Make room there."
            ) from error
        about = {**vars(provenance), "source": str(folder)}
        fetched = datetime.now(UTC).isoformat(timespec="seconds")
        copied = cache.record(key, {**about, "fetched": fetched, "assets": known})
        cache.sweep()
    say(f"{folder}: {len(known)} assets, {copied.bytes / 1e6:.1f} MB copied to the cache.")
    return copied
