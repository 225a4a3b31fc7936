"""A visitor's CSV file as spreadsheets of many countries write it: read, or asked about; never guessed."""

from datetime import date

import pytest


@pytest.fixture
def read(tmp_path):
    from binance_futures import read_trades

    def written(text: str, encoding: str = "utf-8", **named) -> dict:
        (tmp_path / "t.csv").write_bytes(text.encode(encoding))
        return read_trades(tmp_path / "t.csv", **named)

    return written


@pytest.mark.parametrize(
    ("text", "day", "usdt"),
    [
        ("date,symbol,usdt\n2021-06-05,BTCUSDT,2000000\n", date(2021, 6, 5), 2e6),
        ("date;symbol;usdt\n05.06.2021;btcusdt;1.234,56\n", date(2021, 6, 5), 1234.56),
        ('date,symbol,usdt\n2021-06-05,BTCUSDT,"2,000,000"\n', date(2021, 6, 5), 2e6),
        ("Date\tSymbol\tUSDT\n2021/06/05\tBTCUSDT\t$2 000 000\n", date(2021, 6, 5), 2e6),
        ("sep=;\ndate;symbol;usdt;note\n25/06/2021 14:03;BTCUSDT;0,5;x\n", date(2021, 6, 25), 0.5),
        ("date,symbol,usdt\n06-25-2021,BTCUSDT,1e6\n", date(2021, 6, 25), 1e6),
        ("date,symbol,usdt\n2021-06-05T23:30:00-05:00,BTCUSDT,1.500\n", date(2021, 6, 6), 1.5),
        ("date,symbol,usdt\n1622851200000,BTCUSDT,-2'000'000.25 USDT\n", date(2021, 6, 5), -2000000.25),
        ("symbol|usdt|date\nBTCUSDT|12,34,567.5|2021-06-05\n", date(2021, 6, 5), 1234567.5),
        ("date;symbol;usdt\n05/05/2021;BTCUSDT;10\n", date(2021, 5, 5), 10.0),
    ],
)
def test_what_can_mean_one_thing_is_read(read, text, day, usdt):
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert read(text, encoding) == {"date": [day], "symbol": ["BTCUSDT"], "usdt": [usdt]}


def test_one_line_tells_for_all_and_what_it_told_is_said(read, capsys):
    text = "date;symbol;usdt\n05/06/2021;A;1.500\n25/06/2021;B;2,5\n"
    assert read(text) == {
        "date": [date(2021, 6, 5), date(2021, 6, 25)],
        "symbol": ["A", "B"],
        "usdt": [1500.0, 2.5],
    }
    assert "dates have the day first, as line 3 (25/06/2021) shows" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("row", "says", "named", "value"),
    [
        (
            "05/06/2021;A;1",
            "line 2: 05/06/2021 could be 5 June or 6 May",
            {"day_first": True},
            date(2021, 6, 5),
        ),
        ("05/06/2021;A;1", "day_first=False", {"day_first": False}, date(2021, 5, 6)),
        ("2021-06-05;A;2,000", "2,000 could be 2000 or 2.000", {"decimal": "."}, 2000.0),
        ("2021-06-05;A;2,000", 'decimal=","', {"decimal": ","}, 2.0),
        ("2021-06-05;A;2.000", "2.000 could be 2000 or 2.000", {"decimal": ","}, 2000.0),
    ],
)
def test_what_could_be_two_things_is_asked_about(read, row, says, named, value):
    from binance_futures import Unclear

    with pytest.raises(Unclear) as raised:
        read(f"date;symbol;usdt\n{row}\n")
    assert says in str(raised.value)
    answer = read(f"date;symbol;usdt\n{row}\n", **named)
    assert value in (answer["date"][0], answer["usdt"][0])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "date,symbol,usdt\n25/06/2021,A,1\n06/25/2021,A,1\n",
            "two orders: line 2 .* has the day first, line 3 .* the month",
        ),
        (
            "date;symbol;usdt\n2021-06-05;A;1.5\n2021-06-05;A;1,5\n",
            r"two ways: line 3 \(1,5\) .* line 2 \(1.5\)",
        ),
        ("date,symbol,usdt\n31/02/2021,A,1\n", "line 2: there is no day 31/02/2021"),
        ("date,symbol,usdt\nyesterday,A,1\n", "line 2: expected a date .* got 'yesterday'"),
        ("date,symbol,usdt\n2021-06-05,A,much\n", "line 2: expected a number, got 'much'"),
        ("date,symbol,usdt\n2021-06-05,A,\n", "line 2: expected a number, got ''"),
        ('date,symbol,usdt\n2021-06-05,A,"2,00,00,000.0,1"\n', "line 2"),
        (
            "day,symbol,usdt\n2021-06-05,A,1\n",
            "no column date: expected date, symbol, usdt .* got day, symbol, usdt",
        ),
        ("", "got nothing"),
    ],
)
def test_what_means_nothing_is_told_with_its_line(read, text, says):
    from binance_futures import Unclear

    with pytest.raises(Unclear, match=says):
        read(text)
    if "two ways" in says:
        with pytest.raises(Unclear):
            read(text, decimal=",")
