"""A build with nothing to do is known, and nothing else is taken for one."""

import os

import pytest
from futures_explorer.site.unchanged import Build


@pytest.fixture
def folders(tmp_path):
    for name in ("site", "release"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    return tmp_path


def build(folders, option="a"):
    return Build(folders / "site", folders / "record.json", [folders / "release"], [option])


def test_what_was_built_is_there_until_something_changes(folders):
    assert not build(folders).is_there()
    build(folders).done()
    assert build(folders).is_there()
    assert not build(folders, "b").is_there()


@pytest.mark.parametrize("name", ["site", "release"])
@pytest.mark.parametrize("change", ["written", "added", "gone"])
def test_every_file_counts(folders, name, change):
    build(folders).done()
    file = folders / name / "file"
    if change == "written":
        before = file.stat().st_mtime_ns
        file.write_text(name[::-1])  # as long as before
        os.utime(file, ns=(before + 1, before + 1))
    elif change == "added":
        (folders / name / "more").write_text("")
    else:
        file.unlink()
    assert not build(folders).is_there()


def test_a_lock_that_was_taken_is_no_change(folders):
    build(folders).done()
    (folders / "release" / ".lock").write_text("")
    assert build(folders).is_there()


def test_a_build_that_was_cut_off_is_not_there(folders):
    build(folders).done()
    build(folders).begin()
    assert not build(folders).is_there()


def test_a_source_that_changes_is_seen(folders, monkeypatch, tmp_path):
    from futures_explorer.site import unchanged

    source = tmp_path / "repository" / "build" / "source.ts"
    source.parent.mkdir(parents=True)
    source.write_text("1")
    monkeypatch.setattr(unchanged, "ROOT", tmp_path / "repository")
    monkeypatch.setattr(unchanged, "SOURCES", ("build",))
    build(folders).done()
    assert build(folders).is_there()
    source.write_text("2")
    assert not build(folders).is_there()
