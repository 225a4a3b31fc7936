/**
 * In the kernel's worker, where Python cannot wait for a promise: the engine with methods that give their result at once
 * in place of a promise. Arguments go straight to the bridge; this worker then stands still until the reply is there.
 */
import type { AskedPrefetch } from "../prefetch.ts";
import { REPLIES, HELLO, KIND, type FromBridge, type ToBridge, type ToCompute } from "./protocol.ts";

/** How often a request that failed is made again: a browser may end a service worker in the middle of one. */
const TRIES = 4;

class EngineError extends Error {
  constructor({ name, message }: { name: string; message: string }) {
    super(message);
    this.name = name;
  }
}

function unanswered(): EngineError {
  return new EngineError({ name: "ReadError", message: "IO Error: The engine does not answer. Save your work and reload the page." });
}

function text(request: XMLHttpRequest): string {
  return new TextDecoder().decode(request.response as ArrayBuffer);
}

/** @throws EngineError where nothing lies at the address any more. */
function fetched(address: string): ArrayBuffer {
  const request = new XMLHttpRequest();
  request.open("GET", address, false);
  request.responseType = "arraybuffer";
  try {
    request.send();
  } catch {
    // As below.
  }
  if (request.status !== 200) throw unanswered();
  return request.response as ArrayBuffer;
}

export class WaitingConnection {
  constructor(
    private readonly engine: WaitingEngine,
    private readonly id: number,
  ) {}

  /** What stops a query and tells how far it is, is left to the bridge, which hears the page meanwhile. */
  query(sql: string, params: unknown = null, { describe = null }: { describe?: string | null } = {}): unknown {
    return this.engine.call(this.id, "query", [sql, params, describe]);
  }

  insertArrow(table: string, stream: Uint8Array): void {
    this.engine.call(this.id, "insertArrow", [table, stream]);
  }

  close(): void {
    this.engine.call(this.id, "close", []);
  }
}

export class WaitingEngine {
  /** The run of a cell that queries belong to. */
  cell: string | undefined;
  private last = HELLO;
  private answer: (body: string) => string = () => JSON.stringify({ error: "There is no such function." });
  /** What was computed last: it is asked for again where the answer is still on its way. */
  private computed = HELLO;

  private constructor(
    private readonly bridge: Worker,
    private readonly address: string,
  ) {}

  /**
   * @param url of the bridge's script
   * @param site the site's base
   * @returns once the bridge runs, as a worker does not begin while the one that made it stands still.
   * @throws Error where it does not, or where the service worker does not hear this worker.
   */
  static async start(url: URL, site: URL, onMessage: (said: FromBridge) => void): Promise<WaitingEngine> {
    const channel = crypto.randomUUID();
    const bridge = new Worker(url, { type: "module", name: channel });
    await new Promise<void>((resolve, reject) => {
      bridge.onerror = ({ message }) => reject(new Error(`the bridge to the engine did not start: ${message || "its script could not be loaded"}`));
      bridge.onmessage = ({ data }: MessageEvent<FromBridge>) => ("listening" in data ? resolve() : onMessage(data));
    });
    const engine = new WaitingEngine(bridge, new URL(`${REPLIES}${channel}/`, site).href);
    const response = await fetch(`${engine.address}${HELLO}`).catch(() => null);
    if (response?.headers.get(KIND) !== "value") {
      bridge.terminate();
      throw new Error("the service worker does not hear the kernel.");
    }
    return engine;
  }

  prefetch(asked: AskedPrefetch): void {
    this.tell({ prefetch: asked });
  }

  connect(): WaitingConnection {
    return new WaitingConnection(this, this.call(null, "connect", []) as number);
  }

  /** Makes the engine's `call_host`, computed by `answer` while this worker stands still for a query. */
  answerHostCalls(answer: (body: string) => string): void {
    this.answer = answer;
    this.call(null, "answerHostCalls", []);
  }

  attach = (snapshot: string | null) => this.call(null, "attach", [snapshot]);
  registerFile = (name: string, bytes: Uint8Array) => this.call(null, "registerFile", [name, bytes]);
  readFile = (name: string) => this.call(null, "readFile", [name]);
  dropFile = (name: string) => this.call(null, "dropFile", [name]);
  stats = () => this.call(null, "stats", []);
  cacheStatus = () => this.call(null, "cacheStatus", []);
  clearCache = () => this.call(null, "clearCache", []);
  setCacheBudget = (bytes: number) => this.call(null, "setCacheBudget", [bytes]);

  /** Calls a method of the engine, or of its connection `on`, and waits. */
  call(on: number | null, call: string, args: unknown[]): unknown {
    const id = ++this.last;
    this.tell({ id, on, call, args, ...(this.cell && { cell: this.cell }) });
    const request = this.ask(id);
    const kind = request.getResponseHeader(KIND);
    const given = kind === "address" ? fetched(text(request)) : (request.response as ArrayBuffer);
    this.tell({ got: id });
    if (kind === "bytes" || kind === "address") return new Uint8Array(given);
    const value: unknown = JSON.parse(text(request));
    if (kind === "error") throw new EngineError(value as { name: string; message: string });
    return value ?? undefined;
  }

  private ask(id: number): XMLHttpRequest {
    for (let failed = 0; ; ) {
      const request = new XMLHttpRequest();
      request.open("GET", `${this.address}${id}`, false);
      request.responseType = "arraybuffer";
      try {
        request.send();
      } catch {
        // As below.
      }
      const kind = request.status === 200 ? request.getResponseHeader(KIND) : null;
      if (kind === "pending") failed = 0;
      else if (kind === "compute") {
        failed = 0;
        this.compute(JSON.parse(text(request)) as ToCompute | null);
      } else if (kind !== null) return request;
      else if (++failed === TRIES) {
        throw unanswered();
      }
    }
  }

  private compute(asked: ToCompute | null): void {
    if (!asked || asked.compute === this.computed) return;
    this.computed = asked.compute;
    this.tell({ computed: asked.compute, body: this.answer(asked.body) });
  }

  private tell(message: ToBridge): void {
    this.bridge.postMessage(message);
  }
}
