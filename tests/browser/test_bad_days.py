"""A release on which everything is wrong at once, as a visitor meets it: counted by hand, in two time zones."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import altair as alt
import pytest
from futures_explorer.project import BASE
from futures_explorer.release.resolve import resolve_release
from futures_explorer.site.cells import code_cells
from futures_explorer.site.landing import write_landing
from futures_explorer.site.phases import link_tree
from futures_explorer.site.starters import write_starters
from futures_explorer.snapshot.publish import publish_data
from playwright.sync_api import expect
from support import cells
from support.bad_releases import BAD_RELEASES
from support.browsing import LOOKS, serving, show_as
from support.kernel_page import kernel_page
from support.native_session import import_kernel
from support.notebook import Notebook

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "content").glob("*.ipynb"))
RUN = """
import json, os, types
import pyodide_js
os.environ["BINANCE_FUTURES_SNAPSHOT"] = given["snapshot"]
await pyodide_js.loadPackage(["binance-futures", "altair", "ipython", "pyodide-http"])
runner = types.ModuleType("cells")
exec(given["runner"], vars(runner))
json.dumps(runner.run(given["cells"]))
"""
#: Every macro whose answer a trap could bend.
MACROS = [
    "import binance_futures as bf\ndb = bf.connect()",
    *(
        f'db.sql("FROM {question}")'
        for question in (
            "days ORDER BY date",
            "symbols ORDER BY symbol, first_date",
            "symbols_per_day() ORDER BY date",
            "listing_periods() ORDER BY symbol, first_date",
            "listings('2019-01-01', '2030-01-01') ORDER BY ALL",
            "delistings('2019-01-01', '2030-01-01') ORDER BY ALL",
            "delistings('2019-01-01', '2030-01-01', absence := 4) ORDER BY ALL",
            "gaps() ORDER BY ALL",
            "flat_runs() ORDER BY ALL",
            *(
                f"{macro}('{day}'{more}) ORDER BY ALL"
                for day in ("2024-11-30", "2024-12-03", "2026-10-29", "2026-10-31", "2026-11-01")
                for macro, more in (
                    ("about_day", ""),
                    ("tradable_on", ""),
                    ("published_on", ""),
                    ("universe", ", 50"),
                )
            ),
        )
    ),
]
#: In each zone the macros on the worst release and two others; on those of the notebooks TOLD, on the worst all.
TRIED = {
    "Asia/Tokyo": ("all_at_once", "incomplete_newest_day", "dead_contract_prints"),
    "America/Los_Angeles": ("all_at_once", "name_used_twice", "volumes_without_ranks"),
}
TOLD = ("quickstart", "symbol-timeline")
ZONE = """
import json, os
os.environ["BINANCE_FUTURES_SNAPSHOT"] = given["snapshot"]
import binance_futures as bf
from datetime import datetime, timezone, timedelta
db = bf.connect()
moment = datetime(2025, 2, 1, 8, tzinfo=timezone(timedelta(hours=9)))  # 31 January in UTC, LITUSDT's last day
asked = [
    bf.tradable_on(moment).fetchall(),
    db.execute("SELECT symbol FROM tradable_on($day)", {"day": moment}).fetchall(),
    bf.tradable_on("2025-01-31").fetchall(),
]
json.dumps([[symbol for (symbol,) in rows] for rows in asked])
"""


@pytest.fixture(scope="module")
def bad_site(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site, with the data and the pages of the release."""
    folder = tmp_path_factory.mktemp("bad")
    link_tree(site, folder / "site")
    # What is written anew must not be written through a hard link.
    for replaced in ("data", "open", "pictures", "sql", "what-the-data-can-tell"):
        shutil.rmtree(folder / "site" / replaced)
    for linked in (path for path in (folder / "site").iterdir() if path.is_file()):
        content = linked.read_bytes()
        linked.unlink()
        linked.write_bytes(content)
    release = BAD_RELEASES["all_at_once"]().write_to(folder / "release")
    publish_data(resolve_release(str(release), folder), folder / "store", folder / "site" / "data")
    write_starters(folder / "site" / "data", lambda _doing: None)
    write_landing(folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def bad_url(bad_site: Path) -> Iterator[str]:
    with serving(bad_site) as url:
        yield url


def test_the_front_page_and_its_search_tell_them_apart(page, bad_url, trouble, screenshot):
    trouble.origin = bad_url.removesuffix(BASE) + "/"
    page.clock.set_fixed_time("2026-11-01T12:00:00Z")
    page.goto(bad_url)
    age = page.locator("#age")
    expect(age).to_have_text("Data to 2026-10-30. 2026-10-31 is incomplete: so far 2 of usually 22 symbols.")
    expect(page.locator("figcaption")).to_contain_text(
        "20 symbols traded on 2026-10-30; there were 23 listings"
    )
    expect(page.locator("dl")).to_contain_text("2026-10-30")
    field = page.get_by_role("combobox")
    for typed, about in (
        ("DEAD", "2024-12-01 to 2026-09-30, gone"),
        ("LATE", "2024-12-01 to 2026-10-29, absent since"),
        ("LIT", "since 2026-10-31; name used before, to 2025-01-31"),
        ("ETH", "since 2024-12-01"),
    ):
        field.fill(typed)
        expect(page.get_by_role("option")).to_have_count(1)
        expect(page.get_by_role("option")).to_contain_text(about)
    field.fill("2026-10-31")
    expect(page.get_by_role("status")).to_contain_text(
        "which is incomplete; the newest complete one is 2026-10-30."
    )
    field.fill("")
    for look in LOOKS:
        show_as(page, look)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), look
        screenshot(page, "bad-front", look)

    # More than three days old, by the visitor's clock.
    page.clock.set_fixed_time("2026-12-15T12:00:00Z")
    page.reload()
    expect(age).to_contain_text("2026-10-30 was 46 days ago: newer days are not on this site.")
    screenshot(page, "bad-front-old")
    page.get_by_role("link", name="what the data can tell").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the data can tell, and what it cannot")
    for look in LOOKS:
        show_as(page, look)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), look
        screenshot(page, "what-the-data-can-tell", look, full_page=True)


@pytest.fixture(scope="module")
def all_bad(bad_site: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A site with a snapshot of each bad release, and the snapshots' ids."""
    folder = tmp_path_factory.mktemp("all-bad")
    link_tree(bad_site, folder / "site")
    shutil.rmtree(folder / "site" / "data")
    ids = {}
    for name, make in BAD_RELEASES.items():
        release = resolve_release(str(make().write_to(folder / name)), folder)
        ids[name] = publish_data(release, folder / "store", folder / "site" / "data", accept_shrink=True)[
            "id"
        ]
    return folder / "site", ids


@pytest.mark.parametrize("zone", TRIED)
def test_notebooks_and_macros_say_in_any_zone_what_they_say_on_a_computer(
    zone, all_bad, browser, tmp_path, monkeypatch
):
    """On a computer, what they say is held to what was counted by hand: tests/unit/bad_days."""
    monkeypatch.syspath_prepend(str(ROOT / "build" / "kernel" / "binance_futures"))
    from binance_futures import _native

    monkeypatch.setattr(_native, "user_cache_path", lambda *_args, **_named: tmp_path / "cache")
    monkeypatch.chdir(tmp_path)
    import_kernel()
    # The names in a chart go on from those before; the browser's begin anew.
    for counts in (alt.Chart, alt.Parameter):
        monkeypatch.setattr(counts, "_counter", 0)
    runner = Path(cells.__file__).read_text("utf-8")
    site, ids = all_bad
    with kernel_page(site, tmp_path / "site", browser, zone) as kernel:
        monkeypatch.setenv(_native.SITE, kernel.site)
        offset = kernel.page.evaluate("new Date(2026, 0, 1).getTimezoneOffset()")
        assert offset == {"Asia/Tokyo": -540, "America/Los_Angeles": 480}[zone]
        texts = {path.stem: code_cells(json.loads(path.read_text("utf-8"))) for path in NOTEBOOKS}
        for release in TRIED[zone]:
            monkeypatch.setenv("BINANCE_FUTURES_SNAPSHOT", ids[release])
            worst = release == "all_at_once"
            for name, code in {
                **{name: texts[name] for name in (texts if worst else TOLD)},
                "macros": MACROS,
            }.items():
                in_browser = json.loads(kernel.run(RUN, runner=runner, cells=code, snapshot=ids[release]))
                assert in_browser == cells.run(code), f"{name} on {release}"
        method, in_sql, expected = json.loads(kernel.run(ZONE, snapshot=ids["all_at_once"]))
        assert method == in_sql == expected
        assert "LITUSDT" in method
    assert "binance_futures" in sys.modules


def test_a_link_to_a_trap_ends_in_a_sentence(page, bad_url, trouble, screenshot):
    trouble.origin = bad_url.removesuffix(BASE) + "/"
    for name, fragment, said in (
        (
            "symbol-timeline",
            "symbol=DEADUSDT",
            "the exchange published 31 files without a trade, to 2026-10-31",
        ),
        ("quickstart", "day=2026-11-01", "2026-11-01 is after the newest day of this snapshot, 2026-10-31"),
    ):
        notebook = Notebook.open(page, bad_url, f"{name}.ipynb", f"#{fragment}")
        notebook.run_all()
        expect(notebook.errors).to_have_count(0)
        expect(page.locator(".jp-OutputArea-output", has_text=said)).to_have_count(1)
        expect(page.locator(".jp-OutputArea-output", has_text="“now” is 2026-10-30").first).to_be_visible()
        screenshot(page, f"bad-{name}")
