"""Writing files so that a reader meets the old one or the new one, never half of one; and their hash."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any


def write_json(path: Path, value: Any) -> None:
    """Write JSON the way every file here has it: UTF-8, indented, one newline at the end, all or nothing."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write `text` beside `path`, then move it there; an equal file is left alone."""
    data = text.encode("utf-8")
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".beside-", delete=False) as beside:
        try:
            beside.write(data)
            beside.close()
            Path(beside.name).chmod(0o644)
            Path(beside.name).replace(path)
        finally:
            Path(beside.name).unlink(missing_ok=True)


def replace_folder(fresh: Path, out: Path) -> None:
    """Move the folder `fresh` to where `out` is, which may be there already; both on one disk."""
    old = out.with_name(f".{out.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def file_sha256(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
