/** What the build writes in front of each script: where things are, as URLs relative to the site's base. */
export interface Settings {
  /** The kernel's module, `kernel.ts`. */
  kernel: string;
  /** The worker in which JupyterLite's kernel extension runs it. */
  worker: string;
  /** The names of the starter notebooks, without `.ipynb`. */
  starters: string[];
  /** Those of them whose cells are SQL: they need no Python. */
  sql: string[];
  /** JupyterLite's version, by which it knows its service worker. */
  appVersion: string;
  /** The id of the build of the site that the page is of. */
  build: string;
  /** Pyodide's folder, and what is loaded into it before the first cell. */
  pyodide: string;
  packages: string[];
  /** Imported before the first cell; in the memory image already, but for what is in `lateImports`. */
  imports: string[];
  lateImports: string[];
  /** Of the memory image (memory-image.ts), whose files lie beside `kernel`: "sha256-…", as `fetch` takes it, and bytes. */
  image: Record<"memory" | "files", { integrity: string; size: number }>;
  engine: string;
  data: string;
}

declare global {
  // eslint-disable-next-line no-var
  var EXPLORER: Settings;
}

/** The key in the browser's storage under which the paths of the visitor's own notebooks in SQL are, as JSON. */
export const SQL_NOTEBOOKS = "explorer-sql-notebooks";

/** The steps of a start, in the order in which they are told. */
export type Step = "notebook" | "python" | "engine";

/** How far the quiet fetching of likely data is; `done` says how it ended: `unkept` where it is gone with the page. */
export interface Prefetching {
  bytes: number;
  total: number;
  done?: "done" | "unkept" | "cancelled" | "skipped" | "failed";
}

/** What the kernel's worker tells the page; `waits` says whether Python can wait for the engine in this browser. */
export interface Told {
  /** `failed` is a sentence. */
  explorerStart?: { step: Step } | { failed: string } | { waits: boolean };
  explorerPrefetching?: Prefetching;
  /** Files that a cell writes are gone when the page is left. */
  explorerFiles?: "memory";
}

/** What the page tells the kernel's worker: to fetch what is likely to be needed, to stop that, or to forget all data. */
export interface Asked {
  explorerPrefetch?: "stop" | "forget" | Wanted;
}

/** What is to be brought in: what a list in the site's `data/` names, and how many bytes at most, Python's files among them. */
export interface Wanted {
  list: string;
  maxBytes: number;
  /** The visitor asked for it: also where the connection is metered. */
  isAsked: boolean;
}

/** What the service worker tells pages. */
export interface ToldByServiceWorker {
  /** How much of the site is kept, 0 to 1; or why it could not be. */
  explorerKept: number | string;
  /** Why a file of the page's build did not come: service-worker/untidy.ts. */
  explorerTrouble: "changed" | "stale" | "absent";
  /** Which file. */
  path: string;
}
