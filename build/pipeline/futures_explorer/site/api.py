"""The API in the site: made of the snapshots in its `data/`, and again only when there are others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from futures_explorer.api.write import write_api
from futures_explorer.project import ROOT
from futures_explorer.release import definitions, tables
from futures_explorer.site.phases import files_below, phase

ROOM = ROOT / "build/pipeline/futures_explorer/api"


def build_api(data: Path, url: str | None, say: Callable[[str], None]) -> Path:
    """The folder with the API's files, as they lie in the site; `data` is the site's `data/`, `url` its address, if known.

    Raises `ExplorerError`.
    """
    ids = [entry["id"] for entry in json.loads((data / "snapshots.json").read_text("utf-8"))["snapshots"]]
    files = [data / "snapshots" / name / "datapackage.json" for name in ids]

    def build(into: Path) -> None:
        write_api(data, [json.loads(file.read_text("utf-8")) for file in files], into / "files", url)

    code = files_below(
        Path(__file__), ROOM, Path(tables.__file__), Path(definitions.__file__), definitions.FILE
    )
    inputs = [*files, url or "", ROOT / "requirements.txt", *code]
    return phase("api", inputs, build, say=say, doing="Writing the API") / "files"
