/**
 * Pyodide and the engine, started as soon as the kernel's worker exists.
 *
 * JupyterLite's kernel extension imports this module in place of `pyodide.mjs` and calls `loadPyodide`: by then the
 * page (see page.ts) has made the worker import it long ago, and what it asks for is on its way or there.
 */
import { prefetchWhenAsked, type Engine } from "./prefetch.ts";
import type { Settings, Step, Told } from "./settings.ts";

declare const EXPLORER: Settings;

interface Pyodide {
  setStdout(options: { batched: (text: string) => void }): void;
  setStderr(options: { batched: (text: string) => void }): void;
  runPythonAsync(code: string): Promise<unknown>;
}

interface Options {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
}

const site = new URL("../../", import.meta.url); // this file is <site>/static/start-<version>/kernel.mjs
const at = (path: string) => new URL(path, site).href;

function tell(explorerStart: NonNullable<Told["explorerStart"]>): void {
  globalThis.postMessage({ explorerStart } satisfies Told);
}

const done = (step: Step) => tell({ step });

/** Opened with the newest snapshot, which is what most notebooks ask for; `duckdb_wasm` takes it from here. */
async function openEngine(): Promise<Engine> {
  const { open } = (await import(at(EXPLORER.engine))) as { open(options: object): Promise<Engine> };
  const engine = await open({ dataUrl: at(EXPLORER.data), snapshot: null });
  done("engine");
  return engine;
}

async function startPyodide(): Promise<Pyodide> {
  const { loadPyodide: load } = (await import(at(EXPLORER.pyodide + "pyodide.mjs"))) as {
    loadPyodide(options: object): Promise<Pyodide>;
  };
  const pyodide = await load({
    indexURL: at(EXPLORER.pyodide),
    lockFileURL: at(EXPLORER.pyodide + "pyodide-lock.json"),
    packages: EXPLORER.packages,
  });
  // JupyterLab is not ready to ask for these yet: they cost no one anything.
  await pyodide.runPythonAsync(`import ${EXPLORER.imports.join(", ")}`);
  done("python");
  return pyodide;
}

const engine = openEngine();
(globalThis as { explorerEngine?: Promise<Engine> }).explorerEngine = engine;
engine.catch(() => undefined); // whoever uses it opens another, and reports what fails then
prefetchWhenAsked(engine);
const pyodide = startPyodide();
pyodide.catch((error: Error) => tell({ failed: error.message }));

/** As Pyodide's own; the kernel's options other than its streams are those of this site anyway. */
export async function loadPyodide({ stdout, stderr }: Options): Promise<Pyodide> {
  const started = await pyodide;
  started.setStdout({ batched: stdout });
  started.setStderr({ batched: stderr });
  return started;
}
