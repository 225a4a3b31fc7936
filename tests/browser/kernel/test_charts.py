"""A relation in a chart and in narwhals, as the site's own Altair and narwhals take it: no pyarrow, nothing fetched."""

import json

CHART = """
import json, pyodide_js
await pyodide_js.loadPackage("altair")
import altair as alt, duckdb, narwhals as nw

relation = duckdb.sql("SELECT range AS a, 'x' || range % 2 AS b, DATE '2024-01-15' + range::INT AS d FROM range(3)")
chart = alt.Chart(relation).mark_point().encode(x="a", y="b", color="d").to_dict()
typed = alt.Chart(duckdb.sql("SELECT 1 AS a")).mark_point().encode(x="a:Q").to_dict()
try:
    alt.Chart(duckdb.sql("FROM range(9000)")).mark_point().encode(x="range:Q").to_dict()
except alt.MaxRowsError:
    refused = True
frame = nw.from_native(relation)
some = frame.filter(nw.col("a") > 0).with_columns(twice=nw.col("a") * 2).select("b", "twice").to_native().fetchall()
json.dumps([
    [*chart["datasets"].values()][0], {k: v["type"] for k, v in chart["encoding"].items()},
    [*typed["datasets"].values()][0], refused, frame.collect_schema().names(), some,
])
"""


def test_altair_and_narwhals_take_a_relation(kernel):
    rows, types, typed, refused, names, some = json.loads(kernel.run(CHART))
    assert rows == [{"a": i, "b": f"x{i % 2}", "d": f"2024-01-{15 + i}T00:00:00"} for i in range(3)]
    assert types == {"x": "quantitative", "y": "nominal", "color": "temporal"}
    assert typed == [{"a": 1}]
    assert refused is True
    assert names == ["a", "b", "d"]
    assert some == [["x1", 2], ["x0", 4]]
