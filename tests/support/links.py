"""Notebooks to be carried by links: the site's own, and generated ones."""

from __future__ import annotations

import base64
import json
import random
from pathlib import Path

CONTENT = Path(__file__).resolve().parents[2] / "content"
WORDS = (
    "db.sql('FROM universe(1)')",
    "día",
    "数据",
    "🙂👩‍👩‍👧",
    "é\u0301",
    "\u202e",
    '"',
    "\\",
    "\n",
    "\t",
    "\x7f",
    "\u2028",
)
PICTURES = ("image/png", "image/jpeg", "image/webp")


def starters() -> dict[str, dict]:
    """Every starter notebook, by file name."""
    return {path.name: json.loads(path.read_text("utf-8")) for path in sorted(CONTENT.glob("*.ipynb"))}


def generated(count: int) -> list[dict]:
    """Valid notebooks of every kind of cell, the same ones each time; one has 1 MB of Markdown, one no cell."""
    dice = random.Random(7)
    notebooks = [_notebook(dice, dice.randint(1, 12)) for _ in range(count - 2)]
    huge = _notebook(dice, 1)
    huge["cells"][0] = _cell(
        dice, "markdown", "".join(chr(dice.randint(0x4E00, 0x9FFF)) for _ in range(350_000))
    )
    return [*notebooks, huge, _notebook(dice, 0)]


def _notebook(dice: random.Random, cells: int) -> dict:
    made = [_cell(dice, dice.choice(("code", "markdown", "raw")), _text(dice)) for _ in range(cells)]
    for number, cell in enumerate(made):
        cell["id"] = f"made-{number}"
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}


def _cell(dice: random.Random, kind: str, text: str) -> dict:
    cell = {
        "id": "made-0",
        "cell_type": kind,
        "metadata": {"tags": [f"t{number}" for number in range(dice.randint(0, 2))], "trusted": True},
        "source": text if dice.random() < 0.5 else text.splitlines(keepends=True),
    }
    if kind == "code":
        cell |= {
            "execution_count": 3,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "1\n"}],
        }
    elif kind == "markdown" and dice.random() < 0.3:
        picture = base64.b64encode(dice.randbytes(40)).decode()
        cell["attachments"] = {"picture.png": {dice.choice(PICTURES): picture}}
    return cell


def _text(dice: random.Random) -> str:
    made = [dice.choice(WORDS) if dice.random() < 0.5 else _letters(dice) for _ in range(dice.randint(0, 60))]
    return " ".join(made)


def _letters(dice: random.Random) -> str:
    ranges = ((1, 0x7F), (0x80, 0xD7FF), (0xE000, 0x10FFFF))
    return "".join(chr(dice.randint(*dice.choice(ranges))) for _ in range(dice.randint(1, 8)))


def cells_of(notebook: dict) -> list[dict]:
    """What must come out of a link again: type, text, tags and pictures of each cell."""
    return [
        {
            "type": cell["cell_type"],
            "source": "".join(cell["source"]),
            "tags": cell["metadata"].get("tags", []),
            "attachments": cell.get("attachments", {}),
        }
        for cell in notebook["cells"]
    ]
