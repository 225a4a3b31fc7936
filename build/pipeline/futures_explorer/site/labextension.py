"""The interface's extension: what build/labextension adds to JupyterLab, bundled and ready to be installed."""

import json
from collections.abc import Callable
from pathlib import Path

from futures_explorer.links.format import KNOWN_LINES
from futures_explorer.project import ROOT
from futures_explorer.site import npm
from futures_explorer.site.gallery import GALLERY
from futures_explorer.site.phases import files_below, phase

LABEXTENSION = ROOT / "build" / "labextension"


def build_labextension(say: Callable[[str], None]) -> Path:
    """Builds (or finds unchanged) the extension. Returns its folder, laid out as JupyterLab installs one."""
    inputs = [
        *files_below(LABEXTENSION),
        GALLERY,
        KNOWN_LINES,
        ROOT / "package-lock.json",
        ROOT / "package.json",
    ]
    return phase(
        "labextension",
        [*inputs, Path(__file__)],
        lambda into: npm.bundle("build:labextension", into, "The interface's extension"),
        say=say,
        doing="Bundling the interface's extension",
    )


def labextension_name() -> str:
    """The name under which JupyterLab knows it."""
    return json.loads((LABEXTENSION / "package.json").read_text())["name"]
