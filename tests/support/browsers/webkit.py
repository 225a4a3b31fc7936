"""Drives WebKitGTK, Safari's engine, in a window on a screen that nobody sees (webkit_window.py)."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from support.browsers.driver import PATIENCE, PageError, function, value_of

_WINDOW = Path(__file__).with_name("webkit_window.py")
_VERSION = """
import gi
gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import WebKit2
print(WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version(), sep=".")
"""
#: The system's, which has PyGObject where it is installed; the virtual environment's has not.
PYTHON = "/usr/bin/python3"
#: One that sees a newer WebKitGTK than the system's, such as that of a chroot (CONTRIBUTING.md); empty: none is tested.
NEWER = os.environ.get("WEBKIT_PYTHON", "")


def version(python: str = PYTHON) -> str | None:
    """The version of the WebKitGTK that `python` sees; None where it, Xvfb or PyGObject is not installed."""
    if not (Path(python).is_file() and shutil.which("Xvfb")):
        return None
    done = subprocess.run([python, "-c", _VERSION], capture_output=True, text=True)
    return done.stdout.strip() or None


class WebKit:
    def __init__(self, profile: Path | None, size=(1280, 900), python: str = PYTHON) -> None:
        """`profile` None: a private session. `python` chooses the WebKitGTK."""
        read, write = os.pipe()
        screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
        self._screen = subprocess.Popen(screen, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as told:
            display = told.readline().strip()
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL"))},
            "DISPLAY": f":{display}",
            "GDK_BACKEND": "x11",
            # Neither is there on a machine without a screen.
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
            "NO_AT_BRIDGE": "1",
        }
        command = [python, str(_WINDOW), "private" if profile is None else str(profile), *map(str, size)]
        self._console = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the browser
        self._window = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._console,
            text=True,
            env=environment,
        )

    def _tell(self, order: dict) -> dict:
        self._window.stdin.write(json.dumps(order) + "\n")
        self._window.stdin.flush()
        if not select.select([self._window.stdout], [], [], PATIENCE)[0]:
            raise PageError(f"WebKit did not answer in {PATIENCE} s: {str(order)[-300:]}")
        line = self._window.stdout.readline()
        if not line:
            raise RuntimeError("WebKit has ended")
        return json.loads(line)

    def open(self, url: str) -> None:
        answer = self._tell({"open": url})
        if "error" in answer:
            raise PageError(answer["error"])

    def run(self, body: str, *given: Any) -> Any:
        return value_of(self._tell({"run": function(body, given)}))

    def screenshot(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        answer = self._tell({"draw": str(path)})
        if "error" in answer:
            raise PageError(f"WebKit drew no picture {path}: {answer['error']}")

    def console(self) -> str:
        """What pages and their workers wrote so far, and what failed in them."""
        self._console.flush()
        size = os.fstat(self._console.fileno()).st_size
        return os.pread(self._console.fileno(), size, 0).decode(errors="replace")

    def close(self) -> None:
        self._window.stdin.close()
        for process in (self._window, self._screen):
            try:
                process.wait(5) if process is self._window else process.terminate()
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._window.stdout.close()
        self._console.close()
