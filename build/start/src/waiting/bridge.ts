/**
 * Beside the engine, where Python cannot wait for a promise: takes the calls of the kernel's worker, which made this one,
 * and gives the replies to the service worker when it asks. The page can stop a query here while the kernel stands still.
 */
import { openEngine, type Connection, type Engine } from "../open.ts";
import { prefetcher } from "../prefetch.ts";
import { Queries } from "../queries.ts";
import { HELLO, type Reply, type Asked, type FromBridge, type ToBridge } from "./protocol.ts";

/** Milliseconds after which "ask again" is said: Firefox ends what a service worker keeps open for a minute. */
const PATIENCE = 4000;

interface Coming {
  promise: Promise<Reply>;
  resolve(reply: Reply): void;
}

let opening: Promise<Engine> = openEngine();
/** What failed at first may work now. */
const engine = () => opening.catch(() => (opening = openEngine()));
const queries = new Queries();
const connections = new Map<number, Connection>();
/** What was called, or asked for though the call is still on its way, until it is known to have arrived. */
const replies = new Map<number, Coming>();
const channel = new BroadcastChannel(self.name);
let lastConnection = 0;

function tell(message: FromBridge): void {
  globalThis.postMessage(message);
}

async function value({ on, call, args, cell }: Extract<ToBridge, { id: number }>): Promise<unknown> {
  if (on === null && call === "connect") {
    connections.set(++lastConnection, await (await engine()).connect());
    return lastConnection;
  }
  if (on === null) return ((await engine()) as unknown as Record<string, (...args: unknown[]) => unknown>)[call]!(...args);
  const connection = connections.get(on)!;
  if (call === "close") connections.delete(on);
  if (call !== "query") return (connection as unknown as Record<string, (...args: unknown[]) => unknown>)[call]!(...args);
  const controller = new AbortController();
  const watch = cell === undefined ? undefined : queries.begin(cell, controller);
  const [sql, params] = args as [string, unknown];
  try {
    return await connection.query(sql, params, { signal: controller.signal, onProgress: watch?.onProgress });
  } finally {
    watch?.onEnd();
  }
}

async function reply(call: Extract<ToBridge, { id: number }>): Promise<Reply> {
  const { id } = call;
  try {
    const given = await value(call);
    if (given instanceof Uint8Array) return { id, kind: "bytes", body: given as Uint8Array<ArrayBuffer> };
    return { id, kind: "value", body: JSON.stringify(given ?? null) };
  } catch (error) {
    const { name, message } = error as Error;
    return { id, kind: "error", body: JSON.stringify({ name, message }) };
  }
}

function replyTo(id: number): Coming {
  let known = replies.get(id);
  if (!known) {
    let resolve!: (reply: Reply) => void;
    known = { promise: new Promise((settle) => (resolve = settle)), resolve };
    replies.set(id, known);
  }
  return known;
}

async function give(id: number): Promise<void> {
  let late: ReturnType<typeof setTimeout> | undefined;
  const pending = new Promise<Reply>((resolve) => (late = setTimeout(() => resolve({ id, kind: "pending" }), PATIENCE)));
  const given = await Promise.race([replyTo(id).promise, pending]);
  clearTimeout(late);
  channel.postMessage(given);
}

const prefetch = prefetcher(engine, (prefetching) => tell({ prefetching }));
channel.onmessage = ({ data: { want } }: MessageEvent<Partial<Asked>>) => {
  if (want === HELLO) channel.postMessage({ id: HELLO, kind: "value", body: "null" } satisfies Reply);
  else if (want !== undefined) void give(want);
};
globalThis.onmessage = ({ data }: MessageEvent<ToBridge>) => {
  if ("prefetch" in data) prefetch(data.prefetch);
  else if ("got" in data) replies.delete(data.got);
  else void reply(data).then(replyTo(data.id).resolve);
};
tell({ listening: true });
opening.then(
  () => tell({ opened: true }),
  (error: Error) => tell({ failed: error.message }),
);
