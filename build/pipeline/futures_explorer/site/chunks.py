"""JupyterLab's code for a notebook, as one file.

JupyterLab comes in hundreds of files, of which a notebook needs some eighty before it can be seen: as many requests to
wait for. So those are put in front of `build/notebooks/bundle.js`, which then finds them loaded.
"""

import json
import re
from pathlib import Path

from futures_explorer.errors import ExplorerError
from futures_explorer.project import ROOT

#: Names of the files, without hash and ending; written by `make chunks`.
CHUNKS = ROOT / "build/start/chunks.json"
BUNDLE = "build/notebooks/bundle.js"
_CHUNK = re.compile(r"/build/(\w+)\.[0-9a-f]+\.js$")


def chunk_name(url: str) -> str | None:
    """The name of JupyterLab's file at `url`, as CHUNKS has it, or None where it is not one."""
    match = _CHUNK.search(url.partition("?")[0])
    return match and match[1]


def join_chunks(site: Path) -> None:
    """Puts the files that CHUNKS names in front of the notebooks app's bundle.

    Raises `ExplorerError` where JupyterLab has no such file.
    """
    found = {chunk_name(f"/{path.relative_to(site)}"): path for path in (site / "build").glob("*.js")}
    names = json.loads(CHUNKS.read_text())
    absent = [name for name in names if name not in found]
    if absent:
        raise ExplorerError(
            f"JupyterLab has no files {', '.join(absent)}, which {CHUNKS.relative_to(ROOT)} names: it has changed. "
            "Empty that list ([]), run `make chunks` and commit what it writes."
        )
    bundle = site / BUNDLE
    # Each in a function of its own: "use strict" is meant for its file only.
    parts = [f"(()=>{{{found[name].read_text()}\n}})();\n" for name in names]
    code = "".join([*parts, bundle.read_text()])
    # In a frame that is there to have it compiled (build/start/src/bytecode.ts) it does nothing.
    bundle.write_text(f"if(!self.explorerCompiles){{\n{code}\n}}\n")
