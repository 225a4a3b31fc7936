"""Completion begins without Jedi and goes on with it."""

import asyncio
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import SimpleNamespace

import pytest

FILE = Path(__file__).resolve().parents[3] / "build/kernel/explorer_startup/explorer_startup/_completion.py"


@pytest.fixture(scope="module")
def late_jedi():
    """The class, from its file: the package itself needs IPython."""
    spec = spec_from_file_location("_completion", FILE)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.LateJedi


def completed(late_jedi, fetch, times: int) -> list[bool]:
    """Whether Jedi was used in each of several completions, with time between them to fetch it."""
    completer = SimpleNamespace(use_jedi=True)
    complete = late_jedi(completer, lambda code, cursor_pos: completer.use_jedi, fetch)

    async def ask() -> list[bool]:
        used = []
        for _ in range(times):
            used.append(complete("d", 1))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        return used

    return asyncio.run(ask())


def test_the_first_completion_fetches_jedi_once_and_the_next_uses_it(late_jedi):
    fetched = []

    async def fetch() -> None:
        fetched.append("jedi")

    assert completed(late_jedi, fetch, 3) == [False, True, True]
    assert fetched == ["jedi"]


@pytest.mark.parametrize("failures", [1, 2])
def test_where_it_cannot_be_fetched_completion_goes_on_and_tries_again(late_jedi, failures):
    left = [OSError("no network")] * failures

    async def fetch() -> None:
        if left:
            raise left.pop()

    assert completed(late_jedi, fetch, failures + 2) == [False] * (failures + 1) + [True]
