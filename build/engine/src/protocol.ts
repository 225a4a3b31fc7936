/** What the client and its worker say to each other. Plain data only: every value survives structured clone. */

/** A JSON scalar, a bigint, or a value with the DuckDB type it is to be cast to. */
export type Scalar = null | boolean | number | bigint | string;
export type Param = Scalar | { type: string; value: Scalar };
/** Positional (`?`, `$1`) or named (`$name`) parameters. */
export type Params = readonly Param[] | { readonly [name: string]: Param };

/** One Parquet object of a snapshot, as its descriptor says it. */
export interface Resource {
  name: string;
  /** Relative to the descriptor. */
  path: string;
  /** `sha256:<64 hex digits>` of the object's bytes. */
  hash: string;
  /** Size of the object, bytes. */
  bytes: number;
  /** Of that, the Parquet footer with its length and magic. */
  footerBytes?: number;
  /**
   * A resource of table `footers` has the columns `object` (sha256, hex), `offset` (bytes) and `footer` (BLOB): the
   * Parquet footers of other resources, so that one request opens them all.
   */
  table?: string;
  layout?: string;
  /** Set by `attach`: the name under which SQL reads it, `<sha256>.parquet`. */
  file?: string;
  [key: string]: unknown;
}

/** A snapshot's Frictionless Data Package. */
export interface Descriptor {
  resources: Resource[];
  [key: string]: unknown;
}

export interface Stats {
  /** Requests for data made so far (objects and manifests; not the engine's own code). */
  requests: number;
  /** Bytes of data received. */
  bytes: number;
  /** Reads answered without a request. */
  cacheHits: number;
}

export interface Progress {
  /** 0 to 1, or null where DuckDB cannot tell. */
  fraction: number | null;
  /** Milliseconds since the query began. */
  elapsed: number;
  /** Requests and bytes of this engine since the query began. */
  requests: number;
  bytes: number;
}

export interface CacheStatus {
  /** False where nothing outlives this engine. */
  persistent: boolean;
  /** Bytes kept, and how many are allowed. */
  bytes: number;
  budget: number;
  objects: number;
  /** Why it is not persistent, in one line. */
  notice: string | null;
}

export interface PrefetchProgress {
  /** Bytes brought in, of those that are likely to be needed. */
  bytes: number;
  total: number;
}

export interface PrefetchResult extends PrefetchProgress {
  /** `skipped` under Save-Data or on a metered or slow connection. */
  state: "done" | "skipped" | "cancelled";
}

/** What each call takes and gives. The names are the worker's methods. */
export interface Calls {
  open(bases: string[], snapshotId: string | null | undefined): void;
  attach(snapshotId: string | null): Descriptor;
  connect(): number;
  disconnect(connection: number): void;
  query(connection: number, sql: string, params: Params | null, wantsProgress: boolean, describe: string | null): Uint8Array;
  insertArrow(connection: number, table: string, stream: Uint8Array): void;
  registerFile(name: string, bytes: Uint8Array): void;
  readFile(name: string): Uint8Array;
  dropFile(name: string): void;
  askHost(address: string): void;
  stats(): Stats;
  prefetch(list: string, maxBytes: number, isAsked: boolean): PrefetchResult;
  cacheStatus(): CacheStatus;
  clearCache(): void;
  setCacheBudget(bytes: number): void;
}
export type CallName = keyof Calls;

export type Request =
  | { id: number; call: CallName; args: unknown[] }
  /** Stops the query whose request had this id. */
  | { id: number; cancel: true };

export type Reply =
  | { id: number; value: unknown }
  | { id: number; error: ErrorData }
  | { id: number; progress: Progress | PrefetchProgress }
  /** Something a visitor should know, in one line. */
  | { notice: string };

/** An error as it crosses between threads. */
export interface ErrorData {
  name: string;
  message: string;
  /** Anything else worth keeping: `status`, `url`, `range` of a failed read. */
  details?: Record<string, unknown>;
}
