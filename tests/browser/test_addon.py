"""jupyterlite-duckdb in somebody else's site: installed, built into an empty folder with a Parquet file, and run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import nbformat
import pytest
from futures_explorer.project import ROOT
from futures_explorer.site.addon import build_addon
from futures_explorer.site.runtime import KERNEL_EXTENSION
from playwright.sync_api import Page, expect
from support.range_server import RangeServer

#: What a visitor of that site asks, in either language.
QUERY = "SELECT day, count(*) AS trips, sum(fare) AS fares FROM 'trips.parquet' WHERE day > 'Mon' GROUP BY day ORDER BY day"
#: Of the site's own packages, those that the other site does not have: the addon brings them or nobody does.
OURS = ("duckdb", "nanoarrow", "binance-futures", "binance-futures-availability", "explorer-startup")
SETUP = "CREATE VIEW trips AS FROM read_parquet('{site}files/trips.parquet');"


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Path:
    """A Python that has JupyterLite, as this one, and the addon, which it installed from its wheel."""
    folder = tmp_path_factory.mktemp("addon")
    wheel = build_addon(folder / "dist", say=lambda _: None)
    venv.create(folder / "venv", with_pip=False)
    (packages,) = (folder / "venv/lib").glob("python*/site-packages")
    here = next(path for path in sys.path if path.endswith("site-packages"))
    (packages / "beside.pth").write_text(here + "\n")
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "venv/bin/python"), "--quiet"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    return folder


def cells(*sources: str) -> list[dict]:
    return [nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(sources)]


def write_notebook(file: Path, kernel: str, language: str, *sources: str) -> None:
    kernelspec = {"name": kernel, "display_name": kernel, "language": language}
    notebook = nbformat.v4.new_notebook(cells=cells(*sources), metadata={"kernelspec": kernelspec})
    nbformat.write(notebook, file)


@pytest.fixture(scope="module")
def other_site(environment, site) -> Iterator[str]:
    """The address of a site of trips, built by `jupyter lite build` alone."""
    lite = environment / "lite"
    content = lite / "content"
    content.mkdir(parents=True)
    duckdb.execute(
        "COPY (SELECT ['Sun', 'Mon', 'Tue', 'Wed'][1 + i % 4] AS day, (i % 700) / 100 AS fare FROM range(50_000) t(i)) "
        f"TO '{content}/trips.parquet'"
    )
    write_notebook(
        *(content / "python.ipynb", "python", "python"),
        *("%pip install -q duckdb", f'import duckdb\nprint(duckdb.sql("{QUERY}").fetchall())'),
        "try:\n    duckdb.sql('SELECT nothing')\nexcept duckdb.BinderException as error:\n    print(error)",
    )
    write_notebook(content / "sql.ipynb", "sql", "sql", QUERY, "SELECT count(*) AS rows FROM trips")
    (lite / "setup.sql").write_text(SETUP)
    (lite / "jupyter_lite_config.json").write_text(
        json.dumps({"LiteBuildConfig": {"contents": ["content"]}, "DuckDBAddon": {"sql_setup": "setup.sql"}})
    )
    # Pyodide comes from another host otherwise; this one has what a site's own would have.
    (pyodide,) = (site / "static").glob("pyodide-*")
    shutil.copytree(pyodide, lite / "static/pyodide")
    lock = lite / "static/pyodide/pyodide-lock.json"
    known = json.loads(lock.read_text())
    for name in OURS:
        wheel = lock.with_name(known["packages"].pop(name)["file_name"])
        wheel.unlink()
    lock.write_text(json.dumps(known))
    done = subprocess.run(
        [
            *(str(environment / "venv/bin/python"), "-m", "jupyterlite_core", "build", "--output-dir", "out"),
            f"--LiteBuildConfig.federated_extensions={Path(sys.prefix) / KERNEL_EXTENSION}",
        ],
        cwd=lite,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    with RangeServer(lite / "out") as server:
        yield server.url


def run_all(page: Page, address: str, count: int) -> list[str]:
    """Runs a notebook of so many cells; what each shows."""
    page.goto(address)
    code = page.locator(".jp-Notebook .jp-CodeCell")
    expect(code).to_have_count(count, timeout=60_000)
    shown = []
    for number in range(count):
        prompt = code.nth(number).locator(".jp-InputPrompt")
        for _ in range(60):
            code.nth(number).locator(".cm-content").click()
            page.keyboard.press("Shift+Enter")
            try:
                expect(prompt).not_to_have_text("[ ]:", timeout=1000)
                break
            except AssertionError:
                # A plain JupyterLab drops what is run before its session has begun.
                continue
        expect(prompt).to_have_text(f"[{number + 1}]:", timeout=180_000)
        shown.append("\n".join(code.nth(number).locator(".jp-OutputArea-output").all_inner_texts()))
    return shown


def natively(folder: Path) -> list[tuple]:
    return duckdb.execute(
        QUERY.replace("'trips.parquet'", f"'{folder}/lite/content/trips.parquet'")
    ).fetchall()


def test_python_asks_with_duckdbs_own_api(browser, other_site, environment):
    page = browser.new_page()
    _, rows, error = run_all(page, f"{other_site}notebooks/index.html?path=python.ipynb", 3)
    assert rows.strip() == str(natively(environment))
    assert "Binder Error: Referenced column" in error
    page.close()


def test_sql_asks_without_python_and_begins_with_the_sites_statements(browser, other_site, environment):
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    first, second = run_all(page, f"{other_site}notebooks/index.html?path=sql.ipynb", 2)
    for row in natively(environment):
        assert "\t".join(map(str, row)) in first.replace(",", "")
    assert "50000" in second
    assert not [url for url in asked if url.endswith(".whl") or "/pyodide.asm." in url]
    page.close()


def test_a_statement_file_that_is_missing_is_named(environment, tmp_path):
    (tmp_path / "jupyter_lite_config.json").write_text('{"DuckDBAddon": {"sql_setup": "absent.sql"}}')
    command = [str(environment / "venv/bin/python"), "-m", "jupyterlite_core", "build", "--output-dir", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "absent.sql, where there is no file" in done.stdout + done.stderr


def test_the_addon_names_no_dataset():
    words = [
        f"{path.relative_to(ROOT)}: {line}"
        for path in (ROOT / "build/addon").rglob("*")
        if path.is_file() and path.suffix in (".py", ".toml", ".md")
        for line in path.read_text("utf-8").splitlines()
        if "binance" in line.lower()
    ]
    assert words == []
