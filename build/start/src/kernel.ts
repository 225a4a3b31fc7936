/**
 * Pyodide and the engine, started as soon as the kernel's worker exists.
 *
 * JupyterLite's kernel extension imports this module in place of `pyodide.mjs` and calls `loadPyodide`: by then the
 * page (see page.ts) has made the worker import it long ago, and what it asks for is on its way or there.
 */
import type { Form } from "../../engine/src/form.ts";
import { fetchPacked } from "../../engine/src/unpack.ts";
import { isHeard, keepInMemory, type Mounting } from "./drive.ts";
import { tellLaterWhatIsGone } from "./gone.ts";
import { at, form, openEngine, site, type Engine } from "./open.ts";
import { prefetcher, type AskedPrefetch } from "./prefetch.ts";
import { Queries } from "./queries.ts";
import { WaitingEngine } from "./waiting/engine.ts";
import { REPLIES } from "./waiting/protocol.ts";
import { Replies } from "./waiting/replies.ts";
import { imageOptions, LateFiles, MemoryImage, type CreateModule, type FS, type ImageFile } from "./memory-image.ts";
import type { Asked, Prefetching, Settings, Step, Told } from "./settings.ts";

declare const EXPLORER: Settings;

tellLaterWhatIsGone();

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

const beside = (name: "memory" | "files"): ImageFile => ({
  url: new URL(`${name}.bin`, import.meta.url).href,
  ...EXPLORER.image[name],
});

function tell(explorerStart: NonNullable<Told["explorerStart"]>): void {
  globalThis.postMessage({ explorerStart } satisfies Told);
}

const done = (step: Step) => tell({ step });

/** What `duckdb_wasm` and `explorer_startup` find in this worker; README.md says which is there when. */
interface Found {
  explorerEngine?: Promise<Engine>;
  explorerWaitingEngine?: WaitingEngine;
  watchDuckDBQuery?: (controller: AbortController) => ReturnType<Queries["begin"]> | undefined;
  explorerCell?: (run: string) => void;
  explorerAnswerHostCalls?: (engine: Engine | WaitingEngine, answer: (body: string) => string) => Promise<void> | void;
}
const found = globalThis as Found;
const tellPrefetching = (explorerPrefetching: Prefetching) => globalThis.postMessage({ explorerPrefetching } satisfies Told);
let prefetch: (asked: AskedPrefetch) => void = () => undefined;
// Whoever uses the engine opens another, and reports what fails then.
const couldNotOpen = (reason: string) => tell({ failed: `The database could not be opened: ${reason}` });

/** Where Python can wait for a promise, or there is no other way. */
function openHere(): void {
  const engine = openEngine();
  found.explorerEngine = engine;
  engine.then(
    () => done("engine"),
    (error: Error) => couldNotOpen(error.message),
  );
  // Python's files first: the next import needs them.
  prefetch = prefetcher(() => engine, tellPrefetching, (signal) => late.bringIn(signal));
  const queries = new Queries();
  let cell: string | undefined;
  found.explorerCell = (run) => (cell = run);
  let answering: ((body: string) => string) | undefined;
  const host = crypto.randomUUID();
  found.explorerAnswerHostCalls = (engine, answer) => {
    // Python runs this while its query is suspended.
    if (!answering) new Replies(host, async (body, id) => ({ id, kind: "value", body: answering!(body) }));
    answering = answer;
    return (engine as Engine).askHost(at(`${REPLIES}${host}/`));
  };
  // Begun before any cell, there is none to show it under.
  found.watchDuckDBQuery = (controller) => (cell === undefined ? undefined : queries.begin(cell, controller));
}

/** Where it cannot: the engine behind a bridge. */
async function openBehindBridge(): Promise<void> {
  const engine = await WaitingEngine.start(new URL(`bridge.mjs?form=${form}`, import.meta.url), site, (said) => {
    if ("opened" in said) done("engine");
    if ("failed" in said) couldNotOpen(said.failed);
    if ("prefetching" in said) tellPrefetching(said.prefetching as Prefetching);
  });
  found.explorerWaitingEngine = engine;
  found.explorerCell = (run) => (engine.cell = run);
  found.explorerAnswerHostCalls = (_, answer) => engine.answerHostCalls(answer);
  let files = new AbortController();
  prefetch = (asked) => {
    files.abort();
    if (typeof asked === "string") {
      engine.prefetch(asked);
      return;
    }
    files = new AbortController();
    const { signal } = files;
    late.bringIn(signal).then(
      (bytes) => signal.aborted || engine.prefetch({ ...asked, maxBytes: asked.maxBytes - bytes }),
      () => tellPrefetching({ bytes: 0, total: 0, done: "cancelled" }),
    );
  };
}

async function open(): Promise<void> {
  if ("Suspending" in WebAssembly) {
    openHere();
    return;
  }
  try {
    await openBehindBridge();
  } catch (error) {
    console.warn(`Python cannot wait for the engine in this browser: ${(error as Error).message}`);
    openHere();
  }
  tell({ waits: found.explorerWaitingEngine !== undefined });
}

/** Pyodide's WebAssembly: the one address that it knows. */
const WASM = at(EXPLORER.pyodide + "pyodide.asm.wasm");

/**
 * Has Pyodide get its WebAssembly in this form, or plain where that does not come.
 *
 * @returns what rejects with why none comes, which Pyodide would await for ever.
 */
function giveWasm(form: Form): Promise<never> {
  return new Promise((_, reject) => {
    const packed = form === "packed" ? fetchPacked(WASM, reject) : null;
    packed?.catch(() => undefined); // it is taken plain
    const network = globalThis.fetch;
    globalThis.fetch = async (input, init) => {
      if (String(input) !== WASM) return network(input, init);
      globalThis.fetch = network;
      const response = (await packed?.catch(() => null)) ?? (await network(input, init).catch(() => null));
      if (!response?.ok) reject(new Error(`${WASM} ${response ? `answered HTTP ${response.status}` : "did not come"}.`));
      return response ?? Response.error();
    };
  });
}

async function python(options: object, form: Form): Promise<Pyodide> {
  const failed = giveWasm(form);
  failed.catch(() => undefined); // awaited below
  const { loadPyodide: load } = (await import(at(EXPLORER.pyodide + "pyodide.mjs"))) as {
    loadPyodide(options: object): Promise<Pyodide>;
  };
  const places = { indexURL: at(EXPLORER.pyodide), lockFileURL: at(EXPLORER.pyodide + "pyodide-lock.json") };
  return Promise.race([failed, load({ ...places, ...options })]);
}

/** Takes the memory image in place of a start. */
async function restorePyodide(late: LateFiles): Promise<Pyodide> {
  const create = import(at(EXPLORER.pyodide + "pyodide.asm.mjs")) as Promise<{ default: CreateModule }>;
  const image = MemoryImage.fetch(beside("memory"));
  image.catch(() => undefined); // `python` waits for it and fails, too
  // The standard library is one of the image's files.
  const pyodide = await python({ ...imageOptions(image, create), stdLibURL: "data:," }, form);
  (await image).putFiles(pyodide.FS, late);
  Object.assign(pyodide.loadedPackages, (await image).loaded);
  return pyodide;
}

async function startPyodide(late: LateFiles): Promise<Pyodide> {
  const restored = await restorePyodide(late).catch((error: Error) => {
    console.warn(`Python starts anew, as its memory image could not be used: ${error.message}`);
    return null;
  });
  const pyodide = restored ?? (await python({ packages: EXPLORER.packages }, "plain"));
  await opening;
  // JupyterLab is not ready to ask for these yet: they cost no one anything.
  const imports = restored ? EXPLORER.lateImports : [...EXPLORER.imports, ...EXPLORER.lateImports];
  await pyodide.runPythonAsync(`import ${imports.join(", ")}, explorer_startup\nexplorer_startup.begin()`);
  done("python");
  return pyodide;
}

const late = new LateFiles(beside("files"));
const opening = open();
globalThis.addEventListener("message", ({ data }: MessageEvent<Asked | null>) => data?.explorerPrefetch && prefetch(data.explorerPrefetch));
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
