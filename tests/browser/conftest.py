"""The built site on a local server, and a browser whose every page is watched for trouble."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from futures_explorer.project import BASE
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from support.browsing import LOOKS, Trouble, serving
from support.chromium import ARGUMENTS, ensure_chromium

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "tests" / "screenshots"


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site's folder. $SITE names another one than _site."""
    folder = Path(os.environ.get("SITE", ROOT / "_site"))
    if not (folder / "index.html").is_file():
        pytest.exit(f"There is no built site in {folder}. Run `make build` first.", returncode=2)
    return folder


@pytest.fixture(scope="session")
def site_url(site: Path) -> Iterator[str]:
    """The site's base. Ends in a slash."""
    with serving(site) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = ensure_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def look(request: pytest.FixtureRequest) -> str:
    """The key of LOOKS in which the page is shown; parametrize it indirectly to choose."""
    return getattr(request, "param", "1280-light")


@pytest.fixture
def trouble(site_url: str) -> Trouble:
    """What the test's pages did wrong so far; a test that provokes trouble empties `found`."""
    return Trouble(origin=site_url.removesuffix(BASE) + "/")


@pytest.fixture
def context(browser: Browser, look: str, trouble: Trouble) -> Iterator[BrowserContext]:
    """A browser profile of its own; at the end, nothing must have gone wrong in any of its pages."""
    context = browser.new_context(**LOOKS[look])
    context.set_default_timeout(60_000)
    trouble.watch(context)
    yield context
    context.close()
    assert trouble.found == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def screenshot(request: pytest.FixtureRequest, look: str):
    """Saves a picture of a page under tests/screenshots, named by test and look."""

    def save(page: Page, name: str, look: str = look, **options) -> Path:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}-{look}.png"
        page.screenshot(path=path, **options)
        return path

    return save
