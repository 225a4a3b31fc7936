"""Writes which of JupyterLab's files a notebook needs before it can be seen: `python tests/chunks/run.py SITE`.

The built SITE is opened in Chromium; the list is build/start/chunks.json (see futures_explorer/site/chunks.py).
"""

import json
import sys
from pathlib import Path

from futures_explorer.site.chunks import CHUNKS, chunk_name
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support.browsing import serving
from support.chromium import ARGUMENTS, ensure_chromium
from support.notebook import Notebook


def loaded(site: Path) -> list[str]:
    """Names of the files that a page asks for until it shows the quickstart, sorted."""
    with sync_playwright() as playwright, serving(site) as url:
        browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=list(ARGUMENTS))
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        Notebook.open(page, url, "quickstart.ipynb")
        browser.close()
    return sorted({name for name in map(chunk_name, asked) if name})


if __name__ == "__main__":
    names = sorted({*json.loads(CHUNKS.read_text()), *loaded(Path(sys.argv[1]))})
    CHUNKS.write_text("[" + ",\n ".join(json.dumps(name) for name in names) + "]\n")
    print(f"{CHUNKS.name} names {len(names)} files.")
