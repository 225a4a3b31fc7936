"""What to do after an error that people meet when they paste what works elsewhere."""

import re
from collections.abc import Callable

_SQL = re.compile(
    r"\s*(?:(?:select|describe|summarize|explain|pivot|unpivot)\s+\S|(?:set|reset|pragma|load|install|attach|use)\s+['\w]|"
    r"insert\s+into\b|copy\s*\(|copy\s+\w+\s+to\b|with\s+\w+\s+as\s*\(|from\s+'|"
    r"create\s+(?:or\s+replace\s+)?(?:temp\w*\s+)?(?:table|view|macro)\b|from\s+[\w.'\"]+\s+(?:select|where|limit|order)\b|"
    r"(?:--|/\*)\s)",
    re.I,
)
SQL_HINT = "This looks like SQL. Put %%sql on the cell's first line."


class MissingFiles:
    """Adds to the error of a file that is not there how its content is read here, where `hint` knows."""

    def __init__(self, hint: Callable[[str], str | None]) -> None:
        self._hint = hint

    def lines(self, shell, kind: type, error: BaseException, traceback) -> list[str] | None:
        """The traceback with the hint below it, or None where there is no hint."""
        hint = self._hint(str(error)) if isinstance(error, FileNotFoundError) else None
        if hint is None:
            return None
        return [*shell.InteractiveTB.structured_traceback(kind, error, traceback, tb_offset=1), hint]


def hint_at_sql(syntax_errors) -> None:
    """Adds to IPython's text of a syntax error, where the line is SQL, how SQL is run."""
    structured = syntax_errors.structured_traceback

    def with_hint(kind, error, *args, **named):
        lines = structured(kind, error, *args, **named)
        text = getattr(error, "text", None)
        return [*lines, SQL_HINT] if isinstance(text, str) and _SQL.match(text) else lines

    syntax_errors.structured_traceback = with_hint
