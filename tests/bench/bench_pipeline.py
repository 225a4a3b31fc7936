"""From a cached release to the site's data, at real size: seconds, memory, and what a rebuild costs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from futures_explorer.release.cache import Cache
from futures_explorer.release.fetch import fetch_from
from futures_explorer.release.notes import recomputed
from futures_explorer.release.resolve import resolve_release
from futures_explorer.release.tables import open_tables


def timed(*arguments: str) -> tuple[float, float]:
    """(seconds, peak memory in MB) of one run of the command line."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "futures_explorer", *arguments], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"futures-explorer {' '.join(arguments)} failed")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def run(report) -> None:
    """Measure the release that $RELEASE names, else the sample; in a cache and a store of its own."""
    named = os.environ.get("RELEASE", "sample")
    source = resolve_release(named, Path(".cache/releases")).folder
    with tempfile.TemporaryDirectory() as name:
        cache = Cache(Path(name, "cache"))
        release = fetch_from(str(source), cache, lambda _: None)
        hits = []
        for _ in range(21):
            began = time.perf_counter()
            cache.current(release.key)
            hits.append(1000 * (time.perf_counter() - began))
        report.add("cache hit", named, limits={"milliseconds": "< 10"}, milliseconds=round(median(hits), 2))
        build = ("build", "--data-only", "--release", str(release.folder), "--store", f"{name}/store")
        seconds, memory = timed(*build, "--out", f"{name}/site")
        report.add(
            "fetched release to data",
            named,
            limits={"seconds": "< 60", "MB": "< 2000"},
            seconds=round(seconds, 1),
            MB=round(memory),
        )
        again = median(timed(*build, "--out", f"{name}/site")[0] for _ in range(3))
        report.add("again with nothing new", named, limits={"seconds": "< 2"}, seconds=round(again, 2))
        size = sum(path.stat().st_size for path in Path(name, "site/data/objects").iterdir())
        with open_tables(resolve_release(str(release.folder), Path(name)), Path(name)) as opened:
            began = time.perf_counter()
            recomputed(opened)
            seconds = time.perf_counter() - began
        report.add(
            "ranks, changes, percentiles and shares recomputed",
            named,
            limits={"seconds": "< 5"},
            seconds=round(seconds, 2),
        )
        report.add("objects of the snapshot", named, MB=round(size / 1e6, 1))
