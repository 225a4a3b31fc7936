"""Python in the browser, as the notebook's kernel has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browsing import Window
from support.kernel_page import Kernel, kernel_page


@pytest.fixture(scope="session")
def kernel(site: Path, window: Window, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """One Python for all tests of a run: it starts in some seconds."""
    with kernel_page(site, tmp_path_factory.mktemp("site") / "site", window.context) as kernel:
        yield kernel
