"""A Chromium for the browser tests: one that is here, or one that can be installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from futures_explorer.errors import ExplorerError

#: Names under which Chrome and Chromium are installed, most specific first.
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MAC_APPS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
#: Keeps it from calling home; --no-sandbox only where it refuses to start without (root).
ARGUMENTS = (
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()),
)


def find_chromium() -> Path | None:
    """The browser named by $CHROMIUM, one on PATH, or one that Playwright installed; None where there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise ExplorerError(
                f"$CHROMIUM is {named}, but there is no such file. Unset it or name a Chromium."
            )
        return Path(named)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((app for app in (*MAC_APPS, _playwrights_own()) if app is not None and app.is_file()), None)


def _playwrights_own() -> Path | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def ensure_chromium(say=print) -> Path:
    """A Chromium's path: found, else installed by Playwright, else (as root on Debian) by apt.

    Raises `ExplorerError` that says what to do where none of these works.
    """
    found = find_chromium()
    if found:
        return found
    say("No Chrome or Chromium here; asking Playwright to install one …")
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        attempts += [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
    reasons = []
    for command in attempts:
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            reasons.append(
                f"  {' '.join(command[-3:])}: {(done.stderr.strip() or 'failed').splitlines()[-1]}"
            )
        found = find_chromium()
        if found:
            return found
        say("That did not work; trying the next way …")
    raise ExplorerError(
        "The browser tests need Chrome or Chromium, and none could be installed:\n"
        + "\n".join(reasons)
        + "\nInstall one (Debian: apt-get install chromium), or set CHROMIUM=/path/to/chrome, and run again."
    )


def main() -> int:
    """Makes sure there is a browser before the tests start. Prints its path."""
    try:
        print(ensure_chromium(lambda text: print(text, file=sys.stderr)))
    except ExplorerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
