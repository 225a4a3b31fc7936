/**
 * A SQL function whose rows are computed by whoever opened the engine: `call_host(name, argument, …)`, text to text.
 *
 * DuckDB calls it in the middle of a query, when this worker cannot wait for a message. It stands still in a
 * synchronous request, one for each vector of rows, that the site's service worker hands to the other side.
 */
import type { Bindings } from "../database.ts";

/** The name of the SQL function. */
export const HOST_FUNCTION = "call_host";
/** Says what a response is; `pending`: ask again. */
const KIND = "X-Reply";
/** The number that only asks whether anybody is there. */
const HELLO = 0;
/** How often a request that failed is made again: a browser may end a service worker in the middle of one. */
const TRIES = 4;

/** What the other side gets: the first argument, and the second of each row. */
export interface HostCall {
  name: string;
  rows: (string | null)[];
}

/** What it gives: as many rows, or what went wrong. */
export type HostAnswer = { rows: (string | null)[] } | { error: string };

interface Module {
  HEAPU8: Uint8Array;
  HEAPF64: Float64Array;
  _malloc(bytes: number): number;
  _free(at: number): void;
}

interface Column {
  physicalType: string;
  validityBuffer?: number;
  dataBuffer?: number;
  lengthBuffer?: number;
}

/** What the bindings let be replaced. */
interface Runtime {
  callScalarUDF(module: Module, response: number, id: number, at: number, size: number, pointers: number, length: number): void;
}

export class HostFunction {
  private address = "";
  private last = HELLO;
  private made = false;
  /** Where the answers' texts lie until DuckDB has copied them. */
  private texts = { at: 0, size: 0 };

  constructor(private readonly bindings: Bindings) {}

  /**
   * From now on the function asks at `address`, to which a number is added.
   *
   * @throws Error where nobody answers there.
   */
  ask(address: string): void {
    this.address = address;
    if (this.request("GET", HELLO)?.getResponseHeader(KIND) !== "value") {
      throw new Error("the service worker does not hear the engine. Reload the page, and allow it service workers.");
    }
    if (this.made) return;
    const runtime = (globalThis as unknown as { DUCKDB_RUNTIME: Runtime }).DUCKDB_RUNTIME;
    runtime.callScalarUDF = (module, response, _id, at, size, pointers) => this.call(module, response, at, size, pointers);
    const connection = this.bindings.connect();
    const text = 5; // Arrow's number of the type Utf8
    connection.createScalarFunction(HOST_FUNCTION, { typeId: text } as never, () => undefined);
    connection.close();
    this.made = true;
  }

  private request(method: "GET" | "POST", id: number, body?: string): XMLHttpRequest | null {
    const request = new XMLHttpRequest();
    request.open(method, this.address + id, false);
    try {
      request.send(body);
    } catch {
      return null;
    }
    return request.status === 200 ? request : null;
  }

  private answer(call: HostCall): HostAnswer {
    const id = ++this.last;
    let request = this.request("POST", id, JSON.stringify(call));
    for (let failed = 0; ; request = this.request("GET", id)) {
      const kind = request?.getResponseHeader(KIND);
      if (kind === "value") return JSON.parse(request!.responseText) as HostAnswer;
      if (kind === "pending") failed = 0;
      else if (++failed === TRIES) return { error: "The notebook does not answer. Save your work and reload the page." };
    }
  }

  /** One vector of rows. Its description and its buffers are those of the bindings' own `callScalarUDF`. */
  private call(module: Module, response: number, at: number, size: number, pointers: number): void {
    const { rows, args } = JSON.parse(decode(module, at, size)) as { rows: number; args: Column[] };
    const read = (column: Column) => texts(module, column, pointers, rows);
    const names = args[0] ? read(args[0]) : [];
    const answer = this.answer({ name: names[0] ?? "", rows: args[1] ? read(args[1]) : [] });
    if ("error" in answer || answer.rows.length !== rows) {
      fail(module, response, "error" in answer ? answer.error : `The function gave ${answer.rows.length} rows for ${rows}.`);
      return;
    }
    this.give(module, response, answer.rows);
  }

  private give(module: Module, response: number, rows: (string | null)[]): void {
    const encoded = rows.map((row) => encoder.encode(row ?? ""));
    const heads = rows.length * 8;
    const needed = 2 * heads + encoded.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (this.texts.size < needed) {
      if (this.texts.at) module._free(this.texts.at);
      this.texts = { at: module._malloc(needed), size: needed };
    }
    // DuckDB frees these two.
    const validity = module._malloc(Math.max(1, rows.length));
    const result = module._malloc(3 * 8);
    const { at } = this.texts;
    let end = at + 2 * heads;
    rows.forEach((row, i) => {
      const text = encoded[i]!;
      module.HEAPU8[validity + i] = row === null ? 0 : 1;
      module.HEAPF64[(at >> 3) + i] = end;
      module.HEAPF64[((at + heads) >> 3) + i] = text.byteLength;
      module.HEAPU8.set(text, end);
      end += text.byteLength;
    });
    module.HEAPF64.set([at, validity, at + heads], result >> 3);
    module.HEAPF64.set([0, result, 0], response >> 3);
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function decode(module: Module, at: number, size: number): string {
  return decoder.decode(module.HEAPU8.subarray(at, at + size));
}

function texts(module: Module, column: Column, pointers: number, rows: number): (string | null)[] {
  const buffer = (index: number) => module.HEAPF64[(pointers >> 3) + index]!;
  const validity = column.validityBuffer === undefined ? null : buffer(column.validityBuffer);
  const data = buffer(column.dataBuffer!) >> 3;
  const lengths = buffer(column.lengthBuffer!) >> 3;
  return Array.from({ length: rows }, (_, row) =>
    validity !== null && !module.HEAPU8[validity + row] ? null : decode(module, module.HEAPF64[data + row]!, module.HEAPF64[lengths + row]!),
  );
}

function fail(module: Module, response: number, message: string): void {
  const text = encoder.encode(message);
  const at = module._malloc(text.byteLength);
  module.HEAPU8.set(text, at);
  module.HEAPF64.set([1, at, text.byteLength], response >> 3);
}
