"""Imports follow the arrows of the README's picture, and none goes in a circle."""

from graphlib import CycleError, TopologicalSorter

import pytest
from support.imports import imports

ENGINE = ("client", "query", "plan", "read", "keep")
#: The rooms of `duckdb_wasm`, top to bottom, a file or a folder each.
DUCKDB = (
    *("duckdb/__init__.py", "duckdb_wasm/magics.py", "duckdb_wasm/__init__.py", "duckdb_wasm/module.py"),
    *("duckdb_wasm/connection", "duckdb_wasm/relation", "duckdb_wasm/expression", "duckdb_wasm/value"),
    *("duckdb_wasm/results", "duckdb_wasm/files", "duckdb_wasm/bridge.py", "duckdb_wasm/waiting.py"),
    *(
        "duckdb_wasm/func.py",
        "duckdb_wasm/enums.py",
        "duckdb_wasm/sqltypes.py",
        "duckdb_wasm/types",
        "duckdb_wasm/errors",
        "duckdb_wasm/sql_text.py",
    ),
)
#: Room → rooms that it may import beside itself. The longest name that fits is a file's room.
ARROWS = {
    "pipeline/futures_explorer": {
        "pipeline/futures_explorer/release",
        "pipeline/futures_explorer/snapshot",
        "pipeline/futures_explorer/api",
        "pipeline/futures_explorer/links",
        "pipeline/futures_explorer/metrics",
        "pipeline/futures_explorer/site",
        "pipeline/futures_explorer/common",
    },
    "pipeline/futures_explorer/common": set(),
    "pipeline/futures_explorer/release": {"pipeline/futures_explorer/common"},
    "pipeline/futures_explorer/snapshot": {
        "pipeline/futures_explorer/common",
        "pipeline/futures_explorer/release",
    },
    "pipeline/futures_explorer/api": {
        "pipeline/futures_explorer/common",
        "pipeline/futures_explorer/release",
    },
    "pipeline/futures_explorer/links": {
        "pipeline/futures_explorer/common",
        "pipeline/futures_explorer/snapshot",
    },
    "pipeline/futures_explorer/metrics": {
        "pipeline/futures_explorer/common",
        "pipeline/futures_explorer/release",
    },
    "pipeline/futures_explorer/site": {
        "pipeline/futures_explorer/common",
        "pipeline/futures_explorer/release",
        "pipeline/futures_explorer/snapshot",
        "pipeline/futures_explorer/api",
        "pipeline/futures_explorer/links",
        "pipeline/futures_explorer/metrics",
    },
    # A process of its own, which runs the notebooks as somebody who took them home does.
    "pipeline/futures_explorer/site/run_notebooks.py": {
        "pipeline/futures_explorer/site",
        *("kernel/binance_futures", "kernel/explorer_startup"),
        *(f"kernel/duckdb/{name}" for name in DUCKDB),
    },
    # Of the engine's rooms each imports only what stands to its right; all speak of what lies beside them.
    "engine": set(),
    **{
        f"engine/src/{name}": {"engine", *(f"engine/src/{other}" for other in ENGINE[place:])}
        for place, name in enumerate(ENGINE, 1)
    },
    # How the build's packed files are unpacked, and which are taken.
    "start": {"engine/src/unpack.ts", "engine/src/form.ts"},
    **{
        f"kernel/duckdb/{name}": {f"kernel/duckdb/{other}" for other in DUCKDB[place:]}
        for place, name in enumerate(DUCKDB, 1)
    },
    "kernel/binance_futures": {f"kernel/duckdb/{name}" for name in DUCKDB},
    "kernel/explorer_startup": {"kernel/binance_futures", *(f"kernel/duckdb/{name}" for name in DUCKDB)},
    # Installed elsewhere, where nothing else of this repository is.
    "addon": set(),
    # How an extension is bundled.
    "sqlkernel": {"labextension/federate.mjs"},
    # What a page asks of the worker that started it; and the lines that links shorten.
    "labextension": {"start/src/settings.ts", "kernel/binance_futures/binance_futures/lines.json"},
}
#: What every room of the pipeline may use.
COMMON = {f"pipeline/futures_explorer/{name}.py" for name in ("__init__", "errors", "files", "project")}
GRAPH = imports()


def room(file: str) -> str:
    if file in COMMON:
        return "pipeline/futures_explorer/common"
    return max((name for name in ARROWS if f"{file}/".startswith(f"{name}/")), key=len, default=file)


def test_every_file_lies_in_a_room_and_the_graph_is_not_empty():
    assert {room(file) for file in GRAPH} == set(ARROWS)
    for some in (
        "pipeline/futures_explorer/cli.py",
        "labextension/src/index.ts",
        "engine/src/client/engine.ts",
    ):
        assert GRAPH[some], some


@pytest.mark.parametrize("name", ARROWS)
def test_a_room_imports_only_what_the_arrows_show(name):
    allowed = ARROWS[name] | {name}
    wrong = [
        f"{file} imports {other}"
        for file, others in GRAPH.items()
        if room(file) == name
        for other in sorted(others)
        if room(other) not in allowed
        and other not in allowed
        and not other.startswith("../content/")
        and not other.endswith(".json")  # what two rooms say is in one place; it is no code
    ]
    assert wrong == []


def test_no_import_goes_in_a_circle():
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as error:
        pytest.fail("A circle of imports: " + " → ".join(reversed(error.args[1])))


def test_circles_and_wrong_arrows_would_be_seen():
    # What the two tests above rest on: that late imports, types and JSON are read, too.
    assert (
        "pipeline/futures_explorer/release/fetch.py" in GRAPH["pipeline/futures_explorer/release/resolve.py"]
    )
    assert "labextension/src/links/parts.ts" in GRAPH["labextension/src/links/outputs.ts"]
    assert "../content/pages/gallery.json" in GRAPH["labextension/src/welcome/index.ts"]
