"""Turns a binance-futures-availability release into snapshots and a browser explorer."""

from importlib.metadata import version

__version__ = version("futures-explorer")
