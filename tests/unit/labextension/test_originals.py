"""When a visitor is offered the site's newer notebook: TypeScript, run on the host."""

import pytest
from support.labextension import run_typescript

OLD, NEW, MINE = "old", "new", "mine"


@pytest.mark.parametrize(
    ("saved", "original", "base", "expected"),
    [
        (OLD, OLD, None, "nothing"),  # a first visit
        (MINE, OLD, OLD, "nothing"),  # edited; the site is as it was
        (NEW, NEW, OLD, "nothing"),  # the visitor has the new one already
        (MINE, NEW, None, "nothing"),  # nobody knows what it was made of
        (OLD, NEW, OLD, "renew"),
        (MINE, NEW, OLD, "offer"),
    ],
)
def test_only_a_copy_of_an_older_original_is_renewed_or_offered_the_new_one(saved, original, base, expected):
    assert (
        run_typescript(("originals/decide",), "return module.decide(...given)", [saved, original, base])
        == expected
    )


def test_outputs_and_ids_do_not_make_a_copy_ones_own():
    cell = {
        "cell_type": "code",
        "source": ["a = 1\n", "a"],
        "id": "c1",
        "outputs": [],
        "execution_count": None,
    }
    run = cell | {
        "id": "other",
        "source": "a = 1\na",
        "outputs": [{"output_type": "stream"}],
        "execution_count": 3,
    }
    edited = cell | {"source": "a = 2\na"}
    first, second, third = run_typescript(
        ("originals/decide",),
        "return given.map((cells) => module.written({ cells }))",
        [[cell], [run], [edited]],
    )
    assert first == second != third


def test_the_new_one_is_opened_under_a_name_of_its_own():
    taken = ["quickstart.ipynb", "quickstart-new.ipynb"]
    script = "return module.nameBeside(given[0], given[1])"
    assert (
        run_typescript(("originals/decide",), script, ["quickstart.ipynb", taken]) == "quickstart-new-2.ipynb"
    )
