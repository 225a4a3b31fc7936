"""Bundles TypeScript with the scripts that package.json names."""

import subprocess
from pathlib import Path

from futures_explorer.errors import ExplorerError
from futures_explorer.project import ROOT


def bundle(script: str, into: Path, what: str) -> None:
    """Runs `npm run SCRIPT -- INTO`, which fills the folder `into`; `what` names it where that fails.

    Raises `ExplorerError` with the script's own message.
    """
    done = subprocess.run(
        ["npm", "run", "--silent", script, "--", str(into)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise ExplorerError(f"{what} could not be bundled:\n{done.stderr.strip() or done.stdout.strip()}")
