"""Verification of files that came from outside, against hashes that are declared in this repository."""

import re
from pathlib import Path

from futures_explorer.errors import ExplorerError
from futures_explorer.files import file_sha256


def verify(path: Path, expected: str | set[str], declared_in: str) -> None:
    """Stops the build unless the file's SHA-256 is the one (or one of those) declared.

    Raises `ExplorerError` with file, expected, got and what to do.
    """
    allowed = {expected} if isinstance(expected, str) else expected
    got = file_sha256(path)
    if got not in allowed:
        raise ExplorerError(
            f"{path.name} is not what {declared_in} declares.\n"
            f"  file      {path}\n"
            f"  expected  sha256 {' or '.join(sorted(allowed))}\n"
            f"  got       sha256 {got}\n"
            "The download was cut, or the file was changed. Delete it and build again; if it happens twice, "
            "do not trust the source."
        )


def locked_hashes(requirements: Path) -> dict[str, set[str]]:
    """Distribution name (normalized) to its allowed SHA-256 digests, from a hash-locked requirements file."""
    text = requirements.read_text().replace("\\\n", " ")
    locked: dict[str, set[str]] = {}
    for line in text.splitlines():
        match = re.match(r"([A-Za-z0-9._-]+)==", line)
        if match:
            name = re.sub(r"[-_.]+", "-", match[1]).lower()
            locked.setdefault(name, set()).update(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
    return locked
