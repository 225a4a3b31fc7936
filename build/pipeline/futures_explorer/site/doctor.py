"""A deployed site, looked at as a browser looks at it: what is wrong, expected against got, and where to change it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

import httpx

from futures_explorer.errors import ExplorerError

#: Types without which a browser refuses a file, or compiles it only once it is here as a whole.
SCRIPT = ("text/javascript", "application/javascript")
NEEDED = {".js": SCRIPT, ".mjs": SCRIPT, ".html": ("text/html",), ".css": ("text/css",)}
WANTED = {".wasm": ("application/wasm",), ".json": ("application/json",)}
#: What is text enough that a host should compress it.
TEXT = (".js", ".mjs", ".json", ".html", ".css", ".ipynb")
#: A list of snapshots that a browser or an edge keeps for longer than this hides new data, in seconds.
LONGEST_FOR_LISTS = 3600
#: Days after which data is old: a release comes every day.
OLD = 3
#: Objects whose bytes are compared with their hash.
OBJECTS = 3
#: Bytes asked for as a range.
RANGE = 100
#: How a host is told, by a part of what it says of itself in the header `Server`.
HOSTS = {
    "github.com": "GitHub Pages has no setting for it",
    "cloudflare": "Cloudflare Pages: the file `_headers`, or a rule of the zone",
    "netlify": "Netlify: the file `_headers`",
    "nginx": "nginx: the `location` of the site",
}
DOCS = "docs/deploy-elsewhere.md"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `level`: "good", "better" (it works, and could be quicker) or "wrong" (it breaks)."""

    level: str
    what: str
    #: Expected against got, and where to change it; empty where it is good.
    why: str = ""


def examine(url: str, http: httpx.Client, today: date | None = None) -> Iterator[Finding]:
    """What is good and what is not at the site `url`, which ends in a slash.

    Raises:
        ExplorerError: nothing answers there, or it is no explorer.
    """
    return _Visit(url, http).findings(today or datetime.now(UTC).date())


class _Visit:
    def __init__(self, url: str, http: httpx.Client) -> None:
        self._url, self._http = url, http
        self._host = ""

    def _get(self, path: str, **headers: str) -> httpx.Response:
        try:
            return self._http.get(urljoin(self._url, path), headers=headers)
        except httpx.HTTPError as error:
            raise ExplorerError(
                f"{urljoin(self._url, path)} does not answer: {error}. Is the site deployed, and the address right?"
            ) from error

    def _json(self, path: str) -> dict:
        response = self._get(path)
        try:
            return response.raise_for_status().json()
        except (httpx.HTTPStatusError, ValueError) as error:
            raise ExplorerError(
                f"{self._url} is no explorer, or not a whole one: expected JSON at {path}, got HTTP "
                f"{response.status_code} with {response.headers.get('content-type', 'no type')}. Give the address of the "
                "site's front page."
            ) from error

    def _bad(self, level: str, what: str, expected: str, got: str, where: str = "") -> Finding:
        place = where or self._host or f"{DOCS} says how for some hosts"
        return Finding(level, what, f"expected {expected}, got {got}. {place}.")

    def findings(self, today: date) -> Iterator[Finding]:
        yield self._front_page()
        built = self._json("static/build.json")
        yield from self._files(built["files"], dict(zip(built["files"], built["sizes"], strict=True)))
        yield from self._service_worker()
        yield self._missing()
        yield from self._data(today)

    def _front_page(self) -> Finding:
        parts = urlsplit(self._url)
        page = self._get("")
        server = page.headers.get("server", "").lower()
        self._host = next((where for name, where in HOSTS.items() if name in server), "")
        if page.status_code != 200 or "text/html" not in page.headers.get("content-type", ""):
            got = f"HTTP {page.status_code} with {page.headers.get('content-type', 'no type')}"
            return self._bad("wrong", "the front page", "HTTP 200 with text/html", got)
        local = parts.hostname == "localhost" or re.fullmatch(r"127\.[\d.]+", parts.hostname or "")
        if page.url.scheme != "https" and not local:
            return self._bad("wrong", "the address", "https, without which nothing is kept", page.url.scheme)
        policy = page.headers.get("content-security-policy", "")
        scripts, requests = (_allowed(policy, directive) for directive in ("script-src", "connect-src"))
        if scripts is not None and not {"'wasm-unsafe-eval'", "'unsafe-eval'"} & scripts:
            return self._bad("wrong", "Content-Security-Policy", "one that allows 'wasm-unsafe-eval'", policy)
        if requests is not None and "blob:" not in requests:
            needs = "one that allows requests to blob:, by which browsers without JSPI get large results"
            return self._bad("better", "Content-Security-Policy", needs, policy)
        if page.headers.get("cross-origin-embedder-policy", "unsafe-none") != "unsafe-none":
            got = page.headers["cross-origin-embedder-policy"]
            return self._bad("better", "Cross-Origin-Embedder-Policy", "none: it blocks other hosts", got)
        return Finding("good", "the front page")

    def _files(self, files: dict[str, str], sizes: dict[str, int]) -> Iterator[Finding]:
        """The smallest file of each kind: their types, their bytes, and whether text is compressed."""
        kinds: dict[str, list[str]] = {}
        for name in sorted(files, key=lambda name: (sizes[name], name)):
            kinds.setdefault(PurePosixPath(name).suffix, []).append(name)
        wrong = []
        for suffix, names in kinds.items():
            name = next((name for name in names if suffix not in TEXT or sizes[name] > 2000), names[-1])
            name = "jupyter-lite.json" if name.endswith(".json") else name  # the one that hosts rewrite
            response = self._get(name)
            got = response.headers.get("content-type", "no type").partition(";")[0]
            if response.status_code != 200:
                wrong.append(
                    self._bad("wrong", name, "HTTP 200", f"HTTP {response.status_code}", "Deploy it again")
                )
                continue
            if suffix in NEEDED and got not in NEEDED[suffix]:
                wrong.append(self._bad("wrong", f"the type of {suffix} files", NEEDED[suffix][0], got))
            if suffix in WANTED and got not in WANTED[suffix]:
                wrong.append(self._bad("better", f"the type of {suffix} files", WANTED[suffix][0], got))
            if hashlib.sha256(response.content).hexdigest() != files[name]:
                got = f"{len(response.content):,} other bytes"
                why = "Switch off what rewrites files (minify, inject), and purge the edges' caches"
                wrong.append(self._bad("wrong", name, "the bytes of the build", got, why))
            if suffix in TEXT and len(response.content) > 2000 and "content-encoding" not in response.headers:
                wrong.append(self._bad("better", f"compression of {suffix}", "gzip or brotli", "none"))
        yield from wrong or [Finding("good", f"types and bytes of {len(kinds)} kinds of files")]
        response = self._get(
            next(name for name in files if re.fullmatch(r"static/engine-[^/]+/engine\.js", name))
        )
        if _seconds_kept(response) < 86_400:
            got = response.headers.get("cache-control", "no Cache-Control")
            expected = "a year: their names change with their content"
            yield self._bad("better", "caching of static/*-*/", expected, got)

    def _service_worker(self) -> Iterator[Finding]:
        response = self._get("service-worker.js")
        got = response.headers.get("content-type", "no type").partition(";")[0]
        if response.status_code != 200 or got not in SCRIPT or response.history:
            said = f"HTTP {response.history[0].status_code if response.history else response.status_code} with {got}"
            yield self._bad("wrong", "service-worker.js", f"HTTP 200 with {SCRIPT[0]}, not redirected", said)
        else:
            yield Finding("good", "the service worker")

    def _missing(self) -> Finding:
        response = self._get("no-such-file-of-this-site.json")
        if response.status_code != 404:
            got = f"HTTP {response.status_code}"
            return self._bad("wrong", "a file that is not there", "HTTP 404, not a page in its place", got)
        return Finding("good", "a file that is not there")

    def _data(self, today: date) -> Iterator[Finding]:
        listed = self._get("data/snapshots.json")
        snapshots = self._json("data/snapshots.json")["snapshots"]
        kept = _seconds_kept(listed)
        if kept > LONGEST_FOR_LISTS:
            got = listed.headers["cache-control"]
            yield self._bad(
                "wrong", "caching of data/snapshots.json", f"at most {LONGEST_FOR_LISTS} seconds", got
            )
        newest = snapshots[0]
        age = (today - date.fromisoformat(newest["dates"].get("complete") or newest["dates"]["last"])).days
        if newest["synthetic"]:
            yield Finding("good", f"the data: {newest['id']}, synthetic")
        elif age > OLD:
            why = "Look at the last runs of the workflow that refreshes the data"
            yield self._bad("wrong", "the data's age", f"at most {OLD} days", f"{age} days", why)
        else:
            yield Finding("good", f"the data: {newest['id']}, {age} days old")
        folder = f"data/snapshots/{newest['id']}/datapackage.json"
        resources = sorted(self._json(folder)["resources"], key=lambda resource: resource["bytes"])
        named = [
            (urljoin(folder, r["path"]), r["hash"].removeprefix("sha256:"), r["bytes"]) for r in resources
        ]
        yield from self._objects(named[:OBJECTS])
        yield from self._range(*named[-1])

    def _objects(self, objects: list[tuple[str, str, int]]) -> Iterator[Finding]:
        for path, sha256, size in objects:
            response = self._get(path)
            if response.status_code != 200 or hashlib.sha256(response.content).hexdigest() != sha256:
                got = f"HTTP {response.status_code} with {len(response.content):,} bytes of another hash"
                why = "Deploy the data again, and purge the edges' caches"
                yield self._bad("wrong", path, f"{size:,} bytes of the hash in its name", got, why)
                return
        if response.headers.get("access-control-allow-origin") != "*":
            got = response.headers.get("access-control-allow-origin", "none")
            yield self._bad("better", "Access-Control-Allow-Origin", "* so that other pages may read", got)
        yield Finding("good", f"{len(objects)} objects against their hashes")

    def _range(self, path: str, _sha256: str, size: int) -> Iterator[Finding]:
        """Browsers always say that they take compressed answers; a compressed range is of no use to a reader of Parquet."""
        response = self._get(path, Range=f"bytes=0-{RANGE - 1}", **{"Accept-Encoding": "gzip, deflate, br"})
        if "content-encoding" in response.headers:
            got = response.headers["content-encoding"]
            yield self._bad("wrong", "a range of a .parquet file", "its bytes, not compressed", got)
        elif response.status_code == 200:
            got = f"HTTP 200 with all {len(response.content):,} bytes, which each question then costs"
            yield self._bad("better", "a range of a .parquet file", "HTTP 206 with the part", got)
        elif (
            response.status_code != 206
            or response.headers.get("content-range") != f"bytes 0-{RANGE - 1}/{size}"
            or len(response.content) != RANGE
        ):
            got = f"HTTP {response.status_code}, {response.headers.get('content-range', 'no Content-Range')}"
            yield self._bad("wrong", "a range of a .parquet file", f"bytes 0-{RANGE - 1}/{size}", got)
        else:
            yield Finding("good", "ranges")


def _seconds_kept(response: httpx.Response) -> int:
    """For how long a browser may use it without asking."""
    said = response.headers.get("cache-control", "")
    found = re.search(r"max-age=(\d+)", said)
    return 0 if "no-cache" in said or "no-store" in said or not found else int(found[1])


def report(findings: Iterator[Finding], say: Callable[[str], None]) -> bool:
    """Says each finding in a line; whether nothing is wrong."""
    marks = {"good": "good", "better": "could be better", "wrong": "WRONG"}
    wrong = 0
    for finding in findings:
        wrong += finding.level == "wrong"
        say(f"{marks[finding.level]}: {finding.what}" + (f": {finding.why}" if finding.why else ""))
    say(f"{wrong} thing{'s' * (wrong != 1)} to mend." if wrong else "Nothing to mend.")
    return not wrong


def _allowed(policy: str, directive: str) -> set[str] | None:
    """The sources that a Content-Security-Policy allows, by the directive or `default-src`; None: all."""
    parts = [part.split() for part in policy.split(";") if part.strip()]
    allowed = {name.lower(): set(sources) for name, *sources in reversed(parts)}  # the first of a name counts
    return allowed.get(directive, allowed.get("default-src"))
