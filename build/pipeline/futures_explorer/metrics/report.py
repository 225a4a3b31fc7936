"""The report: what was counted, as Markdown with a chart, held against what would call for more than a static site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from futures_explorer.metrics.readings import Reading, Readings

#: Readings whose bars are drawn, and listed.
SHOWN = 24
_WIDTH, _HEIGHT, _GAP = 720, 160, 6


@dataclass(frozen=True)
class Trigger:
    """A count that calls for something when it is above its limit."""

    what: str
    limit: int
    value: Callable[[Readings], float | None]
    #: What to do then, how, and what it costs.
    then: str


def _newest(value: Callable[[Reading], float | None]) -> Callable[[Readings], float | None]:
    return lambda found: value(found.readings[-1]) if found.readings else None


def _refused(found: Readings) -> float | None:
    known = [reading.refused for reading in found.readings[-12:] if reading.refused is not None]
    return sum(known) if known else None


TRIGGERS = (
    Trigger(
        "Downloads of upstream's releases a month",
        500,
        _newest(lambda reading: reading.a_month),
        "put the data on a mirror behind a CDN: `make mirror TO=s3://…`. An hour with `deploy/aws`, some 2 cents "
        "a month for 700 MB; the first TB that is read each month is free.",
    ),
    Trigger(
        "Visitors of the repository in 14 days",
        100,
        _newest(lambda reading: reading.visitors),
        "offer a hosted API. The static one, `api/v1/`, answers by day, symbol and month for nothing: point to it "
        "first. One for other questions means DuckDB over the same Parquet, 5 USD a month, and someone to look after it.",
    ),
    Trigger(
        "Refreshes that failed in 12 months",
        4,
        _refused,
        "pin harder: take upstream's release by its tag, `futures-explorer fetch --tag …`, in place of the newest, and "
        "move the tag after its changes were read. No money; some minutes for each release.",
    ),
)


def report(found: Readings) -> str:
    """The page, as Markdown."""
    shown = found.readings[-SHOWN:]
    last = shown[-1] if shown else None
    lines = [
        "# Is anybody there?",
        "",
        "What GitHub counts, read once a month; no visitor of this site is followed, and Pages counts none. "
        + (f"Last read on {last.day}." if last else "Nothing has been read yet."),
        "",
    ]
    if any(reading.downloads is not None for reading in shown):
        lines += [_chart(shown), ""]
    if shown:
        lines += [
            "| read on | downloads since the reading before | visitors, 14 days | failed refreshes |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {reading.day} | {_number(reading.downloads)} | {_number(reading.visitors)} | {_number(reading.refused)} |"
            for reading in reversed(shown)
        ]
        lines.append("")
    lines += ["## What would call for more", ""]
    for trigger in TRIGGERS:
        value = trigger.value(found)
        is_reached = value is not None and value > trigger.limit
        now = (
            f"**{_number(value)}, above {trigger.limit}**"
            if is_reached
            else f"{_number(value)}. Above {trigger.limit}"
        )
        lines.append(f"- **{trigger.what}**: {now}: {trigger.then}")
    lines += [
        "",
        f"Downloads are those of the files of [{found.upstream}](https://github.com/{found.upstream}/releases) that a later "
        "release did not replace, so there were at least as many. Visitors are those of "
        f"[{found.repository}](https://github.com/{found.repository}) on GitHub; they need a token that may read traffic. "
        "“–” is a count that could not be had.",
        "",
    ]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _chart(shown: tuple[Reading, ...]) -> str:
    """Bars of downloads, one for each reading; the table beside it says the same in words."""
    counts = [reading.downloads or 0 for reading in shown]
    most = max(*counts, 1)
    step = _WIDTH / max(len(counts), 12)
    bars = "".join(
        f'<rect x="{number * step + _GAP / 2:.1f}" y="{_HEIGHT - count / most * _HEIGHT:.1f}" '
        f'width="{step - _GAP:.1f}" height="{count / most * _HEIGHT:.1f}"><title>{reading.day}: {count:,}</title></rect>'
        for number, (reading, count) in enumerate(zip(shown, counts, strict=True))
    )
    return (
        f'<figure class="bars"><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="Downloads at each reading, at '
        f'most {most:,}; the table below lists them">{bars}</svg><figcaption>Downloads at each reading, from {shown[0].day} '
        f"to {shown[-1].day}; the highest bar is {most:,}.</figcaption></figure>"
    )
