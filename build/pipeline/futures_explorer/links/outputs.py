"""Outputs that travel with a link: docs/links.md, "Outputs". Texts and pictures only. Pure functions."""

from __future__ import annotations

import re

#: Of one cell; UTF-16 code units of a text; characters of a picture's base64.
MOST_OUTPUTS, LONGEST_OUTPUT, LARGEST_PICTURE = 20, 20_000, 500_000
PICTURE = re.compile(r"image/(png|jpeg|gif|webp)")
BASE64 = re.compile(r"[A-Za-z0-9+/\s]*={0,2}\s*")
SURROGATE = re.compile("[\ud800-\udfff]")
#: The output that says of those after it that they came with a link: it is not one that travels.
LABEL_TYPE = "application/vnd.binance-futures.carried+json"
#: What an output may have beside its text without being more than its text.
SAID_BY_TEXT = {"text/plain", "text/html", "text/latex"}


def outputs_of(found: object, pictures: bool) -> list[list[str]]:
    """What a link carries of a code cell's outputs as nbformat has them; pictures only where they are wanted."""
    carried = []
    for output in found if isinstance(found, list) else []:
        kept = _carry(output) if isinstance(output, dict) else None
        if kept and (pictures or not PICTURE.fullmatch(kept[0])):
            carried.append(kept)
    return carried[:MOST_OUTPUTS]


def _carry(output: dict) -> list[str] | None:
    kind, data = output.get("output_type"), output.get("data")
    if kind == "stream":
        return _text("text", output.get("text"), "")
    if kind == "error":
        return _text("text", output.get("traceback"), "\n")
    if not isinstance(data, dict) or LABEL_TYPE in data:
        return None
    if "text/markdown" in data:
        return _text("markdown", data["text/markdown"], "")
    picture = next((mime for mime in sorted(data) if PICTURE.fullmatch(mime)), None)
    if picture:
        content = _joined(data[picture], "")
        return (
            [picture, content] if is_picture(picture, content) and len(content) <= LARGEST_PICTURE else None
        )
    # A script's, a widget's or a drawing's text only says that there is one.
    return _text("text", data.get("text/plain"), "") if data.keys() <= SAID_BY_TEXT else None


def _text(kind: str, found: object, by: str) -> list[str] | None:
    whole = _joined(found, by)
    if whole is None:
        return None
    # Counted as JavaScript counts: in UTF-16 code units.
    units = whole.encode("utf-16-le", "surrogatepass")
    if len(units) > 2 * LONGEST_OUTPUT:
        whole = units[: 2 * (LONGEST_OUTPUT - 1)].decode("utf-16-le", "surrogatepass") + "…"
    return [kind, SURROGATE.sub("\ufffd", whole)]


def _joined(found: object, by: str) -> str | None:
    """A text, or nbformat's list of parts of one."""
    parts = found if isinstance(found, list) else [found]
    return by.join(parts) if all(isinstance(part, str) for part in parts) else None


def is_picture(mime: str, data: object) -> bool:
    """Whether a MIME type, and its data in base64, are a picture's."""
    return bool(PICTURE.fullmatch(mime) and isinstance(data, str) and BASE64.fullmatch(data))
