"""Any name that JupyterLab's rename dialog takes survives what one does with a file; nothing is overwritten."""

from urllib.parse import quote, urlencode

import pytest
from futures_explorer.links.format import UNRESERVED, name_of
from playwright.sync_api import Page, expect
from support.application import take_application
from support.kept import build_of, wait_until_kept
from support.notebook import START

STEMS = (
    "my universe",
    "top 10% of volume",
    "A%20B",
    "A B",
    "100%25",
    "%",
    "#1 symbols",
    "which? all",
    "spot & futures = both",
    "a+b",
    'it\'s "quoted" `so`',
    "v1.2.final.",
    ".hidden",
    "数据 分析",
    "🙂🚀",
    "تجربة ملف",
    "שלום.world",
    "Ünïcödé e\u0301",
    " ends with spaces ",
    "<b>bold<b>",
    "(1) [2] {3} |4| ~5~ ^6^ $7$ *8* !9! @0;,",
    "path=other.ipynb&x",
    "long " + "x" * 195,
)
NAMES = tuple(f"{stem}.ipynb" for stem in STEMS)
#: Those that a page is loaded anew with: a space, percent signs that mean nothing and something, marks of addresses, others.
TELLING = (NAMES[1], NAMES[2], NAMES[6], NAMES[7], NAMES[-2], NAMES[14])

SAVE = """async ([name, text]) => {
    const cells = [{id: 'a', cell_type: 'markdown', source: text, metadata: {}}];
    const metadata = {kernelspec: {name: 'python', display_name: 'Python (Pyodide)'}, language_info: {name: 'python'}};
    const content = {nbformat: 4, nbformat_minor: 5, metadata, cells};
    await application.serviceManager.contents.save(name, {type: 'notebook', format: 'json', content});
}"""
READ = """async name => {
    const found = await application.serviceManager.contents.get(name, {content: true});
    return [found.name, found.path, found.content.cells.map(({source}) => [source].flat().join('')).join()];
}"""
LIST = """async () => (await application.serviceManager.contents.get('', {content: true})).content.map(({name}) => name)"""
WRITE = """text => application.shell.currentWidget.content.model.cells.get(0).sharedModel.setSource(text)"""
NEW = """async kinds => {
    const made = [];
    for (const [type, ext] of kinds) made.push((await application.serviceManager.contents.newUntitled({type, ext})).path);
    return made;
}"""
FOLDER = f"""async ([old, name]) => {{
    await ({SAVE})([`${{old}}/A%20B.ipynb`, 'inside']);
    await application.serviceManager.contents.rename(old, name);
    const {{content: [inside]}} = await application.serviceManager.contents.get(name, {{content: true}});
    return (await ({READ})(inside.path)).slice(1);
}}"""
WITHOUT_A_WORD = """async (names) => {
    const save = SAVE;
    const contents = application.serviceManager.contents;
    const source = async name => (await contents.get(name, {content: true})).content.cells[0].source;
    const failed = [];
    for (const name of names) {
        const must = async (what, test) => {
            const done = await test().catch(String);
            if (done !== true) failed.push(`${what} ${name}: ${done}`);
        };
        await must('copy', async () => await source((await contents.copy(name, '')).path) === await source(name));
        await must('checkpoint', async () => {
            const {id} = await contents.createCheckpoint(name);
            return (await contents.listCheckpoints(name)).some(found => found.id === id);
        });
        await must('restore', async () => (await contents.restoreCheckpoint(name, '0'), true));
        await must('download', async () => {
            const answer = await fetch(await contents.getDownloadUrl(name));
            return (await answer.json()).cells[0].source === await source(name);
        });
        await must('delete', async () => {
            const kept = await source(name);
            await contents.rename(name, `moved ${name}`);
            await contents.delete(`moved ${name}`);
            await save([name, kept]);
            return await source(`moved ${name}`).then(() => false, () => true);
        });
    }
    return failed;
}""".replace("SAVE", SAVE)


def open_file(page: Page, site_url: str, name: str) -> None:
    page.goto(f"{site_url}notebooks/index.html?{urlencode({'path': name}, quote_via=quote)}")


def rename(page: Page, name: str) -> None:
    page.locator("#jp-title").click()
    page.locator(".jp-Dialog input").fill(name)
    page.keyboard.press("Enter")


def expect_text(page: Page, text: str) -> None:
    expect(page.locator(".jp-MarkdownCell .jp-RenderedMarkdown").first).to_have_text(text, timeout=START)


@pytest.fixture
def files(page: Page, site_url: str) -> Page:
    """A page of the notebooks app on a file of one cell."""
    take_application(page)
    page.goto(f"{site_url}notebooks/index.html?path=quickstart.ipynb")
    page.wait_for_function("window.application?.serviceManager.isReady", timeout=START)
    page.evaluate(SAVE, ["start.ipynb", "start"])
    open_file(page, site_url, "start.ipynb")
    expect_text(page, "start")
    return page


@pytest.mark.usefixtures("without_python")
def test_a_name_survives_all_that_one_does_with_a_file(files, context, site, site_url):
    page, app = files, f"{site_url}notebooks/index.html"
    dialog = page.locator(".jp-Dialog")
    for number, (stem, name) in enumerate(zip(STEMS, NAMES, strict=True)):
        rename(page, name)
        page.wait_for_function("name => new URLSearchParams(location.search).get('path') === name", arg=name)
        assert page.url.startswith(f"{app}?path=")
        assert page.locator("#jp-title h1").text_content() == stem
        page.evaluate(WRITE, f"text {number}")
        expect(dialog).to_have_count(0)  # until it is gone it hears the keys
        page.keyboard.press("Control+s")
        page.wait_for_function("!application.shell.currentWidget.context.model.dirty")
        expect(dialog).to_have_count(0)
        assert page.evaluate(READ, name) == [name, name, f"text {number}"]
        page.get_by_role("button", name="Share").click()
        link = page.get_by_label("Link", exact=True).input_value()
        assert f"&name={quote(name_of(name), safe=UNRESERVED)}&" in link
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    # Each a file of its own, also those that are one another when decoded.
    for number, name in enumerate(NAMES):
        page.evaluate(SAVE, [name, f"text {number}"])
    assert page.evaluate(WITHOUT_A_WORD, NAMES) == []
    assert [page.evaluate(READ, name)[2] for name in NAMES] == [f"text {n}" for n in range(len(NAMES))]
    assert set(page.evaluate(LIST)) >= set(NAMES)

    wait_until_kept(page, build_of(site))
    for offline, names in ((False, TELLING), (True, TELLING[:2])):
        context.set_offline(offline)
        for name in names:
            page.goto(f"{app}?path={quote(name)}")
            expect_text(page, f"text {NAMES.index(name)}")
            assert page.locator("#jp-title h1").text_content() == name.removesuffix(".ipynb")
    context.set_offline(False)

    # JupyterLab opens every file that its address names.
    page.goto(f"{site_url}lab/index.html?path={quote(NAMES[1])}&path={quote(NAMES[2])}")
    tabs = page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel")
    expect(tabs.get_by_text(NAMES[1], exact=True)).to_have_count(1, timeout=START)
    expect(tabs.get_by_text(NAMES[2], exact=True)).to_have_count(1)
    expect(page.locator(".jp-Dialog")).to_have_count(0)


@pytest.mark.usefixtures("without_python")
def test_a_name_that_is_taken_or_none_is_refused_and_said(files, screenshot):
    page = files
    page.evaluate(SAVE, ["taken.ipynb", "theirs"])
    # The site's own, which is not in this browser.
    refusals = {
        "taken.ipynb": "There is a file “taken.ipynb” already. “start.ipynb” keeps its name",
        "universe.ipynb": "There is a file “universe.ipynb” already. “start.ipynb” keeps its name",
        "..": "“..” means a folder, and cannot be a file's name. “start.ipynb” keeps its name",
        "a/b.ipynb": 'cannot include "/", "\\", or ":"',
    }
    for name, message in refusals.items():
        rename(page, name)
        expect(page.locator(".jp-Dialog-content")).to_contain_text(message)
        screenshot(page, "name-refused")
        page.keyboard.press("Enter")
        expect(page.locator(".jp-Dialog")).to_have_count(0)
        assert page.evaluate(READ, "start.ipynb")[2] == "start"
    assert page.evaluate(READ, "taken.ipynb")[2] == "theirs"

    # New files take names that are free: JupyterLite counts, and did not look.
    for name in ("Untitled1.ipynb", "Untitled2.ipynb"):
        page.evaluate(SAVE, [name, "mine"])
    made = page.evaluate(NEW, [["notebook", ""], ["notebook", ""], ["directory", ""], ["file", ".txt"]])
    assert made == ["Untitled.ipynb", "Untitled3.ipynb", "Untitled Folder", "untitled.txt"]
    assert [page.evaluate(READ, name)[2] for name in ("Untitled1.ipynb", "Untitled2.ipynb")] == [
        "mine",
        "mine",
    ]

    # A folder goes along with all that is in it.
    assert page.evaluate(FOLDER, [made[2], "100% of a#b?"]) == ["100% of a#b?/A%20B.ipynb", "inside"]
