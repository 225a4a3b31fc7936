/** Errors that people read: DuckDB's own text, and failed reads of objects. */
import type { ErrorData } from "./protocol.ts";

/** DuckDB refused or could not finish a query. `message` is DuckDB's text: `Binder Error: …`. */
export class DuckDBError extends Error {
  override name = "DuckDBError";
}

/** A query was stopped by its `signal`. The message is the one native DuckDB gives. */
export class AbortError extends Error {
  override name = "AbortError";
  constructor() {
    super("INTERRUPT Error: Interrupted!");
  }
}

/** An object or manifest could not be read. `message` names it, the byte range and the HTTP status. */
export class ReadError extends Error {
  override name = "ReadError";
  readonly details: Record<string, unknown>;
  constructor(message: string, details: { url: string; range?: string; status?: number }) {
    super(`IO Error: ${message}`);
    this.details = details;
  }
  // DuckDB-WASM puts String(error) into its own exception.
  override toString(): string {
    return this.message;
  }
}

export function toErrorData(error: unknown): ErrorData {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const details = (error as { details?: Record<string, unknown> }).details;
  return { name: error.name, message: error.message, ...(details && { details }) };
}

export function fromErrorData(data: ErrorData): Error {
  return Object.assign(new Error(data.message), { name: data.name }, data.details);
}

const FETCH_PREFIX = /^Unexpected StatusCode from duckdb_web_query_fetch_results \(\d+\) and with self reported error as/;

/**
 * DuckDB's message as native DuckDB prints it.
 *
 * The bindings sometimes hand over the exception's JSON form (errors found while parsing) and wrap errors of
 * streamed results in a text of their own.
 */
export function duckdbMessage(text: string): string {
  let message = text.replace(FETCH_PREFIX, "").trim();
  if (message.startsWith('{"exception_type"')) {
    try {
      const { exception_type: type, exception_message: body } = JSON.parse(message) as Record<string, string>;
      message = `${type} Error: ${body}`;
    } catch {
      // as it is
    }
  }
  if (message.includes(BATCH_TOO_LARGE)) return resultTooLarge().message;
  // DuckDB's advice is about disks and threads, which a browser does not offer.
  return message.startsWith("Out of Memory Error:") ? `${message.split("\n", 1)[0]}\n${OUT_OF_MEMORY}` : message;
}

/** What Arrow says when a single batch of a result holds 2 GB of text or more. */
const BATCH_TOO_LARGE = "contains null data pointer for a buffer with non-zero computed size";

const OUT_OF_MEMORY =
  "A browser gives DuckDB a little over 3 GB. Read fewer columns or fewer dates, aggregate, or LIMIT the result. " +
  "What was loaded before is still here, and the next query works.";

/** More than a browser can hand from one thread to another in one piece, with room to spare. */
export const LARGEST_RESULT = 2 ** 30;

export function resultTooLarge(): DuckDBError {
  return new DuckDBError(`Out of Memory Error: the result is larger than ${LARGEST_RESULT / 2 ** 20} MB\n${OUT_OF_MEMORY}`);
}
