/**
 * Passes a worker, which stands still until a synchronous request is answered, the reply of another: the kernel's worker
 * that of the bridge (../waiting/bridge.ts), the engine's worker that of who computes its host's functions. It keeps
 * nothing: a browser may end this worker at any time.
 */
import { REPLIES, KIND, type Reply, type Asked } from "../waiting/protocol.ts";

declare const self: ServiceWorkerGlobalScope;

/** Milliseconds after which nobody is there: the bridge says "ask again" sooner. */
const PATIENCE = 15_000;
const PATH = /^([0-9a-f-]{36})\/(\d+)$/;

async function reply(name: string, want: number, body?: string): Promise<Response> {
  const channel = new BroadcastChannel(name);
  let late: ReturnType<typeof setTimeout> | undefined;
  const given = await new Promise<Reply | null>((resolve) => {
    late = setTimeout(() => resolve(null), PATIENCE);
    channel.onmessage = ({ data }: MessageEvent<Partial<Reply>>) => {
      if (data.id === want && data.kind) resolve(data as Reply);
    };
    channel.postMessage({ want, ...(body !== undefined && { body }) } satisfies Asked);
  });
  clearTimeout(late);
  channel.close();
  if (given === null) return new Response("No kernel of this site replies.", { status: 504 });
  const content = given.kind === "pending" ? null : given.body;
  return new Response(content, { headers: { [KIND]: given.kind, "Cache-Control": "no-store" } });
}

self.addEventListener("fetch", (event) => {
  const { method, mode, destination, url } = event.request;
  const base = self.registration.scope + REPLIES;
  if (!url.startsWith(base)) return;
  event.stopImmediatePropagation();
  const asked = PATH.exec(url.slice(base.length));
  // What a worker's script asks for itself; never a page that is opened or framed, or an element in one.
  const allowed = asked && (method === "GET" || method === "POST") && mode !== "navigate" && mode !== "no-cors" && destination === "";
  const answer = async () => reply(asked![1]!, Number(asked![2]), method === "POST" ? await event.request.text() : undefined);
  event.respondWith(allowed ? answer() : new Response(null, { status: 404 }));
});

self.addEventListener("message", (event) => {
  if ((event.data as { explorerClaim?: true } | null)?.explorerClaim) event.waitUntil(self.clients.claim());
});
