"""A file that came from outside is used only if its hash is the declared one."""

import hashlib
import shutil

import pytest
from futures_explorer.errors import ExplorerError
from futures_explorer.site import hashes, runtime, wheels
from futures_explorer.site.phases import CACHE


def flip_a_byte(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_a_file_with_the_declared_hash_passes(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"content")
    hashes.verify(file, hashlib.sha256(b"content").hexdigest(), "a test")


def test_the_message_names_file_expected_got_and_what_to_do(tmp_path):
    file = tmp_path / "thing.wasm"
    file.write_bytes(b"content")
    expected, got = "0" * 64, hashlib.sha256(b"content").hexdigest()
    with pytest.raises(ExplorerError, match=rf"(?s)thing\.wasm.*versions.*{expected}.*{got}.*build again"):
        hashes.verify(file, expected, "versions.json")


@pytest.fixture
def kernel_wheels(tmp_path):
    """A copy of the downloaded wheels, to damage."""
    (folder,) = CACHE.glob("kernel-wheels-*")
    return shutil.copytree(folder, tmp_path / "wheels")


def test_a_tampered_wheel_stops_the_build(kernel_wheels):
    flip_a_byte(next(kernel_wheels.glob("nanoarrow-*.whl")))
    with pytest.raises(ExplorerError, match=r"(?s)nanoarrow-.*requirements-kernel\.txt.*expected.*got"):
        wheels.verify_kernel_wheels(kernel_wheels)


def test_a_missing_wheel_stops_the_build(kernel_wheels):
    next(kernel_wheels.glob("altair-*.whl")).unlink()
    with pytest.raises(ExplorerError, match="names altair, but no such wheel"):
        wheels.verify_kernel_wheels(kernel_wheels)


def test_a_tampered_extension_stops_the_build(tmp_path):
    (downloaded,), (bundle,) = CACHE.glob("extensions-*"), CACHE.glob("engine-bundle-*")
    extensions = shutil.copytree(downloaded, tmp_path / "extensions")
    flip_a_byte(next(extensions.rglob("parquet.duckdb_extension.wasm")))
    with pytest.raises(
        ExplorerError, match=r"(?s)parquet\.duckdb_extension\.wasm.*versions\.json.*expected.*got"
    ):
        runtime.assemble_engine(tmp_path / "static", bundle, extensions)
    assert not (tmp_path / "static").exists()


def test_locked_hashes_reads_every_hash_of_a_distribution(tmp_path):
    lock = tmp_path / "requirements.txt"
    lock.write_text(
        "Some_Thing==1.0 \\\n    --hash=sha256:" + "a" * 64 + " \\\n    --hash=sha256:" + "b" * 64 + "\n"
    )
    assert hashes.locked_hashes(lock) == {"some-thing": {"a" * 64, "b" * 64}}
