"""A comment makes a chart of a result, or says what is wrong with it."""

import pytest
from support.labextension import run_typescript

COLUMNS = [
    {"name": "date", "type": "DATE"},
    {"name": "n", "type": "BIGINT"},
    {"name": "kind.of", "type": "VARCHAR"},
]
ROWS = [["2024-01-02", "3", "a"], ["2024-01-03", None, None]]
SCRIPT = """
try { return module.specOf(module.chartWanted([given[0]]), given[1], given[2]); }
catch (error) { return error.message; }
"""


def spec(comment: str):
    return run_typescript(("chart",), SCRIPT, [comment, COLUMNS, ROWS], room="sqlkernel")


def test_a_line_names_mark_and_columns():
    made = spec('-- chart: line x=date y=N color="kind.of" title="How many" width=400')
    assert made["mark"]["type"] == "line"
    assert (made["title"], made["width"]) == ("How many", 400)
    assert made["encoding"]["x"] == {
        "field": "date",
        "type": "temporal",
        "title": "date",
        "scale": {"type": "utc"},
    }
    assert made["encoding"]["y"] == {"field": "n", "type": "quantitative", "title": "N"}
    assert made["encoding"]["color"]["field"] == "kind\\.of"
    day = 86_400_000
    assert made["data"]["values"] == [
        {"date": 19_724 * day, "n": 3, "kind.of": "a"},
        {"date": 19_725 * day, "n": None, "kind.of": None},
    ]
    assert "How many" in made["description"]


def test_a_block_is_a_specification_that_gets_the_rows():
    made = spec('/* chart {"mark": "tick", "encoding": {"x": {"field": "n", "type": "quantitative"}}} */')
    assert made["mark"] == "tick"
    assert len(made["data"]["values"]) == 2


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        (
            "-- chart: pie x=date y=n",
            "“pie” is no mark of a chart. It begins with one of line, area, bar, point, rect.",
        ),
        ("-- chart: line x=day y=n", "The result has no column “day”. It has date, n, kind.of."),
        ("-- chart: line x=date", "The chart needs y=COLUMN, one of date, n, kind.of."),
        (
            "-- chart: line x=date y=n z=n",
            "A chart has no “z”. It has x, y, color, size, title, width and height.",
        ),
        ("-- chart: line x=date y=n width=9", "A chart's width and height are 50 to 2000 pixels, not “9”."),
        ("/* chart {nope} */", "The chart's block is not JSON"),
    ],
)
def test_what_is_wrong_is_said(comment, said):
    assert spec(comment).startswith(said)


def test_any_other_comment_is_none():
    script = "return module.chartWanted(given);"
    comments = ["-- a chart: line", "-- charts: bar x=a", "/* the chart */"]
    assert run_typescript(("chart",), script, comments, room="sqlkernel") is None
