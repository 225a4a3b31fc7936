/** The kernel `SQL (DuckDB)` of a JupyterLite site. Where its parts are, the site says in this plugin's settings. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Notification } from "@jupyterlab/apputils";
import { PageConfig, PathExt } from "@jupyterlab/coreutils";
import type { Contents } from "@jupyterlab/services";
import { IKernelSpecs } from "@jupyterlite/services";

import { DOWNLOAD, save } from "./download.ts";
import { openEngine } from "./engine.ts";
import { kernels, SqlKernel } from "./kernel.ts";
import { Session, type Drive, type Setup } from "./session.ts";

const ID = "jupyterlite-duckdb-sql:kernel";
export const NAME = "sql";

/** `litePluginSettings` of the plugin; addresses are relative to the site's base. */
interface Settings {
  engine: string;
  /** The folder of snapshots; a site need have none. */
  data?: string;
  /** A JSON file: `Setup`. */
  setup: string;
  duckdb: string;
  pinTarget?: string;
  queriesChannel?: string;
}

/** What the page may offer. */
interface Page {
  /** Is given what opens the engine, so that data can be brought in for later. */
  explorerEngine?: (open: () => Promise<unknown>) => void;
}

function settings(): Settings {
  return (JSON.parse(PageConfig.getOption("litePluginSettings") || "{}") as Record<string, Settings>)[ID]!;
}

const base = () => new URL(PageConfig.getBaseUrl(), location.href).href.replace(/\/*$/, "/");

let setup: Promise<Setup> | null = null;
/** The site's statements, fetched once a page. */
function siteSetup(url: string): Promise<Setup> {
  setup ??= fetch(url).then((response) => {
    if (!response.ok) throw new Error(`${url} answered HTTP ${response.status}, expected 200. Check your connection and run the cell again.`);
    return response.json() as Promise<Setup>;
  });
  setup.catch(() => (setup = null));
  return setup;
}

/** The folder of a notebook, from where its kernel was started: `BrowserStorage:folder`. */
const folderOf = (location: string): string => location.slice(location.indexOf(":") + 1);

/** The visitor's files beside the notebook, as JupyterLab keeps them. */
function driveOf(contents: Contents.IManager, folder: string): Drive {
  const at = (name: string) => PathExt.join(folder, name);
  return {
    async read(name) {
      let model: Contents.IModel;
      try {
        const found = await contents.get(at(name), { content: false });
        if (found.type === "directory") return null;
        model = await contents.get(at(name), { content: true, format: "base64", type: "file" });
      } catch {
        return null; // there is none of this name: DuckDB says so
      }
      return { bytes: bytesOf(model), version: `${model.last_modified} ${model.size ?? ""}` };
    },
    async write(name, bytes) {
      await contents.save(at(name), { type: "file", format: "base64", content: base64(bytes), mimetype: "application/octet-stream" });
    },
  };
}

function bytesOf({ content, format }: Contents.IModel): Uint8Array {
  if (format === "base64") return Uint8Array.from(atob(content as string), (character) => character.charCodeAt(0));
  return new TextEncoder().encode(typeof content === "string" ? content : JSON.stringify(content));
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: "The kernel SQL (DuckDB).",
  autoStart: true,
  requires: [IKernelSpecs],
  activate: (app: JupyterFrontEnd, specs: IKernelSpecs) => {
    const { engine, data, setup: setupPath, duckdb, pinTarget, queriesChannel } = settings();
    const site = base();
    const queries = new BroadcastChannel(queriesChannel ?? `${ID}:queries`);
    const open = () => openEngine({ engine: site + engine, data: data === undefined ? null : site + data });
    const makeSession = () => new Session(open, () => siteSetup(site + setupPath), null, data === undefined ? { resources: [], site } : null);
    // The page opens the engine for a notebook that it knows to be in SQL: its tables are made while JupyterLab starts.
    let early = window.explorerOpening ? makeSession() : null;
    early?.open().catch(() => undefined); // the first cell says what failed
    specs.register({
      spec: {
        name: NAME,
        display_name: "SQL (DuckDB)",
        language: "sql",
        argv: [],
        resources: {},
      },
      create: async (options) => {
        (window as Page).explorerEngine?.(open);
        const session = early ?? makeSession();
        early = null;
        session.drive = driveOf(app.serviceManager.contents, folderOf(options.location));
        return new SqlKernel({ ...options, session, version: duckdb, pinTarget: pinTarget ?? null, queries });
      },
    });
    app.commands.addCommand(DOWNLOAD, {
      label: "Download the Result",
      isVisible: () => false,
      execute: async ({ kernel, key, format }) => {
        const kind = format === "parquet" ? "parquet" : "csv";
        const bytes = await kernels.get(String(kernel))?.session.download(String(key), kind).catch((error: Error) => {
          Notification.error(`The result could not be written: ${error.message}`);
          throw error;
        });
        if (bytes) save(bytes, `result.${kind}`);
        else Notification.info("This result is no longer in memory. Run its cell again, then download it.", { autoClose: 6000 });
      },
    });
    app.commands.commandExecuted.connect((_, { id }) => {
      if (id === "notebook:interrupt-kernel") interruptCurrent(app);
    });
  },
};

/** JupyterLite passes no Interrupt on to its kernels. */
function interruptCurrent(app: JupyterFrontEnd): void {
  const panel = app.shell.currentWidget as { sessionContext?: { session?: { kernel?: { id: string } | null } | null } } | null;
  kernels.get(panel?.sessionContext?.session?.kernel?.id ?? "")?.interrupt();
}

export default [plugin];
