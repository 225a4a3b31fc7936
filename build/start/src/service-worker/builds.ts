/**
 * Builds of the site, kept in the Cache API: each a manifest of its files, and the files by their sha256, which builds
 * share. A file that is not what its build's manifest says is never kept.
 */
import type { Form } from "../../../engine/src/form.ts";
import { NotOfBuild, type Build } from "./build.ts";
import type { Pause } from "./pause.ts";

/** Folders whose names carry the version of what is in them. */
export const VERSIONED = /^static\/[^/]+-[0-9a-f]{8}\//;

/** How many files are fetched at once while a build is kept. */
const AT_ONCE = 4;

const hex = (bytes: ArrayBuffer) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class Builds {
  private readonly cache: Promise<Cache>;
  // Asked for with every file of a page: not read from the cache each time.
  private readonly known = new Map<string, Build>();
  private readonly clients = new Map<string, string>();

  /** @param base the site's base, with its slash: several sites may share an origin. */
  constructor(private readonly base: string) {
    this.cache = caches.open(`explorer-1 ${new URL(base).pathname}`);
  }

  private async read<T>(key: string): Promise<T | null> {
    const kept = await (await this.cache).match(`${this.base}~${key}`);
    return kept ? ((await kept.json()) as T) : null;
  }

  private async write(key: string, value: unknown): Promise<void> {
    await (await this.cache).put(`${this.base}~${key}`, Response.json(value));
  }

  async get(id: string): Promise<Build | null> {
    const build = this.known.get(id) ?? (await this.read<Build>(`build/${id}`));
    if (build) this.known.set(id, build);
    return build;
  }

  async add(build: Build): Promise<void> {
    if (await this.get(build.id)) return;
    this.known.set(build.id, build);
    await this.write(`build/${build.id}`, build);
  }

  /** The newest build of which every file is here. */
  async whole(): Promise<Build | null> {
    const id = await this.read<string>("whole");
    return id === null ? null : this.get(id);
  }

  /** The build that a page or worker was loaded from. */
  async client(id: string): Promise<string | null> {
    const build = this.clients.get(id) ?? (id ? await this.read<string>(`client/${id}`) : null);
    if (build !== null) this.clients.set(id, build);
    return build;
  }

  async setClient(id: string, build: string): Promise<void> {
    if (!id) return;
    this.clients.set(id, build);
    await this.write(`client/${id}`, build);
  }

  /**
   * A file of a build: kept, or fetched and kept.
   *
   * @param search what stands behind the path in the address that a page asked for: under that the browser's cache has it.
   */
  async file(build: Build, path: string, search = ""): Promise<Response> {
    const sha256 = build.files[path]!;
    const cache = await this.cache;
    const key = `${this.base}~file/${sha256}`;
    const kept = await cache.match(key);
    if (kept) return (VERSIONED.test(path) && path.endsWith(".wasm") && (await this.fromHttpCache(path))) || kept;
    const response = await this.fetchVerified(path, sha256, search);
    // A full or refused storage is no reason to fail.
    await cache.put(key, response.clone()).catch(() => undefined);
    return response;
  }

  /**
   * The same file from the browser's HTTP cache, where it still is: beside it lies the machine code that the visit
   * before made of it, which is not kept for the copy here. `keep` has verified both.
   */
  private async fromHttpCache(path: string): Promise<Response | null> {
    try {
      const response = await fetch(this.base + path, { cache: "only-if-cached", mode: "same-origin" });
      return response.ok ? response : null;
    } catch {
      return null;
    }
  }

  /** @throws NotOfBuild; what `fetch` throws where there is no network, and when `signal` aborts. */
  private async fetchVerified(path: string, sha256: string, search: string, signal?: AbortSignal): Promise<Response> {
    let found: NotOfBuild["found"] = null;
    // What the page has just loaded is not asked for again, unless it is of another build; past the browser's cache; past
    // caches on the way, which know the file by its address.
    const ways: [RequestCache, string][] = [["force-cache", search], ["reload", ""], ["reload", `?sha256=${sha256}`]];
    for (const [cache, query] of ways) {
      const response = await fetch(this.base + path + query, { cache, ...(signal && { signal }) });
      if (!response.ok) continue;
      const bytes = await response.clone().arrayBuffer();
      const got = hex(await crypto.subtle.digest("SHA-256", bytes));
      if (got === sha256) return response; // as it came: browsers keep no compiled code beside a response that was made here
      found = { response, sha256: got };
    }
    throw new NotOfBuild(path, found);
  }

  /** Whether a file with this content is at `path` in a build that is known here, or `now`, but not in `build`. */
  async isOfAnother(build: Build, path: string, sha256: string, now: Build | null): Promise<boolean> {
    const prefix = `${this.base}~build/`;
    const ids = (await (await this.cache).keys()).filter(({ url }) => url.startsWith(prefix)).map(({ url }) => url.slice(prefix.length));
    const others = [...(await Promise.all(ids.map((id) => this.get(id)))), now];
    return others.some((other) => other && other.id !== build.id && other.files[path] === sha256);
  }

  /**
   * Keeps every file of a build that a visit may ask for, WebAssembly in one form; from then on it is what is used without a network.
   *
   * @throws NotOfBuild; what `fetch` throws where there is no network.
   */
  async keep(build: Build, form: Form, pause: Pause, onProgress: (fraction: number) => void): Promise<void> {
    const cache = await this.cache;
    const here = new Set((await cache.keys()).map((request) => request.url));
    const spare = new Set("Suspending" in WebAssembly ? build.spare : []);
    for (const [plain, packed] of Object.entries(build.packed)) spare.add(form === "packed" ? plain : packed);
    const sizes = new Map(Object.keys(build.files).map((path, index) => [path, spare.has(path) ? 0 : build.sizes[index]!]));
    const missing = [...sizes.keys()].filter((path) => !spare.has(path) && !here.has(`${this.base}~file/${build.files[path]}`));
    const all = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    let done = all - missing.reduce((sum, path) => sum + sizes.get(path)!, 0);
    const next = async (): Promise<void> => {
      for (let path = missing.pop(); path !== undefined; path = missing.pop()) {
        const signal = await pause.quiet();
        try {
          const response = await this.fetchVerified(path, build.files[path]!, "", signal);
          await cache.put(`${this.base}~file/${build.files[path]}`, response);
        } catch (error) {
          if (!signal.aborted) throw error;
          missing.push(path);
          continue;
        }
        done += sizes.get(path)!;
        onProgress(done / all);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    await this.write("whole", build.id);
  }

  /** Takes back what `keep` has kept; what a page that is open uses stays until it is closed. */
  async forget(): Promise<void> {
    await (await this.cache).delete(`${this.base}~whole`);
  }

  /** Forgets builds that are neither the newest whole one nor in use by a client that lives, and files only they had. */
  async collect(lives: (client: string) => Promise<boolean>): Promise<void> {
    const cache = await this.cache;
    const prefix = `${this.base}~`;
    const keys = (await cache.keys()).map(({ url }) => url.slice(prefix.length));
    const clients: string[] = [];
    for (const key of keys) {
      const id = key.startsWith("client/") ? key.slice("client/".length) : "";
      if (id && (await lives(id))) clients.push(id);
    }
    const used = new Set([await this.read<string>("whole")]);
    for (const id of clients) used.add(await this.client(id));
    const files = new Set<string>();
    for (const id of used) if (id) for (const sha256 of Object.values((await this.get(id))?.files ?? {})) files.add(sha256);
    for (const key of keys) {
      const [kind, name = ""] = key.split("/");
      const unused =
        (kind === "build" && !used.has(name)) || (kind === "file" && !files.has(name)) || (kind === "client" && !clients.includes(name));
      if (unused) await cache.delete(prefix + key);
      if (unused && kind === "build") this.known.delete(name);
      if (unused && kind === "client") this.clients.delete(name);
    }
  }

  /** Network first; what was kept of it where there is none. For what no build holds still. */
  async fresh(path: string, request: Request, patience: number): Promise<Response> {
    const cache = await this.cache;
    const key = `${this.base}~fresh/${path}`;
    const kept = await cache.match(key);
    try {
      const response = await fetch(request, kept ? { signal: AbortSignal.timeout(patience) } : {});
      if (response.status === 200 && !response.redirected) await cache.put(key, response.clone()).catch(() => undefined);
      if (response.ok || !kept) return response;
    } catch (error) {
      if (!kept) throw error;
    }
    return kept;
  }
}
