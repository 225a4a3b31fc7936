"""Runs the pure TypeScript of the labextension, or of another room, on the host, in Node."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# Node from the venv is found before the system's, as in the Makefile.
ENVIRONMENT = {**os.environ, "PATH": f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"}


@cache
def _bundled(modules: tuple[str, ...], room: str) -> Path:
    out = Path(mkdtemp()) / "module.mjs"
    subprocess.run(
        [
            ROOT / "node_modules/.bin/esbuild",
            "--bundle",
            "--format=esm",
            f"--outfile={out}",
            "--log-level=error",
        ],
        cwd=ROOT / "build" / room / "src",
        env=ENVIRONMENT,
        input="".join(f"export * from './{module}';\n" for module in modules),
        text=True,
        check=True,
    )
    return out


def run_typescript(
    modules: tuple[str, ...], script: str, given: Any = None, room: str = "labextension"
) -> Any:
    """What `script`, the body of an async function of `module` and `given`, returns; both ways as JSON.

    `module` has everything that the named modules of build/ROOM/src export.
    """
    program = (
        f"import * as module from {json.dumps(_bundled(modules, room).as_uri())};\n"
        "let text = ''; for await (const part of process.stdin.setEncoding('utf8')) text += part;\n"
        f"const run = async (module, given) => {{ {script} }};\n"
        "process.stdout.write(JSON.stringify(await run(module, JSON.parse(text))));\n"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", program],
        env=ENVIRONMENT,
        input=json.dumps(given),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)
