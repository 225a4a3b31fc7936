"""The steps of the daily refresh that reach beyond this machine: `python -m futures_explorer.refresh STEP`.

The store lives between runs in a remote: the assets of a GitHub release (`github:OWNER/NAME`, its release
`snapshots`, through the `gh` command line) or a folder. Objects keep their names there; snapshots and builds
travel in `index-<number>.tar.gz`, of which the highest number counts. Objects are sent before the index that
names them and removed after it, so the remote is whole at every moment. What links name travels likewise in
`links-<number>.tar.gz`, and is only ever added to.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import click

from futures_explorer.errors import ExplorerError
from futures_explorer.files import file_sha256, write_text
from futures_explorer.links.archive import add_links
from futures_explorer.metrics import readings
from futures_explorer.metrics.counts import read_counts
from futures_explorer.release.fetch import REPOSITORY, github_api
from futures_explorer.release.folder import Release
from futures_explorer.release.http import client
from futures_explorer.release.resolve import resolve_release
from futures_explorer.snapshot.store import descriptors_of, known_snapshot, locked, object_names, snapshot_ids

RELEASE = "snapshots"
INDEX, LINKS = "index-", "links-"
ISSUE = "The daily refresh was refused"
# Command lines have a length limit.
_BATCH = 40


class FolderRemote:
    """A folder: for a laptop, and for the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> set[str]:
        return {
            path.name for path in self.folder.glob("*") if path.is_file() and not path.name.startswith(".")
        }

    def get(self, names: Iterable[str], into: Path) -> None:
        for name in names:
            shutil.copyfile(self.folder / name, into / name)

    def put(self, paths: Iterable[Path]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in paths:
            beside = self.folder / f".{path.name}"
            shutil.copyfile(path, beside)
            beside.replace(self.folder / path.name)

    def delete(self, names: Iterable[str]) -> None:
        for name in names:
            (self.folder / name).unlink()

    def report(self, message: str) -> str:
        file = self.folder.with_name(f"{self.folder.name}-issue.md")
        write_text(file, f"# {ISSUE}\n\n{message}\n")
        return str(file)


class GitHubRemote:
    """The assets of one GitHub release. `gh` takes its token from GH_TOKEN."""

    def __init__(self, repository: str) -> None:
        self.repository = repository

    def names(self) -> set[str]:
        found = self._gh("api", f"repos/{self.repository}/releases/tags/{RELEASE}", "--jq", ".id", absent="")
        if not found:
            return set()
        lines = self._gh(
            *("api", "--paginate", f"repos/{self.repository}/releases/{found.strip()}/assets?per_page=100"),
            *("--jq", '.[] | select(.state == "uploaded") | .name'),
        )
        return set(lines.split())

    def get(self, names: Iterable[str], into: Path) -> None:
        for batch in _batches(names):
            patterns = [argument for name in batch for argument in ("--pattern", name)]
            self._gh("release", "download", RELEASE, *self._repo(), "--dir", str(into), *patterns)

    def put(self, paths: Iterable[Path]) -> None:
        if self._gh("release", "view", RELEASE, *self._repo(), "--json", "tagName", absent="") == "":
            notes = "The explorer's data, kept between its daily builds. Machine-made; do not edit."
            self._gh(
                "release",
                "create",
                RELEASE,
                *self._repo(),
                "--latest=false",
                "--title",
                RELEASE,
                "--notes",
                notes,
            )
        for batch in _batches(str(path) for path in paths):
            self._gh("release", "upload", RELEASE, *self._repo(), "--clobber", *batch)

    def delete(self, names: Iterable[str]) -> None:
        for name in names:
            self._gh("release", "delete-asset", RELEASE, name, *self._repo(), "--yes")

    def report(self, message: str) -> str:
        """Open the one issue of this title, or give the open one the new message."""
        found = self._gh(
            *("issue", "list", *self._repo(), "--state", "open", "--search", f'in:title "{ISSUE}"'),
            *("--json", "number,title", "--jq", f'[.[] | select(.title == "{ISSUE}")][0].number // ""'),
        ).strip()
        if found:
            self._gh("issue", "edit", found, *self._repo(), "--body", message)
            return f"issue {found}"
        return self._gh("issue", "create", *self._repo(), "--title", ISSUE, "--body", message).strip()

    def _repo(self) -> tuple[str, str]:
        return ("--repo", self.repository)

    def _gh(self, *arguments: str, absent: str | None = None) -> str:
        try:
            done = subprocess.run(["gh", *arguments], capture_output=True, text=True)
        except FileNotFoundError as error:
            raise ExplorerError(
                "The `gh` command line is needed for a github: remote; see cli.github.com."
            ) from error
        if done.returncode == 0:
            return done.stdout
        if absent is not None and ("not found" in done.stderr or "404" in done.stderr):
            return absent
        raise ExplorerError(
            f"`gh {' '.join(arguments[:3])} …` failed: {done.stderr.strip() or done.returncode}"
        )


Remote = FolderRemote | GitHubRemote


def open_remote(address: str) -> Remote:
    """`github:OWNER/NAME` or a folder."""
    if address.startswith("github:"):
        return GitHubRemote(address.removeprefix("github:"))
    return FolderRemote(Path(address))


def is_new(release: Release, remote: Remote) -> bool:
    """Whether the remote has no snapshot of this release; asks for its index only."""
    with tempfile.TemporaryDirectory() as name:
        _get_index(remote, Path(name))
        return known_snapshot(release, Path(name)) is None


def pull(remote: Remote, store: Path) -> int:
    """Bring `store` to what the remote holds; returns the number of objects that were brought.

    Raises:
        ExplorerError: an object is missing there, or is not what its name says.
    """
    with locked(store), tempfile.TemporaryDirectory(prefix=".staging-", dir=store) as name:
        index = Path(name) / "index"
        index.mkdir()
        _add_links_of(remote, Path(name), store)
        if readings.FILE in remote.names():
            remote.get([readings.FILE], Path(name))
            (Path(name) / readings.FILE).replace(store / readings.FILE)
        if not _get_index(remote, index):
            return 0
        objects = store / "objects"
        objects.mkdir(exist_ok=True)
        wanted = {item for descriptor in descriptors_of(index) for item in object_names(descriptor)}
        missing = sorted(item for item in wanted if not (objects / item).is_file())
        lost = sorted(set(missing) - remote.names())
        if lost:
            raise ExplorerError(
                f"The remote names {lost[0]} and {len(lost) - 1} more objects that it does not have."
            )
        remote.get(missing, Path(name))
        for item in missing:
            digest = file_sha256(Path(name) / item)
            if item != f"{digest}.parquet":
                raise ExplorerError(
                    f"{item} came from the remote with sha256 {digest}. The store is as it was."
                )
        for item in missing:
            (Path(name) / item).replace(objects / item)
        for part in ("snapshots", "builds"):
            shutil.copytree(index / part, store / part, dirs_exist_ok=True)
        write_text(store / "snapshots.json", (index / "snapshots.json").read_text("utf-8"))
        return len(missing)


def push(remote: Remote, store: Path) -> tuple[int, int]:
    """Bring the remote to what `store` holds; (objects sent, objects removed)."""
    with locked(store), tempfile.TemporaryDirectory(prefix=".staging-", dir=store) as name:
        there = remote.names()
        wanted = {item for descriptor in descriptors_of(store) for item in object_names(descriptor)}
        sent = sorted(wanted - there)
        if sent:
            remote.put([store / "objects" / item for item in sent])
        indexes = _numbered(there, INDEX)
        index = Path(name) / f"{INDEX}{(indexes[-1][0] if indexes else 0) + 1:06}.tar.gz"
        with tarfile.open(index, "w:gz") as archive:
            for snapshot in snapshot_ids(store):
                archive.add(store / "snapshots" / snapshot, f"snapshots/{snapshot}")
            archive.add(store / "builds", "builds")
            archive.add(store / "snapshots.json", "snapshots.json")
        remote.put([index])
        gone = sorted(item for item in there if item.endswith(".parquet") and item not in wanted)
        remote.delete([item for _, item in indexes] + gone)
        _send_links(remote, Path(name), store)
        return len(sent), len(gone)


def keep(remote: Remote, store: Path) -> int:
    """Add to the remote what links name and it does not have yet; returns how many notebooks and kernels that were."""
    with locked(store), tempfile.TemporaryDirectory(prefix=".staging-", dir=store) as name:
        return _send_links(remote, Path(name), store)


def count(remote: Remote, repository: str, today: date) -> readings.Reading:
    """Read GitHub's counts of upstream and of `repository`, and add them to the remote's readings.

    Raises:
        ExplorerError: the counts cannot be had, or there is a reading of today; the remote is as it was.
    """
    api, token = github_api()
    with tempfile.TemporaryDirectory() as name, client() as http:
        if readings.FILE in remote.names():
            remote.get([readings.FILE], Path(name))
        known = readings.load(Path(name), REPOSITORY, repository)

        def say(line: str) -> None:
            click.echo(line, err=True)

        counts = read_counts(http, api, token, REPOSITORY, repository, known.last_day, say)
        more = known.with_counts(counts, today)
        remote.put([readings.save(Path(name), more)])
    return more.readings[-1]


def _send_links(remote: Remote, scratch: Path, store: Path) -> int:
    earlier = _add_links_of(remote, scratch, store)
    new = add_links(store, scratch / "links")
    if new:
        number = earlier[-1][0] if earlier else 0
        archive = scratch / f"{LINKS}{number + 1:06}.tar.gz"
        with tarfile.open(archive, "w:gz") as packed:
            packed.add(scratch / "links", ".")
        remote.put([archive])
        remote.delete(item for _, item in earlier)
    return new


def _add_links_of(remote: Remote, scratch: Path, store: Path) -> list[tuple[int, str]]:
    """Bring to `store` what links name and the remote has; it stays in `scratch`/links. Returns the remote's archives."""
    earlier = _numbered(remote.names(), LINKS)
    if earlier:
        remote.get([earlier[-1][1]], scratch)
        with tarfile.open(scratch / earlier[-1][1]) as archive:
            archive.extractall(scratch / "links", filter="data")
        add_links(scratch / "links", store)
    return earlier


def _get_index(remote: Remote, into: Path) -> bool:
    indexes = _numbered(remote.names(), INDEX)
    if not indexes:
        return False
    with tempfile.TemporaryDirectory() as name:
        remote.get([indexes[-1][1]], Path(name))
        with tarfile.open(Path(name) / indexes[-1][1]) as archive:
            archive.extractall(into, filter="data")
    return True


def _numbered(names: set[str], kind: str) -> list[tuple[int, str]]:
    """(number, name) of the archives of a kind, the one that counts last."""
    found = (name.removeprefix(kind).removesuffix(".tar.gz") for name in names if name.startswith(kind))
    return sorted((int(number), f"{kind}{number}.tar.gz") for number in found if number.isdigit())


def _batches(names: Iterable[str]) -> Iterable[list[str]]:
    listed = list(names)
    return (listed[i : i + _BATCH] for i in range(0, len(listed), _BATCH))


@click.command()
@click.argument("step", type=click.Choice(["new", "pull", "push", "keep", "report", "count"]))
@click.option("--remote", required=True, help="github:OWNER/NAME or a folder.")
@click.option("--store", type=click.Path(path_type=Path))
@click.option("--release", help="The folder of a fetched release.")
@click.option("--repository", metavar="OWNER/NAME", help="Whose visitors and workflows are counted.")
@click.option("--message", type=click.Path(path_type=Path, exists=True), help="What to report.")
def main(
    step: str,
    remote: str,
    store: Path | None,
    release: str | None,
    repository: str | None,
    message: Path | None,
) -> None:
    """One step of the daily refresh."""
    place = open_remote(remote)
    try:
        if step == "new":
            click.echo(json.dumps(is_new(resolve_release(release, Path(".cache/releases")), place)))
        elif step == "pull":
            click.echo(f"{pull(place, store)} objects came from {remote}.")
        elif step == "push":
            sent, gone = push(place, store)
            click.echo(f"{sent} objects sent to {remote}, {gone} removed there.")
        elif step == "keep":
            click.echo(f"{keep(place, store)} notebooks and kernels that links name sent to {remote}.")
        elif step == "count":
            click.echo(count(place, repository, datetime.now(UTC).date()))
        else:
            click.echo(place.report(message.read_text("utf-8")))
    except ExplorerError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
