"""`static/build.json`: what this build of the site consists of, for the service worker (build/start/src/service-worker).

`{"id": "…", "files": {"notebooks/index.html": "<sha256>", …}}`. A page's service worker uses files of one build only, and
keeps them for when there is no network.
"""

import hashlib
import json
from pathlib import Path

from futures_explorer.files import file_sha256
from futures_explorer.site.phases import files_below_all
from futures_explorer.site.start import BUILD_ID

MANIFEST = "static/build.json"
#: Not a build's: data, which changes without a new build, and what the browser keeps by itself.
LEFT_OUT = ("data/", "service-worker.js", MANIFEST)
#: Never asked for: settings schemas one by one (all.json has them) and fonts for browsers of long ago.
UNUSED = (".eot", ".svg", ".ttf")
UNUSED_BELOW = "build/"
SCHEMAS = "build/schemas/@"


def write_manifest(site: Path, pages: tuple[str, ...]) -> None:
    """Writes the manifest of `site`, and its id into `pages` (paths in the site), which hold BUILD_ID for it."""
    files = {}
    for path in files_below_all(site):
        name = path.relative_to(site).as_posix()
        unused = name.startswith(UNUSED_BELOW) and name.endswith(UNUSED)
        if not unused and not name.startswith((*LEFT_OUT, SCHEMAS)):
            files[name] = file_sha256(path)
    build = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]
    for name in pages:
        page = site / name
        text = page.read_text().replace(BUILD_ID, build)
        page.unlink()  # it is a link to a phase's result
        page.write_text(text)
        files[name] = file_sha256(page)
    (site / MANIFEST).write_text(json.dumps({"id": build, "files": files}, separators=(",", ":")) + "\n")
