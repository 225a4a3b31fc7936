"""Turns a link into a notebook on a computer. Nothing in a link is ever run; what it writes is one new file."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from itertools import count
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

from binance_futures._links import CHECK_BYTES, TYPES, Link, LinkError, decode, unpack
from binance_futures._mend import split
from binance_futures._native import _read
from binance_futures._snapshot import METADATA

KERNELS = {
    None: {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    },
    "sql": {
        "kernelspec": {"display_name": "SQL (DuckDB)", "language": "sql", "name": "sql"},
        "language_info": {"name": "sql", "mimetype": "text/x-sql", "file_extension": ".sql"},
    },
}
LETTERS = {kind: letter for letter, kind in TYPES.items()}


def open_link(url: str, folder: str | Path) -> Path:
    """See `binance_futures.open_link`."""
    address, fragment = split(url)
    if not fragment:
        raise LinkError(
            f"{address[:200]!r} has nothing after a '#', where a link carries its notebook: that part was lost on its way. "
            "Ask the sender for the link again, in a text file or as the notebook file."
        )
    link = decode(fragment)
    cells, note = (link.cells, "") if link.cells is not None else _starter(address, link)
    if link.kernel:
        note += " Its cells are SQL: open it on the site, or run them in DuckDB."
    metadata = {
        **KERNELS[link.kernel],
        METADATA: {"snapshot": link.snapshot} if link.snapshot else {},
    }
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    path = _write_new(Path(folder), link.name, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")
    print(f"{path}, data {link.snapshot or 'latest'}.{note} Read it before you run it.")
    return path


def _starter(address: str, link: Link) -> tuple[list[dict], str]:
    """The cells of the site's own notebook that the link names, and a note where it is no longer the same."""
    if urlsplit(address).scheme not in ("http", "https", "file"):
        raise LinkError(f"This link names no site: {address[:80]!r}. Give it whole, from 'https://' on.")
    # A link leads to <base>notebooks/ or to its index.html. What the site ever had, it keeps under its hash.
    with contextlib.suppress(OSError):
        text = _read(urljoin(address, f"../data/notebooks/{link.same}.json"))
        if hashlib.sha256(text).digest()[:CHECK_BYTES].hex() == link.same:
            return unpack(text.decode()), ""
    found = json.loads(_read(urljoin(address, f"../files/{quote(link.name)}.ipynb")))
    packed = []
    for cell in found["cells"]:
        tags = cell["metadata"].get("tags")
        packed.append(
            [LETTERS[cell["cell_type"]], "".join(cell["source"]), *([{"tags": tags}] if tags else [])]
        )
    text = json.dumps(packed, ensure_ascii=False, separators=(",", ":"))
    same = hashlib.sha256(text.encode()).digest()[:CHECK_BYTES].hex() == link.same
    note = (
        ""
        if same
        else " The site has changed this notebook since the link was made and does not keep what it was; this is today's."
    )
    return unpack(text), note


def _write_new(folder: Path, name: str, text: str) -> Path:
    """Writes `text` under a name that no file has yet."""
    stem = re.sub(r"-shared(-\d+)?$", "", name) + "-shared"
    for number in count(1):
        path = folder / f"{stem if number == 1 else f'{stem}-{number}'}.ipynb"
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        return path
    raise AssertionError
