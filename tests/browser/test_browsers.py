"""The same short visit in every browser that is here; Chromium's own tests, by Playwright, are the other files."""

import contextlib
import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.answers import native_release, quickstart_tables
from support.browsers import firefox, table, webkit
from support.browsers.driver import Driver, shared
from support.browsing import serving
from support.chromium import ensure_chromium
from support.forms import LATE
from support.kept import build_of, until_kept
from support.notebook import CONTENT

ROOT = Path(__file__).resolve().parents[2]
#: Runs for hours.
ENDLESS = 'duckdb.sql("SELECT count(*) FROM range(100000000000) a, range(10)").fetchall()'
#: Runs when that has been stopped.
LAST = "print(kept, 40 + 2)"
#: What each cell prints is compared.
CELLS = (
    "import json, duckdb, binance_futures as bf\nkept = 'alive'",
    "open('in.csv', 'w').write('a,b\\n1,x\\n2,y\\n')\nduckdb.sql(\"COPY (SELECT sum(a) AS s FROM 'in.csv') TO 'out.csv'\")\n"
    "print(open('out.csv').read())",
    "pinned = bf.connect(bf.snapshots()[-1].id)\n"
    "print(pinned.snapshot.id, len(pinned.universe('2021-05-19', 3).fetchall()))",
    "try:\n    duckdb.sql('SELECT nothing')\nexcept duckdb.BinderException as error:\n    print('caught:', error)",
    "con = duckdb.connect()\nprint(len(con.execute('SELECT range AS a, a * 2 AS b FROM range(300000)').fetchall()))",
    "print(con.execute('SELECT ?, $2', [2**70, 'é']).fetchone(), sorted(bf.cache.status()))",
    "con.create_function('double', lambda x: 2 * x, ['BIGINT'], 'BIGINT')\n"
    "print('doubled:', con.execute('SELECT sum(double(i)) FROM range(5000) t(i)').fetchone()[0])",
    # By name, so that the kernel does not fetch it before the cell: what an import of a package of this site does.
    "from duckdb_wasm.bridge import session\nsession.call(session.fetch_package('jedi'), '')\n"
    "print(__import__('jedi').Script.__name__)",
)

Start = Callable[[Path], Driver]
BROWSERS: dict[str, Start] = {
    "Firefox": lambda profile: firefox.Firefox(profile),
    "Firefox without JSPI": lambda profile: firefox.Firefox(profile, firefox.NO_JSPI),
    "WebKitGTK": lambda profile: webkit.WebKit(profile),
    "WebKitGTK, private session": lambda _profile: webkit.WebKit(None),
    "Newer WebKitGTK": lambda profile: webkit.WebKit(profile, python=webkit.NEWER),
    "Newer WebKitGTK, private session": lambda _profile: webkit.WebKit(None, python=webkit.NEWER),
}


HAS_FORMS = re.compile(r"/(?:duckdb-eh|pyodide\.asm)\.(?:wasm|bin)$")
#: Set by `make browsers`: private sessions, too, and every starter notebook in each of them.
ALL = bool(os.environ.get("ALL_BROWSERS"))
TESTED = [
    name
    for name in BROWSERS
    if (ALL or "private" not in name) and (webkit.NEWER or not name.startswith("Newer"))
]


def version_of(name: str) -> str | None:
    """Of a browser that is here."""
    if name.startswith("Firefox"):
        return firefox.version() if firefox.find() else None
    return webkit.version(webkit.NEWER if name.startswith("Newer") else webkit.PYTHON)


def run_quickstart(browser: Driver, url: str, expected: list[list[list[str]]]) -> None:
    """Opens it, runs it to its end, and compares its tables."""
    browser.open(f"{url}notebooks/index.html?path=quickstart.ipynb")
    cells = len(json.loads((CONTENT / "quickstart.ipynb").read_text())["cells"])
    assert browser.run("await runAll(given[0]); return failed()?.textContent ?? null", cells) is None
    assert browser.run("await until(() => tables().length === 3); return tables()") == expected


def visit(browser: Driver, url: str, site: Path, asked: list[str], picture: Callable[[str], None]) -> None:
    """The front page; the quickstart; a link, whose cells use files, pins, errors and packages; Stop; sharing."""
    expected = quickstart_tables(native_release(site))
    snapshot = json.loads((site / "data" / "snapshots.json").read_text())["snapshots"][-1]["id"]

    browser.open(url)
    assert "Open the quickstart" in browser.run("return shown('a.button').textContent")

    run_quickstart(browser, url, expected)
    # Python came from its memory image, not from its packages, which are fetched to be kept.
    assert not [path for path in asked if re.search(r"/ipython-[^/]*\.whl$", path)]
    picture("quickstart")
    browser.run(until_kept(build_of(site)))

    browser.open(f"{url}notebooks/#{shared((*CELLS, ENDLESS, LAST))}")
    ran = browser.run(
        """
        const [count] = given;
        void runAll(count + 2);
        const hasRun = (prompt) => /\\[\\d+\\]/.test(prompt);
        await until(() => failed() || (prompts().length > count && prompts().slice(0, count).every(hasRun)));
        return {failed: failed()?.textContent ?? null, said: outputs()};
        """,
        len(CELLS),
    )
    assert ran["failed"] is None
    said = "\n".join(ran["said"])
    assert re.search(r"^s\n3$", said, re.M)
    assert f"{snapshot} 3" in said
    assert 'caught: Binder Error: Referenced column "nothing"' in said
    assert "\n300000\n" in said
    assert f"({2**70}, 'é') ['budget', 'bytes', 'notice', 'objects', 'persistent']" in said
    assert f"doubled: {sum(range(0, 10_000, 2))}\n" in said
    assert said.endswith("\nScript")
    stop(browser)

    link = browser.run(
        "press(await until(() => document.querySelector(\"[data-jp-item-name='share'] jp-button\")));"
        "return until(() => document.querySelector('.bf-Share input[readonly]')?.value)"
    )
    browser.open("about:blank")
    browser.open(link)
    browser.run("await whole(given[0])", len(CELLS) + 2)


def run_starters(browser: Driver, url: str) -> None:
    """Runs every starter notebook to its end."""
    for file in sorted(CONTENT.glob("*.ipynb")):
        browser.open(f"{url}notebooks/index.html?path={file.name}")
        cells = len(json.loads(file.read_text())["cells"])
        assert browser.run("await runAll(given[0]); return failed()?.textContent ?? null", cells) is None, (
            file.name
        )


def look_narrow(python: str, url: str, picture: Path) -> None:
    """At a phone's width the toolbar puts what has no room away, and nothing of it lies over the first cell."""
    browser = webkit.WebKit(None, (390, 844), python)
    try:
        browser.open(f"{url}notebooks/index.html?path=quickstart.ipynb")
        browser.run(
            """
            await until(() => document.querySelector(".jp-Toolbar-responsive-opener")?.checkVisibility());
            const bar = document.querySelector(".jp-NotebookPanel-toolbar");
            const box = (node) => node.getBoundingClientRect();
            await until(() => [...bar.children].every((item) => box(item).top < box(bar).bottom));
            """
        )
        browser.screenshot(picture)
    finally:
        browser.close()


def stop(browser: Driver) -> None:
    """The query that would run for hours is stopped by its button, and the kernel lives on for the last cell."""
    stopped = browser.run(
        """
        (await until(() => document.querySelector(".bf-Query button"))).click();
        return (await until(failed)).textContent;
        """
    )
    assert "INTERRUPT Error: Interrupted!" in stopped
    said = browser.run(
        """
        const last = all(CELL).at(-1);
        press(last.querySelector(".jp-InputPrompt"));
        return until(() => {
            if (last.classList.contains("jp-mod-active") && prompts().at(-1) === "[ ]:") runActive();
            const text = last.querySelector(".jp-OutputArea-output")?.innerText.trim();
            return text?.includes("42") && text; // it comes in parts
        });
        """
    )
    assert said == "alive 42"


VISIT = "front page, every notebook, files, pins, errors, Stop, sharing, a second visit without a network"


@pytest.fixture(scope="module")
def tested() -> Iterator[list[tuple[str, str, str, str]]]:
    """What passed: name, version, how Python waits. `make browsers` writes the README's table of it."""
    passed: list[tuple[str, str, str, str]] = []
    yield passed
    if os.environ.get("WRITE_TABLE"):
        command = [ensure_chromium(), "--version"]
        version = re.search(r"[\d.]+", subprocess.run(command, capture_output=True, text=True).stdout)[0]
        table.write([("Chromium", version, "JSPI", "every browser test"), *passed])


@pytest.mark.parametrize("name", TESTED)
def test_a_visit_and_one_without_a_network(name: str, site: Path, tmp_path: Path, tested: list):
    version = version_of(name)
    if version is None:
        # Who names one wants it tested.
        assert not name.startswith("Newer"), (
            f"WEBKIT_PYTHON={webkit.NEWER} sees no WebKitGTK, or Xvfb is not here"
        )
        pytest.skip(f"{name.split(',')[0].split(' ')[0]} is not installed: tests/support/install.py says how")
    browser = BROWSERS[name](tmp_path / "profile")
    slug = re.sub(r"\W+", "-", name.lower())
    try:
        with contextlib.ExitStack() as online:
            asked: list[str] = []

            def watch(scope: dict) -> None:
                # Firefox with JSPI takes the plain form of WebAssembly as it comes, the others the packed one.
                if name != "Firefox" and scope["path"].endswith("/bundle.js"):
                    time.sleep(LATE)
                asked.append(scope["path"])

            url = online.enter_context(serving(site, watch))

            def picture(what: str) -> None:
                browser.screenshot(ROOT / "tests" / "screenshots" / f"{what}-{slug}.png")

            try:
                visit(browser, url, site, asked, picture)
                if name != "Firefox":
                    assert {path.rpartition(".")[2] for path in asked if HAS_FORMS.search(path)} == {"bin"}
                if ALL:
                    run_starters(browser, url)
                if ALL and isinstance(browser, webkit.WebKit):
                    python = webkit.NEWER if name.startswith("Newer") else webkit.PYTHON
                    look_narrow(python, url, ROOT / "tests" / "screenshots" / f"narrow-{slug}.png")
                if name.endswith("WebKitGTK"):  # a private session writes nothing down
                    console = browser.console()
                    assert "JupyterLite ServiceWorker" in console
                    assert "NoGilError" not in console
            except BaseException:
                if isinstance(browser, webkit.WebKit):
                    print(browser.console()[-5000:])  # shown with the failure
                picture("failed")
                raise
        run_quickstart(browser, url, quickstart_tables(native_release(site)))
        suspends = browser.run("return 'Suspending' in WebAssembly")
        waits = "JSPI" if suspends else "the service worker"
        tested.append((name, version, waits, VISIT))
    finally:
        browser.close()
