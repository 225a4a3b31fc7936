"""The command line: `futures-explorer …`."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from futures_explorer.errors import ExplorerError

CACHE = Path(".cache")
SITE = Path("_site")


class _Group(click.Group):
    def invoke(self, ctx: click.Context):
        try:
            return super().invoke(ctx)
        except ExplorerError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(1)


def site_url(text: str | None) -> str | None:
    """The absolute address of a site, with its slash at the end; None for none. Raises `click.BadParameter`."""
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise click.BadParameter(f"expected an address such as https://owner.github.io/name/, got {text!r}.")
    return text if text.endswith("/") else text + "/"


# What needs DuckDB, Arrow or HTTP is imported late, in the commands: `--help` should not wait for it.
@click.group(cls=_Group)
@click.version_option(package_name="futures-explorer")
def main() -> None:
    """Turn a binance-futures-availability release into a browser explorer."""


_release = click.option(
    "--release", default="sample", show_default=True, help="sample, latest or a folder of assets."
)
_store = click.option(
    "--store",
    type=click.Path(path_type=Path, file_okay=False),
    help="Snapshots kept across builds. [default: .cache/store/…, one for each release name]",
)
_offline = click.option("--offline", is_flag=True, help="Ask no server: the release fetched last.")


@main.command()
@_release
@_store
@click.option("--out", type=click.Path(path_type=Path), default=SITE, show_default=True, help="The site.")
@click.option("--data-only", is_flag=True, help="Write <out>/data and nothing else.")
@click.option("--accept-shrink", is_flag=True, help="Publish a release that went backwards.")
@click.option(
    "--budget", type=click.IntRange(1), default=700, show_default=True, help="Largest store, in MB."
)
@click.option(
    "--url",
    envvar="SITE_URL",
    callback=lambda _context, _option, value: site_url(value),
    help="Where the site will be served, for link previews, the sitemap and the 404 page.",
)
@click.option(
    "--pictures",
    envvar="PICTURES",
    type=click.Path(path_type=Path, file_okay=False),
    help="The notebooks' pictures. [default: those of the sample, in content/pages/pictures]",
)
@_offline
def build(
    release: str,
    store: Path | None,
    out: Path,
    data_only: bool,
    accept_shrink: bool,
    budget: int,
    url: str | None,
    pictures: Path | None,
    offline: bool,
) -> None:
    """Build the site from a release."""
    from futures_explorer.release.resolve import resolve_release

    resolved = resolve_release(release, CACHE / "releases", offline, say=click.echo)

    kept = store or default_store(release)

    def publish(data: Path) -> None:
        from futures_explorer.snapshot.publish import publish_data

        click.echo("Laying out the data …")
        snapshot = publish_data(resolved, kept, data, accept_shrink, budget * 1_000_000)
        click.echo(f"Snapshot {_line(snapshot)}")
        for note in snapshot["notes"]:
            click.echo(f"  Note: {note}")

    if data_only:
        publish(out / "data")
        return
    from futures_explorer.site.landing import PICTURES
    from futures_explorer.site.unchanged import Build

    pictures = pictures or PICTURES
    record = CACHE / "built" / f"{hashlib.sha256(str(out.resolve()).encode()).hexdigest()[:12]}.json"
    this = Build(out, record, [*resolved.assets, kept, pictures], [resolved.provenance, url, budget])
    if this.is_there():
        click.echo(f"Nothing has changed: the site is in {out}.")
        return
    from futures_explorer.site.build import build_site

    this.begin()
    build_site(out, publish, kept, lambda doing: click.echo(f"{doing} …"), url, pictures)
    this.done()
    click.echo(f"The site is in {out}.")


@main.command()
@_release
@_store
@click.option("--out", type=click.Path(path_type=Path), default=CACHE / "api/v1", show_default=True)
@_offline
def api(release: str, store: Path | None, out: Path, offline: bool) -> None:
    """Write the API alone, from a release and the snapshots that its store keeps."""
    from futures_explorer.api.write import write_api
    from futures_explorer.release.resolve import resolve_release
    from futures_explorer.snapshot.store import add_snapshot, descriptors_of, locked

    resolved = resolve_release(release, CACHE / "releases", offline, say=click.echo)
    kept = store or default_store(release)
    add_snapshot(resolved, kept)
    with locked(kept):
        files, size = write_api(kept, descriptors_of(kept), out)
    click.echo(f"{files:,} files, {size / 1e6:.1f} MB, in {out}.")


@main.command()
@click.option("--data", type=click.Path(path_type=Path), default=SITE / "data", show_default=True)
@click.option("--to", required=True, help="s3://BUCKET/PREFIX; credentials are the environment's.")
def mirror(data: Path, to: str) -> None:
    """Put a built site's data on an S3-compatible bucket; what is there already is not sent again."""
    from futures_explorer.snapshot.mirror import mirror as send

    sent = send(data, to, say=click.echo)
    click.echo(f"{sent.files:,} files sent, {sent.size / 1e6:.1f} MB; {sent.there:,} were there.")


@main.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default="dist", show_default=True)
def addon(out: Path) -> None:
    """Build jupyterlite-duckdb: engine, `duckdb` and SQL kernel for other JupyterLite sites, as one wheel."""
    from futures_explorer.site.addon import build_addon

    click.echo(build_addon(out, say=lambda doing: click.echo(doing, err=True)))


@main.command()
@click.option(
    "--site", type=click.Path(path_type=Path), default=SITE, show_default=True, help="A built site."
)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def serve(site: Path, port: int) -> None:
    """Serve a built site on this machine, as GitHub Pages would."""
    from futures_explorer.site.serve import serve as run

    run(site, port, say=click.echo)


@main.command()
@click.argument("url", callback=lambda _context, _argument, value: site_url(value))
def doctor(url: str) -> None:
    """Look at a deployed site as a browser would: types, ranges, caching, hashes, the data's age.

    Exits with 1 where something breaks the site; what only could be better is said.
    """
    from futures_explorer.release.http import client
    from futures_explorer.site.doctor import examine, report

    with client() as http:
        sys.exit(not report(examine(url, http), click.echo))


@main.command()
@click.option("--repo", metavar="OWNER/NAME", help="[default: terrylica/binance-futures-availability]")
@click.option("--tag", help="[default: latest]")
@click.option("--from", "source", metavar="FOLDER_OR_URL", help="A folder of assets, here or on the web.")
@_offline
def fetch(repo: str | None, tag: str | None, source: str | None, offline: bool) -> None:
    """Bring a release into the cache, verified, and print the folder that holds it."""
    from futures_explorer.release import fetch as fetching
    from futures_explorer.release.cache import Cache

    def say(line: str) -> None:
        click.echo(line, err=True)

    if source and (repo or tag):
        raise click.UsageError("--from names the place; --repo and --tag name a GitHub release. Use one.")
    if source:
        release = fetching.fetch_from(source, Cache(), say, offline)
    else:
        repository, name = repo or fetching.REPOSITORY, tag or fetching.TAG
        release = fetching.fetch_github(repository, name, Cache(), say, offline)
    click.echo(release.folder)


@main.command()
@click.argument("notebook", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--site",
    metavar="URL",
    help="The site that the link leads to. [default: $SITE_URL, else _site served here]",
)
@click.option(
    "--snapshot", metavar="ID", help="The data to pin. [default: the notebook's pin, else the newest]"
)
@click.option("--badge", is_flag=True, help="Print the Markdown of a badge in place of the link.")
@click.option(
    "--outputs",
    type=click.Choice(["texts", "pictures"]),
    help="Let outputs go with it: as texts, or pictures of charts too. [default: none]",
)
def link(notebook: Path, site: str | None, snapshot: str | None, badge: bool, outputs: str | None) -> None:
    """Print a link that carries a notebook and pins its data.

    The link (or the badge) alone is the last line; docs/links.md describes its format.
    """
    from futures_explorer.links.make import make_link

    made = make_link(notebook, site, snapshot, SITE, outputs)
    what = "carries the notebook" if made.carried else "names the site's own notebook"
    click.echo(f"{len(made.url):,} characters; {what}, pinned to {made.snapshot}", err=True)
    click.echo(made.badge if badge else made.url)


@main.group()
def cache() -> None:
    """What was fetched: `status`, `clear`, `refresh`."""


@cache.command("status")
def cache_status() -> None:
    """Which releases are here, how old and how big."""
    from futures_explorer.release.cache import Cache

    kept = Cache()
    click.echo(kept.root)
    releases = kept.releases()
    for release in releases:
        about = release.about
        name = f"{about['repository']} ({about['tag']})" if about["repository"] else about["source"]
        click.echo(
            f"  {name}: published {about['published'] or 'unknown'}, fetched {_age(release.age_seconds)} ago, "
            f"{release.bytes / 1e6:.1f} MB"
        )
        for asset, facts in about["assets"].items():
            click.echo(f"    {asset}  {facts['bytes']:,} bytes  sha256 {facts['sha256'][:12]}…")
    for part in kept.parts():
        click.echo(
            f"  interrupted: {part.name}, {part.stat().st_size / 1e6:.1f} MB so far; fetch continues it"
        )
    if not releases:
        click.echo("  no release; `futures-explorer fetch` brings one")


@cache.command("clear")
def cache_clear() -> None:
    """Remove everything that was fetched."""
    from futures_explorer.release.cache import Cache

    kept = Cache()
    click.echo(f"Freed {kept.clear() / 1e6:.1f} MB in {kept.root}.")


@cache.command("refresh")
def cache_refresh() -> None:
    """Fetch again every release in the cache; what has not changed is not downloaded."""
    from futures_explorer.release.cache import Cache
    from futures_explorer.release.fetch import refresh

    if not refresh(Cache(), click.echo):
        click.echo("The cache is empty; `futures-explorer fetch` brings a release.")


@main.group()
def snapshots() -> None:
    """The snapshots of a store: `list`, `show`, `prune`."""


@snapshots.command("list")
@_release
@_store
def snapshots_list(release: str, store: Path | None) -> None:
    """One line for each snapshot, newest first."""
    from futures_explorer.snapshot.store import descriptors_of

    kept = store or default_store(release)
    found = descriptors_of(kept)
    for descriptor in found:
        click.echo(_line(descriptor))
    size = sum(path.stat().st_size for path in (kept / "objects").glob("*.parquet"))
    click.echo(f"{len(found)} snapshots in {kept}, {size / 1e6:.1f} MB")


@snapshots.command("show")
@click.argument("snapshot")
@_release
@_store
def snapshots_show(snapshot: str, release: str, store: Path | None) -> None:
    """Provenance and objects of one snapshot."""
    from futures_explorer.snapshot.store import read_snapshot

    descriptor = read_snapshot(store or default_store(release), snapshot)
    click.echo(_line(descriptor))
    for name, value in descriptor["provenance"].items():
        click.echo(f"  {name}: {value}")
    for resource in descriptor["resources"]:
        click.echo(
            f"  {resource['name']:<42} {resource['bytes']:>12,} bytes {resource['rows']:>9,} rows  {resource['hash']}"
        )


@snapshots.command("prune")
@click.option("--days", type=click.IntRange(1), default=30, show_default=True, help="Days to keep whole.")
@_release
@_store
def snapshots_prune(days: int, release: str, store: Path | None) -> None:
    """Keep the last days and each month's last snapshot; remove the rest."""
    from futures_explorer.snapshot.prune import prune

    done = prune(store or default_store(release), days)
    for snapshot in done.removed:
        click.echo(f"removed {snapshot}")
    click.echo(f"Kept {len(done.kept)} snapshots; removed {done.objects} objects, {done.bytes / 1e6:.1f} MB.")


def _line(snapshot: dict) -> str:
    origin = {True: " (synthetic)", False: "", None: " (of unknown origin)"}[snapshot["synthetic"]]
    return (
        f"{snapshot['id']}: {snapshot['dates']['first']} to {snapshot['dates']['last']}, "
        f"{snapshot['counts']['symbols']:,} symbols, {snapshot['counts']['available_rows']:,} available days{origin}"
    )


def _age(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def default_store(release: str) -> Path:
    """A store of its own for each release name, so that the sample never mixes with other data."""
    if release in ("sample", "latest"):
        return CACHE / "store" / release
    folder = Path(release).resolve()
    return CACHE / "store" / f"{folder.name}-{hashlib.sha256(str(folder).encode()).hexdigest()[:8]}"
