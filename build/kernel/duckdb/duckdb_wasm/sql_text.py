"""Reading and writing SQL text: statements, parameters, names and strings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any


class Pattern:
    """A regular expression that is compiled when it is first used: most are not, in most visits."""

    def __init__(self, text: str, flags: int = 0) -> None:
        self._given = text, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        method = getattr(re.compile(*self._given), name)
        setattr(self, name, method)  # asked for once
        return method


# DuckDB's lexical rules are PostgreSQL's: https://duckdb.org/docs/stable/sql/dialect/keywords_and_identifiers
_TOKEN = Pattern(
    r"""
      (?P<space> \s+ | --[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<string> [eE]'(?:[^'\\]|''|\\.)*' | '(?:[^']|'')*' | \$(?P<tag>[A-Za-z_]\w*)?\$.*?\$(?(tag)(?P=tag))\$ )
    | (?P<quoted> "(?:[^"]|"")*" )
    | (?P<param> \?\d* | \$\w+ )
    | (?P<end> ; )
    | (?P<word> [^\W\d][\w$]* )
    | (?P<number> \d[\w.]* )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)

#: A statement that begins with one of these may be described and wrapped in another query.
QUERIES = ("select", "from", "with", "values", "table", "pivot", "unpivot", "(")


#: Quoted by DuckDB when it writes a type, as they are keywords; DESCRIBE's own text is kept as it came.
RESERVED = frozenset(
    """
    all and any array as asc both case cast check collate column constraint create default desc describe
    distinct do else end except false fetch for foreign from grant group having in initially intersect
    into lateral leading limit not null offset on only or order pivot primary qualify references
    returning select show some summarize table then to trailing true union unique unpivot using variadic
    when where window with name
""".split()  # noqa: SIM905
)


def tokens(sql: str) -> Iterable[tuple[str, str, int]]:
    """Kind, text and position of every token, comments and blanks (`space`) included."""
    # A statement is looked through for this and that; and often it comes again, with other parameters.
    return _kept_tokens(sql) if len(sql) <= 4000 else _tokens(sql)


@lru_cache(maxsize=64)
def _kept_tokens(sql: str) -> tuple[tuple[str, str, int], ...]:
    return tuple(_tokens(sql))


def _tokens(sql: str) -> Iterator[tuple[str, str, int]]:
    for match in _TOKEN.finditer(sql):
        kind = match.lastgroup if match.lastgroup != "tag" else "string"
        yield kind or "other", match.group(), match.start()


def statements(sql: str) -> list[str]:
    """The statements between semicolons, without the empty ones."""
    found, start, filled = [], 0, False
    for kind, text, at in tokens(sql):
        if kind == "end":
            if filled:
                found.append(sql[start:at])
            start, filled = at + len(text), False
        elif kind != "space":
            filled = True
    if filled:
        found.append(sql[start:])
    return found


def is_expression(text: str) -> bool:
    """Whether the text can be one expression: no statement's end, brackets in pairs, words joined by operators.

    It is stricter than SQL where it is unsure: then the text is a column's name.
    """
    if text.lower() in RESERVED and text.lower() not in ("null", "true", "false"):
        return False
    depth, before = 0, ""
    for kind, word, _ in tokens(text):
        if kind == "space":
            continue
        if kind == "end" or (kind == "other" and word == '"'):
            return False
        depth += (word in "([{") - (word in ")]}") if kind == "other" else 0
        if depth < 0:
            return False
        operand = kind in ("string", "quoted", "number", "param") or (
            kind == "word" and word.lower() not in _JOINING
        )
        if operand and before == "operand" and depth == 0:
            return False
        if kind == "word" and word.lower() in _NO_EXPRESSION and depth == 0:
            return False
        before = "operand" if operand else word
    return depth == 0


#: Words that may stand between or before operands.
_JOINING = frozenset(
    """
    and or not in is like ilike between collate case when then else end distinct from over filter order by asc desc
    interval similar to escape cast glob nulls first last ignore respect null true false date time timestamp at zone
    """.split()  # noqa: SIM905
)
_NO_EXPRESSION = frozenset(
    """
    select union where group having limit except intersect into table create drop
    """.split()  # noqa: SIM905
)


#: Functions that are aggregates and nothing else.
_AGGREGATES = frozenset(
    """
    any_value arg_max arg_min avg bit_and bit_or bit_xor bool_and bool_or count count_star first geomean histogram last list
    max max_by mean median min min_by mode product quantile quantile_cont quantile_disc stddev stddev_pop stddev_samp
    string_agg sum var_pop var_samp variance
    """.split()  # noqa: SIM905
)


def has_aggregate(text: str) -> bool:
    """Whether the expressions aggregate: outside of subqueries, and not over a window."""
    words = [word.lower() for kind, word, _ in tokens(text) if kind != "space"]
    opened: list[str] = []
    for place, word in enumerate(words):
        if word == "(":
            subquery = words[place + 1 : place + 2] in (["select"], ["from"], ["with"], ["values"])
            opened.append("select" if subquery else words[place - 1] if place else "")
        elif word == ")" and opened:
            name = opened.pop()
            windowed = words[place + 1 : place + 2] in (["over"], ["filter"])
            if name in _AGGREGATES and not windowed and "select" not in opened:
                return True
    return False


def without_comments(text: str) -> str:
    """The text without its comments, for a place inside other SQL."""
    return "".join(
        " " if kind == "space" and word.startswith(("--", "/*")) else word for kind, word, _ in tokens(text)
    ).strip()


def first_word(sql: str) -> str:
    """The statement's first word in lower case, or its first character."""
    return next((text.lower() for kind, text, _ in tokens(sql) if kind != "space"), "")


def words(sql: str) -> list[str]:
    """Everything in the statement but comments and blanks: words in lower case, quoted names without their quotes."""
    return [text.strip('"').lower() for kind, text, _ in tokens(sql) if kind != "space"]


def is_query(sql: str) -> bool:
    """Whether the statement gives rows and changes nothing, as far as its first word tells."""
    return first_word(sql) in QUERIES


def parameters(sql: str) -> list[str]:
    """The names of the statement's parameters, each once: `1`, `2` … for `?` and `$1`, `name` for `$name`."""
    return list(dict.fromkeys(name for name, _, _ in _parameters(sql)))


def substitute(sql: str, values: Mapping[str, str]) -> str:
    """The statement with each parameter replaced by its SQL in `values`."""
    parts, copied = [], 0
    for name, start, end in _parameters(sql):
        if name in values:
            parts += [sql[copied:start], values[name]]
            copied = end
    return "".join([*parts, sql[copied:]])


def _parameters(sql: str) -> Iterator[tuple[str, int, int]]:
    count = 0
    for kind, text, at in tokens(sql):
        if kind == "param":
            if text == "?":
                count += 1
            yield text[1:] or str(count), at, at + len(text)


def identifier(name: str) -> str:
    """A name as SQL, always quoted."""
    return '"' + name.replace('"', '""') + '"'


def string(text: str) -> str:
    """A string as SQL."""
    # DuckDB's literals know no escapes; a NUL would end the text, so it goes in by its code.
    parts = ["'" + part.replace("'", "''") + "'" for part in text.split("\0")]
    return parts[0] if len(parts) == 1 else "(" + " || chr(0) || ".join(parts) + ")"


def strings(sql: str) -> list[str]:
    """What the statement's string literals say, and its quoted names: where file names are."""
    return [
        text[1:-1].replace(text[0] * 2, text[0])
        for kind, text, _ in tokens(sql)
        if (kind == "string" and text[0] == "'") or kind == "quoted"
    ]
