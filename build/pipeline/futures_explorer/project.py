"""Where the project is: on this machine, and below its host on the web."""

from pathlib import Path

#: The repository: the site is built from its notebooks, its TypeScript and its kernel wheels.
ROOT = Path(__file__).resolve().parents[3]
#: The project's name, under which GitHub Pages would serve it.
BASE = "/binance-futures-explorer/"
