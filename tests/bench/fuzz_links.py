"""The readers of links under 100,000 broken ones each: no hang, no error but `LinkError`. `make bench-links`."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import sys
import time
import zlib
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "build" / "kernel" / "binance_futures")]

from binance_futures import _links  # noqa: E402
from futures_explorer.links import format as link_format  # noqa: E402
from support.labextension import run_typescript  # noqa: E402
from support.links import starters  # noqa: E402

COUNT = 100_000
ENVIRONMENT = link_format.Environment("0123456789ab", "3.14.2", "1.5.1")
LETTERS = "ABCabc019-_&=#%+/. \x00é🙂"
MARKS = (
    ".",
    ")",
    '">',
    "\n> ",
    "\u00ad",
    "%C2%AD",
    "%0A",
    "%20",
    "—",
    "%E2%80%93",
    "%26",
    "&",
    "&amp;",
    "nb=",
    "_",
    "-",
    "%25",
)
VALUES = (
    None,
    True,
    -1,
    1e308,
    2**70,
    "",
    "c",
    "m",
    "x",
    [],
    {},
    ["c"],
    ["c", ""],
    ["c", [0]],
    ["c", [10**9]],
    {"tags": [1]},
    ["text", "42"],
    {"outputs": [["image/png", "AAAA"]]},
    {"outputs": [["markdown", "<b>"], ["text/html", ""]]},
)


def broken(dice: random.Random, whole: list[str]) -> str:
    """A link that was changed at random: its characters, its bytes, or what its text says."""
    kind = dice.randrange(5)
    if kind == 4:
        return mangled(dice, dice.choice(whole))
    if kind == 0:
        text = list(dice.choice(whole))
        for _ in range(dice.randint(1, 8)):
            at = dice.randrange(len(text))
            text[at : at + dice.randint(0, 3)] = dice.choice(LETTERS) * dice.randint(0, 2)
        return "".join(text) if "".join(text).startswith("v=") else "v=1&" + "".join(text)
    if kind == 1:
        return dice.choice(whole)[: dice.randint(2, 300)]
    if kind == 2:
        return "v=1&name=made&nb=" + _text(dice.randbytes(dice.randint(0, 200)))
    content = json.dumps(_value(dice, 0)).encode()
    if dice.random() < 0.2:
        content = content.replace(b'"', bytes([dice.randrange(256)]))
    squeeze = zlib.compressobj(1, zlib.DEFLATED, -15)
    packed = squeeze.compress(content) + squeeze.flush()
    return "v=1&name=made&nb=" + _text(hashlib.sha256(content).digest()[:6] + packed)


def mangled(dice: random.Random, whole: str) -> str:
    """A link as mail and chat might leave it, several times over, or as someone who wants a reader to hang would."""
    for _ in range(dice.randint(1, 3)):
        mark, at = dice.choice(MARKS), dice.randrange(len(whole))
        whole = dice.choice(
            (
                quote(whole, safe="") if len(whole) < 100_000 else whole,
                whole.replace("&", "&amp;"),
                whole.replace("=", "=3D"),
                whole.replace("-", mark),
                whole[:at] + mark + whole[at:],
                whole + mark * dice.choice((1, 2, 1000)),
                whole[:at] + mark * dice.choice((10, 10_000)) + whole[at:],
            )
        )
    return whole


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _value(dice: random.Random, depth: int) -> object:
    if depth > 3 or dice.random() < 0.5:
        return dice.choice(VALUES)
    if dice.random() < 0.7:
        return [_value(dice, depth + 1) for _ in range(dice.randint(0, 4))]
    return {
        dice.choice(("tags", "attachments", "outputs", "__proto__", "trusted")): _value(dice, depth + 1)
        for _ in range(2)
    }


def in_python(fragments: list[str]) -> tuple[int, float]:
    """How many were refused, and the longest in seconds."""
    refused, slowest = 0, 0.0
    for fragment in fragments:
        start = time.perf_counter()
        try:
            _links.decode(fragment)
        except _links.LinkError:
            refused += 1
        slowest = max(slowest, time.perf_counter() - start)
    return refused, slowest


def in_typescript(fragments: list[str]) -> tuple[int, float]:
    """The same in Node. Fails at the first other error."""
    script = """
        let refused = 0, slowest = 0;
        for (const fragment of given) {
            const start = performance.now();
            try {
                await module.decode(fragment);
            } catch (error) {
                if (error.name !== 'LinkError') throw new Error(fragment + ': ' + error.stack);
                refused += 1;
            }
            slowest = Math.max(slowest, performance.now() - start);
        }
        return [refused, slowest / 1000];
    """
    return tuple(run_typescript(("links/codec",), script, fragments))


def main() -> None:
    dice = random.Random(11)
    whole = [
        link_format.encode(
            name.removesuffix(".ipynb"),
            link_format.pack(notebook),
            snapshot="2026-11-18-3fa9c1",
            environment=ENVIRONMENT,
        )
        for name, notebook in starters().items()
    ]
    fragments = [broken(dice, whole) for _ in range(COUNT)]
    for name, read in (("Python", in_python), ("TypeScript", in_typescript)):
        start = time.perf_counter()
        refused, slowest = read(fragments)
        print(
            f"{name}: {COUNT:,} broken links in {time.perf_counter() - start:.0f} s, {refused:,} refused with a message, "
            f"{COUNT - refused:,} read, the slowest took {slowest * 1000:.1f} ms"
        )


if __name__ == "__main__":
    main()
