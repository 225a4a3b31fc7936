"""A site's data on an S3-compatible bucket: its objects and manifests, under the paths that they have in the site.

What is named by its content is sent once and cached for a year; `snapshots.json` comes last and is cached for five minutes,
so that no reader meets a snapshot that is not whole. Nothing is ever removed, and a run that was cut off goes on where it
stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from futures_explorer.errors import ExplorerError
from futures_explorer.snapshot.store import object_names

if TYPE_CHECKING:
    from obstore.store import S3Store

#: Cache-Control of what never changes, and of the list of snapshots.
FOREVER, SHORT = "public, max-age=31536000, immutable", "public, max-age=300"
#: The variables of the environment that say who sends; any of them will do.
CREDENTIALS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_MD5 = re.compile(r'"?([0-9a-f]{32})"?')


@dataclass(frozen=True)
class Sent:
    """What a run did: files sent, their bytes, and files that were there already."""

    files: int
    size: int
    there: int


def mirror(data: Path, to: str, say: Callable[[str], None]) -> Sent:
    """Sends the site's `data/` folder to `s3://BUCKET/PREFIX`, under `PREFIX/data/`.

    Credentials, region and endpoint are those of the environment (`AWS_ACCESS_KEY_ID`, `AWS_REGION`, `AWS_ENDPOINT_URL`, …).

    Raises `ExplorerError` where the address is none, nobody is named who may write, a file is not what its name says, or
    the bucket refuses; the bucket's list of snapshots is then as it was.
    """
    snapshots = _snapshots(data)
    store = _store(to)
    if _is_synthetic(data, snapshots):
        say(
            "This data is synthetic: invented numbers. RELEASE=latest builds the site from upstream's release."
        )
    try:
        there = {entry["path"]: entry for page in _list(store) for entry in page}
        files = size = kept = 0
        for path, cache in _files(data, snapshots):
            content = _read(data / path)
            name = f"data/{path}"
            if _is_there(there.get(name), content):
                kept += 1
                continue
            _put(store, name, content, cache)
            files, size = files + 1, size + len(content)
            say(f"{name} ({len(content) / 1e6:.1f} MB)")
    except (OSError, ValueError) as error:
        raise _refused(to, error) from error
    except Exception as error:
        # obstore's own errors have one parent, which is none of Python's.
        if type(error).__module__.partition(".")[0] != "obstore":
            raise
        raise _refused(to, error) from error
    return Sent(files, size, kept)


def _refused(to: str, error: Exception) -> ExplorerError:
    what = str(error).strip().splitlines()[0][:300]
    return ExplorerError(
        f"{to} could not be written: {what}. Check that the bucket is there and that its policy lets these credentials "
        "list and write; then run it again: it goes on where it stopped."
    )


def _snapshots(data: Path) -> list[str]:
    try:
        listed = json.loads((data / "snapshots.json").read_text("utf-8"))["snapshots"]
    except (OSError, ValueError, KeyError) as error:
        raise ExplorerError(
            f"{data} is no site's data folder: it has no snapshots.json. Build the site first: make build."
        ) from error
    return [entry["id"] for entry in listed]


def _is_synthetic(data: Path, snapshots: list[str]) -> bool:
    manifest = data / "snapshots" / snapshots[0] / "datapackage.json"
    return json.loads(manifest.read_text("utf-8"))["synthetic"] is True


def _store(to: str) -> S3Store:
    from obstore.store import S3Store

    parts = urlsplit(to)
    if parts.scheme != "s3" or not _BUCKET.fullmatch(parts.netloc) or parts.query or parts.fragment:
        raise ExplorerError(f"{to} is no bucket's address. Expected s3://BUCKET or s3://BUCKET/PREFIX.")
    if not any(os.environ.get(name) for name in CREDENTIALS):
        raise ExplorerError(
            "Nobody is named who may write to the bucket: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and "
            "AWS_REGION), as for every tool of S3."
        )
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        # The bucket checks what arrives against it.
        checksum_algorithm="SHA256",
        client_options={"allow_http": endpoint.startswith("http://")},
        retry_config={"max_retries": 3},
    )


def _list(store: S3Store) -> Iterator[Any]:
    import obstore

    return obstore.list(store, "data/")


def _files(data: Path, snapshots: list[str]) -> Iterator[tuple[str, str]]:
    """Paths below `data`, each with its Cache-Control: objects, then the snapshots that name them, then their list."""
    sent = set()
    for snapshot in snapshots:
        manifest = f"snapshots/{snapshot}/datapackage.json"
        for name in sorted(object_names(json.loads((data / manifest).read_text("utf-8"))) - sent):
            sent.add(name)
            yield f"objects/{name}", FOREVER
        yield manifest, FOREVER
    yield "snapshots.json", SHORT


def _read(file: Path) -> bytes:
    """The file; an object's name is the SHA-256 of its content."""
    content = file.read_bytes()
    if file.parent.name == "objects" and hashlib.sha256(content).hexdigest() != file.stem:
        raise ExplorerError(
            f"{file} is not what its name says: it was changed or cut off. Build the site's data again; nothing of its "
            "snapshot was announced."
        )
    return content


def _is_there(entry: Any, content: bytes) -> bool:
    """Whether the bucket has this content: S3's ETag of a file sent in one piece is its MD5."""
    if entry is None or entry["size"] != len(content):
        return False
    found = _MD5.fullmatch(entry["e_tag"] or "")
    return found is not None and found.group(1) == hashlib.md5(content, usedforsecurity=False).hexdigest()


def _put(store: S3Store, name: str, content: bytes, cache: str) -> None:
    import obstore

    kind = "application/json" if name.endswith(".json") else "application/vnd.apache.parquet"
    obstore.put(
        store, name, content, attributes={"Cache-Control": cache, "Content-Type": kind}, use_multipart=False
    )
