"""Python functions in SQL: `create_function`.

A function is a macro of the connection over the engine's `call_host(name, row)`, which has each vector of rows computed
here (`Session.answer_host_calls`). A row travels as a JSON array of its arguments, a result as its text.
"""

from __future__ import annotations

import itertools
import json
import weakref
from collections.abc import Callable
from typing import Any

from duckdb_wasm import sql_text
from duckdb_wasm.enums import PythonExceptionHandling
from duckdb_wasm.errors import BinderException, Error, InvalidInputException, NotImplementedException
from duckdb_wasm.func import FunctionNullHandling, PythonUDFType
from duckdb_wasm.types import DuckDBPyType
from duckdb_wasm.value import carried

#: How many arguments a function of any number of them can take.
_MOST = 16
_NULL_GIVEN = """Invalid Input Error: 
The returned result contained NULL values, but the 'null_handling' was set to DEFAULT.
If you want more control over NULL values then 'null_handling' should be set to SPECIAL.

With DEFAULT all rows containing NULL have been filtered from the UDFs input.
Those rows are automatically set to NULL in the final result.
The UDF is not expected to return NULL values.
"""  # noqa: W291

_numbers = itertools.count(1)


class Function:
    """One Python function, as SQL calls it."""

    def __init__(
        self,
        name: str,
        function: Callable,
        parameters: list[DuckDBPyType | None] | None,
        returns: DuckDBPyType,
        sees_null: bool,
        null_for_errors: bool,
        side_effects: bool,
    ) -> None:
        self.name = name
        #: Its name in the engine, which other connections' functions share.
        self.key = str(next(_numbers))
        self._function = function
        self._parameters = parameters
        self._returns = returns
        self._kinds = parameters or []
        self._readers = [carried.reader(kind) if kind is not None else None for kind in self._kinds]
        self._write = carried.writer(returns)
        self._sees_null = sees_null
        self._null_for_errors = null_for_errors
        self._side_effects = side_effects

    def macro(self) -> str:
        """The statement that makes the function."""
        if self._parameters is not None:
            forms = [self._form(self._parameters)]
        else:
            forms = [self._form([None] * count) for count in range(_MOST + 1)]
        return f"CREATE OR REPLACE TEMP MACRO {sql_text.identifier(self.name)}{', '.join(forms)}"

    def _form(self, kinds: list[DuckDBPyType | None]) -> str:
        named = [(f"a{number}", kind) for number, kind in enumerate(kinds)]
        listed = ", ".join(name if kind is None else f"{name} {kind}" for name, kind in named)
        row = ", ".join(
            f"json_array(typeof({name}), {name})" if kind is None else name for name, kind in named
        )
        # What is not the same twice is not computed once for all rows.
        also = ", random()" if self._side_effects else ""
        call = f"call_host({sql_text.string(self.key)}, json_array({row})::VARCHAR{also})"
        return f"({listed}) AS {carried.from_text(call, self._returns)}"

    def rows(self, texts: list[str | None]) -> list[str | None]:
        """The results, as text, for rows of arguments. Raises `InvalidInputException` for what goes wrong within."""
        given = json.loads(f"[{','.join(text or '[]' for text in texts)}]", parse_float=str)
        return [self._row(row) for row in given]

    def _row(self, row: list) -> str | None:
        if None in self._kinds or self._parameters is None:
            kinds = self._kinds or [None] * len(row)
            readers = [
                carried.reader(DuckDBPyType(value[0])) if kind is None else reader
                for kind, reader, value in zip(kinds, self._readers or kinds, row, strict=True)
            ]
            row = [value[1] if kind is None else value for kind, value in zip(kinds, row, strict=True)]
        else:
            readers = self._readers
        if None in row:
            if not self._sees_null:
                return None
            values = [
                value if value is None else read(value) for read, value in zip(readers, row, strict=True)
            ]
        else:
            values = [read(value) for read, value in zip(readers, row, strict=True)]
        try:
            result = self._function(*values)
        except Exception as error:
            if self._null_for_errors:
                return None
            raise InvalidInputException(
                "Invalid Input Error: Python exception occurred while executing the UDF: "
                f"{type(error).__name__}: {error}"
            ) from error
        if result is None:
            if self._sees_null:
                return None
            raise InvalidInputException(_NULL_GIVEN)
        return self._write(result)


class Functions:
    """The connection's methods for Python functions in SQL."""

    #: By name, those of this connection and of its cursors.
    _functions: dict[str, Function]

    def create_function(
        self,
        name: str,
        function: Callable,
        parameters: list[Any] | None = None,
        return_type: Any = None,
        *,
        type: Any = PythonUDFType.NATIVE,
        null_handling: Any = FunctionNullHandling.DEFAULT,
        exception_handling: Any = PythonExceptionHandling.DEFAULT,
        side_effects: bool = False,
    ) -> Any:
        """Makes a Python function callable in SQL, row by row; types that are not given are its annotations'.

        `null_handling="special"`: it is called for NULL, too, and may give None. `exception_handling="return_null"`: an
        exception makes NULL. `side_effects=True`: it is called for each row, whatever it is given.
        """
        if not callable(function):
            raise TypeError(f"create_function(): expected a function, got {function!r}")
        if _choice(type, PythonUDFType, "udf_type") == PythonUDFType.ARROW:
            raise NotImplementedException(
                "Not implemented Error: A function of whole Arrow columns cannot be had in the browser; leave "
                "type='arrow' out, and it is called row by row."
            )
        sees_null = _choice(null_handling, FunctionNullHandling, "null_handling")
        null_for_errors = _choice(exception_handling, PythonExceptionHandling, "exception_handling")
        if name.lower() in self._functions:
            raise NotImplementedException(
                f"Not implemented Error: A function by the name of '{name}' is already created, creating multiple "
                "functions with the same name is not supported yet, please remove it first"
            )
        kinds, returns = _signature(function, parameters, return_type)
        made = Function(
            name,
            function,
            kinds,
            returns,
            sees_null == FunctionNullHandling.SPECIAL,
            null_for_errors == PythonExceptionHandling.RETURN_NULL,
            side_effects,
        )
        self._wait(self._make(made), "create_function")
        return self

    async def _make(self, function: Function) -> None:
        await self._open()
        computing = _computing(self._session)
        if not computing.answers:
            await self._session.answer_host_calls(computing.answer)
            computing.answers = True
        await self._bytes(function.macro())
        computing.functions[function.key] = function
        self._functions[function.name.lower()] = function

    def remove_function(self, name: str) -> Any:
        """Forgets a function that `create_function` made. Raises `InvalidInputException` where there is none."""
        function = self._functions.pop(name.lower(), None)
        if function is None:
            raise InvalidInputException(
                f"Invalid Input Error: No function by the name of '{name}' was found in the list of registered "
                "functions"
            )
        self._wait(self._bytes(f"DROP MACRO IF EXISTS temp.{sql_text.identifier(name)}"), "remove_function")
        _computing(self._session).functions.pop(function.key, None)
        return self


class _Computing:
    """What the engine has computed here, of one session."""

    def __init__(self) -> None:
        self.functions: dict[str, Function] = {}
        #: What went wrong in a function of the running query.
        self.failed: InvalidInputException | None = None
        self.answers = False

    def answer(self, call: str) -> str:
        """What the engine asks, answered; both as JSON."""
        asked = json.loads(call)
        try:
            function = self.functions.get(asked["name"])
            if function is None:
                raise InvalidInputException("Invalid Input Error: The Python function was removed.")
            return json.dumps({"rows": function.rows(asked["rows"])})
        except Exception as error:
            if not isinstance(error, InvalidInputException):
                error = InvalidInputException(f"Invalid Input Error: {error}")
            self.failed = error
            return json.dumps({"error": str(error)})


_of_sessions: weakref.WeakKeyDictionary[Any, _Computing] = weakref.WeakKeyDictionary()


def _computing(session: Any) -> _Computing:
    return _of_sessions.setdefault(session, _Computing())


def explained(session: Any, error: Error, functions: dict[str, Function]) -> Error:
    """The error of a query, in native DuckDB's words where a Python function is its cause."""
    if not functions:
        return error
    failed, _computing(session).failed = _computing(session).failed, None
    if failed is not None and str(failed).partition("\n")[0] in str(error):
        return failed
    if isinstance(error, BinderException):
        for function in functions.values():
            said = f"Macro {function.name}() does not support the supplied arguments."
            if said in str(error):
                text = f"No function matches the given name and argument types '{function.name}(…)'."
                return BinderException(str(error).replace(said, text))
    return error


def _choice(value: Any, choices: Any, what: str) -> Any:
    if isinstance(value, str):
        for choice in choices:
            if choice.name.lower() == value.lower():
                return choice
    elif value in list(choices):
        return choices(value)
    raise InvalidInputException(f"Invalid Input Error: '{value}' is not a recognized type for '{what}'")


def _signature(
    function: Callable, parameters: Any, returns: Any
) -> tuple[list[DuckDBPyType | None] | None, DuckDBPyType]:
    """The types of a function's parameters (None: any; no list: any number of any) and of its result."""
    import inspect  # it takes as long as all of this module
    from typing import get_type_hints

    try:
        taken = list(inspect.signature(function).parameters.values())
        hints = get_type_hints(function if inspect.isroutine(function) else type(function).__call__)
    except (TypeError, ValueError, NameError):  # built-in functions tell nothing of themselves
        taken, hints = None, {}
    returns = returns if returns is not None else hints.get("return")
    if returns is None:
        raise InvalidInputException(
            "Invalid Input Error: Could not infer the return type, please set it explicitly"
        )
    varies = taken is None or any(part.kind is part.VAR_POSITIONAL for part in taken)
    if parameters is not None:
        if not isinstance(parameters, list):
            raise InvalidInputException("Invalid Input Error: 'parameters' has to be a list of types")
        if not varies and len(parameters) != len(taken):
            raise InvalidInputException(
                f"Invalid Input Error: {len(parameters)} types provided, but the provided function takes "
                f"{len(taken)} parameters"
            )
        kinds = [DuckDBPyType(kind) for kind in parameters]
    elif varies:
        kinds = None
    else:
        kinds = [DuckDBPyType(hints[part.name]) if part.name in hints else None for part in taken]
    return kinds, DuckDBPyType(returns)
