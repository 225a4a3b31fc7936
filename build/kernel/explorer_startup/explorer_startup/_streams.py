"""What cells print, on its way to the page: at once while it is little, in batches where it is much.

The page draws each message anew, with all that came before it: 3,000 prints, sent one by one, froze it for most of a minute.
"""

import builtins
import getpass
import time
from collections.abc import Callable

#: Seconds between two batches; and how much longer for each million characters that the cell has printed, as the page takes
#: longer to draw them.
INTERVAL, PER_MILLION = 0.05, 0.5
#: Messages that go at once, and how many more after each second of silence: what reports its progress is not held back.
AT_ONCE, PER_SECOND = 50, 20


class Batches:
    """Collects what streams write. Of two streams the order is kept."""

    def __init__(
        self, later: Callable[[float, Callable[[], None]], object], clock: Callable[[], float]
    ) -> None:
        """`later(seconds, call)` calls once Python has nothing else to do; `clock()` gives seconds."""
        self._later, self._clock = later, clock
        self._stream, self._parts = None, []
        self._waits = False
        self._allowed, self._written_at, self._sent_at = float(AT_ONCE), clock(), 0.0
        self._characters = 0

    def begin(self) -> None:
        """To be called when a cell begins."""
        self._characters = 0

    def write(self, stream, text: str) -> int:
        """Takes `text`, which `stream.publish_stream_callback(name, text)` is to send. Returns its length."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if not text.isascii():
            text.encode()  # half a surrogate pair fails here, and takes nothing else with it
        if self._stream is not stream:
            self.flush()
            self._stream = stream
        self._parts.append(text)
        if self._parts == ["\n"]:
            # Print's own second write: it shows nothing, and goes with what comes next.
            self._wake_later()
            return len(text)
        now = self._clock()
        silence, self._written_at = now - self._written_at, now
        if silence >= INTERVAL:
            self._allowed = min(AT_ONCE, self._allowed + silence * PER_SECOND)
        if self._allowed >= 1:
            self._allowed -= 1
            self.flush()
        elif now >= self._sent_at + self._interval():
            self.flush()
        else:
            self._wake_later()
        return len(text)

    def flush(self) -> None:
        """Sends what is there. Before anything else is shown, asked or waited for, so that all is seen in its order."""
        text = "".join(self._parts)
        self._parts.clear()
        if not text:
            return
        self._sent_at = self._clock()
        self._characters += len(text)
        if self._stream.publish_stream_callback:
            self._stream.publish_stream_callback(self._stream.name, text)

    def _interval(self) -> float:
        return INTERVAL + self._characters / 1e6 * PER_MILLION

    def _wake_later(self) -> None:
        if not self._waits:
            self._waits = True
            self._later(self._interval(), self._wake)

    def _wake(self) -> None:
        self._waits = False
        self.flush()


def send_in_batches(kernel, display, later: Callable[[float, Callable[[], None]], object]) -> None:
    """Has what the cells of `kernel` print go in batches; `display` is the module `pyodide_kernel.display`."""
    batches = Batches(later, time.monotonic)
    flush, run = batches.flush, kernel.run

    def first(call):
        def flushed(*args, **kwargs):
            flush()
            return call(*args, **kwargs)

        return flushed

    display.LiteStream.write = lambda stream, text: batches.write(stream, text)
    display.LiteStream.flush = lambda _stream: flush()
    for owner, name in (
        (display.LiteDisplayPublisher, "publish"),
        (display.LiteDisplayPublisher, "clear_output"),
        (display.LiteDisplayHook, "finish_displayhook"),
        # Where this waits without letting the event loop turn, nothing else would send.
        (time, "sleep"),
    ):
        setattr(owner, name, first(getattr(owner, name)))

    async def run_and_flush(code):
        batches.begin()
        # The kernel sets them anew for each cell.
        builtins.input, getpass.getpass = first(builtins.input), first(getpass.getpass)
        try:
            return await run(code)
        finally:
            flush()

    kernel.run = run_and_flush
