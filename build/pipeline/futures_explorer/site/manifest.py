"""`static/build.json`: what this build of the site consists of, for the service worker (build/start/src/service-worker).

`{"id": "…", "files": {"notebooks/index.html": "<sha256>", …}, "sizes": [bytes, …], "spare": [path, …],
"packed": {path: path, …}}`. A page's service worker uses files of one build only, and keeps them for when there is no
network. `sizes` are those on the wire, in the order of `files`; `spare` are files whose content is in the memory image, too:
they are not kept ahead; `packed` are those of which the site has another form (packed.py), and where that is: one of both is
kept.
"""

import gzip
import hashlib
import json
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from futures_explorer.api.write import PATH as API
from futures_explorer.files import file_sha256
from futures_explorer.site.packed import SUFFIX, unpack
from futures_explorer.site.phases import files_below_all
from futures_explorer.site.serve import GZIPPED
from futures_explorer.site.start import BUILD_ID

MANIFEST = "static/build.json"
#: Not a build's: data and API, which change without a new build, and what the browser keeps by itself.
LEFT_OUT = ("data/", f"{API}/", "service-worker.js", MANIFEST)
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
    sizes = [weight(site / name) for name in files]
    build = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]
    for name in pages:
        page = site / name
        text = page.read_text().replace(BUILD_ID, build)
        page.unlink()  # it is a link to a phase's result
        page.write_text(text)
        files[name] = file_sha256(page)
    told = {"id": build, "files": files, "sizes": sizes, "spare": spare(site), "packed": packed(files)}
    (site / MANIFEST).write_text(json.dumps(told, separators=(",", ":")) + "\n")


def weight(file: Path) -> int:
    """About how many bytes of a file are on the wire: hosts gzip text and WebAssembly."""
    content = file.read_bytes()
    return len(gzip.compress(content, 1)) if file.suffix in (*GZIPPED, ".wasm") else len(content)


def spare(site: Path) -> list[str]:
    """The files that only a start without the memory image asks for."""
    folder = json.loads((site / "static" / "runtime.json").read_text())["pyodide"]
    packages = json.loads((site / folder / "pyodide-lock.json").read_text())["packages"]
    (image,) = site.glob("static/start-*/memory.bin")
    length = int.from_bytes(unpack(image, 4), "little")
    loaded = json.loads(unpack(image, 4 + length)[4:])["loaded"]
    wheels = [packages[name]["file_name"] for name in loaded if name in packages]
    return [f"{folder.rstrip('/')}/{name}" for name in sorted([*wheels, "python_stdlib.zip"])]


def packed(files: Collection[str]) -> dict[str, str]:
    """Of the paths `files`, those that are there in another form, too, and the path of that."""
    forms = {name: str(PurePosixPath(name).with_suffix(SUFFIX)) for name in files if name.endswith(".wasm")}
    return {name: other for name, other in forms.items() if other in files}
