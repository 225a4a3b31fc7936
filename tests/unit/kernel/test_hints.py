"""What people are told after an error that they meet when they paste what works elsewhere."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from IPython.core.ultratb import SyntaxTB

for package in ("explorer_startup", "binance_futures"):
    sys.path.insert(0, str(Path(__file__).parents[3] / "build" / "kernel" / package))

from explorer_startup import _hints  # noqa: E402


@pytest.mark.parametrize(
    ("cell", "hinted"),
    [
        ("SELECT date, count(*) FROM t", True),
        ("  with a as (\n select 1) from a", True),
        ("FROM daily_availability LIMIT 3", True),
        ("create or replace temp table t as select 1", True),
        ("FROM 'x.parquet'", True),
        ("SET threads = 4", True),
        ("LOAD httpfs; SELECT 1", True),
        ("-- Query 1\nSELECT 2", True),
        ("COPY t TO 'x.csv'", True),
        ("set = = 1", False),
        ("from math import", False),
        ("with open('x') as f", False),
        ("selected = = 1", False),
        ("for i in", False),
    ],
)
def test_sql_in_a_cell_of_python_names_the_magic(cell, hinted):
    shown = SyntaxTB(theme_name="nocolor")
    _hints.hint_at_sql(shown)
    with pytest.raises(SyntaxError) as raised:
        compile(cell, "cell", "exec")
    lines = shown.structured_traceback(SyntaxError, raised.value, [])
    assert (lines[-1] == _hints.SQL_HINT) is hinted


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            FileNotFoundError("No such file: volume-rankings-timeseries.parquet"),
            "FROM 'volume-rankings-timeseries.parquet'",
        ),
        (
            FileNotFoundError("No such file: '/home/x/availability.duckdb'"),
            'duckdb.connect("availability.duckdb")',
        ),
        (FileNotFoundError("No such file: mine.csv"), None),
        (ValueError("availability.duckdb"), None),
    ],
)
def test_a_file_of_the_release_that_is_not_there_says_how_it_is_read(error, says):
    from binance_futures._release import file_hint

    shell = SimpleNamespace(
        InteractiveTB=SimpleNamespace(structured_traceback=lambda *_, **__: ["traceback"])
    )
    lines = _hints.MissingFiles(file_hint).lines(shell, type(error), error, None)
    if says is None:
        assert lines is None
    else:
        assert lines[0] == "traceback"
        assert says in lines[-1]


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("pyfiglet", "%pip install pyfiglet"),
        ("pandas", "Everything that the site carries works without one."),
        ("json.nothing", None),
    ],
)
def test_a_missing_package_names_the_way_to_it(name, last):
    from explorer_startup._packages import MissingPackages

    shown = SimpleNamespace(
        InteractiveTB=SimpleNamespace(structured_traceback=lambda *_args, **_named: ["traceback"])
    )
    error = ModuleNotFoundError(f"No module named {name!r}", name=name)
    packages = MissingPackages(lambda: {"pandas": ("pandas", "cdn.example")})
    lines = packages.lines(shown, ModuleNotFoundError, error, None)
    assert (lines and lines[-1].endswith(last)) if last else lines is None
