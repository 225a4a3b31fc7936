"""Which cells show what was computed when the site was built: TypeScript, run on the host."""

import pytest
from support.labextension import run_typescript

ANSWERS = {
    "snapshot": "2026-10-31-155470",
    "synthetic": True,
    "cells": [
        {"source": "day = 1", "outputs": []},
        {"source": "ask(day)", "outputs": [{"output_type": "stream", "name": "stdout", "text": "one"}]},
        {"source": "more", "outputs": [{"output_type": "stream", "name": "stdout", "text": "two"}]},
    ],
}


def cell(source: str, *outputs: dict, has_run: bool = False) -> dict:
    return {"source": source, "outputs": list(outputs), "hasRun": has_run}


def shown(cells: list[dict], answers: dict | None = ANSWERS) -> list[list | None]:
    return run_typescript(("answers/answers",), "return module.toShow(...given)", [cells, answers])


FRESH = [cell("day = 1"), cell("ask(day)\n"), cell("more")]


def test_an_unedited_notebook_shows_every_answer_under_a_label():
    first, second, third = shown(FRESH)
    assert first is None
    label, answer = second
    assert "Computed when this site was built (synthetic data, snapshot 2026-10-31-155470)" in str(label)
    assert answer == ANSWERS["cells"][1]["outputs"][0]
    assert len(third) == 2


def test_a_chart_is_drawn_when_it_is_about_to_be_seen():
    chart = {"application/vnd.vegalite.v5+json": {"mark": "line"}}
    output = {"output_type": "display_data", "metadata": {"a": 1}, "data": chart}
    answers = {**ANSWERS, "cells": [{"source": "draw()", "outputs": [output]}]}
    ((_label, answer),) = shown([cell("draw()")], answers)
    assert answer == {**output, "metadata": {"a": 1, "explorer_when_seen": True}}


def test_a_cell_below_one_that_asks_something_else_shows_nothing():
    before = shown(FRESH)
    filled = [cell(one["source"], *(outputs or [])) for one, outputs in zip(FRESH, before, strict=True)]
    filled[0] = cell("day = 2")
    assert shown(filled) == [None, [], []]
    # Another snapshot: no answers at all.
    assert shown([FRESH[0], *filled[1:]], None) == [None, [], []]


def test_what_the_visitor_ran_or_brought_stays():
    own = {"output_type": "stream", "name": "stdout", "text": "mine"}
    assert shown([cell("day = 1", has_run=True), cell("ask(day)", own), cell("more", has_run=True)]) == [
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("quickstart.ipynb", "quickstart"),
        ("sql-tour.ipynb", "sql-tour"),
        ("sql-tour-shared-2.ipynb", "sql-tour"),
        ("quickstart-new.ipynb", "quickstart"),
        ("folder/quickstart.ipynb", None),
    ],
)
def test_a_copy_is_known_by_its_name(path, name):
    assert run_typescript(("answers/answers",), "return module.starterOf(given)", path) == name
