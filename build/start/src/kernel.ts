/**
 * Pyodide and the engine, started as soon as the kernel's worker exists.
 *
 * JupyterLite's kernel extension imports this module in place of `pyodide.mjs` and calls `loadPyodide`: by then the
 * page (see page.ts) has made the worker import it long ago, and what it asks for is on its way or there.
 */
import { isHeard, keepInMemory, type Mounting } from "./drive.ts";
import { prefetchWhenAsked, type Engine } from "./prefetch.ts";
import { imageOptions, LateFiles, MemoryImage, type CreateModule, type FS, type ImageFile } from "./memory-image.ts";
import type { Settings, Step, Told } from "./settings.ts";

declare const EXPLORER: Settings;

interface Pyodide {
  FS: FS & Mounting;
  loadedPackages: Record<string, string>;
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
const beside = (name: "memory" | "files"): ImageFile => ({
  url: new URL(`${name}.bin`, import.meta.url).href,
  ...EXPLORER.image[name],
});

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

const python = (options: object): Promise<Pyodide> =>
  import(at(EXPLORER.pyodide + "pyodide.mjs")).then(({ loadPyodide: load }: { loadPyodide(options: object): Promise<Pyodide> }) =>
    load({ indexURL: at(EXPLORER.pyodide), lockFileURL: at(EXPLORER.pyodide + "pyodide-lock.json"), ...options }),
  );

/** Takes the memory image in place of a start. */
async function restorePyodide(late: LateFiles): Promise<Pyodide> {
  if (!("Suspending" in WebAssembly)) throw new Error("this browser's Python cannot wait, the image's can.");
  const create = import(at(EXPLORER.pyodide + "pyodide.asm.mjs")) as Promise<{ default: CreateModule }>;
  const image = MemoryImage.fetch(beside("memory"));
  image.catch(() => undefined); // `python` waits for it and fails, too
  // The standard library is one of the image's files.
  const pyodide = await python({ ...imageOptions(image, create), stdLibURL: "data:," });
  (await image).putFiles(pyodide.FS, late);
  Object.assign(pyodide.loadedPackages, (await image).loaded);
  return pyodide;
}

async function startPyodide(late: LateFiles): Promise<Pyodide> {
  const restored = await restorePyodide(late).catch((error: Error) => {
    console.warn(`Python starts anew, as its memory image could not be used: ${error.message}`);
    return null;
  });
  const pyodide = restored ?? (await python({ packages: EXPLORER.packages }));
  // JupyterLab is not ready to ask for these yet: they cost no one anything.
  const imports = restored ? EXPLORER.lateImports : [...EXPLORER.imports, ...EXPLORER.lateImports];
  await pyodide.runPythonAsync(`import ${imports.join(", ")}, explorer_startup\nexplorer_startup.begin()`);
  done("python");
  return pyodide;
}

const engine = openEngine();
(globalThis as { explorerEngine?: Promise<Engine> }).explorerEngine = engine;
// Whoever uses it opens another, and reports what fails then.
engine.catch((error: Error) => tell({ failed: `The database could not be opened: ${error.message}` }));
const late = new LateFiles(beside("files"));
prefetchWhenAsked(engine, late);
const pyodide = startPyodide(late);
pyodide.catch((error: Error) => tell({ failed: `Python could not start: ${error.message}` }));

/** As Pyodide's own; the kernel's options other than its streams are those of this site anyway. */
export async function loadPyodide({ stdout, stderr }: Options): Promise<Pyodide> {
  const [started, heard] = await Promise.all([pyodide, isHeard(site)]);
  if (!heard) {
    keepInMemory(started.FS);
    globalThis.postMessage({ explorerFiles: "memory" } satisfies Told);
  }
  started.setStdout({ batched: stdout });
  started.setStderr({ batched: stderr });
  return started;
}
