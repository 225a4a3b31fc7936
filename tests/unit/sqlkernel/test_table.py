"""A table in a SQL notebook is the table of a Python notebook: TypeScript beside Python, character by character."""

import random

import pytest
from support.labextension import run_typescript
from support.native_session import import_kernel

import_kernel()
# The package is there once it is imported from its folder.
from duckdb_wasm.results import html as _html  # noqa: E402
from duckdb_wasm.types import DuckDBPyType  # noqa: E402

TYPES = (
    *("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER"),
    *("UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL(18,3)", "VARCHAR", "BLOB", "DATE", "TIME", "BIT"),
    *("TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "INTERVAL", "UUID", "INTEGER[]", "INTEGER[3]", "VARCHAR[][]"),
    *("STRUCT(a INTEGER, b VARCHAR)", "MAP(VARCHAR, INTEGER)", "ENUM('a', 'b')", "DECIMAL(4,1)[]"),
)
TEXTS = ("", "a", "<b>&\"'", "x" * 81, "é" * 80, "🙂" * 90, "y" * 2000, "two\nlines", "NULL", "⋮", None)


def drawn(columns: list[tuple[str, str]], first: list, last: list, total: int) -> list[str]:
    names = [{"name": name, "type": kind} for name, kind in columns]
    given = {"columns": names, "first": first, "last": last, "total": total}
    ours = run_typescript(("table",), "return module.draw(given);", given, room="sqlkernel")
    kinds = [(name, DuckDBPyType(kind)) for name, kind in columns]
    return [ours, _html.draw(kinds, [tuple(row) for row in first], [tuple(row) for row in last], total)]


def test_every_type_has_the_same_head_and_side():
    columns = [(f"column <{kind}>", kind) for kind in TYPES]
    ours, theirs = drawn(columns, [["1"] * len(TYPES), [None] * len(TYPES)], [], 2)
    assert ours == theirs


@pytest.mark.parametrize("seed", range(4))
def test_any_values_are_escaped_and_cut_alike(seed):
    dice = random.Random(seed)
    columns = [(dice.choice(TEXTS[1:-1]), dice.choice(TYPES)) for _ in range(dice.choice((1, 3, 120)))]
    half = [[dice.choice(TEXTS) for _ in columns[:100]] for _ in range(10)]
    ours, theirs = drawn(columns, half, half, 1_234_567)
    assert ours == theirs


def test_no_row_and_no_gap():
    ours, theirs = drawn([("a", "INTEGER")], [], [], 0)
    assert ours == theirs
