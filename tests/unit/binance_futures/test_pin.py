"""The pin: which snapshot `connect()` takes where nothing else is said."""

import json

import pytest
from binance_futures import _snapshot


@pytest.fixture
def asked(bf, monkeypatch):
    """What each connection was asked for; none is made."""
    seen = []

    class Place:
        @staticmethod
        def connect(snapshot, site):
            seen.append(snapshot)
            return object()

    monkeypatch.setattr(bf, "_place", lambda: Place)
    monkeypatch.setattr(bf, "_followed", False)
    for name in (_snapshot.PIN, "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
    return seen


def test_connect_follows_the_pin_unless_it_is_told(bf, asked, monkeypatch):
    bf.connect()
    monkeypatch.setenv(_snapshot.PIN, "2026-11-18-3fa9c1")
    bf.connect()
    bf.connect("2026-11-11")
    assert asked == [None, "2026-11-18-3fa9c1", "2026-11-11"]


def test_the_modules_functions_follow_a_pin_that_moves_but_not_a_connection_that_was_told(
    bf, asked, monkeypatch
):
    first = bf._asked()
    assert bf._asked() is first
    monkeypatch.setenv(_snapshot.PIN, "2026-11-18-3fa9c1")
    second = bf._asked()
    assert second is not first
    told = bf.connect("2026-11-11")
    monkeypatch.setenv(_snapshot.PIN, "2026-11-17-0123ab")
    assert bf._asked() is told
    assert asked == [None, "2026-11-18-3fa9c1", "2026-11-11"]


@pytest.mark.parametrize(
    ("metadata", "pin"),
    [
        ({"binance_futures": {"snapshot": "2026-11-18-3fa9c1"}}, "2026-11-18-3fa9c1"),
        ({"binance_futures": {"snapshot": "../x"}}, None),
        ({"binance_futures": []}, None),
        ({}, None),
    ],
)
def test_jupyter_on_a_computer_tells_which_notebook_runs(asked, monkeypatch, tmp_path, metadata, pin):
    notebook = tmp_path / "notebook.ipynb"
    notebook.write_text(json.dumps({"metadata": metadata}))
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook))
    assert _snapshot.pinned() == pin
    monkeypatch.setenv("JPY_SESSION_NAME", "a-console")
    assert _snapshot.pinned() is None
    (tmp_path / "broken.ipynb").write_text("{")
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "broken.ipynb"))
    assert _snapshot.pinned() is None
