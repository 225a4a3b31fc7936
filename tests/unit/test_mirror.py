"""A site's data on a bucket: a real S3 server on this machine gets it, resumes, and refuses."""

from __future__ import annotations

import hashlib
import json
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import obstore
import pytest
from click.testing import CliRunner
from futures_explorer.cli import main
from futures_explorer.errors import ExplorerError
from futures_explorer.release.resolve import resolve_release
from futures_explorer.snapshot import mirror as mirroring
from futures_explorer.snapshot.mirror import Sent, mirror
from futures_explorer.snapshot.publish import publish_data
from support.bad_releases import BadRelease

TO = "s3://bucket/explorer"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Its address."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(server, monkeypatch) -> None:
    """An empty bucket, for which the environment has credentials."""
    for name, value in (
        ("AWS_ENDPOINT_URL", server),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    urllib.request.urlopen(urllib.request.Request(f"{server}/moto-api/reset", method="POST"))
    urllib.request.urlopen(urllib.request.Request(f"{server}/bucket", method="PUT"))


@pytest.fixture(scope="module")
def built_once(tmp_path_factory) -> Path:
    """The data folder of a site with two snapshots."""
    folder = tmp_path_factory.mktemp("built")
    for number, last in enumerate(("2026-10-30", "2026-10-31")):
        made = BadRelease(last=last).write_to(folder / f"release-{number}")
        release = resolve_release(str(made), folder / "resolved")
        publish_data(release, folder / "store", folder / "data", accept_shrink=True)
    return folder / "data"


@pytest.fixture
def data(built_once, tmp_path) -> Path:
    """A copy of it that the test may change."""
    return shutil.copytree(built_once, tmp_path / "data")


def get(path: str) -> tuple[bytes, dict]:
    """A file's content and headers, as the bucket has them."""
    answer = obstore.get(mirroring._store(TO), f"data/{path}")
    return bytes(answer.bytes()), answer.attributes


def names(data: Path) -> list[str]:
    return sorted(path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file())


def test_everything_that_a_snapshot_names_is_there_once(bucket, data):
    said: list[str] = []
    sent = mirror(data, TO, said.append)
    assert (sent.files, sent.there) == (len(names(data)), 0)
    assert said[-1].startswith("data/snapshots.json")
    for path in names(data):
        content, headers = get(path)
        assert content == (data / path).read_bytes()
        assert ("immutable" in headers["Cache-Control"]) == (path != "snapshots.json")
        assert headers["Content-Type"].endswith("json" if path.endswith(".json") else "parquet")
    assert mirror(data, TO, said.append) == Sent(0, 0, len(names(data)))


def test_a_run_that_was_cut_off_announces_nothing_and_goes_on(bucket, data, monkeypatch):
    put, count = mirroring._put, 0

    def cut(*args):
        nonlocal count
        count += 1
        if count == 3:
            raise OSError("the line went dead")
        put(*args)

    monkeypatch.setattr(mirroring, "_put", cut)
    with pytest.raises(ExplorerError, match=r"the line went dead.*goes on where it stopped"):
        mirror(data, TO, str)
    with pytest.raises(FileNotFoundError):
        get("snapshots.json")
    monkeypatch.setattr(mirroring, "_put", put)
    assert mirror(data, TO, str).there == 2


def test_what_is_damaged_here_or_there_is_noticed(bucket, data):
    mirror(data, TO, str)
    # There: it is sent again.
    victim = next(path for path in names(data) if path.startswith("objects/"))
    size = (data / victim).stat().st_size
    obstore.put(mirroring._store(TO), f"data/{victim}", b"x" * size)
    assert mirror(data, TO, str).files == 1
    assert get(victim)[0] == (data / victim).read_bytes()
    # Here: nothing of it is sent.
    (data / victim).write_bytes(b"x" * size)
    with pytest.raises(ExplorerError, match="is not what its name says"):
        mirror(data, TO, str)
    assert hashlib.sha256(get(victim)[0]).hexdigest() == Path(victim).stem


def test_what_a_kept_snapshot_names_is_never_removed(bucket, data):
    mirror(data, TO, str)
    before = names(data)
    listed = json.loads((data / "snapshots.json").read_text())
    gone = listed["snapshots"].pop()["id"]
    shutil.rmtree(data / "snapshots" / gone)
    (data / "snapshots.json").write_text(json.dumps(listed))
    assert mirror(data, TO, str).files == 1
    for path in before:
        get(path)
    assert json.loads(get("snapshots.json")[0]) == listed


@pytest.mark.parametrize("to", ["bucket", "https://bucket/x", "s3://", "s3://A", "s3://bucket?x=1"])
def test_what_is_no_buckets_address_says_what_is_expected(bucket, data, to):
    with pytest.raises(ExplorerError, match="Expected s3://BUCKET"):
        mirror(data, to, str)


def test_without_credentials_it_names_them(bucket, data, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    done = CliRunner().invoke(main, ["mirror", "--data", str(data), "--to", TO])
    assert done.exit_code != 0
    assert "set AWS_ACCESS_KEY_ID" in done.output


def test_a_bucket_that_is_not_there_is_named(bucket, data):
    with pytest.raises(ExplorerError, match="s3://another could not be written"):
        mirror(data, "s3://another", str)


def test_synthetic_data_is_called_so(bucket, data, tmp_path):
    said: list[str] = []
    mirror(data, TO, said.append)
    assert not any("synthetic" in line for line in said)
    for manifest in data.glob("snapshots/*/datapackage.json"):
        manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "synthetic": True}))
    mirror(data, TO, said.append)
    assert any(line.startswith("This data is synthetic") for line in said)


def test_a_folder_without_snapshots_says_what_to_do(tmp_path):
    with pytest.raises(ExplorerError, match="make build"):
        mirror(tmp_path, TO, str)
