"""What the site's service worker keeps in a browser."""

import json
from pathlib import Path

from futures_explorer.site.lite import APPS
from futures_explorer.site.manifest import write_manifest
from futures_explorer.site.start import BUILD_ID
from playwright.sync_api import Page, expect
from support.notebook import START

#: Resolves when what is kept is as TEST says, given {whole, builds} and the argument.
_UNTIL = """async (build) => {
    const kept = async () => {
        const found = {builds: []};
        for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
                const key = request.url.split('~')[1] ?? '';
                if (key === 'whole') found.whole = await (await cache.match(request)).json();
                if (key.startsWith('build/')) found.builds.push(key.slice('build/'.length));
            }
        }
        return found;
    };
    const met = TEST;
    for (let found; !met(found = await kept()); ) await new Promise((resolve) => setTimeout(resolve, 100));
}"""


def build_of(site: Path) -> str:
    """The id of a built site."""
    return json.loads((site / "static/build.json").read_text())["id"]


def change(site: Path, name: str, old: str, new: str) -> None:
    """Makes `site`, a copy whose files are links, what a build with that change of one file would be."""
    before = build_of(site)
    _replace(site / name, old, new)
    pages = tuple(f"{app}/index.html" for app in APPS)
    for page in pages:
        _replace(site / page, before, BUILD_ID)
    (site / "static/build.json").unlink()
    write_manifest(site, pages)


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.unlink()
    file.write_text(text.replace(old, new), encoding="utf-8")


def keep_for_offline(page: Page) -> None:
    """Keeps site and data by the menu, as a visitor does, and waits until both are here."""
    page.get_by_role("menuitem", name="File", exact=True).click()
    page.get_by_text("Keep for Offline Use…", exact=True).click()
    dialog = page.get_by_role("dialog", name="Keep for offline use")
    expect(dialog).to_contain_text("MB of site")
    dialog.get_by_role("button", name="Keep", exact=True).click()
    expect(dialog.get_by_role("status")).to_have_text("Kept: it works without a network now.", timeout=START)
    dialog.get_by_role("button", name="Close").first.click()


def until_kept(build: str) -> str:
    """For other drivers: a script that chooses to keep the site, and ends when this browser has every file of the build."""
    until = _UNTIL.replace("TEST", "(found) => found.whole === build")
    return f"window.explorerOffline.choose(true); await ({until})({json.dumps(build)})"


def wait_until_kept(page: Page, build: str) -> None:
    """Chooses to keep the site, and waits until this browser has every file of the build."""
    page.evaluate("window.explorerOffline.choose(true)")
    page.evaluate(_UNTIL.replace("TEST", "(found) => found.whole === build"), build)


def wait_until_alone(page: Page, build: str) -> None:
    """Until it has that build, and no other any more."""
    page.evaluate(
        _UNTIL.replace("TEST", "(found) => found.whole === build && found.builds.length === 1"), build
    )


def wait_until_forgotten(page: Page) -> None:
    """Until it has no build any more that it would use without a network."""
    page.evaluate(_UNTIL.replace("TEST", "(found) => found.whole === undefined"), None)
