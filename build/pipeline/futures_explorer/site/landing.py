"""The landing page: content/pages, filled with what the newest snapshot says of itself."""

import html
import json
import shutil
from pathlib import Path
from string import Template

from futures_explorer.site.phases import ROOT

PAGES = ROOT / "content" / "pages"

SYNTHETIC = (
    '<p class="note" role="note"><strong>Synthetic data.</strong> This copy of the site shows invented numbers, '
    "made to look like a release. Do not draw conclusions from them.</p>"
)
UNKNOWN = (
    '<p class="note" role="note"><strong>Data of unknown origin.</strong> This copy of the site was built from a '
    "folder that does not say where it comes from. Treat its numbers as an example.</p>"
)
NOTICES = {True: SYNTHETIC, None: UNKNOWN, False: ""}


def write_landing(site: Path) -> None:
    """Writes index.html and what it needs into `site`, from content/pages and `site`'s own data/snapshots.json."""
    snapshot = json.loads((site / "data" / "snapshots.json").read_text())["snapshots"][0]
    descriptor = json.loads((site / "data" / "snapshots" / snapshot["id"] / "datapackage.json").read_text())
    for page in PAGES.iterdir():
        if page.suffix == ".html":
            filled = Template(page.read_text()).substitute(facts(descriptor))
            (site / page.name).write_text(filled)
        else:
            shutil.copyfile(page, site / page.name)


def facts(descriptor: dict) -> dict[str, str]:
    """What the page says of a snapshot, as HTML-safe text, from its Data Package descriptor."""
    counts, provenance = descriptor["counts"], descriptor["provenance"]
    source = {True: "Synthetic sample", None: "Unknown origin", False: provenance["repository"] or ""}
    published = f", published {provenance['published'][:10]}" if provenance["published"] else ""
    return {
        "snapshot": html.escape(descriptor["id"]),
        "first_date": html.escape(descriptor["dates"]["first"]),
        "last_date": html.escape(descriptor["dates"]["last"]),
        "symbols": f"{counts['symbols']:,}",
        "rows": f"{counts['available_rows']:,}",
        "source": html.escape(source[descriptor["synthetic"]] + published),
        "notice": NOTICES[descriptor["synthetic"]],
    }
