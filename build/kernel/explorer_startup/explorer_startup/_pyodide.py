"""The only module that touches Pyodide: which packages it could fetch, and how outputs reach the page."""

from urllib.parse import urlsplit


def known_packages() -> dict[str, tuple[str, str]]:
    """Importable name to (package, host) for every package that can be fetched; this site's host is empty."""
    from pyodide_js import lockfile

    return {
        name: (entry["name"], urlsplit(entry["file_name"]).netloc)
        for entry in lockfile.packages.to_py().values()
        for name in entry["imports"]
    }


async def fetch_jedi() -> None:
    """Fetches Jedi, which this site serves, and makes it importable."""
    from pyodide_js import loadPackage

    await loadPackage("jedi")


def call_later(seconds: float, call) -> None:
    """Calls `call` once the event loop turns after that long."""
    from asyncio import get_event_loop

    get_event_loop().call_later(seconds, call)


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


def show_running_queries(shell) -> None:
    """Lets the page show how far a long query of a cell is, and stop it (build/start/src/queries.ts)."""
    from js import explorerCell

    def tell(_info) -> None:
        from pyodide_kernel import kernel_instance  # there once the kernel has started

        # The page knows a running cell by the id of the message that runs it.
        explorerCell(kernel_instance._parent_header["header"]["msg_id"])

    shell.events.register("pre_run_cell", tell)
