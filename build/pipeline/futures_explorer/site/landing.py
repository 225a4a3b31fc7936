"""The site's own pages: content/pages, filled with what the newest snapshot and the starter notebooks say of themselves."""

import html
import json
import shutil
from datetime import timedelta
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from markdown_it import MarkdownIt

from futures_explorer.metrics.readings import read
from futures_explorer.metrics.report import report
from futures_explorer.project import BASE, ROOT
from futures_explorer.site.gallery import PAGES, Entry, cards, read_gallery, read_pictures
from futures_explorer.site.growth import growth
from futures_explorer.site.lifespans import Lifespans, by_day, newest_day, read_lifespans
from futures_explorer.site.lite import TITLE
from futures_explorer.site.previews import Link, preview, robots, sitemap

DESCRIPTION = (
    "Every Binance USDT-margined future and every day since 2019: ask in your browser, in Python or SQL, what was "
    "listed, what traded and what has gone, and keep survivorship bias out of your backtest."
)
#: A page of the documentation that the site shows, too: in plain words, for whoever draws conclusions.
TELLS = ROOT / "docs" / "what-the-data-can-tell.md"
CONSOLE = "One cell of SQL over every Binance USDT-margined future and every day since 2019, in your browser."
#: Pictures of the built-in sample, which are shown where the site has none of its own.
PICTURES = PAGES / "pictures"
#: Filled in here; everything else in content/pages is copied as it is.
TEMPLATES = {
    "index.html",
    "open.html",
    "text.html",
    "sql.html",
    "404.html",
    "style.css",
    "gallery.json",
    "spellings.json",
}

TELLS_DESCRIPTION = (
    "What published, tradable, complete, listing, gap and gone mean here, and where each of them misleads, "
    "with an example."
)
METRICS = "Downloads and visitors as GitHub counts them, by the month, and what would call for more than a static site."
SYNTHETIC = (
    '<p class="note" role="note"><strong>Synthetic data.</strong> This copy of the site shows invented numbers, '
    "made to look like a release. Do not draw conclusions from them.</p>"
)
UNKNOWN = (
    '<p class="note" role="note"><strong>Data of unknown origin.</strong> This copy of the site was built from a '
    "folder that does not say where it comes from. Treat its numbers as an example.</p>"
)
NOTICES = {True: SYNTHETIC, None: UNKNOWN, False: ""}
OTHER_PICTURES = '<p class="small">The pictures were taken of {what}, not of this site\'s snapshot.</p>'


def write_landing(
    site: Path, url: str | None = None, pictures: Path = PICTURES, readings: Path | None = None
) -> None:
    """Writes the front page, a page per notebook, the 404 page and what they need into `site`.

    `site` has its data/ already. `url` is the address at which it will be served, ending in a slash; link previews
    with pictures and the sitemap need it. `pictures` holds the notebooks' pictures; without it, those of the sample
    are shown, and said to be. `readings` is the file of metrics/readings.py, of which metrics/ tells, where there is one.
    """
    newest = json.loads((site / "data" / "snapshots.json").read_text())["snapshots"][0]
    folder = site / "data" / "snapshots" / newest["id"]
    descriptor = json.loads((folder / "datapackage.json").read_text())
    lifespans = read_lifespans(descriptor, folder)
    entries = read_gallery()
    pictures = pictures if pictures.is_dir() else PICTURES
    taken = read_pictures(pictures)
    common = {"site_title": TITLE, "style": (PAGES / "style.css").read_text(encoding="utf-8")}

    def fill(name: str, target: Path, values: dict[str, str]) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        text = Template((PAGES / name).read_text(encoding="utf-8")).substitute(common | values)
        target.write_text(text, encoding="utf-8")

    said = facts(descriptor, lifespans)
    front = Link(TITLE, DESCRIPTION, "", "explorer")
    fill(
        "index.html",
        site / "index.html",
        {
            "preview": preview(front, url, taken),
            "site_description": DESCRIPTION,
            "cards": cards(entries, taken),
            "pictures_note": _pictures_note(taken, descriptor),
            **said,
            **growth(by_day(lifespans)),
        },
    )
    texts = [(TELLS.read_text(encoding="utf-8"), TELLS_DESCRIPTION, f"{TELLS.stem}/")]
    if readings and readings.is_file():
        texts.append((report(read(readings)), METRICS, "metrics/"))
    pages = []
    for text, description, path in texts:
        title, body = _rendered(text)
        pages.append(Link(f"{title} · {TITLE}", description, path, "explorer"))
        values = {"preview": preview(pages[-1], url, taken), "title": html.escape(title), "body": body}
        fill("text.html", site / path / "index.html", values)
    console = Link(f"SQL console · {TITLE}", CONSOLE, "sql/", "explorer")
    runtime = json.loads((site / "static" / "runtime.json").read_text())
    places = {name: runtime[name] for name in ("engine", "data", "sql")}
    fill("sql.html", site / "sql/index.html", {"preview": preview(console, url, taken), **places, **said})
    links = [_link(entry) for entry in entries]
    for entry, link in zip(entries, links, strict=True):
        values = {"title": entry.title, "question": entry.question}
        fill(
            "open.html",
            site / link.path / "index.html",
            {
                "preview": preview(link, url, taken),
                "opens": entry.opens,
                **{name: html.escape(text) for name, text in values.items()},
            },
        )
    listed = "\n".join(f'<li><a href="{e.opens}">{html.escape(e.title)}</a></li>' for e in entries)
    fill("404.html", site / "404.html", {"base": urlsplit(url).path if url else BASE, "list": listed})
    _write(site / "symbols.json", _symbols(descriptor["id"], lifespans))
    _write(site / "robots.txt", robots(url))
    if url:
        _write(
            site / "sitemap.xml", sitemap([front, console, *pages, *links], url, descriptor["dates"]["last"])
        )
    for page in PAGES.iterdir():
        if page.is_file() and page.name not in TEMPLATES:
            shutil.copyfile(page, site / page.name)
    if pictures.is_dir():
        shutil.copytree(pictures, site / "pictures", dirs_exist_ok=True)


def _rendered(text: str) -> tuple[str, str]:
    """The heading of a Markdown text, and the whole as HTML."""
    rendered = MarkdownIt("commonmark").enable("table").render(text)
    # Wide tables and code scroll by themselves, not with the page.
    rendered = rendered.replace("<table>", '<div class="wide-table"><table>').replace(
        "</table>", "</table></div>"
    )
    return text.partition("\n")[0].removeprefix("# "), rendered


def facts(descriptor: dict, lifespans: Lifespans) -> dict[str, str]:
    """What the page says of a snapshot, as HTML-safe text, from its Data Package descriptor and its listings."""
    counts, provenance = descriptor["counts"], descriptor["provenance"]
    source = {True: "Synthetic sample", None: "Unknown origin", False: provenance["repository"] or ""}
    published = f", published {provenance['published'][:10]}" if provenance["published"] else ""
    eldest = min(lifespans.listings, key=lambda listing: (listing.first, listing.symbol), default=None)
    newest = newest_day(descriptor)
    incomplete = [day for day in lifespans.days if str(day.day) > newest]
    says = "".join(
        f" {day.day} is incomplete: so far {day.published:,} of usually {day.usual or 0:,.0f} symbols."
        for day in incomplete[-1:]
    )
    return {
        "snapshot": html.escape(descriptor["id"]),
        "first_date": html.escape(descriptor["dates"]["first"]),
        "last_date": html.escape(descriptor["dates"]["last"]),
        "complete_date": html.escape(newest),
        "incomplete": html.escape(says),
        # Invented data does not age.
        "ages": "" if descriptor["synthetic"] is True else html.escape(newest),
        "symbols": f"{counts['symbols']:,}",
        "rows": f"{counts['available_rows']:,}",
        "source": html.escape(source[descriptor["synthetic"]] + published),
        "notice": NOTICES[descriptor["synthetic"]],
        "example_symbol": html.escape(eldest.symbol if eldest else "BTCUSDT"),
        "example_day": html.escape(newest),
    }


def _link(entry: Entry) -> Link:
    return Link(f"{entry.title} · {TITLE}", entry.question, f"open/{entry.name}/", entry.name)


def _pictures_note(taken: dict, descriptor: dict) -> str:
    if taken["snapshot"] in (None, descriptor["id"]):
        return ""
    what = "the built-in synthetic sample" if taken["synthetic"] else f"snapshot {taken['snapshot']}"
    return OTHER_PICTURES.format(what=html.escape(what))


def _symbols(snapshot: str, lifespans: Lifespans) -> str:
    """For the search field: each symbol with its listings' first and last days and the state of its last one; and of each
    day from the first on, how many symbols were tradable, or null; and how other tools spell symbols."""
    by_symbol: dict[str, list] = {symbol: [symbol, [], "untraded"] for symbol in lifespans.never_traded}
    for listing in lifespans.listings:
        entry = by_symbol.setdefault(listing.symbol, [listing.symbol, [], ""])
        entry[1].append([str(listing.first), str(listing.last)])
        entry[2] = listing.state
    rows = sorted(by_symbol.values())
    counts = {day.day: day.tradable for day in lifespans.days}
    span = (max(counts) - min(counts)).days + 1 if counts else 0
    tradable = [counts.get(min(counts) + timedelta(days=day)) for day in range(span)]
    elsewhere = json.loads((PAGES / "spellings.json").read_text(encoding="utf-8"))
    spellings = [entry["without"] for entry in elsewhere]
    found = {"snapshot": snapshot, "symbols": rows, "tradable": tradable, "spellings": spellings}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _write(target: Path, text: str) -> None:
    target.write_text(text, encoding="utf-8")
