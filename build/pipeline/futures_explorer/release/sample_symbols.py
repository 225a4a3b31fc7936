"""The sample's symbols: invented names and listing histories, from integers alone."""

from __future__ import annotations

import random
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from futures_explorer.release.contract import FIRST_DATE

_T = TypeVar("_T")

LAST_DATE = date(2026, 10, 31)
DAYS = (LAST_DATE - FIRST_DATE).days + 1
COUNT = 950
SEED = 20190925
# How long upstream goes on probing a symbol that has gone, in days (its lookback).
PROBED_AFTER_DELISTING = 20

# Names that people type first, with the day they appear (0 = 2019-09-25), then invented ones.
KNOWN = {
    "BTCUSDT": 0,
    "ETHUSDT": 63,
    "BCHUSDT": 84,
    "XRPUSDT": 103,
    "LTCUSDT": 106,
    "LINKUSDT": 114,
    "ADAUSDT": 128,
    "BNBUSDT": 138,
    "DOGEUSDT": 289,
    "SOLUSDT": 355,
    "AVAXUSDT": 364,
}
# Non-ASCII symbols are rare and real; these two are listed near the end.
NON_ASCII = {"龙猫USDT": 2210, "币安人生USDT": 2205}

_ONSETS = "b|c|d|f|g|h|j|k|l|m|n|p|r|s|t|v|w|x|z|br|cr|dr|fl|gr|kr|pl|st|tr".split("|")  # noqa: SIM905
_VOWELS = ["a", "e", "i", "o", "u", "ai", "eo", "io", "y"]
_CODAS = ["", "", "", "n", "r", "s", "x", "l", "k"]


@dataclass(frozen=True)
class Listing:
    """One stretch of days on which a symbol was listed; day 0 is 2019-09-25, both ends included."""

    symbol: str
    first: int
    last: int


def _pick(rng: random.Random, choices: Sequence[_T]) -> _T:
    # random() is the one method whose sequence Python keeps from version to version.
    return choices[int(rng.random() * len(choices))]


def _invented(rng: random.Random, taken: Container[str]) -> str:
    while True:
        syllables = range(_pick(rng, (1, 2, 2)))
        base = "".join(
            _pick(rng, _ONSETS) + _pick(rng, _VOWELS) + _pick(rng, _CODAS) for _ in syllables
        ).upper()
        prefix = "1000" if rng.random() < 0.02 else ""
        quote = "USDC" if rng.random() < 0.05 else "USDT"
        symbol = f"{prefix}{base}{quote}"
        if len(base) >= 3 and symbol not in taken:
            return symbol


def symbols(scale: int = 1) -> list[tuple[str, int]]:
    """The symbols with the day each is first listed (0 = 2019-09-25), in order of listing.

    `scale` multiplies their number.
    """
    rng = random.Random(SEED)  # noqa: S311 - reproducible, not secret
    fixed = {**KNOWN, **NON_ASCII}
    listed = dict(fixed)
    invented = COUNT * scale - len(fixed)
    for index in range(invented):
        # Listings speed up over the years.
        share = (index * 10_000) // invented
        day = 110 + ((DAYS - 120) * _power(share)) // 10_000
        listed[_invented(rng, listed)] = day
    return sorted(listed.items(), key=lambda item: (item[1], item[0]))


def _power(share: int) -> int:
    """share**0.6 on a scale of 10,000, in integers, so that no machine rounds it its own way."""
    low, high = 0, 10_000
    while low < high:
        middle = (low + high) // 2
        if middle**5 < share**3 * 10_000**2:
            low = middle + 1
        else:
            high = middle
    return low


def listings(scale: int = 1) -> tuple[list[Listing], list[Listing]]:
    """The stretches on which each symbol was listed, and those on which upstream probed it.

    A symbol is probed from its first listed day to 20 days after its last one, so that gaps,
    delistings and the days before a relisting leave rows that say "unavailable".
    """
    rng = random.Random(SEED + 1)  # noqa: S311
    listed: list[Listing] = []
    probed: list[Listing] = []
    newest = DAYS - 1
    for symbol, first in symbols(scale):
        last = newest
        stays = symbol in KNOWN or symbol in NON_ASCII
        chance = rng.random()
        if not stays and chance < 0.26 and newest - first > 120:
            last = first + 60 + int(rng.random() * (newest - first - 60))
        stretches = [(first, last)]
        if not stays and 0.20 <= chance < 0.30 and last - first > 300:
            # Relisted after 20 to 120 days.
            leave = first + 100 + int(rng.random() * 100)
            back = leave + 20 + int(rng.random() * 100)
            stretches = [(first, leave), (back, last)]
        elif symbol not in KNOWN and rng.random() < 0.3 and last - first > 60:
            # The exchange failed to upload one to three days.
            hole = first + 10 + int(rng.random() * (last - first - 20))
            stretches = [(first, hole - 1), (hole + 1 + int(rng.random() * 3), last)]
        listed += [Listing(symbol, a, b) for a, b in stretches]
        probed.append(Listing(symbol, first, min(newest, last + PROBED_AFTER_DELISTING)))
    return listed, probed
