/** What the build writes in front of each script: where things are, as URLs relative to the site's base. */
export interface Settings {
  /** The kernel's module, `kernel.ts`. */
  kernel: string;
  /** The worker in which JupyterLite's kernel extension runs it. */
  worker: string;
  /** The id of the build of the site that the page is of. */
  build: string;
  /** Pyodide's folder, and what is loaded into it before the first cell. */
  pyodide: string;
  packages: string[];
  /** Imported before the first cell; in the memory image already, but for what is in `lateImports`. */
  imports: string[];
  lateImports: string[];
  /** Of the memory image (memory-image.ts), whose files lie beside `kernel`: "sha256-…", as `fetch` takes it. */
  integrity: { memory: string; files: string };
  engine: string;
  data: string;
}

declare global {
  // eslint-disable-next-line no-var
  var EXPLORER: Settings;
}

/** The steps of a start, in the order in which they are told. */
export type Step = "notebook" | "python" | "engine";

/** How far the quiet fetching of likely data is; `done` says how it ended. */
export interface Prefetching {
  bytes: number;
  total: number;
  done?: "done" | "cancelled" | "skipped" | "failed";
}

/** What the kernel's worker tells the page. */
export interface Told {
  explorerStart?: { step: Step } | { failed: string };
  explorerPrefetching?: Prefetching;
}

/** What the page tells the kernel's worker: to fetch what is likely to be needed, or to stop that. */
export interface Asked {
  explorerPrefetch?: "start" | "stop";
}
