/**
 * Beside the engine, where Python cannot wait for a promise: takes the calls of the kernel's worker, which made this one,
 * and gives the replies to the service worker when it asks. The page can stop a query here while the kernel stands still.
 */
import { openEngine, site, type Connection, type Engine } from "../open.ts";
import { prefetcher } from "../prefetch.ts";
import { Queries } from "../queries.ts";
import { REPLIES, type FromBridge, type Reply, type ToBridge, type ToCompute } from "./protocol.ts";
import { Replies } from "./replies.ts";

let opening: Promise<Engine> = openEngine();
/** What failed at first may work now. */
const engine = () => opening.catch(() => (opening = openEngine()));
const queries = new Queries();
const connections = new Map<number, Connection>();
let lastConnection = 0;

/** What the engine asks of the kernel's worker, which stands still: it gets it as the reply to its own request. */
let toCompute: { asked: ToCompute; resolve(body: string): void } | null = null;
let onToCompute: (() => void)[] = [];
/** The channel at which the engine asks; null until Python has functions for it. */
let ofEngine: string | null = null;

async function askedOfKernel(id: number): Promise<Reply> {
  if (!toCompute) await new Promise<void>((resolve) => onToCompute.push(resolve));
  return { id, kind: "compute", body: JSON.stringify(toCompute?.asked ?? null) };
}

async function compute(body: string, id: number): Promise<Reply> {
  const answer = await new Promise<string>((resolve) => {
    toCompute = { asked: { compute: id, body }, resolve };
    for (const tell of onToCompute) tell();
    onToCompute = [];
  });
  return { id, kind: "value", body: answer };
}
const none = () => Promise.reject(new Error("The kernel's worker gives its calls by postMessage."));
const replies = new Replies(self.name, none, (id) => (ofEngine === null ? null : askedOfKernel(id)));

/** Makes the engine ask here for what the kernel's worker computes. */
async function answerHostCalls(): Promise<void> {
  if (ofEngine === null) new Replies((ofEngine = crypto.randomUUID()), compute);
  await (await engine()).askHost(new URL(`${REPLIES}${ofEngine}/`, site).href);
}

function tell(message: FromBridge): void {
  globalThis.postMessage(message);
}

async function value({ on, call, args, cell }: Extract<ToBridge, { id: number }>): Promise<unknown> {
  if (on === null && call === "connect") {
    connections.set(++lastConnection, await (await engine()).connect());
    return lastConnection;
  }
  if (on === null && call === "answerHostCalls") return answerHostCalls();
  if (on === null) return ((await engine()) as unknown as Record<string, (...args: unknown[]) => unknown>)[call]!(...args);
  const connection = connections.get(on)!;
  if (call === "close") connections.delete(on);
  if (call !== "query") return (connection as unknown as Record<string, (...args: unknown[]) => unknown>)[call]!(...args);
  const controller = new AbortController();
  const watch = cell === undefined ? undefined : queries.begin(cell, controller);
  const [sql, params, describe] = args as [string, unknown, string | null];
  try {
    return await connection.query(sql, params, { signal: controller.signal, onProgress: watch?.onProgress, describe });
  } finally {
    watch?.onEnd();
  }
}

/** Bytes from which a reply is a Blob: a channel and a service worker's response copy more often than that (bench: waiting). */
const LARGE = 1_000_000;
/** Of the Blobs that have not arrived yet, by the call's number. */
const addresses = new Map<number, string>();

function addressOf(id: number, bytes: Uint8Array<ArrayBuffer>): string {
  const address = URL.createObjectURL(new Blob([bytes]));
  addresses.set(id, address);
  return address;
}

function forget(id: number): void {
  replies.forget(id);
  const address = addresses.get(id);
  if (address === undefined) return;
  URL.revokeObjectURL(address);
  addresses.delete(id);
}

async function reply(call: Extract<ToBridge, { id: number }>): Promise<Reply> {
  const { id } = call;
  try {
    const given = await value(call);
    if (!(given instanceof Uint8Array)) return { id, kind: "value", body: JSON.stringify(given ?? null) };
    const bytes = given as Uint8Array<ArrayBuffer>;
    return bytes.byteLength > LARGE ? { id, kind: "address", body: addressOf(id, bytes) } : { id, kind: "bytes", body: bytes };
  } catch (error) {
    const { name, message } = error as Error;
    return { id, kind: "error", body: JSON.stringify({ name, message }) };
  }
}

const prefetch = prefetcher(engine, (prefetching) => tell({ prefetching }));
globalThis.onmessage = ({ data }: MessageEvent<ToBridge>) => {
  if ("prefetch" in data) prefetch(data.prefetch);
  else if ("got" in data) forget(data.got);
  else if ("computed" in data) {
    if (toCompute?.asked.compute !== data.computed) return;
    const { resolve } = toCompute;
    toCompute = null;
    resolve(data.body);
  } else void reply(data).then((given) => replies.resolve(given));
};
tell({ listening: true });
opening.then(
  () => tell({ opened: true }),
  (error: Error) => tell({ failed: error.message }),
);
