"""Reads a CSV file of trades as spreadsheets of many countries write it; what could mean two things is asked about."""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime
from pathlib import Path

COLUMNS = ("date", "symbol", "usdt")
_DELIMITERS = ",;\t|"
_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T,].*)?")
_EPOCH = re.compile(r"\d{10}(\d{3})?")
_NUMBER = re.compile(r"[+-]?[\d.,]*\d(?:[eE][+-]?\d+)?")
#: What may stand around a number, or between its thousands.
_AROUND = re.compile(r"[\s\u00a0\u202f'’_$€]|USDT?$", re.I)


class Unclear(ValueError):
    """A value could mean two things, or none; the message says which, and how to say what it means."""


def read_trades(
    file: str | Path, *, day_first: bool | None = None, decimal: str | None = None
) -> dict[str, list]:
    """The columns `date` (dates), `symbol` (text) and `usdt` (floats) of a CSV file, each as a list.

    The delimiter is found (comma, semicolon, tab, bar); thousands may be grouped; a date may be 2021-06-05, 05.06.2021,
    25/06/2021 or a time in seconds or milliseconds. day_first: whether 05/06/2021 is the 5th of June, asked for where no
    line of the file tells. decimal: "," or ".", asked for likewise, of 2,000. Other columns are left out.

    Raises `Unclear` with the line and the value, `FileNotFoundError`.
    """
    path = Path(file)
    lines, delimiter = _rows(path)
    header = [name.strip().lower() for name in lines[0][1]] if lines else []
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise Unclear(
            f"{path.name} has no column {' and none '.join(missing)}: expected {', '.join(COLUMNS)} in its first line, got "
            f"{', '.join(header) or 'nothing'}. Rename its columns."
        )
    columns = {
        name: [(line, row[at].strip() if at < len(row) else "") for line, row in lines[1:]]
        for name, at in ((name, header.index(name)) for name in COLUMNS)
    }
    return {
        "date": _dates(path.name, columns["date"], day_first),
        "symbol": [text.upper() for _, text in columns["symbol"]],
        "usdt": _numbers(path.name, columns["usdt"], decimal, by_code=delimiter != ";"),
    }


Values = list[tuple[int, str]]  # each with its line in the file


def _rows(path: Path) -> tuple[list[tuple[int, list[str]]], str]:
    """The lines that are not empty, with their numbers; and what delimits their columns."""
    content = path.read_bytes()
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unclear(f"{path.name} is not text. Save it as CSV (UTF-8).")
    lines = text.splitlines(keepends=True)
    if lines and re.fullmatch(r"sep=.\s*", lines[0], re.I):  # what Excel writes to itself
        lines[0] = "\n"
    first = next((line for line in lines if line.strip()), "")

    def named(delimiter: str) -> int:
        header = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter), [])]
        return sum(name in header for name in COLUMNS)

    delimiter = max(_DELIMITERS, key=named)
    reader = csv.reader(lines, delimiter=delimiter)
    return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)], delimiter


def _dates(name: str, values: Values, day_first: bool | None) -> list[date]:
    found: list[date | tuple[int, int, int]] = []
    # Each order that some line proves, with the line that does.
    proofs: dict[bool, tuple[int, str]] = {}
    doubtful: tuple[int, str, int, int] | None = None
    for line, text in values:
        day = _DAY.fullmatch(text)
        if day is None:
            found.append(_plain_date(name, line, text))
            continue
        one, two, year = int(day.group(1)), int(day.group(3)), int(day.group(4))
        if day.group(2) == ".":  # nobody writes the month first with dots
            found.append(_date(name, line, text, year, two, one))
            continue
        found.append((one, two, year))
        if one > 12 or two > 12:
            proofs.setdefault(one > 12, (line, text))
        elif one != two:
            doubtful = doubtful or (line, text, one, two)
    if day_first is not None:
        proofs.setdefault(day_first, (0, f"day_first={day_first}"))
    if len(proofs) > 1:
        raise Unclear(
            f"{name} writes dates in two orders: {_said(proofs[True])} has the day first, {_said(proofs[False])} the month."
        )
    if doubtful and not proofs:
        line, text, one, two = doubtful
        raise Unclear(
            f"{name}, line {line}: {text} could be {one} {_MONTHS[two - 1]} or {two} {_MONTHS[one - 1]}, and no line of the "
            "file tells. Say which: bf.read_trades(…, day_first=True) or day_first=False."
        )
    order = next(iter(proofs), True)
    if proofs and doubtful and day_first is None:
        print(f"{name}: dates have the {'day' if order else 'month'} first, as {_said(proofs[order])} shows.")
    return [
        day
        if isinstance(day, date)
        else _date(name, line, text, day[2], *((day[1], day[0]) if order else (day[0], day[1])))
        for day, (line, text) in zip(found, values, strict=True)
    ]


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _said(proof: tuple[int, str]) -> str:
    line, text = proof
    return f"line {line} ({text})" if line else text


def _plain_date(name: str, line: int, text: str) -> date:
    """A date that names its year first, with or without a time; or seconds or milliseconds since 1970. UTC."""
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC).date()
    try:
        moment = datetime.fromisoformat(text.replace("/", "-", 2))
    except ValueError:
        raise Unclear(
            f"{name}, line {line}: expected a date such as 2021-06-05 or 05.06.2021, got {text!r}."
        ) from None
    return moment.astimezone(UTC).date() if moment.tzinfo else moment.date()


def _date(name: str, line: int, text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unclear(f"{name}, line {line}: there is no day {text}.") from None


def _numbers(name: str, values: Values, decimal: str | None, *, by_code: bool) -> list[float]:
    """`by_code`: the file is delimited as programs do it, which write decimals with a point."""
    if decimal not in (None, ",", "."):
        raise ValueError(f'decimal is "," or "."; got {decimal!r}.')
    texts = [_AROUND.sub("", text) for _, text in values]
    proofs: dict[str, tuple[int, str]] = {}
    doubtful: list[tuple[str, int, str]] = []
    for (line, written), text in zip(values, texts, strict=True):
        if not _NUMBER.fullmatch(text):
            raise Unclear(f"{name}, line {line}: expected a number, got {written!r}.")
        point = _decimal(text)
        if point == "?":
            doubtful.append(("," if "," in text else ".", line, written))
        elif point:
            proofs.setdefault(point, (line, written))
    if decimal:
        proofs.setdefault(decimal, (0, f'decimal="{decimal}"'))
    if len(proofs) > 1:
        raise Unclear(
            f"{name} writes numbers in two ways: {_said(proofs[','])} has a decimal comma, "
            f"{_said(proofs['.'])} a decimal point."
        )
    if doubtful and not proofs and not (by_code and all(mark == "." for mark, *_ in doubtful)):
        mark, line, written = doubtful[0]
        whole, part = written.replace(mark, ""), written.replace(mark, ".")
        other = "." if mark == "," else ","
        raise Unclear(
            f"{name}, line {line}: {written} could be {whole} or {part}, and no line of the file tells. Say which mark "
            f'is the decimal one: bf.read_trades(…, decimal="{other}") or decimal="{mark}".'
        )
    point = next(iter(proofs), ".")
    return [_number(name, line, text, point) for (line, _), text in zip(values, texts, strict=True)]


def _decimal(text: str) -> str:
    """The decimal mark that a number proves; "?" where it could be either, nothing where it has none."""
    marks = [mark for mark in text if mark in ",."]
    if not marks:
        return ""
    if len(set(marks)) == 2:
        return marks[-1]
    mark = marks[0]
    other = "." if mark == "," else ","
    if len(marks) > 1:
        return other
    head, _, tail = text.lstrip("+-").partition(mark)
    return "?" if re.fullmatch(r"\d{3}", tail) and re.fullmatch(r"[1-9]\d{0,2}", head) else mark


def _number(name: str, line: int, text: str, decimal: str) -> float:
    thousands = "." if decimal == "," else ","
    whole = re.split(rf"[{decimal}eE]", text)[0].lstrip("+-")
    if thousands in whole and not re.fullmatch(
        rf"\d{{1,3}}([{thousands}]\d{{2,3}})*[{thousands}]\d{{3}}", whole
    ):
        raise Unclear(
            f"{name}, line {line}: {text} groups its digits as no number does. Write it without {thousands!r}."
        )
    try:
        return float(text.replace(thousands, "").replace(decimal, "."))
    except ValueError:
        raise Unclear(f"{name}, line {line}: expected a number, got {text!r}.") from None
