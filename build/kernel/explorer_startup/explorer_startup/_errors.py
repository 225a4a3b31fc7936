"""Errors of DuckDB and of the dataset's package, without the frames of the code that passed them on."""

INTERNAL = ("duckdb_wasm", "binance_futures", "pyodide", "_pyodide")


class OwnErrors:
    """Cuts the traceback of such an error after the last frame that is not this site's own."""

    def lines(self, shell, kind: type, error: BaseException, traceback) -> list[str] | None:
        """The shortened traceback, or None where the error is of something else."""
        if not kind.__module__.startswith(("duckdb", "binance_futures")):
            return None
        last = traceback
        frame = traceback
        while frame is not None:
            if not frame.tb_frame.f_globals.get("__name__", "").startswith(INTERNAL):
                last = frame
            frame = frame.tb_next
        last.tb_next = None
        return shell.InteractiveTB.structured_traceback(kind, error, traceback, tb_offset=1)
