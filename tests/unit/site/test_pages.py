"""The site's own pages say what the snapshot and the notebooks say, and are complete before any script runs."""

import json
import re
import shutil
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
from futures_explorer.cli import site_url
from futures_explorer.site.gallery import PAGES, read_gallery, read_pictures
from futures_explorer.site.growth import growth
from futures_explorer.site.landing import PICTURES, write_landing
from futures_explorer.site.lifespans import Day, Lifespans, Listing, by_day
from support.native_notebook import notebooks

ROOT = Path(__file__).resolve().parents[3]
URL = "https://owner.example/name/"
LIFESPANS = Lifespans(
    listings=[
        Listing("AUSDT", date(2020, 1, 1), date(2020, 1, 6), "trades"),
        Listing("BUSDT", date(2020, 1, 2), date(2020, 1, 4), "gone"),
    ],
    days=[
        Day(date(2020, 1, day), count, count, 2, day < 7)
        for day, count in enumerate((1, 2, 2, 1, 1, 1, 0), 1)
    ],
    never_traded=[],
)


class Page(HTMLParser):
    """A page's meta tags by name or property, its links, and its text outside of scripts and styles."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: list[str] = []
        self.text, self.inside = "", ""
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.inside = tag
        if tag == "meta":
            self.meta[given.get("name") or given.get("property") or ""] = given.get("content")
        if tag == "a":
            self.links.append(given["href"])

    def handle_data(self, data):
        if self.inside not in ("script", "style"):
            self.text += data


@pytest.fixture(scope="module")
def built() -> Path:
    site = ROOT / "_site"
    if not (site / "data" / "snapshots.json").is_file():
        pytest.fail(f"There is no built site in {site}. Run `make build` first.")
    return site


@pytest.fixture(scope="module")
def published(built, tmp_path_factory) -> Path:
    """The pages as a site has them that knows its address."""
    site = tmp_path_factory.mktemp("site")
    (site / "data").symlink_to(built / "data")
    (site / "static").symlink_to(built / "static")
    pictures = site / "taken"
    shutil.copytree(PICTURES, pictures)
    about = read_pictures(pictures) | {"previews": ["explorer", *notebooks()]}
    (pictures / "pictures.json").write_text(json.dumps(about))
    write_landing(site, URL, pictures)
    return site


def test_the_chart_counts_the_listings_of_complete_days():
    assert [(day.day, trading, ever) for day, trading, ever in by_day(LIFESPANS)] == [
        (1, 1, 1),
        (2, 2, 2),
        (3, 2, 2),
        (4, 1, 2),
        (5, 1, 2),
        (6, 1, 2),
    ]


def test_the_chart_states_its_figures_in_words_too():
    parts = growth(by_day(LIFESPANS))
    assert parts["chart_says"].startswith(
        "1 symbol traded on 2020-01-06; there were 2 listings since 2020-01-01."
    )
    assert "<td>1</td><td>2</td>" in parts["chart_rows"]
    assert 'class="trading"' in parts["chart"]


def test_a_snapshot_without_symbols_has_a_sentence_instead_of_a_chart():
    assert growth([])["chart"] == ""


def test_the_gallery_shows_each_notebook_once():
    assert sorted(entry.name for entry in read_gallery()) == notebooks()


@pytest.mark.parametrize("entry", read_gallery(), ids=lambda entry: entry.name)
def test_a_notebook_has_pictures_taken_of_its_present_code(entry):
    from pictures.run import fingerprint

    taken = read_pictures(PICTURES)
    assert taken["synthetic"] is True
    for scheme in ("light", "dark"):
        assert 1_000 < (PICTURES / f"{entry.name}-{scheme}.webp").stat().st_size < 50_000
    assert taken["taken_of"][entry.name] == fingerprint(entry), (
        f"{entry.name}.ipynb changed since its picture was taken. Run `make pictures`."
    )


def test_the_front_page_is_small_and_asks_for_nothing_to_be_read(published):
    script = (published / "search.js").stat().st_size
    assert (published / "index.html").stat().st_size + script < 100_000
    page = Page(published / "index.html")
    for entry in read_gallery():
        assert entry.opens in page.links
        assert entry.question in page.text
    newest = json.loads((published / "data" / "snapshots.json").read_text())["snapshots"][0]
    assert f"listings since {newest['dates']['first']}" in page.text
    assert f"Data to {newest['dates']['complete']}." in page.text


def test_what_the_data_can_tell_is_a_page_of_its_own(published):
    page = Page(published / "what-the-data-can-tell" / "index.html")
    assert "what-the-data-can-tell/index.html" in Page(published / "index.html").links
    assert page.links == ["../index.html"]
    traps = (
        "incomplete",
        "still prints",
        "used twice",
        "two names",
        "without ranks",
        "outside the data",
        "in UTC",
    )
    assert [trap for trap in traps if trap not in page.text] == []
    assert page.meta["og:url"] == f"{URL}what-the-data-can-tell/"


@pytest.mark.parametrize("entry", read_gallery(), ids=lambda entry: entry.name)
def test_a_link_to_a_notebook_previews_it_and_leads_to_it(entry, published):
    page = Page(published / "open" / entry.name / "index.html")
    assert page.meta["og:title"].startswith(entry.title)
    assert page.meta["og:description"] == page.meta["description"] == entry.question
    assert page.meta["og:url"] == f"{URL}open/{entry.name}/"
    assert page.meta["og:image"] == f"{URL}pictures/{entry.name}-preview.jpg"
    assert page.meta["twitter:card"] == "summary_large_image"
    assert f"../../{entry.opens}" in page.links


def test_a_picture_that_was_not_taken_is_not_promised(built, tmp_path):
    (tmp_path / "data").symlink_to(built / "data")
    (tmp_path / "static").symlink_to(built / "static")
    write_landing(tmp_path, URL)
    meta = Page(tmp_path / "index.html").meta
    assert "og:image" not in meta
    assert meta["twitter:card"] == "summary"


def test_without_an_address_previews_leave_out_what_needs_one(built, tmp_path):
    (tmp_path / "data").symlink_to(built / "data")
    (tmp_path / "static").symlink_to(built / "static")
    write_landing(tmp_path)
    meta = Page(tmp_path / "index.html").meta
    assert meta["og:title"]
    assert not {"og:image", "og:url"} & set(meta)
    assert not (tmp_path / "sitemap.xml").exists()
    assert "Sitemap" not in (tmp_path / "robots.txt").read_text()


def test_the_sitemap_lists_the_sites_own_pages_and_each_notebook(published):
    found = [
        element.text
        for element in ElementTree.parse(published / "sitemap.xml").iter()
        if "loc" in element.tag
    ]
    own = ("", "sql/", "what-the-data-can-tell/")
    assert found == [f"{URL}{path}" for path in (*own, *(f"open/{entry.name}/" for entry in read_gallery()))]
    assert f"Sitemap: {URL}sitemap.xml" in (published / "robots.txt").read_text()


def test_the_404_page_works_at_any_depth(published):
    text = (published / "404.html").read_text()
    assert '<base href="/name/">' in text
    links = Page(published / "404.html").links
    assert {entry.opens for entry in read_gallery()} <= set(links)
    assert not [link for link in links if link.startswith((".", "/"))]


def test_pictures_of_another_snapshot_are_said_to_be(built, tmp_path):
    (tmp_path / "data").symlink_to(built / "data")
    (tmp_path / "static").symlink_to(built / "static")
    pictures = tmp_path / "pictures-taken"
    shutil.copytree(PICTURES, pictures)
    about = json.loads((pictures / "pictures.json").read_text()) | {"snapshot": "2020-01-01-000000"}
    (pictures / "pictures.json").write_text(json.dumps(about))
    write_landing(tmp_path, pictures=pictures)
    assert "taken of the built-in synthetic sample" in Page(tmp_path / "index.html").text


@pytest.mark.parametrize(
    "text", ["example.org/x", "ftp://example.org/", "https://", "https://example.org/?a=b"]
)
def test_an_address_that_is_none_is_refused_with_an_example(text):
    with pytest.raises(click.BadParameter, match=re.escape("such as https://owner.github.io/name/")):
        site_url(text)


def test_an_address_gets_its_slash():
    assert site_url("https://owner.github.io/name") == "https://owner.github.io/name/"
    assert site_url("") is None


def test_no_page_needs_another_origin():
    for page in PAGES.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=[\"']?(https?:)?//", text)
