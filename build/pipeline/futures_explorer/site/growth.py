"""The landing page's chart: how many symbols were tradable on each complete day, and the listings that there had been.

Shapes are SVG that stretches with the page; words are HTML beside them, so that they keep their size on a phone.
"""

from datetime import date

#: The drawing's own units; the page stretches them.
WIDTH, HEIGHT = 1000, 300
#: A point a week is finer than a pixel.
STEP = 7

Day = tuple[date, int, int]


def growth(days: list[Day]) -> dict[str, str]:
    """The chart's parts, as HTML: `chart` (shapes and words), `chart_says` (a sentence), `chart_rows` (a table's rows)."""
    if not days:
        return {
            "chart": "",
            "chart_says": "This snapshot holds no complete day on which a symbol traded.",
            "chart_rows": "",
        }
    (first, *_), (last, trading, ever) = days[0], days[-1]
    span = max((last - first).days, 1)
    step = _round_step(ever)
    top = step * -(-ever // step)

    def x(day: date) -> float:
        return round((day - first).days / span * WIDTH, 1)

    def y(count: int) -> float:
        return round(HEIGHT * (1 - count / top), 1)

    points = [*days[:-1:STEP], days[-1]]
    grid = "".join(
        f'<path class="grid" d="M0 {y(n)}H{WIDTH}"/>' for n in range(step, top + 1, step) if n <= top
    )
    shapes = (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true">{grid}'
        f'<path class="ever" d="{_area([(x(day), y(total)) for day, _, total in points])}"/>'
        f'<path class="trading" d="{_area([(x(day), y(count)) for day, count, _ in points])}"/></svg>'
    )
    counts = "".join(
        f'<span class="count" style="bottom:{n / top:.1%}">{n:,}</span>' for n in range(step, top + 1, step)
    )
    years = "".join(
        f'<span class="year" style="left:{x(date(year, 1, 1)) / WIDTH:.1%}">{year}</span>'
        for year in range(first.year + 1, last.year + 1)
    )
    gone = ever - trading
    traded = f"{trading:,} {'symbol' if trading == 1 else 'symbols'} traded on {last}"
    says = (
        f"{traded}; there were {ever:,} listings since {first}. A backtest on the day's list forgets the other {gone:,}."
        if gone
        else f"{traded}: all that have been listed since {first}."
    )
    ends = {day.year: (day, count, total) for day, count, total in days}
    rows = "".join(
        f'<tr><th scope="row">{day}</th><td>{count:,}</td><td>{total:,}</td></tr>'
        for day, count, total in ends.values()
    )
    return {"chart": shapes + counts + years, "chart_says": says, "chart_rows": rows}


def _area(points: list[tuple[float, float]]) -> str:
    line = "L".join(f"{x:g} {y:g}" for x, y in points)
    return f"M0 {HEIGHT}L{line}L{points[-1][0]:g} {HEIGHT}Z"


def _round_step(most: int) -> int:
    """The distance between two grid lines: round, and two to four of them up to `most`."""
    step = 1
    for factor in (2, 2.5, 2) * 6:
        if most / step <= 4:
            break
        step = int(step * factor)
    return step
