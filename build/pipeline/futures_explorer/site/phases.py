"""Build phases whose results are kept by what went into them, so that an unchanged phase is a no-op."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from futures_explorer.project import ROOT

#: Where phases keep their results. Safe to delete.
CACHE = ROOT / ".cache" / "phases"


def files_below(*roots: Path) -> list[Path]:
    """All files below the given files and folders, sorted; caches and hidden files left out."""
    found: list[Path] = []
    for root in roots:
        if root.is_file():
            found.append(root)
            continue
        for path in root.rglob("*"):
            parts = path.relative_to(root).parts
            skipped = any(part.startswith(".") or part in {"__pycache__", "node_modules"} for part in parts)
            if path.is_file() and not skipped:
                found.append(path)
    return sorted(found)


def fingerprint(inputs: Iterable[Path | str]) -> str:
    """A short hash of file contents (with their names) and of plain strings, in the order given."""
    digest = hashlib.sha256()
    for item in inputs:
        if isinstance(item, Path):
            name = item.relative_to(ROOT) if item.is_relative_to(ROOT) else item.name
            digest.update(f"file {name}\n".encode())
            with item.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        else:
            digest.update(f"text {item}\n".encode())
    return digest.hexdigest()[:16]


def phase(
    name: str,
    inputs: Iterable[Path | str],
    build: Callable[[Path], None],
    *,
    say: Callable[[str], None] = lambda _: None,
    doing: str = "",
) -> Path:
    """The folder with this phase's result, built only if nothing with the same inputs is there yet.

    `build` receives an empty folder and fills it. The folder appears under its final name only once
    `build` has returned, so an interrupted phase leaves nothing that looks whole.
    """
    target = CACHE / f"{name}-{fingerprint(inputs)}"
    if target.is_dir():
        return target
    say(doing or name)
    CACHE.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=CACHE))
    try:
        build(scratch)
        # mkdtemp makes a private folder; what is served is readable by everyone.
        scratch.chmod(0o755)
        for older in CACHE.glob(f"{name}-*"):
            shutil.rmtree(older, ignore_errors=True)
        scratch.rename(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target


def link_tree(source: Path, target: Path) -> None:
    """Puts every file below `source` at the same place below `target`: a hard link where the disk allows.

    Raises `FileExistsError` where two parts of the site claim the same path.
    """
    for path in files_below_all(source):
        destination = target / path.relative_to(source)
        destination.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, destination)
        except FileExistsError:
            raise
        except OSError:
            shutil.copyfile(path, destination)


def files_below_all(root: Path) -> list[Path]:
    """Every file below `root`, sorted, nothing left out."""
    return sorted(path for path in root.rglob("*") if path.is_file())
