"""What the build packs for the browser comes out as it went in, or not at all."""

import json
import random

import pytest
import zstandard
from futures_explorer.errors import ExplorerError
from futures_explorer.project import ROOT
from futures_explorer.site import packed
from futures_explorer.site.check import check_packed

SITE = ROOT / "_site"
#: Half of it packs well, half not at all.
CONTENT = b"memory" * 50_000 + random.Random(1).randbytes(300_000)


@pytest.fixture
def small_frames(monkeypatch):
    monkeypatch.setattr(packed, "FRAME", 100_000)


@pytest.fixture
def file(tmp_path, small_frames):
    path = tmp_path / "memory.bin"
    path.write_bytes(packed.pack(CONTENT))
    return path


@pytest.mark.parametrize("length", [0, 1, 99_999, 100_000, 100_001, 600_000])
def test_it_comes_out_as_it_went_in_also_by_zstd_alone(tmp_path, small_frames, length):
    path = tmp_path / "memory.bin"
    path.write_bytes(packed.pack(CONTENT[:length]))
    assert packed.unpack(path) == CONTENT[:length]
    with path.open("rb") as whole:
        reader = zstandard.ZstdDecompressor().stream_reader(whole, read_across_frames=True)
        assert reader.read() == CONTENT[:length]


def test_its_beginning_can_be_read_alone(file):
    assert packed.unpack(file, 10) == CONTENT[:10]


def test_what_is_damaged_is_refused(file):
    content = bytearray(file.read_bytes())
    content[-1000] ^= 1
    file.write_bytes(content)
    with pytest.raises(ExplorerError, match=r"memory\.bin is damaged"):
        packed.unpack(file)


def test_a_form_that_is_not_of_the_file_beside_it_is_refused(tmp_path, small_frames):
    wasm = tmp_path / "python.wasm"
    wasm.write_bytes(CONTENT)
    check_packed(wasm)  # it need not have one
    wasm.with_suffix(packed.SUFFIX).write_bytes(packed.pack(CONTENT))
    check_packed(wasm)
    wasm.write_bytes(CONTENT[:-1])
    with pytest.raises(ExplorerError, match=r"python\.bin is not python\.wasm, packed; rebuild"):
        check_packed(wasm)


def test_the_sites_manifest_names_what_has_two_forms():
    runtime = json.loads((SITE / "static/runtime.json").read_text())
    engine = runtime["engine"].rpartition("/")[0]
    forms = {f"{engine}/duckdb-eh": "DuckDB's", f"{runtime['pyodide']}pyodide.asm": "Python's"}
    told = json.loads((SITE / "static/build.json").read_text())
    assert told["packed"] == {f"{name}.wasm": f"{name}.bin" for name in forms}
    weights = dict(zip(told["files"], told["sizes"], strict=True))
    for plain, form in told["packed"].items():
        assert weights[form] < 0.85 * weights[plain], f"{form} is not worth it"
