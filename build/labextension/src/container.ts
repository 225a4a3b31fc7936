/**
 * The module-federation container that JupyterLab loads: `init` receives the modules that the page shares, `get` gives
 * the plugins. See https://module-federation.io and JupyterLab's `createModule`.
 */

/** Of each shared module, its versions; `get` resolves to a function that returns the module. */
type Scope = Record<string, Record<string, { get(): Promise<() => unknown> }>>;

declare const EXTENSION: string;
declare const SHARED: string[];
declare const _JUPYTERLAB: Record<string, unknown>;

let scope: Scope = {};
const shared: Record<string, unknown> = {};

async function load(name: string): Promise<void> {
  // The page has one version of each of its packages.
  const [found] = Object.values(scope[name] ?? {});
  if (!found) {
    throw new Error(`${EXTENSION} imports ${name}, which this JupyterLab does not share.`);
  }
  shared[name] = (await found.get())();
}

_JUPYTERLAB[EXTENSION] = {
  shared,
  init(given: Scope): void {
    scope = given;
  },
  async get(): Promise<() => object> {
    await Promise.all(SHARED.map(load));
    // Evaluated here and not before: its imports are the modules that were just loaded.
    const { default: plugins } = await import("extension-plugins");
    return () => ({ __esModule: true, default: plugins });
  },
};

export {};
