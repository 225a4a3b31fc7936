"""An IPython extension with what the browser needs to be pleasant.

- Charts of Altair are drawn by JupyterLab's own renderer, not by scripts from another host.
- A package that could not be fetched: one message that says so, in place of a traceback.
- A query of more than a second tells the page how far it is, and can be stopped there.
- An error of DuckDB or `binance_futures`: its own message and the cell's line that caused it, without this site's internals.
- The snapshot that the notebook is pinned to reaches `binance_futures`, which makes the newest one's tables meanwhile,
  and answers for upstream's release: its addresses, files and database.
- What a cell prints reaches the page in batches where it is much.
- A file of upstream's release that is not there, and SQL in a cell of Python: how to read it, and how to run it.
- Completion is Jedi's, from the second one on.
"""

from explorer_startup._charts import draw_altair_offline
from explorer_startup._completion import LateJedi
from explorer_startup._errors import OwnErrors
from explorer_startup._hints import MissingFiles, hint_at_sql
from explorer_startup._packages import MissingPackages
from explorer_startup._pin import TARGET, take_pin


def load_ipython_extension(shell) -> None:
    """Called once by IPython, with its `InteractiveShell`, mostly when the site is built: visitors get its memory."""
    from explorer_startup._pyodide import fetch_jedi, keep_null, known_packages

    handlers = (MissingPackages(known_packages), OwnErrors(), MissingFiles(_file_hint))

    def show(shell, kind, error, traceback, tb_offset=None):
        for handler in handlers:
            shown = handler.lines(shell, kind, error, traceback)
            if shown is not None:
                shell._showtraceback(kind, error, shown)
                return shown
        return shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)

    # Looked up by class when an error is shown: `duckdb` must not be imported for that.
    shell.set_custom_exc((Exception,), show)
    hint_at_sql(shell.SyntaxTB)
    keep_null()
    draw_altair_offline(shell.display_formatter.mimebundle_formatter)
    shell.kernel.comm_manager.register_target(TARGET, take_pin)
    shell.kernel.complete = LateJedi(shell.Completer, shell.kernel.complete, fetch_jedi)


def _file_hint(message: str) -> str | None:
    from binance_futures._release import file_hint

    return file_hint(message)


def begin() -> None:
    """Called once in the visitor's browser, before the first cell: what cannot be done when the site is built."""
    import random

    from binance_futures._browser import make_ready
    from binance_futures._upstream import take_upstream_names
    from pyodide_kernel import display, ipython_shell

    from explorer_startup._pyodide import call_later, show_running_queries
    from explorer_startup._streams import send_in_batches

    random.seed()
    set_zone()
    show_running_queries(ipython_shell)
    send_in_batches(ipython_shell.kernel, display, call_later)
    take_upstream_names()
    make_ready()


def set_zone() -> None:
    """Gives the module `time` the visitor's time zone, as it does itself when it is first imported."""
    import time

    year = time.localtime().tm_year
    days = [time.localtime(time.mktime((year, month, 1, 0, 0, 0, 0, 0, -1))) for month in (1, 7)]
    standard, summer = sorted(days, key=lambda day: day.tm_gmtoff)
    time.timezone, time.altzone = -standard.tm_gmtoff, -summer.tm_gmtoff
    time.daylight = int(standard.tm_gmtoff != summer.tm_gmtoff)
    time.tzname = (standard.tm_zone, summer.tm_zone)
