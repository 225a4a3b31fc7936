"""Whether a release went backwards against the newest snapshot that was published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from futures_explorer.errors import ExplorerError
from futures_explorer.release.tables import OpenRelease

# Upstream renames or drops a symbol now and then; more at once than this share is an accident.
GONE_SHARE = 0.01


def check_not_shrunk(opened: OpenRelease, previous: dict[str, Any], store: Path) -> None:
    """Compare a release with the snapshot `previous` of `store`.

    Raises:
        ExplorerError: it has fewer rows, an older newest date, or many symbols are gone; with the comparison.
    """
    last, probed, ranked = opened.rows(
        "SELECT max(date)::VARCHAR, count(*), (SELECT count(*) FROM volume_rankings) FROM daily_availability"
    )[0]
    gone = _symbols_gone(opened, previous, store)
    known = previous["counts"]["symbols"]
    lines = [
        ("newest date", previous["dates"]["last"], last, last < previous["dates"]["last"]),
        *(
            (name, f"{before:,}", f"{now:,}", now < before)
            for name, before, now in (
                ("probed rows", previous["counts"]["probed_rows"], probed),
                ("ranked rows", previous["counts"]["ranked_rows"], ranked),
            )
        ),
        ("symbols gone", f"of {known:,}", f"{len(gone):,}", len(gone) > known * GONE_SHARE),
    ]
    if not any(worse for *_, worse in lines):
        return
    table = "\n".join(
        f"  {name:<13} {before:>12} → {now:>12}{'   went backwards' if worse else ''}"
        for name, before, now, worse in lines
    )
    raise ExplorerError(
        f"{opened.release.label} went backwards against snapshot {previous['id']}:\n{table}\n"
        + (f"  gone, e.g.: {', '.join(gone[:5])}\n" if gone else "")
        + "Nothing was published; what was published before stays. If upstream did this on purpose, build with "
        "--accept-shrink."
    )


def _symbols_gone(opened: OpenRelease, previous: dict[str, Any], store: Path) -> list[str]:
    resource = next(r for r in previous["resources"] if r["table"] == "symbols")
    path = store / "objects" / Path(resource["path"]).name
    if not path.is_file():
        return []
    return [
        row[0]
        for row in opened.connection.execute(
            "SELECT DISTINCT symbol FROM read_parquet(?) WHERE symbol NOT IN "
            "(SELECT symbol FROM daily_availability WHERE available) ORDER BY symbol",
            [str(path)],
        ).fetchall()
    ]
