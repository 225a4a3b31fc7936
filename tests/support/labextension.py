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


#: Reads a script, its module's address and what it is given, a line each time; answers with a line.
_SERVER = """
import { createInterface } from 'node:readline';
const Script = (async () => {}).constructor;
for await (const line of createInterface({ input: process.stdin })) {
    const { address, script, given } = JSON.parse(line);
    let answer;
    try {
        answer = { value: await new Script('module', 'given', script)(await import(address), given) };
    } catch (error) {
        answer = { error: String(error?.stack ?? error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\\n`);
}
"""


@cache
def _node() -> subprocess.Popen:
    """One Node for all calls: it is gone with this process, whose end closes its input."""
    return subprocess.Popen(
        ["node", "--input-type=module", "-e", _SERVER],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def run_typescript(
    modules: tuple[str, ...], script: str, given: Any = None, room: str = "labextension"
) -> Any:
    """What `script`, the body of an async function of `module` and `given`, returns; both ways as JSON.

    `module` has everything that the named modules of build/ROOM/src export; they are loaded once.
    """
    node = _node()
    asked = {"address": _bundled(modules, room).as_uri(), "script": script, "given": given}
    node.stdin.write(json.dumps(asked) + "\n")
    node.stdin.flush()
    answer = json.loads(node.stdout.readline())
    if "error" in answer:
        raise AssertionError(answer["error"])
    return answer.get("value")
