"""A pytest plugin for DuckDB's own tests, where some libraries are absent: runs on the host and in the browser as it is.

Many files import numpy or pandas at their top though few of their tests use them. Here those imports succeed, and a
test that uses one of them is skipped.
"""

import importlib
import importlib.abc
import importlib.machinery
import signal
import sys
import types

import pytest

#: Not to be had in the browser without a network, so no part of the comparison.
ABSENT = ("numpy", "pandas", "pyarrow", "polars", "psutil", "torch", "tensorflow", "adbc_driver_manager")
#: Only compared with, so harmless in a test too.
COMPARED = ("numpy.ma", "numpy.ma.masked")
#: Seconds that a test may take.
LONGEST = 60


class Running:
    """Which test runs now, if any, and what each has given."""

    test = False
    outcomes: dict[str, list[str]] = {}  # noqa: RUF012


class Absent:
    """Anything out of an absent library: harmless while files are read, a skip where a test uses it."""

    def __init__(self, name):
        self.__dict__["name"] = name

    def __getattr__(self, attribute):
        if Running.test and f"{self.name}.{attribute}" not in COMPARED:
            pytest.skip(f"uses {self.name}")
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Absent(f"{self.name}.{attribute}")

    def __call__(self, *_args, **_named):
        if Running.test:
            pytest.skip(f"uses {self.name}")
        return Absent(self.name)

    def __mro_entries__(self, _bases):
        return (object,)


class AbsentModule(types.ModuleType):
    """A module of an absent library."""

    __version__ = "2.2.0"

    def __getattr__(self, attribute):
        if Running.test and f"{self.__name__}.{attribute}" not in COMPARED:
            pytest.skip(f"uses {self.__name__}")
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Absent(f"{self.__name__}.{attribute}")


class AbsentFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds every module of the absent libraries."""

    def find_spec(self, name, _path=None, _target=None):
        if name.partition(".")[0] in ABSENT:
            if Running.test and name not in sys.modules:
                # As natively where it is not installed: `duckdb` itself asks for some of them.
                return None
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return AbsentModule(spec.name)

    def exec_module(self, _module):
        return None


def block():
    """Makes the absent libraries absent, also where they are installed."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ABSENT]:
        del sys.modules[name]
    sys.meta_path.insert(0, AbsentFinder())
    found = pytest.importorskip

    def importorskip(name, *args, **named):
        if name.partition(".")[0] in ABSENT:
            if Running.test:
                pytest.skip(f"needs {name}")
            return importlib.import_module(name)
        return found(name, *args, **named)

    pytest.importorskip = importorskip


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Marks the time in which a test runs, and ends one that takes too long where signals work."""
    Running.test = True
    alarm = getattr(signal, "alarm", None) if sys.platform != "emscripten" else None
    if alarm:
        signal.signal(signal.SIGALRM, _too_long)
        alarm(LONGEST)
    hidden = {
        name: sys.modules.pop(name) for name in [n for n in sys.modules if n.partition(".")[0] in ABSENT]
    }
    try:
        return (yield)
    finally:
        sys.modules.update(hidden)
        Running.test = False
        if alarm:
            alarm(0)


def _too_long(_signal, _frame):
    raise TimeoutError(f"took longer than {LONGEST} s")


def pytest_runtest_logreport(report):
    """Keeps the first thing that went wrong with a test, or that it passed."""
    before = Running.outcomes.get(report.nodeid)
    if (report.when == "call" or report.outcome != "passed") and (before is None or before[0] == "passed"):
        Running.outcomes[report.nodeid] = [report.outcome, _why(report)]


def pytest_collectreport(report):
    """Keeps that a file could not be read."""
    if report.failed:
        Running.outcomes[report.nodeid] = ["unread", _why(report)]


def _why(report):
    return str(report.longrepr)[-4000:] if report.outcome == "failed" else ""
