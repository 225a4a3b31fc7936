"""What is offered at the cursor of a SQL cell, and what is said of a name."""

from support.labextension import run_typescript


def entry(name, kind, of="", detail="", doc=""):
    return {"name": name, "kind": kind, "of": of, "detail": detail, "doc": doc}


CATALOG = [
    entry("select", "keyword"),
    entry("symbols", "table", doc="Runs of days."),
    entry("symbol", "column", "symbols", "VARCHAR"),
    entry("symbol", "column", "volume_rankings", "VARCHAR"),
    entry("rank", "column", "volume_rankings", "SMALLINT", "1 is the largest."),
    entry("volume_rankings", "table"),
    entry("rank", "function", detail="rank() → BIGINT", doc="The rank.\nrank() OVER (ORDER BY x)"),
    entry("threads", "setting", detail="BIGINT", doc="How many."),
]


def offered(sql: str) -> list[str]:
    cursor = sql.index("|")
    given = [sql.replace("|", ""), cursor, CATALOG]
    found = run_typescript(("catalog",), "return module.complete(...given);", given, room="sqlkernel")
    return [one["name"] for one in found["matches"]]


def help_on(sql: str):
    given = [sql.replace("|", ""), sql.index("|"), CATALOG]
    return run_typescript(("catalog",), "return module.inspect(...given);", given, room="sqlkernel")


def test_columns_of_a_table_that_the_cell_names_come_first():
    assert offered("SELECT sy| FROM volume_rankings")[:2] == ["symbol", "symbols"]


def test_after_a_dot_only_that_tables_columns():
    assert offered("SELECT v.| FROM volume_rankings AS v") == ["symbol", "rank"]
    assert offered("SELECT symbols.s|") == ["symbol"]


def test_keywords_keep_the_case_in_which_they_are_begun():
    assert offered("SEL|") == ["SELECT"]
    assert offered("sel|") == ["select"]


def test_settings_only_where_they_are_set():
    assert offered("SET thr|") == ["threads"]
    assert offered("SELECT thr|") == []


def test_nothing_in_a_string_or_a_comment():
    assert offered("SELECT 'sy|'") == []
    assert offered("-- sy|") == []


def test_help_on_a_table_a_column_a_function_and_its_brackets():
    assert "Runs of days." in help_on("FROM sym|bols")
    assert "1 is the largest." in help_on("SELECT r.ra|nk FROM volume_rankings r")
    assert help_on("SELECT rank(|)").startswith("`rank() → BIGINT`")
    assert help_on("SELECT no|pe") is None
