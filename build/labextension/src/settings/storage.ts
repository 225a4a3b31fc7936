/**
 * Each time a plugin asks for its settings, JupyterLite fetches and parses those of all plugins and asks the browser's storage 90
 * times: a dozen times before a notebook is seen. Here the files are fetched once, and the storage is asked for what it has.
 */
import type { ISettingRegistry } from "@jupyterlab/settingregistry";
import { Settings } from "@jupyterlite/services";

type Plugin = ISettingRegistry.IPlugin;
interface Storage {
  keys(): Promise<string[]>;
  getItem(id: string): Promise<string | null>;
}
/** JupyterLite's settings with what is private there. */
interface Inner {
  readonly storage: Promise<Pick<Storage, "getItem">>;
  _getAll(file: string): Promise<Plugin[]>;
  fetch(id: string): Promise<Plugin>;
  list(query?: string): Promise<{ ids: string[]; values: Plugin[] }>;
}

/** Before JupyterLab's plugins read their settings. */
export function fetchSettingsOnce(): void {
  const inner = Settings.prototype as unknown as Inner;
  const { fetch, list, _getAll } = inner;
  const files = new Map<string, Promise<Plugin[]>>();
  /** A file's plugins for which `is` holds, as if it were read anew: JupyterLab writes into them. */
  const read = async (settings: Inner, file: string, is: (plugin: Plugin) => boolean) => {
    if (!files.has(file)) files.set(file, _getAll.call(settings, file));
    try {
      return structuredClone((await files.get(file)!).filter(is));
    } catch (error) {
      files.delete(file);
      throw error;
    }
  };
  const like = (settings: Inner, own: Partial<Inner>): Inner =>
    Object.create(settings, Object.fromEntries(Object.entries(own).map(([name, value]) => [name, { value }]))) as Inner;

  inner.fetch = function (id) {
    const one = like(this, { list, _getAll: (file) => read(this, file, (plugin) => plugin.id === id) });
    return fetch.call(one, id);
  };
  inner.list = function (query) {
    const storage = (this.storage as Promise<Storage>).then(async (kept) => {
      const ids = new Set(await kept.keys());
      return { getItem: (id: string) => (ids.has(id) ? kept.getItem(id) : Promise.resolve(null)) };
    });
    storage.catch(() => undefined); // the list waits for it, too
    return list.call(like(this, { storage, _getAll: (file) => read(this, file, () => true) }), query);
  };
}
