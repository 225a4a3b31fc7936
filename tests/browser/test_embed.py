"""docs/embed.md: its badge and its frame do what it says, on somebody else's page."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from support.browsing import serving
from support.notebook import START, Notebook

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "embed.md"
PLACEHOLDER = "https://OWNER.github.io/REPOSITORY/"


#: What JupyterLite says, to nobody, where the browser gives a frame of another site no storage.
NO_STORAGE = ("uncaught: undefined", "uncaught: The user denied permission to access the database.")


def snippets(language: str, site_url: str) -> list[str]:
    text = DOCUMENT.read_text(encoding="utf-8").replace(PLACEHOLDER, site_url)
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.S)


@pytest.fixture
def show(page, tmp_path, trouble):
    """Opens somebody else's page, of another site, with the given HTML in it."""
    with serving(tmp_path) as url:
        elsewhere = url.replace("127.0.0.1", "localhost")

        def open_page(html: str) -> None:
            head = "<!doctype html><meta name=viewport content='width=device-width'><title>Elsewhere</title>"
            (tmp_path / "index.html").write_text(f"{head}<link rel=icon href=data:,>{html}", encoding="utf-8")
            page.goto(elsewhere)

        yield open_page
        trouble.found[:] = [
            entry for entry in trouble.found if elsewhere not in entry and entry not in NO_STORAGE
        ]


@pytest.mark.usefixtures("without_python")
def test_the_badge_is_drawn_and_opens_the_notebook_with_its_parameter(page, site_url, show):
    badge, _ = snippets("html", site_url)
    (markdown,) = snippets("markdown", site_url)
    link, picture = re.search(r'href="(.+?)".*src="(.+?)"', badge).groups()
    assert markdown == f"[![Open in the explorer]({picture})]({link})\n"
    show(badge)
    image = page.get_by_role("img", name="Open in the explorer")
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [158, 24]
    image.click()
    page.wait_for_url(re.compile(r"path=symbol-timeline\.ipynb"))
    expect(page.locator(".bf-Notice")).to_contain_text('symbol = "BTCUSDT"', timeout=START)


def test_the_frame_shows_a_notebook_that_runs(page, site_url, show, screenshot):
    _, frame = snippets("html", site_url)
    show(frame)
    inside = page.frame_locator("iframe")
    expect(inside.locator(".bf-Notice")).to_contain_text('day = "2021-05-19"', timeout=START)
    notebook = Notebook(page.frames[1])
    notebook.run_all()
    assert notebook.errors.count() == 0
    expect(notebook.code_cells.nth(2)).to_contain_text("On 2021-05-19 you could trade")
    screenshot(page, "embedded")
