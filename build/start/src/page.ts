/**
 * The first script of JupyterLite's pages: says what is happening until the page can be used and, where a notebook is
 * opened, starts its kernel once the notebook is on its way to be seen.
 */
import { form as formToTake, type Form } from "../../engine/src/form.ts";
import { keepBytecode } from "./bytecode.ts";
import { Indicator } from "./indicator.ts";
import type { Engine } from "./open.ts";
import { prefetcher } from "./prefetch.ts";
import { SQL_NOTEBOOKS, type Asked, type Settings, type Told, type ToldByServiceWorker } from "./settings.ts";
import { watchForTrouble } from "./trouble.ts";
import { choose, isChosen, isMetered, keepsAll } from "./visits.ts";
import { keepJupyterLitesWord, LateWorker } from "./waiting/page.ts";

declare const EXPLORER: Settings;

declare global {
  interface Window {
    /** JupyterLite's kernel extension takes its worker from here. */
    explorerKernelWorker?: (url: URL) => Worker;
    /** The worker that it took last, or what stands for it: src/offline of the labextension talks to it. */
    explorerKernel?: Worker | MessagePort;
    /** A kernel without a worker (build/sqlkernel) gives what opens its engine: data is kept for later through that. */
    explorerEngine?: (open: () => Promise<Engine>) => void;
    /** The engine that the kernel of an SQL notebook will want, on its way. */
    explorerOpening?: Promise<Engine> | undefined;
    /** Where files go that a cell writes, when not into the browser's storage. */
    explorerFiles?: "memory";
    /** What the notebook answered when the site was built: src/answers of the labextension shows it. */
    explorerAnswers?: { name: string; text: Promise<string | null> };
    /** What is kept for when there is no network: src/offline of the labextension asks and chooses. */
    explorerOffline?: { keepsAll(): boolean; isChosen(): boolean; isMetered(): boolean; form(): Form; keep(): void; choose(chosen: boolean): void };
  }
}

/** Milliseconds of quiet after which the site is kept for when there is no network. */
const QUIET = 5000;
/** What can be seen when JupyterLab is up, whichever page it is. */
const UP = ".jp-Notebook .jp-Cell, .jp-Launcher, .jp-DirListing-item, .jp-CodeConsole, .jp-FileEditor, .jp-Dialog";
/**
 * Milliseconds in which JupyterLab's code, 1.7 MB, comes over a line that has room for Python beside the notebook, and on
 * which nobody waits for bytes.
 */
const FAST = 600;
const CHANGED = "This site was updated while the page was open. Reload to go on; what you have saved is kept.";
/** Processors with which Python can start beside JupyterLab; with fewer, it keeps JupyterLab from being seen. DuckDB is one thread's work. */
const MANY = 4;
/** By what the service worker says, a sentence about the file. */
const TROUBLE = {
  changed: () => CHANGED,
  stale: (path: string) => `A server on the way still has ${path} of this site's last state. Reload the page in some minutes.`,
  absent: (path: string) => `A part of this site, ${path}, does not come. Check your connection, then reload the page.`,
};
/** Milliseconds after it can be seen in which a page that nobody has touched may be loaded anew. */
const YOUNG = 10_000;

/** As JupyterLite registers it: another address would be another service worker. */
const SERVICE_WORKER = "service-worker.js?enableCache=false";

const site = new URL("../", location.href);
const kernel = new URL(EXPLORER.kernel, site).href;
const opened = /[?&]path=([^&]*)\.ipynb(&|$)/.exec(location.search)?.[1];
/** Done when the page can be seen. */
let onUp: () => void = () => undefined;
/** Whether the notebook that is opened is known to be in SQL, so that Python is not fetched for it. */
const inSql = opened !== undefined && (EXPLORER.sql.includes(opened) || ownInSql().includes(new URLSearchParams(location.search).get("path")));
const indicator = new Indicator(opened !== undefined && !inSql ? ["notebook", "python", "engine"] : ["notebook"], keep);
watchForTrouble(
  () => indicator.isUp,
  (sentence) => indicator.fail(sentence),
);

if (opened && EXPLORER.starters.includes(opened)) {
  const text = fetch(new URL(`data/answers/${opened}.json`, site)).then((response) => (response.ok ? response.text() : null));
  text.catch(() => undefined); // the labextension is told
  window.explorerAnswers = { name: opened, text };
}

/** The paths of the visitor's own notebooks in SQL, as the labextension left them. */
function ownInSql(): unknown[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(SQL_NOTEBOOKS) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function startWorker(url: URL): Worker {
  // The service worker reads from its address which build of the site the worker is of.
  const worker = new Worker(`${url.href}?build=${EXPLORER.build}&form=${form()}`, { type: "module", name: kernel });
  worker.addEventListener("message", ({ data }: MessageEvent<Partial<Told>>) => {
    if (data?.explorerFiles) {
      window.explorerFiles = data.explorerFiles;
      dispatchEvent(new Event("explorer-files"));
    }
    if (!data?.explorerStart) return;
    if ("failed" in data.explorerStart) indicator.fail(`${data.explorerStart.failed} Check your connection, then reload the page.`);
    if ("step" in data.explorerStart) indicator.done(data.explorerStart.step);
  });
  worker.addEventListener("error", (event) => {
    // An ErrorEvent is of something that ran.
    if (!(event instanceof ErrorEvent)) indicator.fail(`Python could not start: ${url.pathname} did not come. Check your connection, then reload the page.`);
  });
  return worker;
}

/** In which form WebAssembly is taken, here and in the workers. */
const form = (isSlow = false): Form => formToTake(new URL(EXPLORER.engine, site), isSlow);

/** Opens the engine while JupyterLab starts. Where that fails the kernel opens it, and says why it cannot. */
function openEngine(): Promise<Engine> {
  const opening = (import(new URL(EXPLORER.engine, site).href) as Promise<{ open(options: object): Promise<Engine> }>).then(({ open }) =>
    open({ dataUrl: new URL(EXPLORER.data, site).href, snapshot: null }),
  );
  opening.catch(() => (window.explorerOpening = undefined));
  return opening;
}

/** Where Python cannot wait for a promise, its worker must be one that the service worker hears. */
function startKernel(url: URL): Worker {
  if ("Suspending" in WebAssembly) return startWorker(url);
  const serviceWorker = new URL(SERVICE_WORKER, site);
  keepJupyterLitesWord(serviceWorker, EXPLORER.appVersion);
  return new LateWorker(serviceWorker, () => startWorker(url), () => indicator.cannotWait()) as unknown as Worker;
}

/** When a file that is here was asked for and came: a busy browser says it some time after the file's `load`. */
function timing(url: string): Promise<PerformanceResourceTiming> {
  const [known] = performance.getEntriesByName(url) as PerformanceResourceTiming[];
  if (known) return Promise.resolve(known);
  return new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      const [found] = list.getEntriesByName(url) as PerformanceResourceTiming[];
      if (!found) return;
      observer.disconnect();
      resolve(found);
    });
    observer.observe({ type: "resource", buffered: true });
  });
}

/** Calls `then` when JupyterLab's code is here, with whether it came over a fast line. */
function afterJupyterLab(then: (isFast: boolean) => void): void {
  const onLoad = ({ target }: Event) => {
    if (!(target instanceof HTMLScriptElement) || !target.src.includes("/bundle.js")) return;
    document.removeEventListener("load", onLoad, true);
    void timing(target.src).then(({ startTime, responseEnd }) => then(responseEnd - startTime < FAST));
  };
  document.addEventListener("load", onLoad, true); // a window hears nothing of what its document loads
}

/** Begins what the notebook will want, once, in good time. */
let begin: () => void = () => undefined;
// On a later visit JupyterLab's code is here, and compiled: the engine is what the first answer waits for.
if (inSql && navigator.serviceWorker?.controller) window.explorerOpening = openEngine();
else if (inSql) begin = () => (window.explorerOpening ??= openEngine());

// Where pages are cross-origin isolated the kernel uses another worker.
if (!crossOriginIsolated) {
  const url = new URL(EXPLORER.worker, site);
  let early: Worker | null = null;
  if (opened !== undefined && !inSql) {
    begin = () => {
      early ??= window.explorerKernel ? null : startKernel(url);
    };
  }
  window.explorerKernelWorker = (wanted) => {
    const worker = early !== null && wanted.href === url.href ? early : startKernel(wanted);
    if (worker !== early) early?.terminate();
    early = null;
    window.explorerKernel = worker;
    return worker;
  };
}

// What is seen comes first: until JupyterLab's code is here, more would share the line with it; on a slow line or few
// processors until the notebook is seen, or JupyterLite asks for its kernel.
afterJupyterLab((isFast) => {
  form(!isFast);
  if (isFast && (inSql || navigator.hardwareConcurrency >= MANY)) begin();
  else onUp = begin;
});

window.explorerEngine = (open) => {
  if (window.explorerKernel) return;
  const { port1, port2 } = new MessageChannel();
  const ask = prefetcher(open, (explorerPrefetching) => port1.postMessage({ explorerPrefetching } satisfies Told));
  port1.onmessage = ({ data }: MessageEvent<Asked>) => data.explorerPrefetch && ask(data.explorerPrefetch);
  port2.start();
  window.explorerKernel = port2;
};

window.explorerOffline = {
  keepsAll: () => keepsAll(site),
  isChosen: () => isChosen(site),
  isMetered,
  form,
  keep: () => void tellServiceWorker({ explorerKeep: form() }),
  choose(chosen) {
    choose(site, chosen);
    void tellServiceWorker({ explorerKeep: chosen && form() });
  },
};
addEventListener("appinstalled", () => window.explorerOffline!.choose(true));

/** Has the service worker keep this build of the site from the second visit on, or where the visitor chose so. */
function keep(): void {
  keepBytecode(site);
  setTimeout(() => keepsAll(site) && window.explorerOffline!.keep(), QUIET);
}

async function tellServiceWorker(message: unknown): Promise<void> {
  (await navigator.serviceWorker?.ready)?.active?.postMessage(message);
}
// A page that was loaded before there was a service worker is of a build, too.
void tellServiceWorker({ explorerBuild: EXPLORER.build });
navigator.serviceWorker?.addEventListener("message", ({ data }: MessageEvent<Partial<ToldByServiceWorker> | null>) => {
  const trouble = data?.explorerTrouble;
  if (!trouble) return;
  if (trouble === "changed" && isYoung() && reloadOnce()) return;
  if (trouble === "changed" || !indicator.hasFailed) indicator.fail(TROUBLE[trouble](data.path ?? "a file"));
});

let upAt = Infinity;
let isTouched = false;
for (const event of ["keydown", "pointerdown"]) addEventListener(event, () => (isTouched = true), { capture: true, once: true });
const isYoung = () => !isTouched && (upAt === Infinity || performance.now() - upAt < YOUNG);

/** A page that is still loading is loaded anew: nothing is lost. Not twice for the same build, lest it goes on for ever. */
function reloadOnce(): boolean {
  try {
    if (sessionStorage.getItem("explorer-reloaded") === EXPLORER.build) return false;
    sessionStorage.setItem("explorer-reloaded", EXPLORER.build);
  } catch {
    return false;
  }
  location.reload();
  return true;
}

function look(): void {
  if (document.querySelector(UP)) {
    indicator.done("notebook");
    upAt = performance.now();
    onUp();
  } else setTimeout(look, 50);
}
look();
