#!/usr/bin/env python3
"""`gh` over the folder FAKE_GH: the calls that the daily refresh makes, with gh's own exit codes and texts."""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

root = Path(os.environ["FAKE_GH"])
assets, issues = root / "assets", root / "issues.json"
call = sys.argv[1:]


def fail(text: str) -> None:
    print(text, file=sys.stderr)
    sys.exit(1)


def options(names: str, repeated: str = "") -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*")
    for name in names.split():
        parser.add_argument(f"--{name}")
    for name in repeated.split():
        parser.add_argument(f"--{name}", action="append")
    parser.add_argument("--clobber", action="store_true")
    parser.add_argument("--yes", action="store_true")
    return parser.parse_intermixed_args(call[2:])


if os.environ.get("FAKE_GH_FAILS"):
    fail(os.environ["FAKE_GH_FAILS"])
elif call[:1] == ["api"]:
    if not assets.is_dir():
        fail("gh: Not Found (HTTP 404)")
    if "--paginate" in call:
        print("\n".join(path.name for path in assets.iterdir()))
    else:
        print(7)
elif call[:2] == ["release", "view"]:
    print("{}") if assets.is_dir() else fail("release not found")
elif call[:2] == ["release", "create"]:
    options("repo latest title notes")
    assets.mkdir()
elif call[:2] == ["release", "upload"]:
    for path in options("repo").words[1:]:
        shutil.copy(path, assets)
elif call[:2] == ["release", "download"]:
    given = options("repo dir", "pattern")
    for name in given.pattern:
        shutil.copy(assets / name, given.dir)
elif call[:2] == ["release", "delete-asset"]:
    (assets / options("repo").words[1]).unlink()
elif call[:2] == ["issue", "list"]:
    found = json.loads(issues.read_text()) if issues.exists() else []
    print(found[0]["number"] if found else "")
elif call[:2] == ["issue", "create"]:
    given = options("repo title body")
    issues.write_text(json.dumps([{"number": 1, "title": given.title, "body": given.body}]))
    print("https://github.test/acme/site/issues/1")
elif call[:2] == ["issue", "edit"]:
    given = options("repo body")
    (issue,) = json.loads(issues.read_text())
    issues.write_text(json.dumps([{**issue, "body": given.body}]))
else:
    fail(f"unknown call: {call}")
