"""The starter notebooks are tidy as committed, and run from top to bottom in native Python, too."""

import re
import sys
from pathlib import Path

import nbformat
import pytest
from support import native_notebook
from support.labextension import run_typescript
from support.native_notebook import CONTENT, code_cells, notebooks, read

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def taken_home(monkeypatch, tmp_path):
    """As on a computer: the package, a site, and an empty folder to work in."""
    site = ROOT / "_site"
    if not (site / "data" / "snapshots.json").is_file():
        pytest.fail(f"There is no built site in {site}. Run `make build` first.")
    kernel = ROOT / "build" / "kernel" / "binance_futures"
    monkeypatch.setattr(sys, "path", [str(kernel), *sys.path])
    monkeypatch.setenv("BINANCE_FUTURES_SITE", site.resolve().as_uri() + "/")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", notebooks())
def test_it_is_tidy(name):
    nbformat.validate(nbformat.read(CONTENT / f"{name}.ipynb", as_version=4))
    notebook = read(name)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] in {"python", "sql"}
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


@pytest.mark.parametrize("name", notebooks())
def test_it_opens_with_a_question_and_its_parameters(name):
    first, second = read(name)["cells"][:2]
    text = "".join(first["source"])
    assert first["cell_type"] == "markdown"
    assert text.startswith("# ")
    assert "?" in text
    assert second["metadata"].get("tags") == ["parameters"]
    assert native_notebook.parameters(name)


@pytest.mark.parametrize("name", notebooks())
def test_a_link_can_set_each_parameter_and_only_to_what_is_declared(name):
    cell = read(name)["cells"][1]
    defaults = native_notebook.parameters(name)
    declared = cell["metadata"]["binance_futures"]["parameters"]
    assert set(declared) == set(defaults)
    for parameter, schema in declared.items():
        assert schema["description"]
        assert schema["type"] in {"string", "integer", "number"}
        if schema["type"] == "string":
            assert schema.get("format") == "date" or re.fullmatch(r"\^.+\$", schema["pattern"])
        else:
            assert schema["minimum"] < schema["maximum"]
        # None stands for "what is newest", which a link says by leaving the parameter out.
        if defaults[parameter] is not None:
            assert isinstance(
                defaults[parameter], {"string": str, "integer": int, "number": int | float}[schema["type"]]
            )


@pytest.mark.parametrize("name", notebooks())
def test_the_documentation_lists_its_parameters(name):
    page = (ROOT / "docs" / "embed.md").read_text(encoding="utf-8")
    declared = read(name)["cells"][1]["metadata"]["binance_futures"]["parameters"]
    assert f"| `{name}` | {', '.join(f'`{parameter}`' for parameter in declared)} |" in page


@pytest.mark.parametrize("name", notebooks())
def test_it_links_only_notebooks_that_exist(name):
    text = "".join("".join(cell["source"]) for cell in read(name)["cells"] if cell["cell_type"] == "markdown")
    assert set(re.findall(r"\]\(([\w-]+)\.ipynb\)", text)) <= set(notebooks())


@pytest.mark.parametrize("name", notebooks())
def test_it_ends_with_what_to_try_next(name):
    last = read(name)["cells"][-1]
    assert last["cell_type"] == "markdown"
    assert "".join(last["source"]).startswith("## Next\n")


@pytest.mark.parametrize("name", notebooks())
def test_it_can_be_run_again_and_each_chart_has_a_title_a_text_alternative_and_a_width(name, taken_home):
    values = native_notebook.run(name, times=2)
    for source, value in zip(code_cells(name), values, strict=True):
        if type(value).__module__.startswith("altair"):
            chart = value.to_dict()
            assert chart["title"], source
            assert chart["description"], source
            assert "container" not in str(chart.get("width"))
            # In a window of 1280 pixels no chart is made narrower: names beside the plot have 200 of them, too.
            script = "return JSON.stringify(module.fit(given, 900)) === JSON.stringify(given);"
            assert run_typescript(("charts/fit",), script, chart), source
            rows = [len(rows) for rows in values_of(chart)]
            assert all(0 < count <= 5_000 for count in rows), (source, rows)


def values_of(spec: object) -> list[list]:
    """Every list of data values anywhere in a Vega-Lite specification."""
    if isinstance(spec, list):
        return [found for part in spec for found in values_of(part)]
    if not isinstance(spec, dict):
        return []
    own = [spec["values"]] if isinstance(spec.get("values"), list) and "name" not in spec else []
    return own + [found for key, part in spec.items() if key != "values" for found in values_of(part)]


@pytest.mark.parametrize("engine", ["duckdb", "polars", "pandas"])
def test_what_one_takes_home_gives_the_same_fingerprint(engine, taken_home):
    snippets = native_notebook.run_for("take-it-home", "snippets")
    exec("".join([snippets["files"], snippets[engine], snippets["check"]]), {})
    another = snippets[engine] + "symbols = symbols[1:]\n"
    with pytest.raises(AssertionError, match="another snapshot"):
        exec("".join([snippets["files"], another, snippets["check"]]), {})


def test_an_unknown_symbol_is_answered_with_the_nearest(taken_home):
    said = [
        v.data for v in native_notebook.run("symbol-timeline", {"symbol": "BTCUSD"}) if hasattr(v, "data")
    ]
    assert said[0].startswith("**No symbol BTCUSD** in this snapshot. Nearest: BTCUSDT, ")
    assert said[0].endswith("What follows is about **BTCUSDT**.")
    assert said[1].startswith("**BTCUSDT** traded on")
