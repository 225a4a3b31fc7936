"""The container image: built from the site by buildah, which needs no service, and its content served by its own nginx."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from futures_explorer.site.doctor import examine

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "deploy/container"
SITE = ROOT / "_site"
USER = "65534:65534"
NEEDED = ("buildah", "nginx", "busybox", "unshare", "chroot")

Buildah = Callable[..., str]
needs_buildah = pytest.mark.skipif(
    not all(map(shutil.which, NEEDED)) or os.geteuid() != 0 or not (SITE / "index.html").is_file(),
    reason=f"needs {', '.join(NEEDED)}, root, and a built site: tests/support/install.py",
)


@pytest.fixture(scope="module")
def buildah(tmp_path_factory) -> Buildah:
    """Runs buildah on a storage of its own; what it printed."""
    folder = tmp_path_factory.mktemp("buildah")
    storage = ("--storage-driver", "vfs", "--root", f"{folder}/root", "--runroot", f"{folder}/run")

    def run(*arguments: str) -> str:
        done = subprocess.run(["buildah", *storage, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture(scope="module")
def context(tmp_path_factory) -> tuple[Path, list[str]]:
    """The folder that the image is built from, and the arguments of its build."""
    folder = tmp_path_factory.mktemp("image") / "context"
    return folder, lay_out(SITE, folder)


def lay_out(site: Path, folder: Path) -> list[str]:
    command = [sys.executable, str(HERE / "lay_out.py"), str(site), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def build(buildah: Buildah, folder: Path, arguments: list[str], name: str, form: str = "docker") -> str:
    """The id of the image, which in the form `oci` its content alone decides."""
    options = ("--isolation", "chroot", "--format", form, "--timestamp", "0", "--no-cache", "--quiet")
    file = ("--file", str(HERE / "Containerfile"))
    return buildah("build", *options, *file, "--tag", name, *arguments, str(folder)).splitlines()[-1]


@pytest.fixture(scope="module")
def image(buildah, context) -> str:
    return build(buildah, *context, "whole")


@pytest.fixture(scope="module")
def content(buildah, image) -> Path:
    """The folder with the image's files."""
    return Path(buildah("mount", buildah("from", image)))


@pytest.fixture(scope="module")
def served(content) -> Iterator[str]:
    """The address at which the image's own server runs: as its user, on files that cannot be written."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    config = (content / "etc/nginx/nginx.conf").read_text()
    (content / "etc/nginx/here.conf").write_text(config.replace("listen 8080;", f"listen 127.0.0.1:{port};"))
    script = (
        'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && mount -t tmpfs -o mode=1777 tmpfs "$0/dev/shm" && '
        f'exec chroot --userspec={USER} "$0" /usr/sbin/nginx -c /etc/nginx/here.conf'
    )
    server = subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", script, str(content)], stderr=subprocess.PIPE, text=True
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(200):
            if server.poll() is not None:
                pytest.fail(f"nginx ended with {server.returncode}: {server.stderr.read()}")
            try:
                httpx.get(url)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield url
    finally:
        server.terminate()
        assert server.wait(10) == 0


@needs_buildah
def test_the_doctor_finds_nothing_wrong_and_nothing_to_improve(served):
    with httpx.Client(follow_redirects=True, timeout=30) as http:
        found = [finding for finding in examine(served, http) if finding.level != "good"]
    # The sample's data is as old as its last day.
    assert [finding for finding in found if "days old" not in finding.what + finding.why] == []


@needs_buildah
def test_folders_ranges_and_absent_pages_are_served_as_a_browser_asks(served, content):
    listed = httpx.get(f"{served}open/quickstart", follow_redirects=False)
    assert (listed.status_code, listed.headers["location"]) == (301, "/open/quickstart/")
    absent = httpx.get(f"{served}absent")
    assert absent.status_code == 404
    assert absent.text == (content / "srv/site/404.html").read_text()
    file = next((content / "srv/site/data/objects").glob("*.parquet"))
    part = httpx.get(
        f"{served}data/objects/{file.name}", headers={"Range": "bytes=4-9", "Accept-Encoding": "gzip"}
    )
    assert (part.status_code, part.content) == (206, file.read_bytes()[4:10])
    assert "nginx/" not in part.headers["server"]


@needs_buildah
def test_its_health_check_passes_only_while_it_serves(served, content, image, buildah):
    (told,) = [
        command
        for command in json.loads(buildah("inspect", "--type", "image", image))["Docker"]["config"][
            "Healthcheck"
        ]["Test"]
        if command.startswith("http")
    ]
    port = served.rstrip("/").rpartition(":")[2]
    wget = ["chroot", f"--userspec={USER}", str(content), "/bin/busybox", "wget", "-q", "-O", "-"]
    assert (
        subprocess.run([*wget, told.replace("8080", port)], check=False, capture_output=True).returncode == 0
    )
    assert (
        subprocess.run([*wget, told.replace("8080", "9")], check=False, capture_output=True).returncode != 0
    )


@needs_buildah
def test_it_says_what_it_is_and_runs_as_nobody(buildah, image, content):
    config = json.loads(buildah("inspect", "--type", "image", image))["Docker"]["config"]
    assert config["User"] == USER
    assert config["Healthcheck"]["Test"][0] == "CMD"
    labels = config["Labels"]
    newest = json.loads((SITE / "data/snapshots.json").read_text())["snapshots"][0]
    assert labels["io.explorer.snapshot"] == newest["id"]
    assert labels["io.explorer.synthetic"] == json.dumps(newest["synthetic"])
    assert (
        labels["org.opencontainers.image.version"]
        == json.loads((SITE / "static/build.json").read_text())["id"]
    )
    bom = (content / labels["io.explorer.sbom"].lstrip("/")).read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bom) is None
    named = {part["name"] for part in json.loads(bom)["components"]}
    assert {"nginx", "libc6", "pyodide", "@duckdb/duckdb-wasm", "ipython", "jupyterlite-core"} <= named
    assert {path.name for path in (content / "usr/share/doc").iterdir()} <= named


@needs_buildah
def test_it_is_small_over_the_site_and_holds_no_package_manager(content):
    def size(folder: Path) -> int:
        return sum(
            path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()
        )

    over = size(content) - size(content / "srv/site")
    assert over < 20e6
    assert not {"bash", "apt", "apt-get", "dpkg"} & {path.name for path in content.rglob("*bin/*")}


@needs_buildah
def test_the_same_site_gives_the_same_image(buildah, tmp_path):
    # As much of it as tells: what the image names, a folder of files, their times and rights.
    small = tmp_path / "small"
    for name in ("static/build.json", "static/runtime.json", "data/snapshots.json", "index.html"):
        (small / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SITE / name, small / name)
    (pyodide,) = (SITE / "static").glob("pyodide-*")
    (small / "static" / pyodide.name).mkdir()
    shutil.copyfile(pyodide / "pyodide-lock.json", small / "static" / pyodide.name / "pyodide-lock.json")
    shutil.copytree(SITE / "open", small / "open")
    made = []
    for name, umask, day in (("one", 0o022, 1e6), ("two", 0o077, 2e6)):
        before = os.umask(umask)
        try:
            copy = shutil.copytree(small, tmp_path / f"site-{name}")
            for path in copy.rglob("*"):
                os.utime(path, (day, day))
            arguments = lay_out(copy, tmp_path / name)
        finally:
            os.umask(before)
        made.append(build(buildah, tmp_path / name, arguments, name, "oci"))
    assert made[0] == made[1]
    (tmp_path / "two/site/index.html").write_text("another")
    assert build(buildah, tmp_path / "two", arguments, "other", "oci") != made[0]


@pytest.mark.skipif(
    not shutil.which("hadolint", path=str(ROOT / ".venv/bin")), reason="hadolint is for Linux"
)
def test_the_containerfile_passes_hadolint():
    command = [shutil.which("hadolint", path=str(ROOT / ".venv/bin")), str(HERE / "Containerfile")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_without_nginx_it_says_what_to_install_and_leaves_nothing(tmp_path):
    done = subprocess.run(
        [shutil.which("sh"), str(HERE / "server.sh"), str(tmp_path / "server")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert re.search("apt-get install .*nginx-light busybox-static", done.stderr)
    assert list(tmp_path.iterdir()) == []
