"""Imports of packages that could not be fetched."""

from collections.abc import Callable


class MissingPackages:
    """Explains a failed import of a package that is fetched from another host when first imported."""

    def __init__(self, fetched: Callable[[], dict[str, tuple[str, str]]]) -> None:
        self._fetched = fetched

    def lines(self, _shell, kind: type, error: BaseException, _traceback) -> list[str] | None:
        """What to show in place of the traceback, or None where this is no such import."""
        if not isinstance(error, ModuleNotFoundError) or not error.name:
            return None
        package, host = self._fetched().get(error.name.partition(".")[0], (None, None))
        if package is None:
            return None
        return [
            f"{kind.__name__}: {package} could not be fetched.\n"
            f"This site does not carry {package}: it is fetched from {host} when a cell first imports it, "
            "and that needs a network connection.\n"
            "Check your connection, then run this cell again. Everything that the site carries works without one."
        ]
