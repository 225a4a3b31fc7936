"""Calls that end at once, as they must where the engine's methods wait themselves."""

import asyncio

import pytest


@pytest.fixture
def at_once(kernel):
    from duckdb_wasm.bridge import _at_once

    return _at_once


async def engine_answers(value):
    return value


async def through(value):
    return [await engine_answers(value), await engine_answers(value)]


async def refused(error):
    raise error


async def sleeps():
    await asyncio.sleep(0)


def test_what_awaits_nothing_but_answers_ends_at_once(at_once):
    assert at_once(through(42)) == [42, 42]


def test_an_error_is_raised_without_the_frames_in_between(kernel, at_once):
    with pytest.raises(kernel.BinderException, match="no such column") as raised:
        at_once(refused(kernel.BinderException("Binder Error: no such column")))
    assert [entry.name for entry in raised.traceback][-1] == "_at_once"


def test_what_would_have_to_wait_is_a_mistake_and_is_not_left_half_done(at_once):
    with pytest.raises(RuntimeError, match="waits for something"):
        at_once(sleeps())
