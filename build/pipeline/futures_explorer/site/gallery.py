"""The gallery: the starter notebooks as the site's pages show them, declared in content/pages/gallery.json."""

import html
import json
from dataclasses import dataclass
from pathlib import Path

from futures_explorer.project import ROOT

PAGES = ROOT / "content" / "pages"
GALLERY = PAGES / "gallery.json"
#: What the pictures folder says of its pictures: the snapshot they show, each one's size, what they were taken of.
PICTURES_JSON = "pictures.json"


@dataclass(frozen=True)
class Entry:
    """One starter notebook: its card's texts, and the cell (by id) whose output its picture shows."""

    name: str
    title: str
    question: str
    picture: str
    alt: str

    @property
    def kernel(self) -> str:
        """The name of the kernel that it is for."""
        notebook = json.loads((ROOT / "content" / f"{self.name}.ipynb").read_text(encoding="utf-8"))
        return notebook["metadata"]["kernelspec"]["name"]

    @property
    def opens(self) -> str:
        """The notebook's address, relative to the site's base."""
        return f"notebooks/index.html?path={self.name}.ipynb"


def read_gallery() -> list[Entry]:
    """The starter notebooks in the order in which they are shown."""
    return [Entry(**entry) for entry in json.loads(GALLERY.read_text(encoding="utf-8"))]


def read_pictures(folder: Path) -> dict:
    """What pictures.json in `folder` says; without one, that there are no pictures."""
    file = folder / PICTURES_JSON
    if not file.is_file():
        return {"snapshot": None, "synthetic": None, "cards": {}, "previews": []}
    return json.loads(file.read_text(encoding="utf-8"))


def cards(entries: list[Entry], pictures: dict) -> str:
    """The gallery as list items. A notebook whose picture was not taken has a card without one."""
    return "\n".join(_card(entry, pictures["cards"].get(entry.name)) for entry in entries)


def _card(entry: Entry, size: list[int] | None) -> str:
    title, question, alt = (html.escape(text) for text in (entry.title, entry.question, entry.alt))
    picture = ""
    if size:
        width, height = size
        picture = (
            f'<picture><source media="(prefers-color-scheme: dark)" srcset="pictures/{entry.name}-dark.webp">'
            f'<img src="pictures/{entry.name}-light.webp" width="{width}" height="{height}" alt="{alt}" loading="lazy">'
            "</picture>"
        )
    return f'<li>{picture}<h3><a href="{entry.opens}">{title}</a></h3><p>{question}</p></li>'
