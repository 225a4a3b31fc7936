/**
 * The site's service worker: every page and its workers get their files from one build of the site, the newest; without
 * a network, from the newest that is here as a whole. JupyterLite's own, which gives the kernel its files, follows in
 * the same script and answers what this leaves.
 */
import { Builds, VERSIONED, type Build } from "./builds.ts";

declare const self: ServiceWorkerGlobalScope;

/** Milliseconds to wait for word of a newer build where there is one to go on with. */
const PATIENCE = 3000;
/** What says new things without a new build: the front pages, and which data there is. */
const FRESH = /^(index\.html|favicon\.svg|open\/[^/]+\/index\.html|data\/snapshots\.json|data\/snapshots\/[^/]+\/datapackage\.json)$/;
/** Data is kept by the engine; the rest is JupyterLite's. */
const NOT_OURS = /^(data\/|api\/(drive|stdin|service-worker)|service-worker\.js|static\/build\.json)/;

const base = self.registration.scope;
const builds = new Builds(base);
let keeping: Promise<void> | null = null;

/** A request's path from the site's base; null where it is none of ours. */
function pathOf({ method, url, headers }: Request): string | null {
  const address = url.split(/[?#]/)[0]!;
  if (method !== "GET" || headers.has("Range") || !address.startsWith(base)) return null;
  const path = decodeURIComponent(address.slice(base.length));
  const file = path === "" || path.endsWith("/") ? `${path}index.html` : path;
  return NOT_OURS.test(file) && !FRESH.test(file) ? null : file;
}

/** The build to load a page from. */
async function newest(): Promise<Build | null> {
  const whole = await builds.whole();
  try {
    const options: RequestInit = { cache: "no-cache" };
    if (whole) options.signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(`${base}static/build.json`, options);
    if (!response.ok) return whole;
    const build = (await response.json()) as Build;
    await builds.add(build);
    return build;
  } catch {
    return whole;
  }
}

/** A page gives its kernel's worker the build in its address (page.ts): browsers do not say whose a worker is. */
function buildOfWorker({ referrer }: Request): string | null {
  return URL.canParse(referrer) ? new URL(referrer).searchParams.get("build") : null;
}

async function buildFor({ request, clientId, resultingClientId }: FetchEvent): Promise<Build | null> {
  if (request.mode === "navigate") {
    const build = await newest();
    if (build) await builds.setClient(resultingClientId, build.id);
    return build;
  }
  const id = (await builds.client(clientId)) ?? buildOfWorker(request);
  return id === null ? null : builds.get(id);
}

/** For a client of unknown build: the engine's worker, or a page that was here before this service worker. */
async function answerStranger(request: Request, path: string): Promise<Response> {
  const whole = await builds.whole();
  if (!whole || !(path in whole.files)) return fetch(request);
  if (VERSIONED.test(path)) return builds.file(whole, path);
  return fetch(request).catch(() => builds.file(whole, path));
}

async function answer(event: FetchEvent, path: string): Promise<Response> {
  if (FRESH.test(path)) return builds.fresh(path, event.request, PATIENCE);
  const build = await buildFor(event);
  if (!build) return answerStranger(event.request, path);
  if (!(path in build.files)) return fetch(event.request);
  try {
    const response = await builds.file(build, path);
    // A worker takes its address from a response that has one, and this one's has no build in it; and a page that a
    // server redirected, as some do with index.html, is refused as an answer unless it is made anew.
    const anew = response.redirected || event.request.destination === "worker";
    return anew ? new Response(response.body, response) : response;
  } catch (error) {
    return new Response((error as Error).message, { status: 503, headers: { "Content-Type": "text/plain" } });
  }
}

self.addEventListener("fetch", (event) => {
  const path = pathOf(event.request);
  if (path === null) return;
  event.stopImmediatePropagation();
  event.respondWith(answer(event, path));
});

async function tellPages(message: unknown): Promise<void> {
  for (const client of await self.clients.matchAll({ includeUncontrolled: true })) client.postMessage(message);
}

/** Keeps the newest build and forgets older ones that no page uses. */
async function keep(): Promise<void> {
  const build = await newest();
  if (!build) return;
  const tell = (fraction: number) => tellPages({ explorerKept: fraction });
  await builds.keep(build, tell);
  const fresh = (path: string) => builds.fresh(path, new Request(base + path), PATIENCE);
  await fresh("index.html");
  const { snapshots } = (await (await fresh("data/snapshots.json")).json()) as { snapshots: { id: string }[] };
  for (const { id } of snapshots.slice(0, 1)) await fresh(`data/snapshots/${id}/datapackage.json`);
  await builds.collect(async (client) => (await self.clients.get(client)) !== undefined);
  await tell(1);
}

/** What pages say: which build they are of, where they were loaded before this worker; and that it is quiet now. */
type Said = { explorerBuild: string } | { explorerKeep: true };

self.addEventListener("message", (event) => {
  const said = event.data as Partial<Said & { explorerBuild: string; explorerKeep: true }> | null;
  const source = event.source as Client | null;
  if (said?.explorerBuild && source) {
    const id = said.explorerBuild;
    const adopt = async () => {
      const build = await newest();
      if (build?.id === id && (await builds.client(source.id)) === null) await builds.setClient(source.id, id);
    };
    event.waitUntil(adopt());
  }
  if (said?.explorerKeep) {
    // One at a time; where it fails, e.g. without a network, the next page that is quiet tries again.
    keeping ??= keep().catch(() => undefined).finally(() => (keeping = null));
    event.waitUntil(keeping);
  }
});
