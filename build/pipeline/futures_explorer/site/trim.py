"""DuckDB's WebAssembly without the exports that nobody here asks for.

It is linked so that every extension finds every function of it: 77,813 exports, which are 7.8 of its 35.7 MB, and each
of which the browser makes and DuckDB's bindings look at whenever it starts. The extensions of a site ask for some 1,700.
Nothing but the export section changes: https://webassembly.github.io/spec/core/binary/modules.html
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from futures_explorer.errors import ExplorerError
from futures_explorer.site.phases import phase

_MAGIC = b"\0asm\1\0\0\0"
_IMPORTS, _EXPORTS = 2, 7
_FUNCTION, _TABLE, _MEMORY, _GLOBAL, _TAG = range(5)
#: Begins the name of what is C++: the bindings know C names only.
_MANGLED = b"_Z"
#: Stands before the name of a function that takes 64-bit integers as such (Emscripten).
_ORIGINAL = b"orig$"


def trimmed(wasm: Path, extensions: Path, say: Callable[[str], None]) -> Path:
    """DuckDB's WebAssembly for the extensions in a folder, made (or found so). Returns the file."""
    asking = sorted(extensions.rglob("*.wasm"))
    folder = phase(
        f"trimmed-{wasm.stem}",
        [wasm, *asking, Path(__file__)],
        lambda into: _write(into / wasm.name, wasm, asking),
        say=say,
        doing=f"Trimming {wasm.name}",
    )
    return folder / wasm.name


def _write(target: Path, wasm: Path, asking: Iterable[Path]) -> None:
    target.write_bytes(trim(wasm.read_bytes(), [file.read_bytes() for file in asking]))


def trim(wasm: bytes, asking: Iterable[bytes]) -> bytes:
    """A module without the exports of C++ that none of the modules `asking`, nor itself, imports.

    Raises `ExplorerError` where one of them is no WebAssembly.
    """
    asked = {name for module in (wasm, *asking) for name in _imports(module)}
    parts = [_MAGIC]
    for section, content in _sections(wasm):
        if section == _EXPORTS:
            kept = [entry for name, entry in _exports(content) if _is_wanted(name, asked)]
            content = _integer(len(kept)) + b"".join(kept)
        parts += [bytes([section]), _integer(len(content)), content]
    return b"".join(parts)


def _is_wanted(name: bytes, asked: set[bytes]) -> bool:
    plain = name.removeprefix(_ORIGINAL)
    return not plain.startswith(_MANGLED) or plain in asked


def _sections(module: bytes) -> Iterator[tuple[int, bytes]]:
    """A module's sections: their numbers and contents."""
    if not module.startswith(_MAGIC):
        raise ExplorerError(f"Expected WebAssembly, which begins with {_MAGIC!r}, got {module[:8]!r}.")
    at = len(_MAGIC)
    while at < len(module):
        section = module[at]
        length, at = _read(module, at + 1)
        yield section, module[at : at + length]
        at += length
    if at != len(module):
        raise ExplorerError(f"WebAssembly is cut off: expected {at} bytes, got {len(module)}.")


def _exports(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """An export section's entries: each one's name, and the whole of it."""
    count, at = _read(content, 0)
    for _ in range(count):
        begin = at
        name, at = _name(content, at)
        _, at = _read(content, at + 1)
        yield name, content[begin:at]


def _imports(module: bytes) -> Iterator[bytes]:
    """The names that a module imports."""
    for section, content in _sections(module):
        if section != _IMPORTS:
            continue
        count, at = _read(content, 0)
        for _ in range(count):
            _, at = _name(content, at)
            name, at = _name(content, at)
            at = _after_type(content, at)
            yield name


def _after_type(content: bytes, at: int) -> int:
    """Where the type of an import ends that begins there."""
    kind, at = content[at], at + 1
    if kind == _GLOBAL:
        return at + 2
    if kind in (_FUNCTION, _TAG):
        return _read(content, at + (kind == _TAG))[1]
    # A table has a type, and both have limits: at least so many, and where the first bit says so at most so many.
    at += kind == _TABLE
    bits = content[at]
    _, at = _read(content, at + 1)
    return _read(content, at)[1] if bits & 1 else at


def _name(content: bytes, at: int) -> tuple[bytes, int]:
    length, at = _read(content, at)
    return content[at : at + length], at + length


def _read(content: bytes, at: int) -> tuple[int, int]:
    """An integer (LEB128) and where it ends."""
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _integer(value: int) -> bytes:
    written = bytearray()
    while value >= 0x80:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])
