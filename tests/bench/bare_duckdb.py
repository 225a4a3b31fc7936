"""DuckDB-WASM as released, bundled for comparison: bare_duckdb.js."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def bundle_bare_duckdb(folder: Path) -> None:
    """Writes `folder`/bare_duckdb.js, a module worker; it expects DuckDB's files where the engine has them, beside it."""
    subprocess.run(
        [
            *("npx", "--no-install", "esbuild", "tests/bench/bare_duckdb.js", "--bundle", "--format=esm"),
            *(
                "--log-level=error",
                "--resolve-extensions=.ts,.mjs,.js",
                "--tsconfig=build/engine/tsconfig.json",
            ),
            f"--outfile={folder / 'bare_duckdb.js'}",
        ],
        cwd=ROOT,
        check=True,
    )
