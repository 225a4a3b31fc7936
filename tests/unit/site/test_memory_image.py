"""The image of Python's memory: the same for everyone who builds this commit."""

import json

from futures_explorer.files import file_sha256
from futures_explorer.project import ROOT
from futures_explorer.site.start import write_memory_image

SITE = ROOT / "_site"


def test_an_image_made_anew_is_the_same_byte_for_byte(tmp_path):
    runtime = json.loads((SITE / "static/runtime.json").read_text())
    write_memory_image(SITE / runtime["pyodide"], tmp_path)
    for name in ("memory.bin", "files.bin"):
        served = (SITE / runtime["kernel"]).with_name(name)
        assert file_sha256(tmp_path / name) == file_sha256(served), name
