"""What tests need of a system: what is here, or what apt can install. Arguments: those wanted; none: the browsers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support.browsers import firefox, webkit

#: What is asked of each, and the Debian packages that bring it.
WANTED = {
    "Firefox": (firefox.find, ["firefox-esr"]),
    "WebKitGTK": (webkit.version, ["gir1.2-webkit2-4.1", "python3-gi-cairo", "xvfb"]),
    "buildah with nginx": (
        lambda: all(map(shutil.which, ("buildah", "nginx", "busybox"))),
        ["buildah", "nginx-light", "busybox-static"],
    ),
}
BROWSERS = ("Firefox", "WebKitGTK")


def main() -> int:
    """Installs what is missing where that can be done, and says what is left out and how to bring it in. Never fails."""
    wanted = {name: WANTED[name] for name in sys.argv[1:] or BROWSERS}
    missing = {name: packages for name, (found, packages) in wanted.items() if not found()}
    may = bool(missing) and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0
    if may:
        print(f"Installing {' and '.join(missing)} for the tests …", file=sys.stderr)
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        for packages in missing.values():
            subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], **quiet)
    for name, (found, packages) in wanted.items():
        if not found():
            print(
                f"{name} is left out of the tests, as it is not here. "
                f"To bring it in (Debian): sudo apt-get install {' '.join(packages)}",
                file=sys.stderr,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
