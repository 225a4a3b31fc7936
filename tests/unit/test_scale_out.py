"""docs/scale-out.md: other readers give DuckDB's rows of a snapshot, and read a small part of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support import scale

SPARK = os.environ.get("SPARK_PYTHON")


@pytest.fixture(scope="module")
def data(built) -> Path:
    return built.data


@pytest.fixture(scope="module")
def made(data) -> dict:
    return scale.prelude(data)


def test_the_snippets_run_and_give_duckdbs_rows(data, made):
    said: dict = {}
    exec(scale.snippets().replace('"mirror"', repr(str(data))), said)
    of_day, of_symbol = (scale.natively(made, question) for question in scale.QUESTIONS)
    assert said["of_day"].rows() == of_day
    assert said["of_symbol"].rows() == of_symbol
    assert [tuple(row.values()) for row in said["table"].to_pylist()] == of_day
    assert len(of_day) > 100
    assert len(of_symbol) > 100


@pytest.mark.parametrize("question", scale.QUESTIONS)
@pytest.mark.parametrize("reader", scale.READERS)
def test_a_reader_gives_duckdbs_rows_of_a_small_part_of_the_bytes(made, reader, question):
    rows, read = scale.READERS[reader](made, question)
    assert rows == scale.natively(made, question)
    assert 0 < read < 0.1 * scale.size_of_all(made, question)


def test_bounds_leave_over_the_files_that_hold_the_value_and_no_other_by_date(made):
    left, day = scale.files(made, "one day")
    assert len(left) == 1
    assert day[:7] in {
        resource["name"].rpartition(".")[2]
        for resource in made["package"]["resources"]
        if Path(resource["path"]).name == Path(left[0]).name
    }


@pytest.mark.skipif(not SPARK, reason="needs PySpark and Java: make test-spark")
@pytest.mark.parametrize("question", scale.QUESTIONS)
def test_spark_gives_duckdbs_rows_and_looks_into_row_groups(data, made, question):
    rows, read, plan = scale.by_spark(Path(SPARK), data, question)
    assert rows == scale.natively(made, question)
    assert "PushedFilters: [IsNotNull(" in plan
    assert "EqualTo(" in plan
    assert 0 < read < 0.15 * scale.size_of_all(made, question)
