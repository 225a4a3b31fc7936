"""What is left out of DuckDB's WebAssembly is what nobody asks for, and nothing else changes."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from futures_explorer.errors import ExplorerError
from futures_explorer.project import ROOT
from futures_explorer.site.check import check_engine
from futures_explorer.site.runtime import duckdb_wasm
from futures_explorer.site.trim import trim

#: What each module exports and imports, as V8 reads it.
TELL = """
const told = process.argv.slice(1).map((file) => new WebAssembly.Module(require("fs").readFileSync(file)));
console.log(JSON.stringify(told.map((module) => ({
    exports: WebAssembly.Module.exports(module), imports: WebAssembly.Module.imports(module)}))));
"""


@pytest.fixture
def engine() -> Path:
    """The folder of the built site's engine."""
    (folder,) = (ROOT / "_site/static").glob("engine-*")
    return folder


def integer(value: int) -> bytes:
    return bytes([value | 0x80, 0])  # as linkers write it, longer than need be


def text(name: str) -> bytes:
    return integer(len(name)) + name.encode()


def section(number: int, *entries: bytes) -> bytes:
    content = integer(len(entries)) + b"".join(entries)
    return bytes([number]) + integer(len(content)) + content


def module(*sections: bytes) -> bytes:
    return b"\0asm\1\0\0\0" + b"".join(sections)


#: An import of each kind.
ASKING = module(
    section(
        2,
        text("env") + text("_Z3one") + b"\x00\x00",
        text("env") + text("table") + b"\x01\x70\x01\x00\x10",
        text("env") + text("memory") + b"\x02\x00\x01",
        text("GOT.mem") + text("_Z3two") + b"\x03\x7f\x01",
        text("env") + text("_Z3tag") + b"\x04\x00\x00",
    )
)
NAMES = ("malloc", "_Z3one", "_Z3not", "orig$_Z3two", "orig$_Z3not", "_Z3tag", "orig$fseek")
BODIES = b"\x01\x0b\x0b"
CODE = b"\x0a" + integer(len(BODIES)) + BODIES


def exporting(*names: str) -> bytes:
    return module(section(7, *(text(name) + b"\x00\x05" for name in names)), CODE)


def test_what_is_asked_for_stays_and_so_do_names_of_c():
    kept = trim(exporting(*NAMES), [ASKING])
    for name in NAMES:
        assert (name.encode() in kept) == ("not" not in name), name
    assert kept.endswith(BODIES)
    # What the module itself asks for is told by its imports, too.
    own = ASKING + exporting(*NAMES)[8:]
    assert trim(own, []).count(b"_Z3one") == 2


@pytest.mark.parametrize("wrong", [b"<!doctype html>", exporting("malloc")[:-2]])
def test_what_is_no_whole_webassembly_is_refused(wrong):
    with pytest.raises(ExplorerError, match=r"expected|Expected"):
        trim(exporting("malloc"), [wrong])


def test_the_sites_has_what_its_extensions_had_before(engine):
    extensions = engine.rglob("*.duckdb_extension.wasm")
    files = [str(file) for file in (duckdb_wasm(), engine / duckdb_wasm().name, *extensions)]
    done = subprocess.run(["node", "-e", TELL, *files], capture_output=True, text=True, check=True)
    released, ours, *asking = json.loads(done.stdout)
    assert len(asking) == 2
    names = {entry["name"] for entry in released["exports"]}
    asked = {entry["name"] for told in (released, *asking) for entry in told["imports"]}
    wanted = [
        entry
        for entry in released["exports"]
        if not (plain := entry["name"].removeprefix("orig$")).startswith("_Z") or plain in asked
    ]
    assert ours["exports"] == wanted
    assert ours["imports"] == released["imports"]
    assert len(asked & names) > 1000
    assert len(ours["exports"]) < len(names) / 10


def test_another_file_in_its_place_is_refused(engine, tmp_path):
    copy = shutil.copytree(engine, tmp_path / "engine")
    check_engine(copy)
    shutil.copyfile(duckdb_wasm(), copy / duckdb_wasm().name)
    with pytest.raises(ExplorerError, match="as installed, trimmed; rebuild"):
        check_engine(copy)
