"""What every browser can be asked to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

from futures_explorer.links import format as link_format

#: Seconds that a script in a page may take: a first start on a slow machine, and a long query.
PATIENCE = 180
_PAGE = Path(__file__).with_name("page.js").read_text("utf-8")


class Driver(Protocol):
    """A browser with one tab."""

    def open(self, url: str) -> None:
        """Goes to `url` and waits until it is loaded."""

    def run(self, body: str, *given: Any) -> Any:
        """What the body of an async function gives in the page; `given` is its arguments, page.js its helpers."""

    def screenshot(self, path: Path) -> None:
        """Writes what the tab shows as PNG."""

    def close(self) -> None:
        """Ends the browser; its profile stays."""


class PageError(AssertionError):
    """A script failed in the page."""


def function(body: str, given: tuple) -> str:
    """The body of an async function that gives `{value}` or `{error}`."""
    call = f"(async (...given) => {{ {_PAGE}\n{body} }})(...{json.dumps(given)})"
    return f"return await {call}.then((value) => ({{value}}), (error) => ({{error: `${{error}}\\n${{error.stack}}`}}));"


def value_of(answer: dict) -> Any:
    """What `function` gave. Raises `PageError`."""
    if "error" in answer:
        raise PageError(answer["error"])
    return answer.get("value")


def shared(cells: tuple[str, ...]) -> str:
    """A link's fragment with a notebook of these cells."""
    made = [
        {
            "id": f"c{number}",
            "cell_type": "code",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for number, source in enumerate(cells)
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}
    return link_format.encode("visit", link_format.pack(notebook))
