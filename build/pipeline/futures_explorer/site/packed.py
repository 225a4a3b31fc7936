"""Files that the site's own scripts unpack (build/engine/src/unpack.ts), by zstd: no host and no browser has to know it.

A packed file is zstd's own format, which `zstd -d` unpacks: a frame that is skipped, of uint32 (packed length, unpacked
length) for each frame that follows, and these, with checksums. The browser unpacks one while the next is on its way.
"""

import math
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import zstandard

from futures_explorer.errors import ExplorerError
from futures_explorer.site.phases import phase

#: Said in the name: nothing that a host would unpack, or take for another type.
SUFFIX = ".bin"
#: Of Python's memory 5.1 MB in 10 s of processor time. Level 17 gives 5.3 in 8, level 12 5.6 in 1.
LEVEL = 19
#: Bytes of content in a frame at most: smaller ones are there sooner, and pack worse.
FRAME = 16 << 20
_SKIPPED = 0x184D2A50


def pack(content: bytes) -> bytes:
    """A packed file's content."""
    count = max(1, math.ceil(len(content) / FRAME))
    size = math.ceil(len(content) / count) or 1
    parts = [content[at : at + size] for at in range(0, len(content), size)]
    with ThreadPoolExecutor() as side:
        frames = list(side.map(_frame, parts))
    lengths = b"".join(
        struct.pack("<II", len(frame), len(part)) for frame, part in zip(frames, parts, strict=True)
    )
    return b"".join([struct.pack("<II", _SKIPPED, len(lengths)), lengths, *frames])


def _frame(part: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(part)


def unpack(file: Path, limit: int = -1) -> bytes:
    """The content of a packed file, or its first `limit` bytes. Raises `ExplorerError` where it is damaged."""
    try:
        with (
            file.open("rb") as packed,
            zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True) as content,
        ):
            return content.read(limit)
    except zstandard.ZstdError as error:
        raise ExplorerError(f"{file} is damaged: expected zstd's frames, {error}.") from error


def packed(source: Path, say: Callable[[str], None]) -> Path:
    """A file of an installed package, packed (or found so). Returns the packed file."""
    name = source.with_suffix(SUFFIX).name
    folder = phase(
        f"packed-{source.stem}",
        [source, Path(__file__)],
        lambda into: _write(into / name, source),
        say=say,
        doing=f"Packing {source.name}",
    )
    return folder / name


def _write(target: Path, source: Path) -> None:
    target.write_bytes(pack(source.read_bytes()))
