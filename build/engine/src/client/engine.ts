/**
 * The engine's client: DuckDB-WASM in a worker of its own, every method a promise.
 *
 * Runs on a page and in a worker (where the engine's worker is nested). See README.md for an example.
 */
import { Channel } from "./channel.ts";
import { form as formToTake, type Form } from "../form.ts";
import type { CacheStatus, Descriptor, Params, PrefetchProgress, PrefetchResult, Progress, Stats } from "../protocol.ts";

export type * from "../protocol.ts";

type UrlList = string | URL | readonly (string | URL)[];

export interface OpenOptions {
  /**
   * The folder that holds `snapshots.json`, or several that hold the same (the site, then its mirrors): where one
   * fails, the next is asked. Default: `data/` of the site that serves this file.
   */
  dataUrl?: UrlList | null;
  /** Begin at once to attach this snapshot (null: the newest), while the WebAssembly compiles; then call `attach`. */
  snapshot?: string | null;
  /** Told in one line what a visitor should know, e.g. that storage is refused. Default: `console.info`. */
  onNotice?: ((line: string) => void) | null;
  /** In which form DuckDB's WebAssembly comes; where it does not come packed, it comes plain. Default: as form.ts says. */
  form?: Form | null;
}

export interface PrefetchOptions {
  /** Stops it; the promise then resolves with state `cancelled`. */
  signal?: AbortSignal | null;
  onProgress?: ((progress: PrefetchProgress) => void) | null;
  /** Which of the lists in `likely.json`. Default: `likely`, which has everything. */
  list?: string;
  /** The visitor asked for it: also where the connection is metered. Default false. */
  isAsked?: boolean;
  /** How much may be brought in. Default 16 MB. */
  maxBytes?: number;
}

export interface QueryOptions {
  /** Stops the query: it rejects with an `AbortError`, and the connection stays usable. */
  signal?: AbortSignal | null;
  /** Called some times a second while the query runs. */
  onProgress?: ((progress: Progress) => void) | null;
  /**
   * Wants the query's columns too: behind the stream come their names and DuckDB's types, JSON `[[name, type], …]` in
   * UTF-8, and its length, 4 bytes, little-endian. Where the type of one matches this regular expression the query is not
   * run, and there is no stream; where DuckDB cannot tell the columns beforehand, the JSON is `null`. For one `SELECT`.
   */
  describe?: string | null;
}

/** A DuckDB connection. Its queries run one after another; those of several connections take turns. */
export class Connection {
  constructor(
    private readonly channel: Channel,
    private readonly id: number,
  ) {}

  /**
   * Runs every statement of `sql`; resolves with the last one's result.
   *
   * @param params for the last statement: a list for `?` and `$1`, an object for `$name`. Values are null, booleans,
   *   numbers, bigints, strings, or `{type, value}` with a DuckDB type, e.g. `{type: "DATE", value: "2026-01-31"}`.
   * @returns an Arrow IPC stream; no bytes where `sql` holds no statement.
   * @throws DuckDBError with DuckDB's own text; ReadError when data could not be read; AbortError.
   */
  query(sql: string, params?: Params | null, options?: QueryOptions | null): Promise<Uint8Array> {
    const { signal = null, onProgress = null, describe = null } = options ?? {};
    const watch = { signal, onProgress: onProgress as ((progress: unknown) => void) | null };
    return this.channel.call("query", [this.id, sql, params ?? null, onProgress !== null, describe], watch);
  }

  /**
   * Creates a table from an Arrow IPC stream, without going through text.
   *
   * @param table its name; the connection's current database and schema take it.
   * @throws DuckDBError where there is a table of that name, or a column's Arrow type is not supported.
   */
  insertArrow(table: string, stream: Uint8Array): Promise<void> {
    return this.channel.call("insertArrow", [this.id, table, stream]);
  }

  /** Ends the connection once its queries are done; its temporary tables go with it. */
  close(): Promise<void> {
    return this.channel.call("disconnect", [this.id]);
  }
}

export class Engine {
  private defaultConnection: Promise<Connection> | null = null;

  constructor(private readonly channel: Channel) {}

  /**
   * Makes a snapshot's objects readable, each as the file its resource's `file` names.
   *
   * @param snapshotId default: the newest snapshot.
   * @returns the snapshot's Data Package descriptor.
   */
  attach(snapshotId?: string | null): Promise<Descriptor> {
    return this.channel.call("attach", [snapshotId ?? null]);
  }

  async connect(): Promise<Connection> {
    return new Connection(this.channel, await this.channel.call("connect", []));
  }

  /** `query` on a connection that the engine keeps for itself. */
  async query(sql: string, params?: Params | null, options?: QueryOptions | null): Promise<Uint8Array> {
    this.defaultConnection ??= this.connect();
    return (await this.defaultConnection).query(sql, params, options);
  }

  /** Makes bytes readable under a name, e.g. `read_csv('name.csv')`. */
  registerFile(name: string, bytes: Uint8Array): Promise<void> {
    return this.channel.call("registerFile", [name, bytes]);
  }

  /** A file's bytes, e.g. after `COPY … TO 'name.csv'`. */
  readFile(name: string): Promise<Uint8Array> {
    return this.channel.call("readFile", [name]);
  }

  dropFile(name: string): Promise<void> {
    return this.channel.call("dropFile", [name]);
  }

  /**
   * Makes the SQL function `call_host(name, argument, …)` of texts, whose rows are computed elsewhere. DuckDB stands still
   * meanwhile: for each vector of rows the engine's worker asks `address` and a number by a synchronous POST of JSON
   * `{name, rows}`, which the site's service worker answers with `{rows}` or `{error}`, or with "ask again".
   *
   * @throws Error where nobody answers at `address`.
   */
  askHost(address: string): Promise<void> {
    return this.channel.call("askHost", [address]);
  }

  /**
   * Brings in what the snapshot attached last is likely to need, at low priority and between queries.
   * Does nothing under Save-Data and on a metered or slow connection.
   */
  prefetch(options?: PrefetchOptions | null): Promise<PrefetchResult> {
    const { signal = null, onProgress = null, maxBytes = 16e6, list = "likely", isAsked = false } = options ?? {};
    return this.channel.call("prefetch", [list, maxBytes, isAsked], { signal, onProgress: onProgress as ((progress: unknown) => void) | null });
  }

  /** What is kept in this browser, for all tabs. */
  cacheStatus(): Promise<CacheStatus> {
    return this.channel.call("cacheStatus", []);
  }

  clearCache(): Promise<void> {
    return this.channel.call("clearCache", []);
  }

  /** @param bytes how much may be kept from now on; what is above it goes at once, longest unused first. */
  setCacheBudget(bytes: number): Promise<void> {
    return this.channel.call("setCacheBudget", [bytes]);
  }

  stats(): Promise<Stats> {
    return this.channel.call("stats", []);
  }

  /** Ends the worker; calls under way are rejected. */
  close(): Promise<void> {
    this.channel.close();
    return Promise.resolve();
  }
}

function folderUrls(dataUrl: UrlList | null | undefined): string[] {
  const site = new URL("../../data/", import.meta.url); // this file is <site>/static/engine-<version>/engine.js
  const given = dataUrl ?? site;
  return (typeof given === "string" || given instanceof URL ? [given] : given).map((folder) => {
    const url = new URL(folder, globalThis.location.href);
    if (!url.pathname.endsWith("/")) url.pathname += "/";
    return url.href;
  });
}

/** Starts an engine. Resolves when it can answer queries. */
export async function open(options?: OpenOptions | null): Promise<Engine> {
  const { dataUrl, snapshot, onNotice, form } = options ?? {};
  // The worker begins to compile before it is told anything but its name.
  const name = `engine, ${form ?? formToTake(new URL(import.meta.url))}`;
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name });
  const channel = new Channel(worker, onNotice ?? ((line) => console.info(line)));
  try {
    await channel.call("open", [folderUrls(dataUrl), snapshot]);
  } catch (error) {
    channel.close();
    throw error;
  }
  return new Engine(channel);
}
