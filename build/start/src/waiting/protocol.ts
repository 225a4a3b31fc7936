/**
 * What the kernel's worker, the bridge and the service worker say to each other where Python cannot wait for a promise.
 *
 * The kernel's worker gives the bridge, its own worker, a call; it then asks for the reply by a synchronous request, which
 * the service worker passes to the bridge over a BroadcastChannel. Only who knows the channel's name, which is random
 * and never leaves these three, can ask; and all there is to ask for is the reply to the call under way.
 */
import type { AskedPrefetch } from "../prefetch.ts";

/** What is served below the site: `api/replies/<channel>/<id>`. */
export const REPLIES = "api/replies/";

/** Given by the kernel's worker to the bridge. */
export type ToBridge =
  /** A method of the engine, or of the connection `on`; `cell` is the run that a query belongs to. */
  | { id: number; on: number | null; call: string; args: unknown[]; cell?: string }
  /** The reply has arrived and can be forgotten. */
  | { got: number }
  /** What the engine asked of the kernel's worker, computed. */
  | { computed: number; body: string }
  | { prefetch: AskedPrefetch };

/** Said by the bridge to the kernel's worker. */
export type FromBridge = { listening: true } | { opened: true } | { failed: string } | { prefetching: unknown };

/** Asked by the service worker: of the bridge, or, by the engine in the middle of a query, of who computes its host's functions. */
export interface Asked {
  want: number;
  /** What the engine wants to have computed. */
  body?: string;
}

/** A request of the engine's that the bridge hands to the kernel's worker while that stands still. */
export interface ToCompute {
  compute: number;
  body: string;
}

/** Bytes as they are, or the address of a Blob where they are many; anything else as JSON; an error as JSON of its name and message; or: ask again. */
export type Reply = { id: number } & (
  | { kind: "bytes"; body: Uint8Array<ArrayBuffer> }
  | { kind: "value" | "error" | "compute" | "address"; body: string }
  | { kind: "pending" }
);

/** Names a reply's kind in the service worker's response. */
export const KIND = "X-Reply";
/** `want` of a request that only asks whether the bridge can be reached. */
export const HELLO = 0;
