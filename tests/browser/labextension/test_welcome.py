"""JupyterLab as a visitor first meets it."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect
from support.notebook import START

GALLERY = json.loads(
    (Path(__file__).resolve().parents[3] / "content" / "pages" / "gallery.json").read_text("utf-8")
)


@pytest.mark.usefixtures("without_python")
def test_a_first_visit_opens_the_quickstart_beside_the_files_and_the_launcher_offers_all(
    page, site_url, screenshot
):
    page.goto(f"{site_url}lab/index.html")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_contain_text("Quickstart", timeout=START)
    expect(page.locator(".jp-DirListing-item")).to_have_count(len(GALLERY))
    expect(page).to_have_title("quickstart.i… - Binance Futures Availability Explorer")
    expect(page.locator("#bf-sign")).to_have_attribute("href", f"{site_url}index.html")
    expect(page.locator("[data-id='jp-property-inspector']")).to_have_count(0)
    # Nothing empty beside it.
    page.wait_for_function(
        "document.getElementById('jp-main-dock-panel').getBoundingClientRect().right === innerWidth"
    )
    # The state of the workspace is saved a moment later; the launcher is asked for once it is.
    screenshot(page, "lab-first")
    page.keyboard.press("Control+Shift+L")
    for entry in GALLERY:
        expect(page.locator(".jp-LauncherCard", has_text=entry["title"])).to_be_visible()
    screenshot(page, "lab-launcher")
    page.locator(".jp-LauncherCard", has_text="Universe").click()
    expect(page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell").first).to_contain_text(
        "top N on the day you traded", timeout=START
    )


#: A notebook takes no focus before the second frame in which it is revealed, as on a machine that is late with its layout.
NO_FOCUS = """(() => {
    const focus = HTMLElement.prototype.focus;
    let frames = 0;
    const count = () => {
        const panel = document.querySelector('.jp-NotebookPanel .jp-Cell');
        if (panel) frames += 1;
        if (frames < 2) requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    HTMLElement.prototype.focus = function (...options) {
        if (frames >= 2 || !this.closest('.jp-NotebookPanel')) focus.apply(this, options);
        else window.withheld = true;
    };
})()"""


@pytest.mark.usefixtures("without_python")
def test_a_notebook_that_could_not_take_the_focus_is_current_all_the_same(page, site_url):
    page.add_init_script(NO_FOCUS)
    page.goto(f"{site_url}lab/index.html")
    expect(page.get_by_role("button", name="Run all", exact=True)).to_be_enabled(timeout=START)
    expect(page).to_have_title("quickstart.i… - Binance Futures Availability Explorer")
    assert page.evaluate("window.withheld")


@pytest.mark.usefixtures("without_python")
def test_a_link_that_names_a_file_opens_that_file_only(page, site_url):
    page.goto(f"{site_url}lab/index.html?path=sql-tour.ipynb")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_contain_text("SQL tour", timeout=START)
    expect(page.locator(".lm-TabBar-tab[title*='quickstart']")).to_have_count(0)
