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
  /** Imported before the first cell. */
  imports: string[];
  engine: string;
  data: string;
}

declare global {
  // eslint-disable-next-line no-var
  var EXPLORER: Settings;
}

/** The steps of a start, in the order in which they are told. */
export type Step = "notebook" | "python" | "engine";

/** What the kernel's worker tells the page. */
export interface Told {
  explorerStart: { step: Step } | { failed: string };
}
