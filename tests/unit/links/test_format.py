"""The format of a link: two writers and two readers agree, on every notebook, and on what they refuse."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest
from binance_futures import _link_outputs, _links
from futures_explorer.errors import ExplorerError
from futures_explorer.links import format as link_format
from futures_explorer.links import outputs as link_outputs
from support.labextension import run_typescript
from support.links import cells_of, generated, starters

ROOT = Path(__file__).parents[3]
MODULES = ("links/cells", "links/codec", "links/outputs")
VECTORS = json.loads((Path(__file__).parent / "links.json").read_text("utf-8"))
SITE = "https://terrylica.github.io/binance-futures-availability/notebooks/"
SNAPSHOT = "2026-11-18-3fa9c1"
ENVIRONMENT = link_format.Environment("0123456789ab", "3.14.2", "1.5.1")

READ = """
    const read = async (fragment) => {
        try {
            const link = await module.decode(fragment);
            if (link && Array.isArray(link.cells)) link.notebook = module.notebookOf(link.cells, {});
            return link;
        } catch (error) {
            if (!(error instanceof module.LinkError)) throw error;
            return { error: error.message };
        }
    };
"""


def read_in_typescript(fragments: list[str]) -> list[dict]:
    return run_typescript(MODULES, READ + "return Promise.all(given.map(read));", fragments)


def write(name: str, notebook: dict) -> str:
    return link_format.encode(name, link_format.pack(notebook), snapshot=SNAPSHOT, environment=ENVIRONMENT)


@pytest.fixture(scope="module")
def notebooks() -> list[dict]:
    made = [*starters().values(), *generated(200)]
    for notebook in made:
        nbformat.validate(notebook)
    return made


def test_every_notebook_comes_out_of_a_link_as_it_went_in(notebooks):
    wanted = [cells_of(notebook) for notebook in notebooks]
    fragments = [write("made", notebook) for notebook in notebooks]
    in_typescript = read_in_typescript(fragments)
    for want, fragment, typescript in zip(wanted, fragments, in_typescript, strict=True):
        python = _links.decode(fragment)
        assert python.environment == ("0123456789ab", "3.14.2", "1.5.1")
        assert python.snapshot == typescript["snapshot"] == SNAPSHOT
        for cells in (python.cells, typescript["notebook"]["cells"]):
            assert cells_of({"cells": cells}) == want
            assert all(not cell.get("outputs") and cell["metadata"].keys() <= {"tags"} for cell in cells)
            nbformat.validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def test_both_writers_give_the_same_cells_and_hash_and_each_reads_the_others(notebooks):
    script = """return Promise.all(given.map(async (notebook) => {
        const cells = module.cellsOf(notebook);
        const environment = { id: "0123456789ab", python: "3.14.2", duckdb: "1.5.1" };
        return [module.pack(cells), await module.hashOf(cells),
                await module.encode({ name: "made", cells, snapshot: "2026-11-18-3fa9c1", environment })];
    }));"""
    for notebook, (packed, named, fragment) in zip(
        notebooks, run_typescript(MODULES, script, notebooks), strict=True
    ):
        assert packed == link_format.pack(notebook)
        assert named == link_format.hash_of(packed)
        assert cells_of({"cells": _links.decode(fragment).cells}) == cells_of(notebook)


HTML = {"text/html": "<table onclick='x'>", "text/plain": "┌──┐"}
#: nbformat's outputs, what of them goes with a link, and how many stay behind.
OUTPUTS = [
    ({"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]}, ["text", "a\nb"]),
    ({"output_type": "stream", "name": "stderr", "text": "half \ud83d"}, ["text", "half \ufffd"]),
    ({"output_type": "error", "ename": "E", "evalue": "", "traceback": ["E:", "no"]}, ["text", "E:\nno"]),
    ({"output_type": "execute_result", "execution_count": 1, "data": HTML}, ["text", "┌──┐"]),
    (
        {"output_type": "display_data", "data": {"text/markdown": "*m*", "text/plain": "m"}},
        ["markdown", "*m*"],
    ),
    (
        {
            "output_type": "display_data",
            "data": {"application/vnd.vegalite.v5+json": {}, "image/png": "AAAA\n", "text/plain": ""},
        },
        ["image/png", "AAAA\n"],
    ),
    (
        {
            "output_type": "display_data",
            "data": {"application/vnd.vegalite.v5+json": {}, "text/plain": "<V>"},
        },
        None,
    ),
    ({"output_type": "display_data", "data": {"application/javascript": "1", "text/plain": "<J>"}}, None),
    ({"output_type": "display_data", "data": {"image/svg+xml": "<svg/>", "text/plain": "<S>"}}, None),
    ({"output_type": "display_data", "data": {"image/png": "A" * 500_001}}, None),
    ({"output_type": "display_data", "data": {"text/html": "<b>"}}, None),
    ({"output_type": "stream", "text": "🙂" * 10_001}, ["text", "🙂" * 9_999 + "\ufffd…"]),
    ("nonsense", None),
]


def test_outputs_go_along_only_where_asked_for_and_as_texts_and_pictures():
    cell = {"cell_type": "code", "source": "x", "metadata": {}, "outputs": [output for output, _ in OUTPUTS]}
    many = {**cell, "outputs": [OUTPUTS[0][0]] * 21}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell, many]}
    carried = [kept for _, kept in OUTPUTS if kept]
    script = """const bare = module.cellsOf(given);
        return [module.pack(bare), ...[false, true].map((pictures) => {
            const { cells, ...sum } = module.withOutputs(bare, given, pictures);
            return [module.pack(cells), sum, module.notebookOf(cells, {})];
        })];"""
    bare, (texts, _, _), (full, counted, written) = run_typescript(MODULES, script, notebook)
    assert bare == link_format.pack(notebook) == '[["c","x"],["c","x"]]'
    assert json.loads(full)[0][2]["outputs"] == carried
    assert len(json.loads(full)[1][2]["outputs"]) == 20
    for packed, wanted in ((texts, "texts"), (full, "pictures")):
        assert packed == link_format.pack(notebook, wanted)
    assert "image/png" not in texts
    assert counted == {"texts": len(carried) - 1 + 20, "pictures": 1, "left": len(OUTPUTS) - len(carried) + 1}
    # What is opened is marked, has no count, and shares as it came.
    python = _links.decode(link_format.encode("made", full)).cells
    assert python[0]["outputs"] == written["cells"][0]["outputs"]
    assert python[0]["outputs"][0]["data"]["text/plain"] == _link_outputs.LABEL
    assert python[0]["execution_count"] is None
    nbformat.validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": python})
    assert link_format.pack(written, "pictures") == full
    assert link_format.pack(written) == bare


def test_the_quickstarts_link_is_short():
    edited = starters()["quickstart.ipynb"]
    edited["cells"][-1]["source"] = [
        *edited["cells"][-1]["source"],
        "\nand a line of the visitor's own.",
    ]
    long = SITE + "#" + write("quickstart", edited)
    packed = link_format.pack(starters()["quickstart.ipynb"])
    short = (
        SITE
        + "#"
        + link_format.encode("quickstart", packed, same=True, snapshot=SNAPSHOT, environment=ENVIRONMENT)
    )
    assert len(long) < 2000
    assert len(short) < 200


@pytest.mark.parametrize("vector", VECTORS["read"], ids=lambda vector: vector["what"])
def test_a_vector_is_read_as_it_says(vector):
    wanted = vector["link"]
    python = _links.decode(vector["fragment"])
    (typescript,) = read_in_typescript([vector["fragment"]])
    assert (python.name, python.snapshot) == (wanted["name"], wanted.get("snapshot"))
    assert (typescript["name"], typescript.get("snapshot")) == (wanted["name"], wanted.get("snapshot"))
    assert python.environment == (tuple(wanted["env"]) if "env" in wanted else None)
    assert tuple(typescript.get("environment", {}).values()) == tuple(wanted.get("env", ()))
    assert python.kernel == typescript.get("kernel") == wanted.get("kernel")
    if "same" in wanted:
        assert python.same == typescript["cells"]["same"] == wanted["same"]
    else:
        for cells in (python.cells, typescript["notebook"]["cells"]):
            packed = link_format.pack({"nbformat": 4, "cells": cells}, "pictures")
            assert json.loads(packed) == wanted["cells"]


@pytest.mark.parametrize("vector", VECTORS["refuse"], ids=lambda vector: vector["what"])
def test_a_hostile_or_broken_link_is_refused_with_a_message(vector):
    # A long run of one thing is written short.
    fragment = vector["fragment"] if "times" not in vector else vector["fragment"] * vector["times"]
    with pytest.raises(_links.LinkError, match=vector["says"]) as python:
        _links.decode(fragment)
    (typescript,) = read_in_typescript([fragment])
    assert vector["says"] in typescript["error"]
    assert max(len(str(python.value)), len(typescript["error"])) < 300


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("quickstart.ipynb", "quickstart"),
        ("folder/my notes-shared-2.ipynb", "my notes"),
        ("../../.hidden.ipynb", "hidden"),
        ("数据 🙂.ipynb", "数据 -"),
        ("...ipynb", "notebook"),
        ("x" * 200 + ".ipynb", "x" * 80),
    ],
)
def test_a_name_is_made_that_can_be_a_files(path, name):
    assert link_format.name_of(path) == name
    assert run_typescript(MODULES, "return module.nameOf(given);", path) == name
    assert _links.decode(f"v=1&name={quote(name)}&same=0123456789ab").name == name


def test_what_is_no_notebook_is_not_written():
    for wrong in (
        [],
        {},
        {"nbformat": 3, "cells": []},
        {"nbformat": 4, "cells": [{"cell_type": "x", "source": ""}]},
    ):
        with pytest.raises(ExplorerError, match="notebook"):
            link_format.pack(wrong)
        script = "try { module.cellsOf(given); } catch (error) { return error.message; }"
        assert "notebook" in run_typescript(MODULES, script, wrong)


def test_known_lines_are_only_ever_appended():
    lines = json.loads(link_format.KNOWN_LINES.read_text("utf-8"))
    # An old link names them by number: these never change. Add new ones at the end.
    first = json.dumps(lines[:82], ensure_ascii=False)
    assert hashlib.sha256(first.encode()).hexdigest()[:16] == "0e384bf972b8f238"
    assert len(set(lines)) == len(lines)


LIMITS = {
    _links: ("LONGEST_FRAGMENT", "LARGEST_CELLS", "MOST_CELLS", "MOST_TAGS", "LONGEST_NAME", "CHECK_BYTES"),
    _link_outputs: ("MOST_OUTPUTS", "LONGEST_OUTPUT", "LARGEST_PICTURE"),
}


def test_every_reader_and_writer_has_the_same_limits():
    # Neither Python room imports the other: the kernel's package is used alone.
    folder = ROOT / "build/labextension/src/links"
    typescript = "".join(path.read_text() for path in folder.glob("*.ts"))
    for reader, writer in ((_links, link_format), (_link_outputs, link_outputs)):
        for name in LIMITS[reader]:
            (number,) = re.findall(rf"const {name} = ([\d_]+);", typescript)
            assert getattr(writer, name) == getattr(reader, name) == int(number), name
    for name in ("PICTURE", "BASE64", "SURROGATE"):
        assert getattr(link_outputs, name).pattern == getattr(_link_outputs, name).pattern, name
    assert {letter: kind for kind, letter in link_format.LETTERS.items()} == _links.TYPES
    assert link_format.VERSION == _links.VERSION
    assert link_outputs.LABEL_TYPE == _link_outputs.LABEL_TYPE
    assert f'LABEL_TYPE = "{_link_outputs.LABEL_TYPE}"' in typescript
    assert f'LABEL = "{_link_outputs.LABEL}"' in typescript


@pytest.mark.parametrize("of", ["notebook", "starter"])
def test_what_mail_and_chat_do_to_a_link_is_taken_back_by_both_readers(of):
    whole = VECTORS["mended"][of]
    found = [vector for vector in VECTORS["mended"]["found"] if vector["of"] == of]
    fragments = [vector["fragment"] for vector in found]
    wanted, *read = read_in_typescript([whole, *fragments])
    failed = {vector["what"]: link for vector, link in zip(found, read, strict=True) if link != wanted}
    wanted = _links.decode(whole)
    for vector in found:
        try:
            if _links.decode(vector["fragment"]) != wanted:
                failed[vector["what"]] = "another link"
        except _links.LinkError as error:
            failed[vector["what"]] = str(error)
    assert failed == {}
    assert len(found) >= 3


@pytest.mark.parametrize("vector", VECTORS["lost"], ids=lambda vector: vector["what"])
def test_what_is_lost_is_said_with_what_to_ask_for(vector):
    (typescript,) = read_in_typescript([vector["fragment"]])
    with pytest.raises(_links.LinkError) as python:
        _links.decode(vector["fragment"])
    for message in (typescript["error"], str(python.value)):
        assert vector["says"] in message
        assert re.search("ask the sender for it again|name that is no file name", message)


@pytest.mark.parametrize("text", ["symbol=BTCUSDT", "Charts-and-tables", "", "100%25", "top=1%25"])
def test_other_fragments_are_left_alone(text):
    assert read_in_typescript([text]) == [None]
