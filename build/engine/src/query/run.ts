/** Runs SQL on one connection so that other messages are heard while it runs. */
import type { Bindings } from "../database.ts";
import { isExtension, loadExtension, missingExtension } from "../database.ts";
import { AbortError, DuckDBError, duckdbMessage, LARGEST_RESULT, resultTooLarge } from "../errors.ts";
import { joinMessages } from "./arrow-stream.ts";
import { executeArguments, literals } from "./params.ts";
import { splitStatements, substitute } from "./statements.ts";
import { inUtc } from "./utc.ts";
import type { Params } from "../protocol.ts";

/** DuckDB names the extension that a missing function, type or setting is in. */
const NEEDS_EXTENSION =
  / in the (\w+) extension|extension "?(\w+)"? to be loaded|\/(\w+)\.duckdb_extension\.wasm is not available/;
const PREPARED = "explorer_statement";

export interface Watch {
  /** Becomes true when the query is to stop. */
  cancelled: boolean;
  /** Called at every turn of the event loop. */
  onTurn(): void;
  /** Told each statement, parameters written out, before it runs. */
  onStatement(sql: string): Promise<void>;
  /** Calls DuckDB for the statement told last. `work` must not wait for anything. */
  within<T>(work: () => T): T;
  /** Told that a statement failed; whether it is worth running once more. */
  mayRepeat(): Promise<boolean>;
}

/** Where a query runs, and who watches it. */
export interface Running {
  bindings: Bindings;
  connection: number;
  watch: Watch;
}

/** Lets the worker hear its messages. setTimeout would wait 4 ms. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/**
 * Runs every statement of `sql`; gives the last one's result as an Arrow IPC stream (no bytes where there was no
 * statement). Parameters belong to the last statement, as in DuckDB's Python API.
 */
export async function runSql(on: Running, sql: string, params: Params | null): Promise<Uint8Array<ArrayBuffer>> {
  const statements = splitStatements(sql, (text) => on.bindings.tokenize(text));
  const last = statements.pop();
  if (last === undefined) return new Uint8Array(0);
  for (const statement of statements) await runWithExtensions(on, statement, null, false);
  return joinMessages(await runWithExtensions(on, last, params, true));
}

async function runWithExtensions(on: Running, given: string, params: Params | null, keep: boolean): Promise<Uint8Array[]> {
  const loaded = new Set<string>();
  const values = literals(params);
  const tokenize = (text: string) => on.bindings.tokenize(text);
  const filledIn = (sql: string) => (values.size === 0 ? sql : substitute(sql, tokenize, (name) => values.get(name)));
  let [sql, written] = [given, filledIn(given)];
  /** Why the statement failed as it was given, where it is tried in UTC. */
  let first: unknown = null;
  for (let isKnown = false; ; ) {
    try {
      if (!isKnown) await on.watch.onStatement(written);
      isKnown = true;
      return await runStatement(on, sql, written, values, keep);
    } catch (error) {
      if (await on.watch.mayRepeat()) continue;
      if (!(error instanceof DuckDBError)) throw error;
      isKnown = false;
      const name = NEEDS_EXTENSION.exec(error.message)?.slice(1).find(Boolean);
      if (name && isExtension(name) && !loaded.has(name)) {
        loadExtension(on.bindings, name);
        loaded.add(name);
        continue;
      }
      if (first !== null) throw first;
      first = name && !isExtension(name) ? new DuckDBError(`${error.message}\n${missingExtension(name)}`) : error;
      const utc = inUtc(sql, error.message, tokenize);
      if (utc === null) throw first;
      [sql, written] = [utc, filledIn(utc)];
    }
  }
}

async function runStatement(
  on: Running,
  sql: string,
  written: string,
  values: ReadonlyMap<string, string>,
  keep: boolean,
): Promise<Uint8Array[]> {
  const { bindings, connection } = on;
  if (values.size === 0) return await poll(on, sql, keep);
  try {
    // The statement begins on a line of its own, so that its columns in error messages stay right.
    await poll(on, `PREPARE ${PREPARED} AS\n${sql}`, false);
  } catch (error) {
    if (!(error instanceof DuckDBError)) throw error;
    if (error.message.startsWith("Parser Error")) {
      // PREPARE takes fewer kinds of statement than DuckDB has (CREATE TABLE AS, for one).
      return await poll(on, written, keep);
    }
    error.message = error.message.replace(/^LINE (\d+): /m, (_, line: string) => `LINE ${+line - 1}: `);
    throw error;
  }
  try {
    return await poll(on, `EXECUTE ${PREPARED}(${executeArguments(values)})`, keep);
  } finally {
    try {
      bindings.runQuery(connection, `DEALLOCATE ${PREPARED}`);
    } catch {
      // An aborted transaction refuses it; the next PREPARE of this name replaces the statement.
    }
  }
}

/** Messages of the result: its schema, then its record batches. */
async function poll({ bindings, connection, watch }: Running, sql: string, keep: boolean): Promise<Uint8Array[]> {
  const stopIfCancelled = () => {
    if (!watch.cancelled) return;
    // A result that is already being fetched is dropped by the next query, so run a trivial one.
    if (!bindings.cancelPendingQuery(connection)) bindings.runQuery(connection, "SELECT 1");
    throw new AbortError();
  };
  try {
    stopIfCancelled();
    // Only what is kept may be streamed: a stream that nobody fetches would not run to its end.
    let header = watch.within(() => bindings.startPendingQuery(connection, sql, keep));
    while (header === null) {
      await turn();
      watch.onTurn();
      stopIfCancelled();
      header = watch.within(() => bindings.pollPendingQuery(connection));
    }
    const messages = [header];
    let bytes = 0;
    for (let turned = performance.now(); ; ) {
      const batch = watch.within(() => bindings.fetchQueryResults(connection));
      if (batch?.length === 0) return messages;
      if (batch && keep) messages.push(batch);
      bytes += batch?.length ?? 0;
      if (keep && bytes > LARGEST_RESULT) {
        bindings.runQuery(connection, "SELECT 1"); // drops the rest of the result
        throw resultTooLarge();
      }
      if (batch === null || performance.now() - turned > 50) {
        await turn();
        watch.onTurn();
        stopIfCancelled();
        turned = performance.now();
      }
    }
  } catch (error) {
    if (error instanceof AbortError || error instanceof DuckDBError) throw error;
    throw new DuckDBError(duckdbMessage(error instanceof Error ? error.message : String(error)));
  }
}
