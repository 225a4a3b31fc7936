"""Imports of packages that could not be fetched."""

from collections.abc import Callable


class MissingPackages:
    """Explains a failed import of a package that is fetched when a cell first imports it."""

    def __init__(self, known: Callable[[], dict[str, tuple[str, str]]]) -> None:
        """`known` gives importable names, each with its package and the host that serves it: empty for this site."""
        self._known = known

    def lines(self, shell, kind: type, error: BaseException, traceback) -> list[str] | None:
        """What to show in place of the traceback, or with it where the package is none that is fetched; None for others."""
        if not isinstance(error, ModuleNotFoundError) or not error.name:
            return None
        name, _, within = error.name.partition(".")
        package, host = self._known().get(name, (None, None))
        if package is None:
            if within:
                return None
            hint = (
                f"{name} is no package that this site or Pyodide has. If it is on PyPI and pure Python, and there is a "
                f"network, this fetches it: %pip install {name}"
            )
            return [*shell.InteractiveTB.structured_traceback(kind, error, traceback, tb_offset=1), hint]
        where = (
            f"This site does not carry {package}: it is fetched from {host} when a cell first imports it, "
            "and that needs a network connection.\n"
            if host
            else f"This site carries {package}, and its file is fetched when a cell first imports it: no answer came.\n"
        )
        return [
            f"{kind.__name__}: {package} could not be fetched.\n{where}"
            "Check your connection, then run this cell again. "
            + (
                "Everything that the site carries works without one."
                if host
                else "What is already here works on."
            )
        ]
