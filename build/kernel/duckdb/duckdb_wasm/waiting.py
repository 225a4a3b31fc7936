"""What a call gives where Python cannot wait for the engine: something to put `await` before."""

from __future__ import annotations

from duckdb_wasm.errors import NotSupportedError

CANNOT_WAIT = (
    "This browser cannot wait for the engine inside a Python call (it lacks WebAssembly stack switching, JSPI). "
    "Put `await` before the call: {door}"
)


def cannot_wait(door: str) -> NotSupportedError:
    """The error of a call whose result is used before it was awaited. `door` is the call as it should be written."""
    return NotSupportedError(CANNOT_WAIT.format(door=door))


class Later:
    """The coming result of a call that has begun. Only `await` gives it; any other use says so."""

    def __init__(self, task, door: str) -> None:
        self._task, self._door = task, door

    def __await__(self):
        return self._task.__await__()

    def done(self) -> bool:
        """Whether the call has ended; raises its error if it failed."""
        return self._task.done() and (self._task.result(), True)[1]

    def __getattr__(self, name: str):
        if name.startswith("_") and not name.startswith("_repr"):
            raise AttributeError(name)
        raise cannot_wait(self._door)

    def _refuse(self, *_args):
        raise cannot_wait(self._door)

    __iter__ = __len__ = __getitem__ = __bool__ = __repr__ = _refuse
