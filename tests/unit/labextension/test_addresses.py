"""Addresses of files: put right where mail or chat changed them, and true to every name. TypeScript, run on the host."""

from urllib.parse import quote

from support.labextension import run_typescript

ADDRESSES = {
    "notebooks/?path=universe.ipynb%23top=5": "notebooks/?path=universe.ipynb#top=5",
    "notebooks/index.html?path=quickstart.ipynb).": "notebooks/index.html?path=quickstart.ipynb",
    "notebooks/index.html?path=quickstart.ipynb%22%3E": "notebooks/index.html?path=quickstart.ipynb",
    "notebooks/index.html?path=a.ipynb&amp;factory=x": "notebooks/index.html?path=a.ipynb&factory=x",
    "open/symbol-timeline/%23symbol%3DSOLUSDT": "open/symbol-timeline/#symbol%3DSOLUSDT",
    "notebooks/%2523v%253D1": "notebooks/#v%253D1",
    # Names of files, whatever they hold.
    "notebooks/index.html?path=%231%20symbols.ipynb": None,
    "notebooks/index.html?path=a%23b%3D1.ipynb": None,
    "notebooks/index.html?path=v1.2.final..ipynb": None,
    "notebooks/index.html?path=%25.ipynb": None,
    "lab/index.html?path=a.ipynb&path=b.ipynb": None,
    "notebooks/": None,
}


def test_an_address_is_put_right_and_a_files_name_left_alone():
    script = "return given.map((path) => module.mendedAddress(path, ''));"
    assert (
        dict(zip(ADDRESSES, run_typescript(("links/mend",), script, list(ADDRESSES)), strict=True))
        == ADDRESSES
    )


NAMES = [
    "a b",
    "100%",
    "A%20B",
    "%25",
    "%",
    "#1",
    "a?b",
    "a&b=c",
    "a+b",
    "数据",
    "🙂",
    "x" * 200,
    "path=x.ipynb&path=y",
]


def test_an_opener_that_decodes_twice_gets_the_name():
    script = """return given.map((name) => {
        const twice = module.encodedTwice(`?path=${encodeURIComponent(name)}&factory=x%25y`);
        return [decodeURIComponent(new URLSearchParams(twice).get("path")), new URLSearchParams(twice).get("factory")];
    });"""
    assert run_typescript(("names/address",), script, NAMES) == [[name, "x%y"] for name in NAMES]


def test_the_address_after_a_rename_is_one_that_a_static_site_has():
    script = "return given.map((path) => module.addressOf(path, 'notebooks'));"
    found = run_typescript(
        ("names/address",), script, [f"/notebooks/{quote(name, safe='')}" for name in NAMES]
    )
    assert found == [f"/notebooks/index.html?path={quote(name, safe='')}" for name in NAMES]
    others = ["/notebooks/index.html?path=a", "/lab/index.html", "/edit/a.csv", "/notebooks/index.html"]
    assert run_typescript(("names/address",), script, others) == [None] * 4
