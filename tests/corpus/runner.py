"""Cases that are run by native DuckDB, by the host session and in the browser, and what each gave, as text.

`*.sql`: each line is a case, or a case begins with `-- %% name`. `*.py`: a case begins with `# --- name` or `# %% name`
and ends in an expression; it has `duckdb` and a new connection `con`. A case may say in its first line
`# differs: key`, or `# differs in the browser: key`, where README.md's table of differences says why. This file runs
in the browser as it is.
"""

import ast
import math
import re
from typing import NamedTuple

CASE = re.compile(r"^(?:# ---|# %%|-- %%) (.+)$", re.M)
DIFFERS = re.compile(r"(?:#|--) differs( in the browser)?: (.+)$", re.M)


class Case(NamedTuple):
    """A case, and the key of its difference from native DuckDB on the host and in the browser, if any."""

    name: str
    code: str
    host: str | None
    browser: str | None


def cases(file, text):
    """The cases of a corpus file."""
    if file.endswith(".sql") and not CASE.search(text):
        named = [(line, line) for line in text.splitlines() if line and not line.startswith("--")]
    else:
        parts = CASE.split(text)[1:]
        named = [(f"{file} {name}", code) for name, code in zip(parts[::2], parts[1::2], strict=True)]
    found = []
    for name, code in named:
        match = DIFFERS.search(code)
        key = match and match.group(2).strip()
        found.append(Case(name, code, None if match and match.group(1) else key, key))
    return found


def run(code, duckdb, con):
    """What a case gave, as text: types and values, or the error's class and message."""
    try:
        if _is_sql(code):
            answer = con.execute(code)
            return encode(([(d[0], str(d[1])) for d in answer.description], answer.fetchall()))
        tree = ast.parse(code)
        last = tree.body.pop()
        space = {"duckdb": duckdb, "con": con, "__name__": "__main__"}
        exec(compile(tree, "case", "exec"), space)
        return encode(eval(compile(ast.Expression(last.value), "case", "eval"), space))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _is_sql(code):
    try:
        ast.parse(code)
    except SyntaxError:
        return True
    return False


def encode(value):
    """A value with its type, so that 1, 1.0, True and Decimal(1) differ."""
    kind = type(value).__name__
    if isinstance(value, dict):
        return "{" + ", ".join(f"{encode(k)}: {encode(v)}" for k, v in value.items()) + "}"
    if isinstance(value, set):
        return f"set {sorted(map(encode, value))}"
    if isinstance(value, (list, tuple)):
        opened, closed = ("[", "]") if isinstance(value, list) else ("(", ")")
        return opened + ", ".join(map(encode, value)) + closed
    if kind == "DuckDBPyType":
        return f"type {value}"
    if kind == "DuckDBPyRelation":
        return encode((value.columns, [str(k) for k in value.types], value.fetchall()))
    if kind == "DuckDBPyConnection":
        return "connection"
    if kind == "float" and math.isnan(value):
        return "float nan"
    if kind == "datetime" and value.tzinfo is not None:
        return f"datetime {value.isoformat()}"
    return f"{kind} {value!r}"
