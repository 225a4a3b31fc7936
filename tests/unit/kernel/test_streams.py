"""What a cell prints goes at once while it is little, in batches where it is much, and nothing is lost or out of order."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parents[3] / "build/kernel/explorer_startup/explorer_startup/_streams.py"


@pytest.fixture(scope="module")
def streams():
    """The module, from its file: the package itself needs IPython."""
    spec = spec_from_file_location("_streams", FILE)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Page:
    """What reaches the page, and a clock and an event loop that stand still until they are told to go on."""

    def __init__(self, streams) -> None:
        self.now = 100.0
        self.messages: list[tuple[str, str]] = []
        self._calls: list[tuple[float, object]] = []
        self.batches = streams.Batches(
            lambda seconds, call: self._calls.append((self.now + seconds, call)), lambda: self.now
        )
        self.stdout, self.stderr = (Stream(name, self) for name in ("stdout", "stderr"))

    def turn(self, seconds: float) -> None:
        """Time passes in which Python has nothing to do."""
        self.now += seconds
        due, self._calls = (
            [c for w, c in self._calls if w <= self.now],
            [(w, c) for w, c in self._calls if w > self.now],
        )
        for call in due:
            call()

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.messages)


class Stream:
    def __init__(self, name: str, page: Page) -> None:
        self.name = name
        self.publish_stream_callback = lambda name, text: page.messages.append((name, text))
        self.write = lambda text: page.batches.write(self, text)
        self.flush = page.batches.flush


@pytest.fixture
def shown(streams):
    return Page(streams)


def test_many_prints_are_few_messages_and_the_same_text(shown):
    for number in range(3000):
        print(number, file=shown.stdout)
        shown.now += 0.00005
    shown.batches.flush()
    assert shown.text == "".join(f"{number}\n" for number in range(3000))
    assert len(shown.messages) < 70


def test_the_more_is_printed_the_fewer_are_the_batches(shown):
    for number in range(100_000):
        print("x" * 99, number, file=shown.stdout)
        shown.now += 0.0001
    # Ten seconds, in which ten million characters came.
    assert len(shown.messages) < 100


def test_progress_is_not_held_back(shown):
    for step in range(200):
        print("step", step, end="", file=shown.stdout)
        assert shown.text.endswith(f"step {step}")
        shown.now += 1


def test_what_is_held_back_goes_as_soon_as_python_waits(shown):
    for number in range(200):
        print(number, file=shown.stdout)
    assert not shown.text.endswith("199\n")
    shown.turn(0.1)
    assert shown.text.endswith("199\n")
    count = len(shown.messages)
    shown.turn(10)
    assert len(shown.messages) == count


def test_the_order_of_both_streams_is_kept(shown):
    for _ in range(100):
        print("out", file=shown.stdout)
        print("err", file=shown.stderr)
    shown.batches.flush()
    assert shown.text == "out\nerr\n" * 100
    assert {name for name, text in shown.messages if "err" in text} == {"stderr"}


def test_only_text_is_written(shown):
    assert shown.stdout.write("ab") == 2
    with pytest.raises(TypeError, match=r"write\(\) argument must be str, not int"):
        shown.stdout.write(1)
    with pytest.raises(UnicodeEncodeError):
        shown.stdout.write("\ud800")
    shown.batches.flush()
    assert shown.text == "ab"
