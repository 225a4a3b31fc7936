"""Links that carry a notebook and pin its data: docs/links.md, the reading half. Pure functions."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import category
from urllib.parse import unquote_to_bytes

from binance_futures._link_outputs import MOST_OUTPUTS, SURROGATE, are_outputs, is_picture, shown
from binance_futures._mend import candidates
from binance_futures._snapshot import ID

VERSION = "1"
TYPES = {"c": "code", "m": "markdown", "r": "raw"}
LONGEST_FRAGMENT, LARGEST_CELLS = 2_000_000, 8_000_000
MOST_CELLS, MOST_TAGS, LONGEST_NAME = 1000, 20, 100
CHECK_BYTES = 6
#: Parts of a source that names known lines.
MOST_PARTS = 100_000
EXTRAS = {"tags", "attachments", "outputs"}
HASH = re.compile(r"[0-9a-f]{12}")
ENVIRONMENT = re.compile(r"([0-9a-f]{12}),([\w.+-]{1,20}),([\w.+-]{1,20})", re.ASCII)


class LinkError(ValueError):
    """A link that cannot be opened; nothing was written."""


@dataclass(frozen=True)
class Link:
    """What a link says. `cells` are nbformat's, or None where the site has the notebook: then `same`
    is their hash."""

    name: str
    cells: list[dict] | None
    same: str | None = None
    snapshot: str | None = None
    environment: tuple[str, str, str] | None = None
    #: "sql", or None for Python.
    kernel: str | None = None


def decode(fragment: str) -> Link:
    """What a fragment (without `#`) holds, also as mail and chat leave it: what was changed on its way is taken back
    where the link then is what its own check says. Raises `LinkError`, and nothing else."""
    if len(fragment) > LONGEST_FRAGMENT:
        raise LinkError(
            f"This link is too long: {len(fragment):,} of at most {LONGEST_FRAGMENT:,} characters."
        )
    first = None
    for candidate in candidates(fragment):
        try:
            return _decode(candidate)
        except LinkError as error:
            first = first or error
    raise first


def _decode(fragment: str) -> Link:
    fields = _fields(fragment)
    if fields.get("v") != VERSION:
        raise LinkError(
            f"This link is of version {fields.get('v', '')[:20]!r}; this package reads version {VERSION}. Is it whole, from "
            "'https://' to its end? Otherwise a newer binance_futures may read it."
        )
    name, snapshot, environment = fields.get("name", ""), fields.get("snapshot"), fields.get("env")
    if not _is_file_name(name):
        raise LinkError(f"This link's notebook has a name that is no file name: {name[:60]!r}.")
    if snapshot is not None and not ID.fullmatch(snapshot):
        raise _damaged("its snapshot is no snapshot's id")
    made_with = ENVIRONMENT.fullmatch(environment or "")
    if environment is not None and not made_with:
        raise _damaged("its environment cannot be read")
    kernel = fields.get("kernel")
    if kernel not in (None, "sql"):
        raise LinkError(
            f"This link's notebook is for the kernel {kernel[:20]!r}, which this package does not know."
        )
    payload, same = fields.get("nb"), fields.get("same")
    if (payload is None) == (same is None):
        raise _damaged("the notebook is missing")
    if same is not None and not HASH.fullmatch(same):
        raise _damaged("the notebook's hash cannot be read")
    cells = None if payload is None else unpack(_inflate(payload))
    return Link(name, cells, same, snapshot, made_with and made_with.groups(), kernel)


def _fields(fragment: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for field in fragment.split("&"):
        key, _, value = field.partition("=")
        if key in fields:
            raise _damaged(f"it says {key[:20]!r} twice")
        try:
            fields[key] = unquote_to_bytes(value).decode()
        except UnicodeError:
            raise _damaged("it is not valid UTF-8") from None
    return fields


def _inflate(payload: str) -> str:
    try:
        if not re.fullmatch(r"[\w-]*", payload, re.ASCII):
            raise ValueError
        packed = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        content = stream.decompress(packed[CHECK_BYTES:], LARGEST_CELLS + 1)
    except (ValueError, zlib.error):
        raise _damaged("the notebook in it cannot be unpacked") from None
    if len(content) > LARGEST_CELLS:
        raise LinkError(f"This link unpacks to more than {LARGEST_CELLS:,} bytes.")
    if not stream.eof or stream.unused_data:
        raise _damaged("the notebook in it cannot be unpacked")
    if hashlib.sha256(content).digest()[:CHECK_BYTES] != packed[:CHECK_BYTES]:
        raise _damaged("the notebook in it is not the one that was sent")
    try:
        return content.decode()
    except UnicodeError:
        raise _damaged("its text is not valid UTF-8") from None


def unpack(text: str) -> list[dict]:
    """nbformat's cells from a link's text. Raises `LinkError` where it is anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise _not_cells("it is not JSON") from None
    if not isinstance(found, list):
        raise _not_cells("it is not a list of cells")
    if len(found) > MOST_CELLS:
        raise LinkError(
            f"This notebook has {len(found):,} cells; one with at most {MOST_CELLS:,} can be opened."
        )
    cells, size = [], 0
    for number, entry in enumerate(found, 1):
        cells.append(_unpack_cell(entry, number))
        size += len(cells[-1]["source"])
        if size > LARGEST_CELLS:
            raise LinkError(f"This link unpacks to more than {LARGEST_CELLS:,} characters.")
    return cells


@cache
def _known_lines() -> list[str]:
    return json.loads((Path(__file__).parent / "lines.json").read_text("utf-8"))


def _restore(source: object, where: str) -> str | None:
    """A cell's source, whose known lines a link names by number; None where it is none."""
    if not isinstance(source, list):
        return source if _is_text(source) else None
    known, lines = _known_lines(), []
    for part in source[: MOST_PARTS + 1]:
        if type(part) is int and not 0 <= part < len(known):
            raise LinkError(
                f"This link was made by a newer state of its site ({where} names a line that is not known here). "
                "A newer binance_futures may read it."
            )
        lines.append(known[part] if type(part) is int else part)
    return "\n".join(lines) if 0 < len(lines) <= MOST_PARTS and all(map(_is_text, lines)) else None


def _unpack_cell(entry: object, number: int) -> dict:
    where = f"cell {number}"
    if not isinstance(entry, list) or len(entry) not in (2, 3):
        raise _not_cells(f"{where} is not a cell")
    letter, carried, extras = (*entry, {})[:3]
    source = _restore(carried, where)
    kind = TYPES.get(letter) if isinstance(letter, str) else None
    if not (kind and source is not None and isinstance(extras, dict)):
        raise _not_cells(f"{where} is not a cell")
    if unknown := sorted(extras.keys() - EXTRAS):
        raise _not_cells(f"{where} carries {unknown[0][:40]!r}, which version 1 does not know")
    tags, attachments = extras.get("tags", []), extras.get("attachments", {})
    if not (isinstance(tags, list) and len(tags) <= MOST_TAGS and all(map(_is_name, tags))):
        raise _not_cells(f"the tags of {where} are not at most {MOST_TAGS} short texts")
    if "attachments" in extras and not (_are_pictures(attachments) and kind == "markdown"):
        raise _not_cells(f"{where} has attachments that are not pictures")
    if "outputs" in extras and not (are_outputs(extras["outputs"]) and kind == "code"):
        raise _not_cells(
            f"the outputs of {where} are not at most {MOST_OUTPUTS} texts and pictures of the sizes allowed"
        )
    cell = {
        "id": f"cell-{number}",
        "cell_type": kind,
        "metadata": {"tags": tags} if tags else {},
        "source": source,
    }
    if attachments:
        cell["attachments"] = attachments
    if kind == "code":
        cell |= {"execution_count": None, "outputs": shown(extras.get("outputs", []))}
    return cell


def _are_pictures(attachments: object) -> bool:
    return (
        isinstance(attachments, dict)
        and bool(attachments)
        and all(
            _is_name(name)
            and isinstance(bundle, dict)
            and bundle
            and all(is_picture(mime, data) for mime, data in bundle.items())
            for name, bundle in attachments.items()
        )
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not SURROGATE.search(value)


def _is_name(value: object) -> bool:
    # Counted as JavaScript counts: in UTF-16 code units.
    return _is_text(value) and len(value.encode("utf-16-le")) <= 2 * LONGEST_NAME


def _is_file_name(name: str) -> bool:
    letters = all(category(letter)[0] in "LNM" or letter in "_ ()+,.-" for letter in name)
    starts = name[:1] == "_" or category(name[:1] or ".")[0] in "LN"
    return letters and starts and len(name) <= 80 and not name.endswith(".")


def _damaged(why: str) -> LinkError:
    return LinkError(
        f"This link is cut off or damaged: {why}. Chat programs and e-mail sometimes cut or change long links: ask "
        "the sender for it again, in a text file or as the notebook file."
    )


def _not_cells(why: str) -> LinkError:
    return LinkError(f"This link does not hold a notebook: {why}.")
