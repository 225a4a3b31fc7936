"""What the starter notebooks read and answer on the newest snapshot: they are run when the site is built (run_notebooks.py).

Two results, both in the site's `data/`, as they follow the data: `likely.json` (likely.py), and for each notebook
`answers/NAME.json`, what its cells answered: a page shows that until the visitor runs them (build/labextension/src/answers).
The notebooks themselves stay without outputs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from futures_explorer.errors import ExplorerError
from futures_explorer.project import ROOT
from futures_explorer.site.gallery import read_gallery
from futures_explorer.site.likely import likely
from futures_explorer.site.phases import files_below, phase

RUNNER = Path(__file__).with_name("run_notebooks.py")
#: Draws the charts of SQL notebooks, as their kernel does.
CHARTS = ROOT / "build" / "sqlkernel" / "charts.mjs"
KERNEL = ROOT / "build" / "kernel"
LIKELY, ANSWERS = "likely.json", "answers"
#: Run after the starter notebooks: so that the quickstart, `universe` and `market_share` answer on every other date, too.
ANY_DATE = "SELECT max(COLUMNS('^(symbol|rank|quote_volume_usdt|market_share_pct|trade_count)$')) FROM volume_rankings"


def write_starters(data: Path, say: Callable[[str], None]) -> None:
    """Writes `likely.json` and `answers/` into the site's `data/` folder.

    Raises `ExplorerError` where the notebooks cannot be run at all; of one that fails, what it read and answered until then
    is there, and a note goes to standard error.
    """
    newest = json.loads((data / "snapshots.json").read_text(encoding="utf-8"))["snapshots"][0]["id"]
    descriptor = data / "snapshots" / newest / "datapackage.json"
    notebooks = [ROOT / "content" / f"{entry.name}.ipynb" for entry in read_gallery()]
    code = files_below(
        *(
            Path(__file__).with_name(name)
            for name in (Path(__file__).name, RUNNER.name, "likely.py", "cells.py")
        ),
        *(KERNEL, CHARTS, CHARTS.parent / "src" / "chart.ts", CHARTS.parent / "src" / "table.ts"),
    )

    def build(into: Path) -> None:
        told = run(data.parent, notebooks)
        draw_charts([outputs for of in told.values() for outputs in of["outputs"]])
        for name, of in told.items():
            if of["error"]:
                first = of["error"].splitlines()[0]
                print(f"Note: {name} did not run to its end on this data: {first}", file=sys.stderr)
        package = json.loads(descriptor.read_text(encoding="utf-8"))
        (into / LIKELY).write_text(likely(told, package, data / "objects"), encoding="utf-8")
        (into / ANSWERS).mkdir()
        for notebook in notebooks:
            text = answers(notebook, told[notebook.stem]["outputs"], package)
            (into / ANSWERS / f"{notebook.stem}.json").write_text(text, encoding="utf-8")

    inputs = [*notebooks, descriptor, ROOT / "requirements.txt", *code]
    built = phase("starters", inputs, build, say=say, doing="Running the starter notebooks")
    (data / ANSWERS).mkdir(exist_ok=True)
    for name in (LIKELY, *(f"{ANSWERS}/{notebook.stem}.json" for notebook in notebooks)):
        (data / name).write_bytes((built / name).read_bytes())


def answers(notebook: Path, outputs: list[list[dict]], descriptor: dict) -> str:
    """`{"snapshot": id, "synthetic": …, "cells": [{"source": text, "outputs": [output, …]}, …]}`: code cells that ran."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    ran = [{"source": source, "outputs": of} for source, of in zip(sources, outputs, strict=False)]
    told = {"snapshot": descriptor["id"], "synthetic": descriptor["synthetic"], "cells": ran}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def draw_charts(cells: list[list[dict]]) -> None:
    """Puts each chart that SQL cells ask for (run_notebooks.py) in its place among their outputs.

    Raises `ExplorerError` where one cannot be drawn.
    """
    places = [(outputs, i) for outputs in cells for i, output in enumerate(outputs) if "chart" in output]
    if not places:
        return
    given = json.dumps([outputs[i]["chart"] for outputs, i in places])
    done = subprocess.run(["node", str(CHARTS)], input=given, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise ExplorerError(f"The charts of the SQL notebooks could not be drawn:\n{done.stderr.strip()}")
    for (outputs, i), chart in zip(places, json.loads(done.stdout), strict=True):
        kind, specification = chart["type"], chart["specification"]
        outputs[i] = {
            "output_type": "execute_result",
            "data": {kind: specification, "text/plain": specification["description"]},
            # As the kernel asks for: sharp at any zoom, with text that a screen reader finds.
            "metadata": {kind: {"embed_options": {"renderer": "svg"}}},
        }


def run(site: Path, notebooks: list[Path]) -> dict[str, dict]:
    """What each notebook read and answered, in the order in which they are shown; last, what is read for other dates."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BINANCE_", "JPY_"))}
    with tempfile.TemporaryDirectory() as scratch:
        cell = f"import binance_futures as bf\nbf.connect().sql({ANY_DATE!r}).fetchall()"
        other = Path(scratch) / "any date.ipynb"
        other.write_text(json.dumps({"cells": [{"cell_type": "code", "source": [cell]}]}), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, str(RUNNER), str(site.resolve()), *map(str, notebooks), str(other)],
            cwd=scratch,
            env={**kept, "IPYTHONDIR": scratch},
            capture_output=True,
            text=True,
        )
    if done.returncode:
        raise ExplorerError(f"The starter notebooks could not be run on the data:\n{done.stderr.strip()}")
    return json.loads(done.stdout)
