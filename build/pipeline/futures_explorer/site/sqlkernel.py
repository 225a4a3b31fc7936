"""The SQL kernel: build/sqlkernel, bundled, and what this site tells it: its tables, its macros, where its engine is."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from futures_explorer.errors import ExplorerError
from futures_explorer.project import ROOT
from futures_explorer.site import npm
from futures_explorer.site.phases import files_below, fingerprint, phase

SQLKERNEL = ROOT / "build" / "sqlkernel"
#: What it has in common with the `duckdb` wheel.
UNSUPPORTED = ROOT / "build/kernel/duckdb/duckdb_wasm/errors/unsupported.json"
FEDERATION = (ROOT / "build/labextension/federate.mjs", ROOT / "build/labextension/src/container.ts")
KERNEL = ROOT / "build" / "kernel" / "binance_futures"
#: Its plugin in JupyterLite's settings.
PLUGIN = "jupyterlite-duckdb-sql:kernel"
#: The comm's target and the channel of running queries that the labextension uses.
PIN_TARGET = "binance_futures.pin"
QUERIES_CHANNEL = "binance-futures-queries"
#: Prints the statements, made from the kernel's own definitions for a snapshot whose files are yet to be named: for
#: today's snapshots, and for those from before there was a table of days.
TEMPLATE = """
import json
import re
from binance_futures import _release
from binance_futures._snapshot import OLD_AFTER_DAYS, ORIGIN
from binance_futures._tables import create_tables, layouts

def variant(layouts, dates):
    needs = [f"{table}/{layout}" for table, layout in sorted(layouts)]
    resources = [{"table": t, "layout": l, "file": f"{{{t}/{l}}}"} for t, l in sorted(layouts)]
    names = {
        table: {"file": f"{{tables.{table}.file}}", "columns": [f"{{tables.{table}.columns}}"]}
        for table, _ in layouts
    }
    descriptor = {"resources": resources, "dates": dates, "tables": names}
    return {"needs": needs, "statements": create_tables(descriptor)}

now = variant(layouts(), {"complete": "{dates.complete}"})
older = variant({(t, l) for t, l in layouts() if t != "days"}, {"last": "{dates.last}"})
# As Snapshot.tell says it.
notes = [
    {"text": "Snapshot {id}: {dates.first} to {dates.last}."},
    {
        "text": "Days after {dates.complete} are incomplete: “now” is {dates.complete}.",
        "differ": ["dates.complete", "dates.last"],
        "unless": {"path": "dates.complete"},
    },
    {
        "text": "Ranks are complete to {dates.ranked}.",
        "differ": ["dates.ranked", "dates.complete"],
        "unless": {"path": "dates.ranked"},
    },
    {
        "text": "{dates.complete} was {age} days ago: newer days are not in it.",
        "olderThan": {"path": "dates.complete", "days": OLD_AFTER_DAYS},
        "unless": {"path": "synthetic", "is": True},
    },
    *({"where": {"path": "synthetic", "is": value}, "text": text} for value, text in ORIGIN.items()),
]
# The release's files, by address and by the name that they have after a download.
files = [
    {"pattern": f"(?:{_release.PLACE}|(?:[.]/)?){re.escape(file)}(?:[?#].*)?", "table": table}
    for file, table in _release.FILES.items()
]
print(json.dumps({"variants": [now, older], "notes": notes, "files": files}))
"""


def build_sqlkernel(say: Callable[[str], None]) -> Path:
    """Bundles (or finds unchanged) the kernel: `extension/`, laid out as JupyterLab installs one, and `console.js`.

    Returns their folder.
    """
    inputs = [
        *files_below(SQLKERNEL),
        UNSUPPORTED,
        *FEDERATION,
        ROOT / "package-lock.json",
        ROOT / "package.json",
    ]
    return phase(
        "sqlkernel",
        [*inputs, Path(__file__)],
        lambda into: npm.bundle("build:sqlkernel", into, "The SQL kernel"),
        say=say,
        doing="Bundling the SQL kernel",
    )


def write_sql(into: Path, bundle: Path) -> str:
    """Writes setup.json, the statements that each SQL notebook begins with, and the console's script into a folder.

    `bundle` is the folder that `build_sqlkernel` gave. Returns the new folder's name, which is below `into`.

    Raises `ExplorerError`.
    """
    done = subprocess.run(
        [sys.executable, "-c", TEMPLATE], cwd=KERNEL, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        raise ExplorerError(f"The SQL kernel's tables could not be made:\n{done.stderr.strip()}")
    folder = into / f"sql-{fingerprint([done.stdout, bundle / 'console.js'])[:8]}"
    folder.mkdir()
    (folder / "setup.json").write_text(done.stdout, encoding="utf-8")
    shutil.copyfile(bundle / "console.js", folder / "console.js")
    return folder.name


def sqlkernel_settings(engine: str, data: str, sql: str, duckdb: str) -> dict[str, str]:
    """The plugin's settings; paths from the site's base on."""
    return {
        "engine": engine,
        "data": data,
        "setup": f"{sql}setup.json",
        "duckdb": duckdb,
        "pinTarget": PIN_TARGET,
        "queriesChannel": QUERIES_CHANNEL,
    }


def sqlkernel_name() -> str:
    """The name under which JupyterLab knows it."""
    return json.loads((SQLKERNEL / "package.json").read_text())["name"]
