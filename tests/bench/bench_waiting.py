"""A synchronous call where Python cannot wait for a promise, beside JSPI in the same browser; and in WebKitGTK.

A round trip asks the engine for its counts; a result is 1,000,000 rows of six columns as Arrow, in Python's memory.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from bench_kernel import MAKE, QUERY
from support.browsers import firefox, webkit
from support.browsers.driver import shared
from support.browsing import serving

ROOT = Path(__file__).resolve().parents[2]
CELL = f"""
import duckdb, json, time
from statistics import median
from duckdb_wasm.bridge import session
con = duckdb.connect()
con.execute({MAKE!r})
def timed(coroutine):
    began = time.perf_counter()
    given = session.call(coroutine(), "")
    return (time.perf_counter() - began) * 1000, given
trips = [timed(session.stats)[0] for _ in range(100)]
results = [timed(lambda: session.query(con._handle, {QUERY!r})) for _ in range(6)][1:]
print(json.dumps([session.stands_still, median(trips), median(ms for ms, _ in results), len(results[0][1])]))
"""


def measure(browser, url: str) -> tuple[bool, float, float, int]:
    try:
        browser.open(f"{url}notebooks/#{shared((CELL,))}")
        said = browser.run("await runAll(1); return failed()?.textContent ?? outputs().at(-1)")
        return json.loads(said.splitlines()[-1])
    finally:
        browser.close()


def run(report) -> None:
    ways = {}
    if firefox.find():
        ways["Firefox, JSPI"] = lambda profile: firefox.Firefox(profile)
        ways["Firefox without JSPI"] = lambda profile: firefox.Firefox(profile, firefox.NO_JSPI)
    if webkit.version():
        ways[f"WebKitGTK {webkit.version()}"] = lambda profile: webkit.WebKit(profile)
    suspended = None
    with serving(ROOT / "_site") as url:
        for name, start in ways.items():
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
                still, trip, million, size = measure(start(Path(profile)), url)
            suspended = million if not still and name.startswith("Firefox") else suspended
            ratio = (
                {"times JSPI": round(million / suspended, 2)}
                if still and suspended and "Firefox" in name
                else {}
            )
            report.add(
                "a call from Python",
                name,
                limits={"round trip ms": "≤ 10", **({"times JSPI": "≤ 4"} if ratio else {})},
                **{"round trip ms": round(trip, 1), "1 M rows ms": round(million), "bytes": size, **ratio},
            )
