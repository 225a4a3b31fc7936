"""Takes the pictures that the front page and the link previews show: `python tests/pictures/run.py SITE FOLDER`.

Each starter notebook of the built SITE is opened in Chromium and run, in light and in dark; the output that
content/pages/gallery.json names is kept in FOLDER as a small WebP. `pictures.json` says which snapshot they show, and
of what. Where the site's address is known ($SITE_URL), previews for links (1200 by 630 pixels) are put together from
them, too: one for the site and one for each notebook. Nothing else can use them. With the pictures that are committed goes
the one of README.md, docs/quickstart.png.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from futures_explorer.site.gallery import PICTURES_JSON, Entry, read_gallery, read_pictures
from futures_explorer.site.landing import DESCRIPTION, TITLE
from futures_explorer.site.previews import PREVIEW_SIZE
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support import native_notebook
from support.browsing import serving
from support.chromium import ARGUMENTS, ensure_chromium
from support.notebook import START, Notebook

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCHEMES = ("light", "dark")
#: Pixels of the picture for one of the page: cards are smaller than charts, so more would be wasted.
SCALE = 1.5
QUALITY = 82
#: No picture is taller than this part of its width; of a longer table or text the beginning is shown.
TALLEST = 0.75
#: In CSS pixels; of wider text the beginning is shown.
WIDEST = 700
#: The picture of README.md, the window that it shows, and the pictures that it goes with.
README, WINDOW = ROOT / "docs" / "quickstart.png", {"width": 1100, "height": 1250}
COMMITTED = ROOT / "content" / "pages" / "pictures"


def fingerprint(entry: Entry) -> str:
    """A hash of what the notebook's picture depends on most: the code of the cell that draws it, and the parameters."""
    cells = {cell["id"]: "".join(cell["source"]) for cell in native_notebook.read(entry.name)["cells"]}
    parameters = list(cells.values())[1]
    return hashlib.sha256(f"{parameters}\0{cells[entry.picture]}".encode()).hexdigest()[:12]


def take(page: Page, site_url: str, entry: Entry, folder: Path) -> list[int]:
    """Runs the notebook and keeps its picture in both schemes; the light one's width and height in CSS pixels."""
    index = [cell["id"] for cell in native_notebook.read(entry.name)["cells"]].index(entry.picture)
    page.emulate_media(color_scheme=SCHEMES[0])
    notebook = Notebook.open(page, site_url, f"{entry.name}.ipynb")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.locator(f"body[data-jp-theme-light='{str(scheme == 'light').lower()}']").wait_for(
            state="attached"
        )
        notebook.run_all()
        if notebook.errors.count():
            sys.exit(f"{entry.name} failed:\n{notebook.errors.first.inner_text()}")
        shown = notebook.cells.nth(index).locator(".vega-embed svg.marks, table, pre").first
        shown.wait_for()
        size = photograph(page, shown, folder / f"{entry.name}-{scheme}.webp")
        if scheme == SCHEMES[0]:
            light = size
            notebook.forget_outputs()
    return light


def take_readme(browser: Browser, site_url: str, file: Path) -> None:
    """The beginning of the quickstart, run, once nothing comes in any more."""
    page = browser.new_page(viewport=WINDOW, color_scheme="light")
    notebook = Notebook.open(page, site_url, "quickstart.ipynb")
    notebook.run_all()
    page.locator("body[data-prefetch]").wait_for(state="attached", timeout=START)
    expect(page.locator(".bf-Prefetch:not([role])")).to_have_count(0)
    notebook.cells.first.scroll_into_view_if_needed()
    page.screenshot(path=file)
    page.close()


def photograph(page: Page, shown: Locator, file: Path) -> list[int]:
    """Playwright's own screenshots are PNG or JPEG; Chromium encodes WebP, a third of the size."""
    shown.scroll_into_view_if_needed()
    box = shown.bounding_box()
    width = min(box["width"], WIDEST)
    height = min(box["height"], width * TALLEST)
    answer = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot",
        {
            "format": "webp",
            "quality": QUALITY,
            "clip": {"x": box["x"], "y": box["y"], "width": width, "height": height, "scale": 1},
        },
    )
    file.write_bytes(base64.b64decode(answer["data"]))
    return [round(width), round(height)]


def preview(browser: Browser, folder: Path, name: str, title: str, text: str, picture: str) -> None:
    """Draws one link preview, in which `picture` is shown beside the words."""
    width, height = PREVIEW_SIZE
    encoded = base64.b64encode((folder / f"{picture}-light.webp").read_bytes()).decode()
    page = browser.new_page(viewport={"width": width, "height": height})
    template = (HERE / "preview.html").read_text(encoding="utf-8")
    words = {
        "TITLE": html.escape(title),
        "TEXT": html.escape(text),
        "SITE": html.escape(TITLE),
        "PICTURE": encoded,
    }
    for key, value in words.items():
        template = template.replace(f"[{key}]", value)
    page.set_content(template)
    page.evaluate("document.images[0].decode()")
    page.screenshot(path=folder / f"{name}-preview.jpg", type="jpeg", quality=85)
    page.close()


def main(site: Path, folder: Path) -> None:
    """Takes the pictures that `folder` does not have of this snapshot and this code; leaves it as it was on a failure.

    What else changes a picture (Altair, a stylesheet) is not seen: delete pictures.json to take all again.
    """
    newest = json.loads((site / "data" / "snapshots.json").read_text())["snapshots"][0]
    entries = read_gallery()
    before = read_pictures(folder)
    known = before.get("taken_of", {}) if before["snapshot"] == newest["id"] else {}
    sizes = {e.name: before["cards"][e.name] for e in entries if known.get(e.name) == fingerprint(e)}
    with tempfile.TemporaryDirectory(prefix=".pictures-", dir=site.parent) as name:
        scratch = Path(name)
        for entry in entries:
            for scheme in SCHEMES if entry.name in sizes else ():
                shutil.copyfile(
                    folder / f"{entry.name}-{scheme}.webp", scratch / f"{entry.name}-{scheme}.webp"
                )
        with serving(site) as site_url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=list(ARGUMENTS))
            for entry in entries:
                if entry.name in sizes:
                    continue
                context = browser.new_context(
                    viewport={"width": 1280, "height": 1000}, device_scale_factor=SCALE
                )
                sizes[entry.name] = take(context.new_page(), site_url, entry, scratch)
                context.close()
                print(f"  {entry.name}", flush=True)
            whole = hashlib.sha256("\0".join(native_notebook.texts("quickstart")).encode()).hexdigest()[:12]
            readme = folder.resolve() == COMMITTED
            if readme and not (known and before.get("readme") == whole and README.is_file()):
                take_readme(browser, site_url, README)
                print(f"  {README.name}", flush=True)
            previews = [(e.name, e.title, e.question, e.name) for e in entries]
            previews.append(("explorer", TITLE, DESCRIPTION, entries[0].name))
            previews = previews if os.environ.get("SITE_URL") else []
            for texts in previews:
                preview(browser, scratch, *texts)
            browser.close()
        about = {
            "snapshot": newest["id"],
            "synthetic": newest["synthetic"],
            "cards": {entry.name: sizes[entry.name] for entry in entries},
            "previews": [name for name, *_ in previews],
            "taken_of": {entry.name: fingerprint(entry) for entry in entries},
            **({"readme": whole} if readme else {}),
        }
        (scratch / PICTURES_JSON).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for new in scratch.iterdir():
            shutil.copyfile(new, folder / new.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
