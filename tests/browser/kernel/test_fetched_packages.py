"""`.df()` and `.pl()` from the lock to the import: the package comes from Pyodide's host, checked against its hash.

Small stand-ins are served in place of numpy, pandas and Polars, which no registry has for this platform; tests on the host
hold the results themselves to the real ones.
"""

import hashlib
import io
import json
import zipfile

import pytest
from futures_explorer.site.phases import link_tree
from support.kernel_page import kernel_page

NUMPY = """
class ndarray(list):
    dtype = type("dtype", (), {"kind": "O"})()

    def copy(self):
        return ndarray(self)

    def __getitem__(self, at):
        found = super().__getitem__(at)
        return ndarray(found) if isinstance(at, slice) else found

class ma:
    class MaskedArray(ndarray): ...

def frombuffer(buffer, dtype):
    return ndarray(memoryview(buffer).cast("B").cast({"int64": "q", "int32": "i"}[dtype]))

def empty(length, _dtype):
    return ndarray([None] * length)

def concatenate(parts):
    return ndarray(sum(parts, []))
"""
PANDAS = """
import numpy

def Series(values):
    return list(values)

class DataFrame:
    def __init__(self, columns):
        self.data, self.columns = columns, list(columns)
"""
POLARS = """
class DataFrame:
    def __init__(self, source):
        import nanoarrow
        self.rows = nanoarrow.Array(source).to_pylist()
"""
STAND_INS = {"numpy": (NUMPY, []), "pandas": (PANDAS, ["numpy"]), "polars": (POLARS, [])}


def wheel(name: str, source: str) -> bytes:
    """A wheel of one module."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{name}.py", source)
        archive.writestr(f"{name}-1.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        archive.writestr(
            f"{name}-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{name}-1.dist-info/RECORD", "")
    return packed.getvalue()


@pytest.fixture(scope="module")
def kernel(site, window, tmp_path_factory):
    """Python with the site's lock, in which the hashes of the three packages are those of their stand-ins."""
    copy = tmp_path_factory.mktemp("stand-ins") / "site"
    link_tree(site, copy)
    (path,) = copy.glob("static/pyodide-*/pyodide-lock.json")
    lock = json.loads(path.read_text())
    served = {}
    for name, (source, depends) in STAND_INS.items():
        entry, content = lock["packages"][name], wheel(name, source)
        assert entry["file_name"].startswith("https://"), f"the site serves {name} itself: try the real one"
        served[entry["file_name"]] = content
        entry.update(sha256=hashlib.sha256(content).hexdigest(), depends=depends, package_type="package")
    path.unlink()  # the other link is the site's
    path.write_text(json.dumps(lock))
    with kernel_page(copy, copy.parent / "served", window.context) as kernel:
        kernel.served, kernel.asked = served, []

        def answer(route) -> None:
            kernel.asked.append(route.request.url)
            route.fulfill(body=kernel.served[route.request.url], headers={"Access-Control-Allow-Origin": "*"})

        kernel.page.route(lambda url: url in served, answer)
        yield kernel


def test_a_package_that_is_not_what_the_lock_says_is_refused_and_the_next_try_fetches_it(kernel):
    (address,) = (url for url in kernel.served if "/polars-" in url)
    good = kernel.served[address]
    kernel.served[address] = good + b"changed"
    code = """
import duckdb
try:
    duckdb.sql("SELECT 1").pl()
except duckdb.NotSupportedError as error:
    said = str(error)
said
"""
    assert "polars is not here: it is fetched from another host" in kernel.run(code)
    kernel.served[address] = good
    code = """
import duckdb
duckdb.sql("SELECT 1 AS a, 'x' AS b").pl().rows == [{"a": 1, "b": "x"}]
"""
    assert kernel.run(code) is True


def test_df_fetches_pandas_once_and_gives_its_frame(kernel):
    code = """
import io, contextlib, json, duckdb
shown = io.StringIO()
with contextlib.redirect_stdout(shown):
    frames = [duckdb.execute("SELECT range AS n, 'x' || range AS t FROM range(3)").fetchdf() for _ in range(2)]
    frames += [duckdb.sql("SELECT range AS n, 'x' || range AS t FROM range(3)").df()]
json.dumps([[frame.data for frame in frames], type(frames[0]).__module__, shown.getvalue()])
"""
    frames, module, shown = json.loads(kernel.run(code))
    assert frames == [{"n": [0, 1, 2], "t": ["x0", "x1", "x2"]}] * 3
    assert module == "pandas"
    assert shown == "Fetching pandas …\n"
    assert [url.rpartition("/")[2].partition("-")[0] for url in kernel.asked].count("pandas") == 1
