"""What a link may set a notebook's parameters to, and how it is written into the cell: TypeScript, run on the host."""

import ast
import json
import re
from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import native_notebook
from support.labextension import run_typescript
from support.native_notebook import CONTENT

DAY = {"type": "string", "format": "date", "description": "a day"}
NAME = {"type": "string", "pattern": r"^[\p{L}\p{N}_]{1,40}$", "description": "a name"}
WHOLE = {"type": "integer", "minimum": 1, "maximum": 500, "description": "a whole number"}
NUMBER = {"type": "number", "minimum": -1, "maximum": 10, "description": "a number"}


def literals(pairs: list[tuple[dict, str]]) -> list[str | None]:
    script = "return given.map(([declared, text]) => module.literal(declared, text));"
    return run_typescript(("parameters/parameters",), script, pairs)


def outcome(source: str, declared: dict, fragment: str) -> dict:
    script = "return module.outcome(given[0], given[1], module.asked(given[2]));"
    return run_typescript(("parameters/parameters",), script, [source, declared, fragment])


def sql_outcome(source: str, declared: dict, fragment: str) -> dict:
    script = "return module.outcome(given[0], given[1], module.asked(given[2]), module.SQL);"
    return run_typescript(("parameters/parameters",), script, [source, declared, fragment])


@pytest.mark.parametrize(
    ("declared", "text", "expected"),
    [
        (DAY, "2021-05-19", '"2021-05-19"'),
        (DAY, "2021-02-29", None),
        (DAY, "2021-5-19", None),
        (DAY, '2021-05-19"', None),
        (NAME, "BTCUSDT", '"BTCUSDT"'),
        (NAME, "龙猫USDT", '"龙猫USDT"'),
        (NAME, 'A"+B', None),
        (NAME, "A\n", None),
        (NAME, "", None),
        (WHOLE, "100", "100"),
        (WHOLE, "0", None),
        (WHOLE, "501", None),
        (WHOLE, "1e2", None),
        (WHOLE, "0x10", None),
        (WHOLE, "9" * 400, None),
        (NUMBER, "2.50", "2.5"),
        (NUMBER, "-1", "-1"),
        (NUMBER, "NaN", None),
        (NUMBER, "Infinity", None),
    ],
)
def test_a_value_is_taken_only_as_declared(declared, text, expected):
    assert literals([(declared, text)]) == [expected]


@settings(max_examples=10, deadline=None)  # each starts Node
@given(st.lists(st.text(max_size=12), min_size=20, max_size=20))
def test_whatever_is_taken_is_one_python_literal_with_the_same_value(texts):
    anything = {"type": "string", "pattern": "^.*$", "description": "anything"}
    for text, literal in zip(texts, literals([(anything, text) for text in texts]), strict=True):
        assert literal is None or ast.literal_eval(literal) == text


@pytest.mark.parametrize("fragment", ["", "#", "#Next", "#1=2", "#a-heading", "#=x", "#" + "a=" + "b" * 2000])
def test_a_fragment_that_is_something_else_is_left_alone(fragment):
    assert run_typescript(("parameters/parameters",), "return module.asked(given);", fragment) == []


SOURCE = 'symbol = "SOLUSDT"\ntop=30  # how many\nday = None\nother = "#"  # symbol = "X"'
DECLARED = {"symbol": NAME, "top": WHOLE, "day": DAY}


def test_only_the_values_change():
    done = outcome(SOURCE, DECLARED, "#top=50&symbol=BTC_USDT&day=2021-05-19")
    assert (
        done["source"]
        == 'symbol = "BTC_USDT"\ntop=50  # how many\nday = "2021-05-19"\nother = "#"  # symbol = "X"'
    )
    assert [setting["was"] for setting in done["settings"]] == ["30", '"SOLUSDT"', "None"]


@pytest.mark.parametrize(
    ("source", "fragment", "problem"),
    [
        (
            SOURCE,
            "#nothing=1",
            "sets “nothing”, which this notebook does not have. It has: symbol, top, day.",
        ),
        (SOURCE, "#toString=1", "sets “toString”, which this notebook does not have"),
        (SOURCE, "#top=many", "sets top to “many”; expected is a whole number."),
        (SOURCE, "#symbol=" + "A" * 60, "sets symbol to “" + "A" * 40 + "…”"),
        (SOURCE, "#top=5&symbol=%22", 'sets symbol to “"”'),
        ("top = compute(3)", "#top=5", "no longer has a line “top = …”"),
        ("top = 1\ntop = 2", "#top=5", "no longer has a line “top = …”"),
        ("x = 1", "#top=5", "no longer has a line “top = …”"),
    ],
)
def test_what_cannot_be_set_is_said_and_nothing_is(source, fragment, problem):
    done = outcome(source, DECLARED, fragment)
    assert problem in done["problem"]
    assert "source" not in done


@pytest.mark.parametrize("name", native_notebook.notebooks())
def test_a_starter_notebook_takes_its_own_defaults(name):
    cell, *_, last = native_notebook.read(name)["cells"][1:]
    source, declared = "".join(cell["source"]), cell["metadata"]["binance_futures"]["parameters"]
    defaults = native_notebook.parameters(name)
    fragment = "#" + "&".join(f"{name}={value}" for name, value in defaults.items() if value is not None)
    set_by = sql_outcome if native_notebook.is_sql(name) else outcome
    assert set_by(source, declared, fragment)["source"] == source
    # And the examples that its last lines give.
    for example in re.findall(r"`(#\w+=[^`]+)`", "".join(last["source"])):
        assert "source" in set_by(source, declared, example), example


SQL_CELL = (
    "SET VARIABLE symbol = 'BTCUSDT';\nSET VARIABLE day = DATE '2024-01-01'; -- a day\nset variable top=8"
)
SQL_DECLARED = {"symbol": NAME, "day": DAY, "top": WHOLE}


def test_a_sql_notebooks_variables_are_set():
    made = sql_outcome(SQL_CELL, SQL_DECLARED, "#symbol=龙猫USDT&day=2021-05-19&top=20")
    assert made["source"] == (
        "SET VARIABLE symbol = '龙猫USDT';\nSET VARIABLE day = DATE '2021-05-19'; -- a day\nset variable top=20"
    )
    assert [setting["was"] for setting in made["settings"]] == ["'BTCUSDT'", "DATE '2024-01-01'", "8"]
    con = duckdb.connect()
    con.execute(made["source"])
    values = con.execute("SELECT getvariable('symbol'), getvariable('day'), getvariable('top')").fetchone()
    assert values == ("龙猫USDT", date(2021, 5, 19), 20)


@pytest.mark.parametrize("fragment", ["#symbol=A');DROP", "#day='2021-05-19'", "#top=1;SELECT 1", "#other=1"])
def test_what_a_sql_notebook_does_not_declare_is_refused(fragment):
    assert "problem" in sql_outcome(SQL_CELL, SQL_DECLARED, fragment)


def test_a_variable_that_is_computed_is_left_alone():
    source = "SET VARIABLE day = (SELECT max(last_date) FROM symbols);"
    made = sql_outcome(source, SQL_DECLARED, "#day=2021-05-19")
    assert "no longer has a line" in made["problem"]


SPELLINGS = json.loads((CONTENT / "pages/spellings.json").read_text("utf-8"))
SYMBOL = NAME | {"format": "symbol"}


@pytest.mark.parametrize(
    "text",
    [
        "btcusdt",
        "BTC/USDT:USDT",
        "BTC-USDT",
        "BTCUSDT.P",
        "BTC_USDT",
        "BINANCE:BTCUSDT.P",
        " BTCUSDT ",
        "btc/usdt",
    ]
    + [entry["example"] for entry in SPELLINGS],
)
def test_a_symbol_is_taken_as_other_tools_spell_it(text):
    assert literals([(SYMBOL, text)]) == ['"BTCUSDT"']


@pytest.mark.parametrize(
    "symbol", ["1000PEPEUSDT", "龙猫USDT", "BTCUSDT_230630", "ETHUSDC", "XPERPUSDT", "BTCDOMUSDT"]
)
def test_a_symbol_as_binance_spells_it_stays_as_it_is(symbol):
    assert literals([(SYMBOL, symbol)]) == [f'"{symbol}"']


@pytest.mark.parametrize(
    "fragment",
    [
        "symbol%3DSOLUSDT%26days%3D30",
        "symbol%253DSOLUSDT%2526days%253D30",
        "symbol=SOLUSDT&amp;days=30",
        "symbol=SOLUSDT&days=30.",
        "symbol=SOLUSDT&days=30).",
        'symbol=SOLUSDT&days=30">',
        "symbol=SOLU\u00adSDT&days=30",
        "symbol=SOL%0AUSDT&days=30",
        "symbol=SOL%2FUSDT%3AUSDT&days=30%22",
    ],
)
def test_what_mail_and_chat_do_to_parameters_is_taken_back(fragment):
    made = outcome('symbol = "BTCUSDT"\ndays = 1', {"symbol": SYMBOL, "days": WHOLE}, fragment)
    assert made["source"] == 'symbol = "SOLUSDT"\ndays = 30'
