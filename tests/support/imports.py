"""Who imports whom in build/: read from the source, late imports too. Not what Python imports for a type checker only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

BUILD = Path(__file__).resolve().parents[2] / "build"
#: Where each Python package of the project lies.
PACKAGES = {
    "futures_explorer": BUILD / "pipeline",
    "duckdb_wasm": BUILD / "kernel/duckdb",
    "binance_futures": BUILD / "kernel/binance_futures",
    "explorer_startup": BUILD / "kernel/explorer_startup",
}
_TYPESCRIPT = re.compile(
    r"""^(?:import|export)\b[^;'"]*?\bfrom\s+["']([^"']+)["']|^import\s+["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']""",
    re.MULTILINE,
)


def imports() -> dict[str, set[str]]:
    """File of the project → files of it that it imports; paths below build/ (or from there: `../content/…`)."""
    found: dict[str, set[str]] = {}
    for file in sorted(BUILD.rglob("*.py")):
        found[_name(file)] = {_name(other) for other in _python(file) if other != file}
    for file in sorted([*BUILD.rglob("*.ts"), *BUILD.rglob("*.mjs")]):
        found[_name(file)] = {_name(other) for other in _typescript(file)}
    return found


def _name(file: Path) -> str:
    path = file.resolve()
    if path.is_relative_to(BUILD):
        return path.relative_to(BUILD).as_posix()
    return f"../{path.relative_to(BUILD.parent).as_posix()}"


def _python(file: Path) -> Iterator[Path]:
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield from _module(name.name)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                folder = file.parents[node.level - 1]
                above = next(root for root in PACKAGES.values() if folder.is_relative_to(root))
                module = ".".join([*folder.relative_to(above).parts, *filter(None, [module])])
            for name in node.names:
                # A module of the package, else something in it.
                yield from list(_module(f"{module}.{name.name}")) or _module(module)


def _module(dotted: str) -> Iterator[Path]:
    root = PACKAGES.get(dotted.partition(".")[0])
    if root is None:
        return
    path = root.joinpath(*dotted.split("."))
    yield from (file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file())


def _typescript(file: Path) -> Iterator[Path]:
    for found in _TYPESCRIPT.finditer(file.read_text("utf-8")):
        name = next(filter(None, found.groups()))
        if not name.startswith("."):
            continue
        path = (file.parent / name).resolve()
        tried = (path, path.with_name(f"{path.name}.ts"), path / "index.ts")
        target = next((one for one in tried if one.is_file()), None)
        # What a build makes (engine.js beside a page) is no file here.
        if target is not None:
            yield target
