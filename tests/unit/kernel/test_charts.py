"""A relation as the data of a chart: plain JSON, days and times as the reader's own."""

import json

QUERY = """SELECT 1 AS i, 170141183460469231731687303715884105727::HUGEINT AS h, 1.5::DECIMAL(4, 2) AS d, 'nan'::DOUBLE AS n,
  true AS b, 'text' AS s, NULL AS nothing, DATE '2024-01-15' AS day, TIMESTAMP '2024-01-15 13:00:00.5' AS t,
  [1, NULL] AS l, {'k': DATE '2024-01-15'} AS r, uuid '00000000-0000-0000-0000-000000000001' AS u"""


def test_every_type_becomes_plain_json(con):
    (row,) = json.loads(json.dumps(con.sql(QUERY).chart_values()))["values"]
    assert row == {
        "i": 1,
        "h": 2**127 - 1,
        "d": 1.5,
        "n": None,
        "b": True,
        "s": "text",
        "nothing": None,
        "day": "2024-01-15T00:00:00",
        "t": "2024-01-15T13:00:00.500000",
        "l": [1, None],
        "r": {"k": "2024-01-15T00:00:00"},
        "u": "00000000-0000-0000-0000-000000000001",
    }


def test_of_a_large_relation_no_more_is_read_than_tells_that_it_is_too_large(con, session):
    assert len(con.sql("SELECT * FROM range(1000000)").chart_values(5000)["values"]) == 5001
    assert len(con.sql("SELECT * FROM range(7)").chart_values(None)["values"]) == 7
