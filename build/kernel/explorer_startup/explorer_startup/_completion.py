"""Completion by Jedi, which is fetched when a completion is first asked for, not at the start."""

from collections.abc import Awaitable, Callable


class LateJedi:
    """Completes with IPython's own means until Jedi is there, then with Jedi."""

    def __init__(self, completer, complete: Callable, fetch: Callable[[], Awaitable]) -> None:
        """`completer` is IPython's; `complete(code, cursor_pos)` is the kernel's; `fetch()` fetches Jedi."""
        self._completer, self._complete, self._fetch = completer, complete, fetch
        self._fetching = None
        completer.use_jedi = False

    def __call__(self, code: str, cursor_pos: int | None):
        """What the kernel's `complete` gives."""
        if self._fetching is None:
            from asyncio import ensure_future

            self._fetching = ensure_future(self._begin())
        return self._complete(code, cursor_pos)

    async def _begin(self) -> None:
        try:
            await self._fetch()
        except Exception:  # without a network, the next completion tries again
            self._fetching = None
        else:
            self._completer.use_jedi = True
