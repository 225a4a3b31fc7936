/**
 * The site's service worker: every page and its workers get their files from one build of the site, the newest; without
 * a network, from the newest that is here as a whole. JupyterLite's own, which gives the kernel its files, follows in
 * the same script and answers what this leaves.
 */
import "./replies.ts"; // before the rest: its requests are no files
import type { Form } from "../../../engine/src/form.ts";
import { NotOfBuild, type Build } from "./build.ts";
import { Builds, VERSIONED } from "./builds.ts";
import { QUESTION, WORD } from "../drive.ts";
import { Pause } from "./pause.ts";
import { typed } from "./types.ts";
import { answerUntidy, type Trouble } from "./untidy.ts";

declare const self: ServiceWorkerGlobalScope;

/** Milliseconds to wait for word of a newer build where there is one to go on with. */
const PATIENCE = 3000;
/** Milliseconds that a page is given to load before anything is fetched that nobody waits for. */
const LOADING = 5000;
/** What says new things without a new build: the front pages, and which data there is. */
const FRESH = /^(index\.html|favicon\.svg|open\/[^/]+\/index\.html|data\/snapshots\.json|data\/snapshots\/[^/]+\/datapackage\.json|data\/answers\/[^/]+\.json)$/;
/** Data is kept by the engine, the API is for programs; the rest is JupyterLite's. */
const NOT_OURS = /^(data\/|api\/(v1|drive|stdin|service-worker)|service-worker\.js|static\/build\.json)/;

const base = self.registration.scope;
const builds = new Builds(base);
const pause = new Pause();
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

async function buildFor({ request, clientId }: FetchEvent, path: string): Promise<Build | null> {
  if (request.mode === "navigate") {
    if (path.endsWith(".html")) pause.hold(LOADING); // bytecode.ts opens another file, in a frame
    return newest();
  }
  const id = (await builds.client(clientId)) ?? buildOfWorker(request);
  return id === null ? null : builds.get(id);
}

/** For a client of unknown build: the engine's worker, or a page that was here before this service worker. */
async function answerStranger(request: Request, path: string): Promise<Response> {
  const whole = await builds.whole();
  if (!whole || !(path in whole.files)) return fetch(request);
  if (VERSIONED.test(path)) return builds.file(whole, path).catch(() => fetch(request));
  return fetch(request).catch(() => builds.file(whole, path));
}

async function answer(event: FetchEvent, path: string): Promise<Response> {
  if (FRESH.test(path)) return builds.fresh(path, event.request, PATIENCE);
  const build = await buildFor(event, path);
  // Among them what a worker's modules import.
  if (!build) return typed(await answerStranger(event.request, path), path);
  if (!(path in build.files)) return fetch(event.request);
  const isPage = event.request.mode === "navigate";
  try {
    const response = typed(await builds.file(build, path, new URL(event.request.url).search), path);
    if (isPage) await builds.setClient(event.resultingClientId, build.id);
    // A worker takes its address from a response that has one, and this one's has no build in it; and a page that a
    // server redirected, as some do with index.html, is refused as an answer unless it is made anew.
    const anew = response.redirected || event.request.destination === "worker";
    return anew ? new Response(response.body, response) : response;
  } catch (error) {
    if (isPage) return pageOfAnotherBuild(event, build, path);
    const missed = error instanceof NotOfBuild ? error : new NotOfBuild(path, null);
    return answerUntidy(builds, base, build, missed, (trouble) => void tellClient(event.clientId, trouble, path));
  }
}

/**
 * Where the newest build's page does not come: that of the build that is here as a whole; else what the server has, which says
 * itself of which build it is.
 */
async function pageOfAnotherBuild(event: FetchEvent, build: Build, path: string): Promise<Response> {
  const whole = await builds.whole();
  if (!whole || whole.id === build.id || !(path in whole.files)) return fetch(event.request);
  await builds.setClient(event.resultingClientId, whole.id);
  return builds.file(whole, path);
}

/** Tells a page, or where it is a worker that asked all pages, why a file did not come. */
async function tellClient(id: string, explorerTrouble: Trouble, path: string): Promise<void> {
  const client = await self.clients.get(id);
  if (client?.type === "window") client.postMessage({ explorerTrouble, path });
  else await tellPages({ explorerTrouble, path });
}

self.addEventListener("fetch", (event) => {
  if (event.request.url === base + QUESTION) {
    event.stopImmediatePropagation();
    event.respondWith(new Response(WORD));
    return;
  }
  const path = pathOf(event.request);
  if (path === null) return;
  event.stopImmediatePropagation();
  event.respondWith(answer(event, path));
});

async function tellPages(message: unknown): Promise<void> {
  for (const client of await self.clients.matchAll({ includeUncontrolled: true })) client.postMessage(message);
}

/** Keeps the newest build and forgets older ones that no page uses. */
async function keep(form: Form): Promise<void> {
  const build = await newest();
  if (!build) return;
  const tell = (fraction: number) => tellPages({ explorerKept: fraction });
  await builds.keep(build, form, pause, tell);
  const fresh = (path: string) => builds.fresh(path, new Request(base + path), PATIENCE);
  await fresh("index.html");
  const { snapshots } = (await (await fresh("data/snapshots.json")).json()) as { snapshots: { id: string }[] };
  for (const { id } of snapshots.slice(0, 1)) await fresh(`data/snapshots/${id}/datapackage.json`);
  const starters = Object.keys(build.files).flatMap((path) => /^files\/(.+)\.ipynb$/.exec(path)?.[1] ?? []);
  for (const name of starters) await fresh(`data/answers/${name}.json`);
  await builds.collect(async (client) => (await self.clients.get(client)) !== undefined);
  await tell(1);
}

/** Says why it could not be kept, to those who wait for it. */
const tellFailed = (error: Error): Promise<void> => tellPages({ explorerKept: error.message });

/** Forgets what no open page uses. */
async function forget(): Promise<void> {
  await builds.forget();
  await builds.collect(async (client) => (await self.clients.get(client)) !== undefined);
  await tellPages({ explorerKept: 0 });
}

/**
 * What pages say: which build they are of, where they were loaded before this worker; in which form to keep this build, or to
 * take that back; and for how many milliseconds nothing is to be fetched that nobody waits for.
 */
interface Said {
  explorerBuild?: string;
  explorerKeep?: Form | false;
  explorerBusy?: number;
}

self.addEventListener("message", (event) => {
  const said = event.data as Said | null;
  const source = event.source as Client | null;
  if (said?.explorerBuild && source) {
    const id = said.explorerBuild;
    const adopt = async () => {
      const build = await newest();
      if (!build || (await builds.client(source.id)) !== null) return;
      if (build.id === id) await builds.setClient(source.id, id);
      else source.postMessage({ explorerTrouble: "changed" satisfies Trouble });
    };
    event.waitUntil(adopt());
  }
  if (said?.explorerBusy) pause.hold(said.explorerBusy);
  if (said?.explorerKeep === false) event.waitUntil(forget());
  if (said?.explorerKeep) {
    // One at a time; where it fails, e.g. without a network, the next page that is quiet tries again.
    keeping ??= keep(said.explorerKeep).catch(tellFailed).finally(() => (keeping = null));
    event.waitUntil(keeping);
  }
});
