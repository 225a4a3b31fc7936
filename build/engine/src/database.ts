/** One DuckDB-WASM instance: started, its signed extensions loaded from this site, its files. */
import * as duckdb from "duckdb-blocking";
import versions from "../versions.json" with { type: "json" };
import { DuckDBError, duckdbMessage } from "./errors.ts";
import type { Form } from "./form.ts";
import { fetchExtension, loading, type Fetched } from "./extension.ts";
import { fetchPacked } from "./unpack.ts";

export type Bindings = duckdb.DuckDBBindings;

/** Milliseconds DuckDB works before the worker looks at its messages again: the longest a Stop waits. */
const POLL_INTERVAL = 50;

/** Where this engine's files lie: beside worker.js. */
const HERE = new URL(".", import.meta.url);
const REPOSITORY = new URL("extensions", HERE).href;

export type ExtensionName = keyof typeof versions.extensions;

/** What the bindings read a file of ours through. */
interface FileHandle {
  read(view: Uint8Array, options: { at: number }): number;
}

export function isExtension(name: string): name is ExtensionName {
  return name in versions.extensions;
}

/** What to tell a visitor whose query needs an extension that is not here. */
export function missingExtension(name: string): string {
  const here = Object.keys(versions.extensions).join(", ");
  return `DuckDB's extension "${name}" is not part of this site, which has: ${here}. Write the query without it.`;
}

function extensionUrl(name: ExtensionName): string {
  return `${REPOSITORY}/v${versions.duckdb}/${versions.platform}/${name}.duckdb_extension.wasm`;
}

/** DuckDB and the extension that every snapshot needs, on their way; of the extension null where it does not come ahead. */
interface Coming {
  wasm: Promise<WebAssembly.Module>;
  parquet: Promise<Fetched | null>;
}

/** Begins to download and compile at once; call it when the worker starts. */
export function compile(form: Form): Coming {
  const parquet = fetchExtension(extensionUrl("parquet"));
  const url = new URL(versions.wasm.file, HERE).href;
  const wasm = form === "packed" ? compilePacked(url).catch(() => compilePlain(url)) : compilePlain(url);
  wasm.catch(() => undefined); // reported by whoever awaits it
  return { wasm, parquet };
}

async function compilePacked(url: string): Promise<WebAssembly.Module> {
  return WebAssembly.compileStreaming(await fetchPacked(url));
}

async function compilePlain(url: string): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`DuckDB's ${url} answered HTTP ${response.status}, expected 200`);
  // Streaming needs the type application/wasm, which not every server sends.
  return response.headers.get("Content-Type")?.startsWith("application/wasm")
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/** A protected method of the bindings, replaced so that our own compiled module is used and failures reject. */
interface Instantiating {
  instantiateWasm(imports: WebAssembly.Imports, success: (i: WebAssembly.Instance, m: WebAssembly.Module) => void): object;
}

/**
 * An open in-memory database.
 *
 * @param onProgress called by DuckDB while a query runs, with a percentage (-1 where unknown).
 * @param version of an object by its file's name, null of other files: when it changes, DuckDB parses the footer again.
 * @param own the handle of a file that is an object.
 * @param list the files that a name stands for, null where it is no such name.
 */
export async function openDatabase(
  { wasm, parquet }: Coming,
  onProgress: (percentage: number) => void,
  version: (file: string) => number | null,
  list: (name: string) => readonly string[] | null,
  own: (file: string) => FileHandle | null,
): Promise<Bindings> {
  const runtime = duckdb.BROWSER_RUNTIME;
  runtime.progressUpdate = (_final, percentage) => onProgress(percentage);
  const modified = runtime.getLastFileModificationTime.bind(runtime);
  runtime.getLastFileModificationTime = (module, file) =>
    version(runtime.getFileInfo(module, file)?.fileName ?? "") ?? modified(module, file);
  const read = runtime.readFile.bind(runtime);
  runtime.readFile = (module, file, at, length, location) => {
    const handle = own(runtime.getFileInfo(module, file)?.fileName ?? "");
    if (!handle || length === 0) return read(module, file, at, length, location);
    try {
      return handle.read(module.HEAPU8.subarray(at, at + length), { at: location });
    } catch (error) {
      // The bindings would write it to the console as well, where it is no failure but a stop.
      module.ccall("duckdb_web_fail_with", null, ["string"], [String(error)]);
      return 0;
    }
  };
  const glob = runtime.glob.bind(runtime);
  runtime.glob = (module, at, length) => {
    // A shared view of memory is not decoded by every browser; this one is the worker's own.
    const files = list(new TextDecoder().decode(module.HEAPU8.subarray(at, at + length)));
    if (!files) return glob(module, at, length);
    for (const file of files) module.ccall("duckdb_web_fs_glob_add_path", null, ["string"], [file]);
  };
  const main = { mainModule: "", mainWorker: "" };
  const bindings = await duckdb.createDuckDB({ mvp: main, eh: main }, new duckdb.VoidLogger(), runtime);
  const module = await wasm;
  await new Promise<unknown>((resolve, reject) => {
    (bindings as unknown as Instantiating).instantiateWasm = (imports, success) => {
      (globalThis as { DUCKDB_RUNTIME?: unknown }).DUCKDB_RUNTIME = runtime;
      WebAssembly.instantiate(module, imports).then((instance) => success(instance, module), reject);
      return {};
    };
    bindings.instantiate(() => undefined).then(resolve, reject);
  });
  bindings.open({
    path: ":memory:",
    // Of a Parquet file at an address that a visitor names, only what is asked for is read; snapshots do not come this way.
    filesystem: { reliableHeadRequests: true, allowFullHTTPReads: true, forceFullHTTPReads: false },
    query: { queryPollingInterval: POLL_INTERVAL, castDurationToTime64: false },
  });

  const extension = await parquet;
  const connection = bindings.connect();
  try {
    // Extensions come from this site only; DuckDB checks their signatures (allow_unsigned_extensions stays false).
    connection.query(`SET custom_extension_repository = '${REPOSITORY.replaceAll("'", "''")}'`);
    connection.query("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false");
    loading(extension, () => loadExtension(bindings, "parquet"));
    keepFooters(bindings, true);
    // Column chunks are asked for as such, and what was fetched is kept once, by this engine.
    connection.query("SET prefetch_all_parquet_files = true; SET enable_external_file_cache = false");
  } finally {
    connection.close();
  }
  return bindings;
}

/**
 * Whether footers are parsed once. DuckDB-WASM cannot tell when a file of the same name was written anew, so this is
 * right only while every Parquet file there is, is an immutable object.
 */
export function keepFooters(bindings: Bindings, keep: boolean): void {
  const connection = bindings.connect();
  connection.query(`SET parquet_metadata_cache = ${keep}`);
  connection.close();
}

/** A connection of its own, by the bindings' id. */
export function openConnection(bindings: Bindings): number {
  const connection = bindings.connect().useUnsafe((_, id) => id);
  // A row group is a request: finding the rows first and their other columns later would cost a second one.
  bindings.runQuery(connection, "SET late_materialization_max_rows = 0; SET enable_progress_bar = true");
  return connection;
}

/** @throws DuckDBError when the file is missing or its signature does not match. */
export function loadExtension(bindings: Bindings, name: ExtensionName): void {
  const connection = bindings.connect();
  try {
    connection.query(`LOAD ${name}`);
  } catch (error) {
    const reason = duckdbMessage((error as Error).message);
    throw new DuckDBError(`${reason}\nDuckDB's extension "${name}" could not be loaded from ${extensionUrl(name)}`);
  } finally {
    connection.close();
  }
}
