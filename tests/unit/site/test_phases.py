"""An unchanged phase is not run again, and an interrupted one leaves nothing that looks whole."""

import pytest
from futures_explorer.site import phases


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(phases, "CACHE", tmp_path / "cache")


def write(text, runs):
    def build(into):
        runs.append(text)
        (into / "result").write_text(text)

    return build


def test_the_same_inputs_build_once_and_changed_ones_again():
    runs = []
    first = phases.phase("thing", ["a"], write("first", runs))
    again = phases.phase("thing", ["a"], write("again", runs))
    other = phases.phase("thing", ["b"], write("other", runs))
    assert first == again != other
    assert runs == ["first", "other"]
    assert (other / "result").read_text() == "other"


def test_a_changed_file_changes_the_fingerprint(tmp_path):
    file = tmp_path / "input"
    file.write_text("one")
    before = phases.fingerprint([file])
    file.write_text("two")
    assert phases.fingerprint([file]) != before


def test_a_failing_phase_leaves_no_result_and_keeps_the_one_before():
    kept = phases.phase("thing", ["a"], write("kept", []))

    def fail(into):
        (into / "result").write_text("half")
        raise RuntimeError("cut")

    with pytest.raises(RuntimeError, match="cut"):
        phases.phase("thing", ["b"], fail)
    assert [path.name for path in phases.CACHE.iterdir()] == [kept.name]


def test_two_parts_that_claim_one_path_are_refused(tmp_path):
    for part in ("one", "two"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "index.html").write_text(part)
    phases.link_tree(tmp_path / "one", tmp_path / "site")
    with pytest.raises(FileExistsError, match=r"index\.html"):
        phases.link_tree(tmp_path / "two", tmp_path / "site")
