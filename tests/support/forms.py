"""The two forms in which the site has its WebAssembly (build/engine/src/form.ts)."""

import json
import time
from pathlib import Path

from futures_explorer.project import BASE
from playwright.sync_api import BrowserContext, Page, Route

#: More seconds than FAST of build/start/src/page.ts.
LATE = 0.8
#: How many files of a list are kept by the service worker.
_KEPT = """async (hashes) => {
    const keys = [];
    for (const name of await caches.keys()) keys.push(...await (await caches.open(name)).keys());
    const kept = new Set(keys.map(({url}) => url.split('~file/')[1]));
    return hashes.filter((sha256) => kept.has(sha256)).length;
}"""


def over_a_slow_line(context: BrowserContext) -> None:
    """JupyterLab's code comes as late as over a line on which bytes are what is waited for: packed is taken."""

    def late(route: Route) -> None:
        time.sleep(LATE)
        route.continue_()

    context.route("**/notebooks/bundle.js*", late)


def over_a_fast_line(context: BrowserContext, site: Path) -> None:
    """As if the plain form had come before, however busy this machine is."""
    engine = json.loads((site / "static/runtime.json").read_text())["engine"]
    context.add_init_script(f"""if (location.protocol === 'http:')
        localStorage.setItem('explorer-form {BASE}{engine}', 'plain')""")


def kept(page: Page, site: Path) -> dict[str, int]:
    """How many files the service worker keeps in each form."""
    build = json.loads((site / "static/build.json").read_text())
    forms = {"plain": build["packed"].keys(), "packed": build["packed"].values()}
    return {
        form: page.evaluate(_KEPT, [build["files"][name] for name in names]) for form, names in forms.items()
    }
