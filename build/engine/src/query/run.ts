/** Runs SQL on one connection so that other messages are heard while it runs. */
import type { Bindings } from "../database.ts";
import { isExtension, loadExtension, missingExtension } from "../database.ts";
import { AbortError, DuckDBError, duckdbMessage, LARGEST_RESULT, resultTooLarge } from "../errors.ts";
import { joinMessages } from "./arrow-stream.ts";
import { mayBeWritten, tailOf, type Columns } from "./described.ts";
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
  /** The columns of a query that is told next; null where DuckDB cannot tell. */
  describe(sql: string): Columns | null;
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
 * statement). Parameters belong to the last statement, as in DuckDB's Python API, and so does
 * `describe`, of `QueryOptions`.
 */
export async function runSql(on: Running, sql: string, params: Params | null, describe: string | null): Promise<Uint8Array<ArrayBuffer>> {
  const statements = splitStatements(sql, (text) => on.bindings.tokenize(text));
  const last = statements.pop();
  if (last === undefined) return new Uint8Array(0);
  for (const statement of statements) await runWithExtensions(on, statement, null, false);
  if (describe === null) return joinMessages((await runWithExtensions(on, last, params, true)).messages);
  const { messages, columns } = await runWithExtensions(on, last, params, true, new RegExp(describe));
  return joinMessages(messages, tailOf(columns));
}

interface Answer {
  messages: Uint8Array[];
  columns: Columns | null;
}

/** @param awaited where it is given, the statement is described, and not run where a column's type matches. */
async function runWithExtensions(on: Running, given: string, params: Params | null, keep: boolean, awaited?: RegExp): Promise<Answer> {
  const loaded = new Set<string>();
  const values = literals(params);
  const tokenize = (text: string) => on.bindings.tokenize(text);
  const filledIn = (sql: string) => (values.size === 0 ? sql : substitute(sql, tokenize, (name) => values.get(name)));
  let [sql, written] = [given, filledIn(given)];
  /** Why the statement failed as it was given, where it is tried in UTC. */
  let first: unknown = null;
  let columns: Columns | null = null;
  for (let isKnown = false; ; ) {
    try {
      if (!isKnown && awaited) columns = on.watch.describe(written);
      if (awaited && columns?.some(([, type]) => awaited.test(type))) return { messages: [], columns };
      if (!isKnown) await on.watch.onStatement(written);
      isKnown = true;
      const isWritten = columns !== null && mayBeWritten(written, columns, values);
      const messages = await (isWritten ? runWritten(on, written, values) : runStatement(on, sql, written, values, keep));
      return { messages, columns };
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

/** Runs a query with its parameters in their places: a third of the work of PREPARE and EXECUTE. */
async function runWritten(on: Running, written: string, values: ReadonlyMap<string, string>): Promise<Uint8Array[]> {
  try {
    return await poll(on, written, true);
  } catch (error) {
    // Its place in this text says nothing to who wrote another.
    if (error instanceof DuckDBError && values.size > 0) error.message = error.message.split("\n\nLINE ")[0]!;
    throw error;
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
