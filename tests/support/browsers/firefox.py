"""Drives a stock Firefox by Marionette, which it brings: https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html.

Playwright drives only a Firefox of its own; Mozilla's client (`marionette_driver`) would bring fifteen packages for the six
commands that are used here.
"""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from support.browsers.driver import PATIENCE, function, value_of

NAMES = ("firefox-esr", "firefox")
#: Keeps it from calling home and from asking things.
QUIET = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}
NO_JSPI = {"javascript.options.wasm_js_promise_integration": False}


def find() -> str | None:
    """The path of an installed Firefox."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def version() -> str:
    said = subprocess.run([find(), "--version"], capture_output=True, text=True, check=True).stdout
    return said.strip().removeprefix("Mozilla Firefox ")


class Firefox:
    def __init__(self, profile: Path, preferences: dict[str, Any] | None = None, size=(1280, 900)) -> None:
        profile.mkdir(parents=True, exist_ok=True)
        wanted = {"marionette.port": 0, **QUIET, **(preferences or {})}
        lines = (f"user_pref({json.dumps(key)}, {json.dumps(value)});\n" for key, value in wanted.items())
        (profile / "user.js").write_text("".join(lines))
        port = profile / "MarionetteActivePort"
        port.unlink(missing_ok=True)
        command = [find(), "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
        command += ["--width", str(size[0]), "--height", str(size[1])]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + PATIENCE
            while not (port.is_file() and port.read_text().strip()):
                if self._process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"{command[0]} did not start; exit code {self._process.returncode}")
                time.sleep(0.05)
            self._socket = socket.create_connection(
                ("127.0.0.1", int(port.read_text())), timeout=PATIENCE + 30
            )
            self._number = 0
            self._read()  # it says what it is
            self._command("WebDriver:NewSession", capabilities={})
            self._command("WebDriver:SetTimeouts", script=PATIENCE * 1000)
        except BaseException:
            self._process.kill()
            raise

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self._socket.recv(1) or self._gone()
        rest = int(length[:-1])
        parts = []
        while rest:
            parts.append(self._socket.recv(rest) or self._gone())
            rest -= len(parts[-1])
        return json.loads(b"".join(parts))

    def _gone(self) -> bytes:
        raise RuntimeError("Firefox has ended")

    def _command(self, name: str, **parameters: Any) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            raise RuntimeError(f"{error['error']}: {error['message']}")
        return result

    def open(self, url: str) -> None:
        self._command("WebDriver:Navigate", url=url)

    def run(self, body: str, *given: Any) -> Any:
        script = f"(async () => {{ {function(body, given)} }})().then(arguments[arguments.length - 1])"
        return value_of(self._command("WebDriver:ExecuteAsyncScript", script=script, args=[])["value"])

    def screenshot(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self._command("WebDriver:TakeScreenshot", full=False)["value"]))

    def close(self) -> None:
        with contextlib.suppress(RuntimeError, OSError):
            self._command("Marionette:Quit", flags=["eForceQuit"])
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._socket.close()
