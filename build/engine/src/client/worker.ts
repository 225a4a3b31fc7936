/** The engine's worker: answers the client's calls with the one database it holds. */
import { Cache } from "../keep/cache.ts";
import { compile, openConnection, openDatabase, type Bindings } from "../database.ts";
import { DuckDBError, duckdbMessage, toErrorData } from "../errors.ts";
import { Files } from "../query/files.ts";
import { HostFunction } from "../query/host-function.ts";
import { Http } from "../read/http.ts";
import { Objects } from "../read/objects.ts";
import { withoutComments } from "../plan/scans.ts";
import { Tables } from "../plan/tables.ts";
import { prefetch } from "../keep/prefetch.ts";
import { Preparation } from "../query/preparation.ts";
import { Prepared } from "../query/prepared.ts";
import { runSql, type Watch } from "../query/run.ts";
import type { CallName, Calls, PrefetchProgress, Progress, Reply, Request } from "../protocol.ts";

/** Calls that can be stopped, by the id of their request. */
const running = new Map<number, { cancelled: boolean; stop?: AbortController }>();
/** Connections in a transaction that a visitor began. */
const inTransaction = new Set<number>();
/** Per connection, the end of its last query: queries of one connection run one after another. */
const queues = new Map<number, Promise<unknown>>();
let percentage = -1;
/** Aborted when a query begins. */
let quiet = new AbortController();
let http: Http;
let objects: Objects;

const database: Promise<Bindings> = openDatabase(
  compile(self.name.endsWith("packed") ? "packed" : "plain"),
  (value) => (percentage = value),
  (file) => (tables.isMade(file) ? 0 : (objects?.version(file) ?? null)),
  (name) => tables.files(name),
  (file) => objects?.handle(file) ?? null,
);
const prepared = new Prepared();
const tables = new Tables(database, (bindings, file, object) => objects.name(bindings, file, object));
const files = database.then((bindings) => new Files(bindings, (name) => objects.isObject(name) || tables.isMade(name)));
files.catch(() => undefined); // reported by each call
const hostFunction = database.then((bindings) => new HostFunction(bindings));
hostFunction.catch(() => undefined); // reported by its call

function post(reply: Reply, transfer: Transferable[] = []): void {
  self.postMessage(reply, { transfer });
}

async function query(id: number, ...[connection, sql, params, wantsProgress, describe]: Parameters<Calls["query"]>): Promise<Uint8Array> {
  const bindings = await database;
  quiet.abort();
  quiet = new AbortController();
  const began = performance.now();
  const { requests, bytes } = http.stats;
  const stop = new AbortController();
  const preparation = new Preparation(bindings, connection, objects, tables, prepared, stop.signal);
  const watch: Watch & { stop: AbortController } = {
    cancelled: false,
    stop,
    onTurn() {
      if (!wantsProgress) return;
      const progress: Progress = {
        fraction: percentage < 0 ? null : Math.min(1, percentage / 100),
        elapsed: performance.now() - began,
        requests: http.stats.requests - requests,
        bytes: http.stats.bytes - bytes,
      };
      post({ id, progress });
    },
    describe: (written) => preparation.columns(written),
    async onStatement(written) {
      const isPlanned = await preparation.before(written, inTransaction.has(connection));
      const [word = ""] = /^\w+/.exec(withoutComments(written).toLowerCase()) ?? [];
      if (word === "begin" || word === "start") inTransaction.add(connection);
      else if (["commit", "end", "rollback", "abort"].includes(word)) inTransaction.delete(connection);
      (await files).beforeStatement(written, isPlanned);
    },
    within: (work) => preparation.within(work),
    mayRepeat: () => preparation.mayRepeat(),
  };
  objects.onActivity = watch.onTurn; // a read blocks this worker, so it tells of itself
  watch.cancelled = running.get(id)!.cancelled;
  if (watch.cancelled) stop.abort();
  running.set(id, watch);
  percentage = -1;
  try {
    return await runSql({ bindings, connection, watch }, sql, params, describe);
  } catch (error) {
    // DuckDB puts the text of a failed read into words of its own.
    const read = objects.readError;
    throw read && error instanceof DuckDBError && error.message.includes(read.message) ? read : error;
  } finally {
    preparation.end();
    void objects.save();
  }
}

/** Runs `work` when the connection's work before it is done. */
function inTurn<T>(connection: number, work: () => Promise<T>): Promise<T> {
  const result = (queues.get(connection) ?? Promise.resolve()).then(work);
  queues.set(connection, result.catch(() => undefined));
  return result;
}

/** Resolves when no query runs. */
async function idle(): Promise<void> {
  await Promise.all(queues.values());
}

type Handlers = {
  [Name in CallName]: (id: number, ...args: Parameters<Calls[Name]>) => Promise<ReturnType<Calls[Name]>> | ReturnType<Calls[Name]>;
};

const handlers: Handlers = {
  async open(_id, bases, snapshotId) {
    http = new Http(bases);
    objects = new Objects(http, new Cache((notice) => post({ notice })), database, (id, layouts, descriptor) => tables.attach(id, layouts, descriptor));
    if (snapshotId !== undefined) objects.attach(snapshotId).catch(() => undefined); // `attach` reports it
    await database;
  },
  attach: (_id, snapshotId) => objects.attach(snapshotId),
  async connect() {
    return openConnection(await database);
  },
  async disconnect(_id, connection) {
    await queues.get(connection);
    queues.delete(connection);
    inTransaction.delete(connection);
    prepared.forget(connection);
    (await database).disconnect(connection);
  },
  query: (id, connection, ...rest) => inTurn(connection, () => query(id, connection, ...rest)),
  insertArrow: (_id, connection, table, stream) =>
    inTurn(connection, async () => {
      try {
        (await database).insertArrowFromIPCStream(connection, stream, { name: table, create: true });
      } catch (error) {
        throw new DuckDBError(duckdbMessage((error as Error).message));
      }
    }),
  async registerFile(_id, name, bytes) {
    (await files).register(name, bytes);
  },
  async readFile(_id, name) {
    return (await files).read(name);
  },
  async dropFile(_id, name) {
    (await files).drop(name);
  },
  async askHost(_id, address) {
    (await hostFunction).ask(address);
  },
  stats: () => ({ ...http.stats }),
  prefetch: (id, list, maxBytes, isAsked) => {
    const tell = (progress: PrefetchProgress) => post({ id, progress });
    return prefetch(objects, list, maxBytes, isAsked, idle, () => quiet.signal, () => running.get(id)!.cancelled, tell);
  },
  cacheStatus: () => objects.cache.status(),
  clearCache: () => objects.cache.clear(),
  setCacheBudget: (_id, bytes) => objects.cache.setBudget(bytes),
};

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  if ("cancel" in data) {
    const watch = running.get(data.id);
    if (watch) watch.cancelled = true;
    watch?.stop?.abort();
    return;
  }
  const { id, call, args } = data;
  running.set(id, { cancelled: false });
  try {
    const handler = handlers[call] as (id: number, ...args: unknown[]) => unknown;
    const value = await handler(id, ...args);
    post({ id, value }, value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : []);
  } catch (error) {
    post({ id, error: toErrorData(error) });
  } finally {
    running.delete(id);
  }
};
