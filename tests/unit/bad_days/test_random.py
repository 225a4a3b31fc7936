"""Whatever happened: listings and delistings alternate, what is tradable lies within them, and a universe is tradable."""

from __future__ import annotations

import random
import statistics
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from support.bad_releases import BadRelease

from .conftest import publish

FIRST = date(2026, 4, 1)
DAYS = 214  # to 2026-10-31
ABSENCE = 28


def histories(rng: random.Random) -> dict[str, list[tuple[str, str, float | None]]]:
    """Forty symbols that come, pause, print without a trade and go, for lengths around those that matter."""
    found = {}
    for number in range(40):
        day, stretches = rng.randrange(60), []
        while day < DAYS:
            length = rng.choice([1, 2, 5, 20, 60, 200])
            volume = rng.choice([0.0, None, *(float(rng.randrange(1, 500)) for _ in range(6))])
            last = min(day + length, DAYS) - 1
            stretches.append((str(FIRST + timedelta(day)), str(FIRST + timedelta(last)), volume))
            day = last + 1 + rng.choice([0, 1, 3, ABSENCE - 1, ABSENCE, ABSENCE + 1, 70, 300])
        found[f"R{number:02}USDT"] = stretches
    return found


@dataclass
class Period:
    symbol: str
    first: date
    last: date


def periods(tradable: dict[str, list[date]]) -> list[Period]:
    """The listings, by a walk over each symbol's tradable days."""
    found = []
    for symbol, days in sorted(tradable.items()):
        for day in days:
            if found and found[-1].symbol == symbol and (day - found[-1].last).days - 1 <= ABSENCE:
                found[-1].last = day
            else:
                found.append(Period(symbol, day, day))
    return found


def is_complete(day: date, published: dict[date, int]) -> bool:
    before = [published[day - timedelta(n)] for n in range(1, 15) if day - timedelta(n) in published]
    return published[day] >= 0.95 * (statistics.median(before) if before else 0) - 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_questions_agree_with_each_other_on_every_day(seed, read, tmp_path):
    rng = random.Random(seed)
    others = histories(rng)
    last = str(FIRST + timedelta(DAYS - 1))
    late = {last: {"BTCUSDT", rng.choice(list(others))}} if seed != 1 else {}
    release = BadRelease(others=others, missing=late, first=str(FIRST), first_volume=str(FIRST))
    tradable: dict[str, list[date]] = {}
    for symbol, day in release.connection.execute(
        "SELECT symbol, date FROM there WHERE volume IS NULL OR volume > 0 ORDER BY ALL"
    ).fetchall():
        tradable.setdefault(symbol, []).append(day)

    db = read(publish(release, tmp_path / "site"))
    now = date.fromisoformat(db.snapshot.complete_date)
    counted = dict(release.connection.execute("SELECT date, count(*) FROM there GROUP BY date").fetchall())
    complete = [day for day in sorted(counted) if is_complete(day, counted)]
    assert db.symbols_per_day().filter("complete").project("date").fetchall() == [(day,) for day in complete]
    assert now == complete[-1]
    expected = periods(tradable)
    found = db.listing_periods().project("symbol, first_date, last_date").fetchall()
    assert found == [(p.symbol, p.first, p.last) for p in expected]

    # Listings and delistings alternate, and begin with a listing.
    events: dict[str, list[tuple[date, str]]] = {}
    for symbol, day, _ in db.listings("2026-01-01", "2027-01-01").fetchall():
        events.setdefault(symbol, []).append((day, "begins"))
    ends = db.delistings("2026-01-01", "2027-01-01").fetchall()
    for symbol, day, _, state in ends:
        events.setdefault(symbol, []).append((day, "ends"))
        assert state == "gone" or (now - day).days <= ABSENCE
        assert day < now
    assert set(events) == set(tradable)
    for symbol, listed in events.items():
        kinds = [kind for _, kind in sorted(listed)]
        assert kinds == ["begins", "ends"] * (len(kinds) // 2) + ["begins"] * (len(kinds) % 2), symbol
        # Who is not said to have gone was tradable on the newest complete day, or came after it.
        assert (kinds[-1] == "begins") == (tradable[symbol][-1] >= now)

    for number in range(DAYS):
        day = FIRST + timedelta(number)
        there = {symbol for (symbol,) in db.tradable_on(day).fetchall()}
        assert there == {symbol for symbol, days in tradable.items() if day in days}
        listed = {p.symbol for p in expected if p.first <= day <= p.last}
        assert there <= listed
        assert {symbol for _, symbol, *_ in db.universe(day, 1000).fetchall()} <= there
        # Within a listing, nobody is away for longer than a gap may last.
        for symbol in listed - there:
            before = max(known for known in tradable[symbol] if known < day)
            assert (day - before).days <= ABSENCE
