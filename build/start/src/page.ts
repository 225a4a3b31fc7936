/**
 * The first script of JupyterLite's pages: says what is happening until the page can be used and, where a notebook is
 * opened, starts its kernel while JupyterLab loads.
 */
import { Indicator } from "./indicator.ts";
import type { Settings, Told } from "./settings.ts";

declare const EXPLORER: Settings;

declare global {
  interface Window {
    /** JupyterLite's kernel extension takes its worker from here. */
    explorerKernelWorker?: (url: URL) => Worker;
    /** The worker that it took last: src/offline of the labextension talks to it. */
    explorerKernel?: Worker;
  }
}

/** Milliseconds of quiet after which the site is kept for when there is no network. */
const QUIET = 5000;
/** What can be seen when JupyterLab is up, whichever page it is. */
const UP = ".jp-Notebook .jp-Cell, .jp-Launcher, .jp-DirListing-item, .jp-CodeConsole, .jp-FileEditor, .jp-Dialog";

const site = new URL("../", location.href);
const kernel = new URL(EXPLORER.kernel, site).href;
const opensNotebook = /[?&]path=[^&]*\.ipynb(&|$)/.test(location.search);
const indicator = new Indicator(opensNotebook ? ["notebook", "python", "engine"] : ["notebook"], keep);

function startWorker(url: URL): Worker {
  // The service worker reads from its address which build of the site the worker is of.
  const worker = new Worker(`${url.href}?build=${EXPLORER.build}`, { type: "module", name: kernel });
  worker.addEventListener("message", ({ data }: MessageEvent<Partial<Told>>) => {
    if (!data?.explorerStart) return;
    if ("failed" in data.explorerStart) indicator.fail(data.explorerStart.failed);
    else indicator.done(data.explorerStart.step);
  });
  return worker;
}

// Where pages are cross-origin isolated the kernel uses another worker.
if (!crossOriginIsolated) {
  const url = new URL(EXPLORER.worker, site);
  let early: Worker | null = opensNotebook ? startWorker(url) : null;
  window.explorerKernelWorker = (wanted) => {
    const worker = early !== null && wanted.href === url.href ? early : startWorker(wanted);
    if (worker !== early) early?.terminate();
    early = null;
    window.explorerKernel = worker;
    return worker;
  };
}

/** Has the service worker keep this build of the site, unless the visitor asks for restraint. */
function keep(): void {
  const { saveData, type } = (navigator as { connection?: { saveData?: boolean; type?: string } }).connection ?? {};
  if (saveData || type === "cellular") return;
  setTimeout(() => void tellServiceWorker({ explorerKeep: true }), QUIET);
}

async function tellServiceWorker(message: unknown): Promise<void> {
  (await navigator.serviceWorker?.ready)?.active?.postMessage(message);
}
// A page that was loaded before there was a service worker is of a build, too.
void tellServiceWorker({ explorerBuild: EXPLORER.build });

function look(): void {
  if (document.querySelector(UP)) indicator.done("notebook");
  else setTimeout(look, 50);
}
look();
