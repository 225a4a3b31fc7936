"""Charts fit into the notebook's width: TypeScript, run on the host."""

from support.labextension import run_typescript


def fit(spec: dict, room: int) -> dict:
    return run_typescript(("charts/fit",), "return module.fit(given[0], given[1]);", [spec, room])


def test_what_fits_is_left_as_it_is():
    assert run_typescript(
        ("charts/fit",), "return module.fit(given, 900) === given;", {"width": 620, "layer": [{}]}
    )


def test_every_plot_of_a_chart_is_narrowed_and_nothing_else():
    spec = {
        "title": "T",
        "vconcat": [{"width": 540, "height": 90}, {"layer": [{"width": 400}], "width": 200}],
    }
    assert fit(spec, 345) == {
        "title": "T",
        "vconcat": [{"width": 273, "height": 90}, {"layer": [{"width": 273}], "width": 200}],
    }


def test_a_plot_never_becomes_too_narrow_to_read():
    assert fit({"width": 600}, 40) == {"width": 180}


def test_before_it_is_drawn_a_chart_has_about_its_height():
    def height(spec: dict) -> int:
        return run_typescript(("charts/fit",), "return module.heightOf(given);", spec)

    assert height({"width": 600, "height": 260}) == 332
    assert height({"layer": []}) == 372
    assert height({"vconcat": [{"height": 90}, {"height": 60}]}) == 294
