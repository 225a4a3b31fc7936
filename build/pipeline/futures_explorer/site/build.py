"""The site: data, runtime, JupyterLite and the pages, put together and moved into place at once."""

import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from futures_explorer.api.write import PATH as API
from futures_explorer.files import replace_folder
from futures_explorer.links.archive import archive_links
from futures_explorer.metrics.readings import FILE as READINGS
from futures_explorer.site.api import build_api
from futures_explorer.site.check import check_site
from futures_explorer.site.labextension import build_labextension
from futures_explorer.site.landing import PICTURES, write_landing
from futures_explorer.site.lite import APPS, build_lite
from futures_explorer.site.manifest import write_manifest
from futures_explorer.site.phases import link_tree
from futures_explorer.site.runtime import Runtime, build_runtime
from futures_explorer.site.sqlkernel import build_sqlkernel
from futures_explorer.site.start import build_start
from futures_explorer.site.starters import write_starters

Say = Callable[[str], None]


def build_site(
    out: Path,
    publish: Callable[[Path], None],
    store: Path,
    say: Say,
    url: str | None = None,
    pictures: Path = PICTURES,
) -> None:
    """Builds the whole site into the folder `out`, replacing what was there only once everything is right.

    `publish` receives the site's (new, empty) `data/` folder and fills it; `store` keeps what links name
    across builds; `say` is told each step that takes time.
    `url` is where the site will be served, `pictures` a folder with the notebooks' pictures: see `write_landing`.
    Raises `ExplorerError`; `out` is then as it was.
    """
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        # Downloads, the bundlers and the data's queries wait for different things: side by side.
        with ThreadPoolExecutor() as side:
            extension = side.submit(build_labextension, say)
            runtime_built = side.submit(_build_runtime, say)
            publish(fresh / "data")
            api = side.submit(build_api, fresh / "data", url, say)
            write_starters(fresh / "data", say)
            start, sqlkernel, runtime = runtime_built.result()
            lite = build_lite(runtime, [extension.result(), sqlkernel / "extension"], start, say)
        link_tree(lite, fresh)
        link_tree(runtime.folder, fresh / "static")
        link_tree(api.result(), fresh / API)
        # Before the pages that tell of the data: what changes with every snapshot is no part of a build.
        write_manifest(fresh, tuple(f"{app}/index.html" for app in APPS))
        write_landing(fresh, url, pictures, store / READINGS)
        archive_links(fresh, store)
        check_site(fresh)
        fresh.chmod(0o755)
        replace_folder(fresh, out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _build_runtime(say: Say) -> tuple[Path, Path, Runtime]:
    start, sqlkernel = build_start(say), build_sqlkernel(say)
    return start, sqlkernel, build_runtime(start, sqlkernel, say)
