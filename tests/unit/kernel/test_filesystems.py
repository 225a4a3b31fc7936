"""Files of fsspec file systems, read and written by their addresses."""

import pytest

pytest.importorskip("fsspec")
from fsspec.implementations.memory import MemoryFileSystem


@pytest.fixture
def memory(con, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    MemoryFileSystem.store.clear()
    system = MemoryFileSystem(skip_instance_cache=True)
    con.register_filesystem(system)
    return system


def test_a_file_is_read_by_its_address_and_by_a_pattern(con, memory):
    for number in (1, 2):
        with memory.open(f"memory://many/{number}.csv", "wb") as file:
            file.write(f"a\n{number}\n".encode())
    assert con.execute("FROM 'memory://many/1.csv'").fetchall() == [(1,)]
    assert con.read_csv("memory://many/*.csv").order("a").fetchall() == [(1,), (2,)]


def test_a_changed_file_is_read_anew(con, memory):
    for value in (1, 2):
        with memory.open("memory://one.csv", "wb") as file:
            file.write(f"a\n{value}\n".encode())
        assert con.execute("FROM 'memory://one.csv'").fetchall() == [(value,)]


def test_copy_writes_there(con, memory):
    con.execute("COPY (SELECT 42 AS a) TO 'memory://out.csv'")
    assert memory.cat_file("memory://out.csv") == b"a\n42\n"


def test_a_text_that_is_no_address_stays(con, memory):
    assert con.execute("SELECT 'other://x', 'memory'").fetchall() == [("other://x", "memory")]


def test_systems_are_known_by_their_protocols(con, kernel, memory):
    assert con.list_filesystems() == ["memory"]
    assert con.filesystem_is_registered("memory")
    con.unregister_filesystem("memory")
    assert not con.filesystem_is_registered("memory")
    with pytest.raises(kernel.InvalidInputException, match="Bad filesystem instance"):
        con.register_filesystem(object())
