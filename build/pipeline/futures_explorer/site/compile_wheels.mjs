// Runs compile_wheels.py in the kernel's own Python: node compile_wheels.mjs SOURCE TARGET started|all (two folders).
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { loadPyodide } from "pyodide";

const [source, target, modules] = process.argv.slice(2);
// A fixed seed: the order of a set in the bytecode, and so its hash, is then the same on every machine.
const pyodide = await loadPyodide({ env: { PYTHONHASHSEED: "0", MODULES: modules } });
pyodide.mountNodeFS("/stdlib", path.dirname(fileURLToPath(import.meta.resolve("pyodide"))));
pyodide.mountNodeFS("/source", source);
pyodide.mountNodeFS("/target", target);
try {
  pyodide.runPython(readFileSync(new URL("./compile_wheels.py", import.meta.url), "utf8"));
} catch (error) {
  // Node would print the source line of Pyodide, all 1.2 MB of it.
  console.error(error.message);
  process.exitCode = 1;
}
