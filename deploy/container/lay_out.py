"""The context of the image's Containerfile: server, site and what is in them, as CycloneDX.

    python deploy/container/lay_out.py _site .cache/container

Prints the arguments for the build: version, snapshot and whether its data is synthetic.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def server_packages(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Kind, name and version of the Debian packages that `server.sh` took files from."""
    for line in folder.with_name(f"{folder.name}.versions").read_text("utf-8").splitlines():
        name, version = line.split(" ")
        yield "deb", name, version


def site_packages(site: Path) -> Iterator[tuple[str, str, str]]:
    """Kind, name and version of what the site serves: npm and Python packages, as its build says."""
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    for part in ("", *locked[""]["workspaces"]):
        for name in locked[part].get("dependencies", {}):
            found = locked.get(f"{part}/node_modules/{name}") or locked[f"node_modules/{name}"]
            yield "npm", name, found["version"]
    yield "npm", "pyodide", locked["node_modules/pyodide"]["version"]
    yield "pypi", "jupyterlite-core", version("jupyterlite-core")
    lock = next((site / "static").glob("pyodide-*/pyodide-lock.json"))
    for package in json.loads(lock.read_text("utf-8"))["packages"].values():
        # Others come from Pyodide's own host when a cell asks for them.
        if "://" not in package["file_name"] and (lock.parent / package["file_name"]).is_file():
            own = (ROOT / "build/kernel" / package["name"].replace("-", "_")).is_dir()
            yield "generic" if own else "pypi", package["name"], package["version"]


def describe(packages: Iterable[tuple[str, str, str]], name: str, build: str) -> str:
    """A CycloneDX 1.6 description, the same for the same packages."""
    bom = Bom()
    image = Component(name=name, version=build, bom_ref=name, type=ComponentType.CONTAINER)
    bom.metadata.component = image
    distribution = platform.freedesktop_os_release()["ID"]
    for kind, package, number in sorted(set(packages)):
        made = PackageURL(
            type=kind, namespace=distribution if kind == "deb" else None, name=package, version=number
        )
        bom.components.add(
            Component(name=package, version=number, purl=made, bom_ref=str(made), type=ComponentType.LIBRARY)
        )
    bom.register_dependency(image, bom.components)
    written = json.loads(JsonV1Dot6(bom).output_as_string())
    written.pop("serialNumber", None)  # drawn anew each time
    written["metadata"].pop("timestamp", None)
    return json.dumps(written, indent=1, sort_keys=True) + "\n"


def lay_out(site: Path, out: Path) -> dict[str, str]:
    """Writes the context into `out`, replacing what was there; the build's arguments."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    server = out / "server"
    subprocess.run(["sh", str(HERE / "server.sh"), str(server)], check=True)
    shutil.copytree(site, out / "site", copy_function=shutil.copyfile)
    shutil.copyfile(HERE / "nginx.conf", out / "nginx.conf")
    build = json.loads((site / "static/build.json").read_text("utf-8"))["id"]
    newest = json.loads((site / "data/snapshots.json").read_text("utf-8"))["snapshots"][0]
    packages = (*server_packages(server), *site_packages(site))
    (out / "sbom.cdx.json").write_text(describe(packages, "binance-futures-explorer", build), "utf-8")
    _make_alike(out)
    return {"VERSION": build, "SNAPSHOT": newest["id"], "SYNTHETIC": json.dumps(newest["synthetic"])}


def _make_alike(folder: Path) -> None:
    """Gives times and rights that do not depend on the machine, so that the same site gives the same image."""
    for path in (folder, *folder.rglob("*")):
        runs = path.is_dir() or path.parent.name in ("bin", "sbin") or path.name.startswith("ld-linux")
        path.chmod(0o755 if runs else 0o644)
        os.utime(path, (0, 0))


if __name__ == "__main__":
    arguments = lay_out(Path(sys.argv[1]), Path(sys.argv[2]))
    print(" ".join(f"--build-arg {name}={value}" for name, value in arguments.items()))
