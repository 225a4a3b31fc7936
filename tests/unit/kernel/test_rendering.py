"""A relation shows itself as a table that fits, reads aloud and says how many rows there are."""

from __future__ import annotations

import re
from xml.etree import ElementTree


def table(relation):
    html = re.sub(r"<style>.*?</style>", "", relation._repr_html_(), flags=re.DOTALL)
    return ElementTree.fromstring(html).find("table")


def test_heads_name_column_and_type_and_numbers_are_to_the_right(con):
    shown = table(con.sql("SELECT 'a' AS word, 1.5::DOUBLE AS number, NULL::INTEGER AS nothing"))
    heads = shown.findall("thead/tr/th")
    assert ["".join(head.itertext()) for head in heads] == ["word varchar", "number double", "nothing int32"]
    assert [head.get("scope") for head in heads] == ["col"] * 3
    assert [head.get("class") for head in heads] == [None, "number", "number"]
    cells = shown.findall("tbody/tr/td")
    assert [(cell.text, cell.get("class")) for cell in cells] == [
        ("a", None),
        ("1.5", "number"),
        ("NULL", "number null"),
    ]
    assert shown.find("caption").text == "1 row × 3 columns"


def test_of_many_rows_the_first_and_last_are_shown_and_all_are_counted(con):
    shown = table(con.sql("SELECT i FROM range(100) t(i)"))
    cells = [row[0].text for row in shown.findall("tbody/tr")]
    assert cells == [*map(str, range(10)), "⋮ 80 more rows", *map(str, range(90, 100))]
    assert shown.find("caption").text == "100 rows × 1 column"


def test_a_very_long_relation_is_not_fetched_to_be_shown(con, session):
    relation = con.sql("SELECT i FROM range(1000000) t(i)")
    cells = [row[0].text for row in table(relation).findall("tbody/tr")]
    assert cells[:2] + cells[-2:] == ["0", "1", "999998", "999999"]
    assert "999,980 more rows" in cells[10]
    asked = [sql for sql in session.sent if "range(" in sql]
    assert all(" LIMIT " in sql or sql.startswith(("DESCRIBE", "SELECT count")) for sql in asked)


def test_markup_in_names_and_values_is_text(con):
    html = con.sql("""SELECT '<script>"x"</script>' AS "<b>" """)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "&lt;b&gt;" in html


def test_long_values_are_cut_and_whole_in_the_title(con):
    cell = table(con.sql("SELECT repeat('ab', 100) AS long")).find("tbody/tr/td")
    assert len(cell.text) == 80
    assert cell.text.endswith("…")
    assert cell.get("title") == "ab" * 100


def test_text_box_is_duckdbs_own(con, native):
    query = "SELECT i, 'word ' || i AS w, i * 1.5::DOUBLE AS d, i = 2 AS b, NULL AS n FROM range(1, 4) t(i)"
    assert str(con.sql(query)) == str(native.sql(query))


def test_wide_characters_keep_the_box_straight(con):
    lines = str(con.sql("SELECT '币安' AS name UNION ALL SELECT 'abcd'")).splitlines()
    assert lines[4] in ("│ 币安    │", "│ 币安 │")


def test_a_box_of_many_columns_leaves_out_the_middle(con):
    columns = ", ".join(f"{i} AS column_{i}" for i in range(40))
    box = str(con.sql(f"SELECT {columns}"))
    assert all(len(line) <= 120 for line in box.splitlines())
    assert "column_0 " in box
    assert "column_39" in box
    assert "…" in box
    assert "40 columns" in box


def test_an_empty_relation_shows_its_columns(con):
    shown = table(con.sql("SELECT 1 AS a WHERE false"))
    assert shown.find("caption").text == "0 rows × 1 column"
    assert "a" in "".join(shown.find("thead").itertext())
