"""Links that carry a notebook and pin its data: docs/links.md, the writing half. Pure functions; the reading half is in
`binance_futures`, and the browser's in build/labextension/src/links."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from dataclasses import dataclass
from functools import cache
from typing import Literal
from unicodedata import category
from urllib.parse import quote

from futures_explorer.errors import ExplorerError
from futures_explorer.links.outputs import SURROGATE, is_picture, outputs_of
from futures_explorer.project import ROOT

VERSION = "1"
LETTERS = {"code": "c", "markdown": "m", "raw": "r"}
MOST_CELLS, MOST_TAGS, LONGEST_NAME = 1000, 20, 100
#: Characters of a fragment, and bytes of a notebook's cells, that a reader accepts.
LONGEST_FRAGMENT, LARGEST_CELLS = 2_000_000, 8_000_000
CHECK_BYTES = 6
#: Lines that many notebooks share; every reader and writer has the same list.
KNOWN_LINES = ROOT / "build/kernel/binance_futures/binance_futures/lines.json"
#: What encodeURIComponent leaves as it is.
UNRESERVED = "!'()*"

#: Which outputs a link is to carry: texts, or pictures too.
Outputs = Literal["texts", "pictures"]


@dataclass(frozen=True)
class Environment:
    """The kernel's packages: a hash of its lock, and the two versions that matter most."""

    id: str
    python: str
    duckdb: str


def pack(notebook: object, outputs: Outputs | None = None) -> str:
    """The canonical JSON text of a notebook's cells; `notebook` is a parsed file of nbformat 4.

    outputs: those to go with it. Without, none do, and only that text's hash names a notebook.

    All metadata but tags stay behind; of attachments, pictures are kept. Raises `ExplorerError`.
    """
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or notebook.get("nbformat") != 4:
        raise ExplorerError(
            "This is not a Jupyter notebook of format 4 (a JSON file with nbformat 4 and a list of cells)."
        )
    if len(cells) > MOST_CELLS:
        raise ExplorerError(f"A link carries at most {MOST_CELLS:,} cells; this notebook has {len(cells):,}.")
    text = _compact([_pack_cell(cell, number, outputs) for number, cell in enumerate(cells, 1)])
    if len(text.encode()) > LARGEST_CELLS:
        raise ExplorerError(
            f"A link carries at most {LARGEST_CELLS:,} bytes of cells; this notebook has more."
        )
    return text


def _compact(value: list) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pack_cell(cell: object, number: int, outputs: Outputs | None) -> list:
    kind = cell.get("cell_type") if isinstance(cell, dict) else None
    source = cell.get("source") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or kind not in LETTERS:
        raise ExplorerError(f"Cell {number} of this notebook is not one that Jupyter knows.")
    packed: list = [LETTERS[kind], _well_formed(source)]
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    tags = [tag for tag in tags if _is_name(tag)][:MOST_TAGS] if isinstance(tags, list) else []
    pictures = _pictures(cell.get("attachments")) if kind == "markdown" else {}
    extras = ({"tags": tags} if tags else {}) | ({"attachments": pictures} if pictures else {})
    if kind == "code" and outputs and (carried := outputs_of(cell.get("outputs"), outputs == "pictures")):
        extras["outputs"] = carried
    return [*packed, extras] if extras else packed


def _pictures(attachments: object) -> dict[str, dict[str, str]]:
    kept = {}
    for name in sorted(attachments if isinstance(attachments, dict) else {}):
        bundle = attachments[name]
        if not isinstance(bundle, dict) or not _is_name(name):
            continue
        pictures = {mime: bundle[mime] for mime in sorted(bundle) if is_picture(mime, bundle[mime])}
        if pictures:
            kept[name] = pictures
    return kept


def _is_name(value: object) -> bool:
    # Counted as JavaScript counts: in UTF-16 code units.
    return (
        isinstance(value, str)
        and not SURROGATE.search(value)
        and len(value.encode("utf-16-le")) <= 2 * LONGEST_NAME
    )


def _well_formed(text: str) -> str:
    return SURROGATE.sub("\ufffd", text)


def _shorten(source: str) -> str | list[str | int]:
    """A source with its known lines as numbers, or as it is where it has none."""
    known = _known_lines()
    parts: list[str | int] = []
    for line in source.split("\n"):
        if line in known:
            parts.append(known[line])
        elif parts and isinstance(parts[-1], str):
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
    return parts if any(isinstance(part, int) for part in parts) else source


@cache
def _known_lines() -> dict[str, int]:
    return {line: number for number, line in enumerate(json.loads(KNOWN_LINES.read_text("utf-8")))}


def name_of(path: str) -> str:
    """A name that can be a file's, from what a notebook is called."""
    stem = path.replace("\\", "/").rpartition("/")[2].removesuffix(".ipynb")
    stem = re.sub(r"-shared(-\d+)?$", "", stem)
    letters = "".join(c if category(c)[0] in "LNM" or c in "_ ()+,.-" else "-" for c in stem)
    while letters and letters[0] != "_" and category(letters[0])[0] not in "LN":
        letters = letters[1:]
    return letters[:80].rstrip(".") or "notebook"


def kernel_of(notebook: object) -> str | None:
    """The kernel of a parsed notebook file that is one of the site's other than Python: "sql"; else None."""
    metadata = notebook.get("metadata") if isinstance(notebook, dict) else None
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    return "sql" if isinstance(spec, dict) and spec.get("name") == "sql" else None


def hash_of(packed: str) -> str:
    """The hash by which a link names cells that it does not carry, from their canonical text."""
    return hashlib.sha256(packed.encode()).digest()[:CHECK_BYTES].hex()


def encode(
    name: str,
    packed: str,
    *,
    same: bool = False,
    snapshot: str | None = None,
    environment: Environment | None = None,
    kernel: str | None = None,
) -> str:
    """The fragment, without `#`, of a link to cells as `pack` gives them.

    same: the site has this very notebook under this name, so the link carries its hash only.
    kernel: as `kernel_of` gives it.
    """
    fields = [f"v={VERSION}", f"name={quote(name, safe=UNRESERVED)}"]
    if snapshot:
        fields.append(f"snapshot={snapshot}")
    if environment:
        fields.append(f"env={environment.id},{environment.python},{environment.duckdb}")
    if kernel:
        fields.append(f"kernel={kernel}")
    if same:
        fields.append(f"same={hash_of(packed)}")
    else:
        cells = [[letter, _shorten(source), *extras] for letter, source, *extras in json.loads(packed)]
        content = _compact(cells).encode()
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        payload = hashlib.sha256(content).digest()[:CHECK_BYTES] + squeeze.compress(content) + squeeze.flush()
        fields.append(f"nb={base64.urlsafe_b64encode(payload).rstrip(b'=').decode()}")
    fragment = "&".join(fields)
    if len(fragment) > LONGEST_FRAGMENT:
        raise ExplorerError(
            f"A link has at most {LONGEST_FRAGMENT:,} characters; this notebook's would have {len(fragment):,}."
        )
    return fragment
