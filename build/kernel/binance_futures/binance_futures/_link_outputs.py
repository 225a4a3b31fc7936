"""Outputs that travel with a link: docs/links.md, "Outputs". Texts and pictures only. Pure functions."""

from __future__ import annotations

import re

#: Of one cell; UTF-16 code units of a text; characters of a picture's base64.
MOST_OUTPUTS, LONGEST_OUTPUT, LARGEST_PICTURE = 20, 20_000, 500_000
PICTURE = re.compile(r"image/(png|jpeg|gif|webp)")
BASE64 = re.compile(r"[A-Za-z0-9+/\s]*={0,2}\s*")
SURROGATE = re.compile("[\ud800-\udfff]")
#: The output that says of those after it that they came with a link; the site's interface draws it by its type.
LABEL_TYPE = "application/vnd.binance-futures.carried+json"
LABEL = "Came with the link, not run here:"
TYPES = {"text": "text/plain", "markdown": "text/markdown"}


def are_outputs(found: object) -> bool:
    """Whether a link's `outputs` are what they may be."""
    return isinstance(found, list) and 0 < len(found) <= MOST_OUTPUTS and all(map(_is_output, found))


def _is_output(found: object) -> bool:
    if not (isinstance(found, list) and len(found) == 2 and all(isinstance(part, str) for part in found)):
        return False
    kind, content = found
    if kind in TYPES:
        # Counted as JavaScript counts: in UTF-16 code units.
        return not SURROGATE.search(content) and len(content.encode("utf-16-le")) <= 2 * LONGEST_OUTPUT
    return is_picture(kind, content) and len(content) <= LARGEST_PICTURE


def is_picture(mime: str, data: object) -> bool:
    """Whether a MIME type, and its data in base64, are a picture's."""
    return bool(PICTURE.fullmatch(mime) and isinstance(data, str) and BASE64.fullmatch(data))


def shown(outputs: list[list[str]]) -> list[dict]:
    """nbformat's outputs, the label first: whatever they say, the reader sees that they were not computed here."""
    if not outputs:
        return []
    bundles = [{TYPES.get(kind, kind): content} for kind, content in outputs]
    return [
        {"output_type": "display_data", "data": data, "metadata": {}}
        for data in [{LABEL_TYPE: {}, "text/plain": LABEL}, *bundles]
    ]
