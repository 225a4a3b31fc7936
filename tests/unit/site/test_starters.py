"""What the build says that the starter notebooks answered."""

import json

from futures_explorer.project import ROOT


def test_every_cell_has_its_outputs_and_no_path_of_the_building_machine():
    folder = ROOT / "_site/data/answers"
    newest = json.loads((ROOT / "_site/data/snapshots.json").read_text("utf-8"))["snapshots"][0]["id"]
    for notebook in (ROOT / "content").glob("*.ipynb"):
        text = (folder / notebook.name).with_suffix(".json").read_text("utf-8")
        told = json.loads(text)
        assert told["snapshot"] == newest
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        assert [cell["source"] for cell in told["cells"]] == code
        assert any(cell["outputs"] for cell in told["cells"])
        assert str(ROOT) not in text
        assert "file://" not in text
        assert " at 0x" not in text
