"""Runs one file of the suite on the host: `host.py native|kernel FILE TARGET`, in the suite's folder; writes JSON.

`native` is the duckdb of this Python; `kernel` is the browser's `duckdb` over native DuckDB (tests/support).
"""

import json
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def use_kernel() -> None:
    """Makes `import duckdb` the kernel's."""
    sys.path.insert(0, str(HERE.parent))
    from support.native_session import NativeSession

    sys.path.insert(0, str(HERE.parents[1] / "build/kernel/duckdb"))
    import duckdb_wasm
    from duckdb_wasm import bridge

    bridge.session = NativeSession()
    sys.path.remove(str(HERE.parent))
    for name in [name for name in sys.modules if name.partition(".")[0] == "duckdb"]:
        del sys.modules[name]
    import duckdb

    assert duckdb is duckdb_wasm


if __name__ == "__main__":
    which, file, target = sys.argv[1:]
    if which == "kernel":
        use_kernel()
    sys.path.insert(0, str(HERE))
    import plugin

    plugin.block()
    pytest.main(["-q", "-p", "no:cacheprovider", "--tb=short", file], plugins=[plugin])
    Path(target).write_text(json.dumps(plugin.Running.outcomes))
