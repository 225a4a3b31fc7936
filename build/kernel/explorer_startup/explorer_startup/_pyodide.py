"""The only module that touches Pyodide: which packages it could fetch, and how outputs reach the page."""

from urllib.parse import urlsplit


def fetched_packages() -> dict[str, tuple[str, str]]:
    """Importable name to (package, host) for every package that this site does not serve itself."""
    from pyodide_js import lockfile

    found = {}
    for entry in lockfile.packages.to_py().values():
        host = urlsplit(entry["file_name"]).netloc
        if host:
            for name in entry["imports"]:
                found[name] = (entry["name"], host)
    return found


async def fetch_jedi() -> None:
    """Fetches Jedi, which this site serves, and makes it importable."""
    from pyodide_js import loadPackage

    await loadPackage("jedi")


def keep_null() -> None:
    """Makes a None in an output reach the page as null.

    Pyodide turns None into undefined, and so `title=None` of a chart, which is null in its specification, was lost.
    """
    from pyodide.ffi import jsnull
    from pyodide_kernel import display

    clean, publish = display.json_clean, display.LiteDisplayPublisher.publish

    def with_null(value):
        if isinstance(value, dict):
            return {key: with_null(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [with_null(inner) for inner in value]
        return jsnull if value is None else value

    display.json_clean = lambda value: with_null(clean(value))
    display.LiteDisplayPublisher.publish = lambda self, data, *args, **kwargs: publish(
        self, with_null(data), *args, **kwargs
    )
