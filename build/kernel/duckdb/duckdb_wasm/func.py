"""The choices of `create_function`, by name."""

from duckdb_wasm.enums import Choice


class FunctionNullHandling(Choice):
    """Whether a Python function sees NULL."""

    DEFAULT, SPECIAL = range(2)


class PythonUDFType(Choice):
    """How a Python function takes its arguments."""

    NATIVE, ARROW = range(2)


DEFAULT, SPECIAL = FunctionNullHandling
NATIVE, ARROW = PythonUDFType

__all__ = ["ARROW", "DEFAULT", "NATIVE", "SPECIAL", "FunctionNullHandling", "PythonUDFType"]
