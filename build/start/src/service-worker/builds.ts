/**
 * Builds of the site, kept in the Cache API: each a manifest of its files, and the files by their sha256, which builds
 * share. A file that is not what its build's manifest says is never used.
 */

/** `static/build.json`: every file of a build but those that change between builds (FRESH in main.ts). */
export interface Build {
  id: string;
  /** By path from the site's base. */
  files: Record<string, string>;
}

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

  /** A file of a build: kept, or fetched and kept. */
  async file(build: Build, path: string): Promise<Response> {
    const sha256 = build.files[path]!;
    const cache = await this.cache;
    const key = `${this.base}~file/${sha256}`;
    const kept = await cache.match(key);
    if (kept) return (VERSIONED.test(path) && path.endsWith(".wasm") && (await this.fromHttpCache(path))) || kept;
    const response = await this.fetchVerified(path, sha256);
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

  private async fetchVerified(path: string, sha256: string): Promise<Response> {
    // What the page has just loaded is not asked for again, unless it is of another build.
    for (const mode of ["force-cache", "reload"] as const) {
      const response = await fetch(this.base + path, { cache: mode });
      if (!response.ok) continue;
      const bytes = await response.clone().arrayBuffer();
      if (hex(await crypto.subtle.digest("SHA-256", bytes)) !== sha256) continue;
      return response; // as it came: browsers keep no compiled code beside a response that was made here
    }
    throw new Error(`${path} is not the file that this page was built with: the site has changed. Reload the page.`);
  }

  /** Keeps every file of a build; from then on it is what is used without a network. */
  async keep(build: Build, onProgress: (fraction: number) => void): Promise<void> {
    const cache = await this.cache;
    const here = new Set((await cache.keys()).map((request) => request.url));
    const paths = Object.keys(build.files);
    const missing = paths.filter((path) => !here.has(`${this.base}~file/${build.files[path]}`));
    let done = paths.length - missing.length;
    const next = async (): Promise<void> => {
      for (let path = missing.pop(); path !== undefined; path = missing.pop()) {
        const response = await this.fetchVerified(path, build.files[path]!);
        await cache.put(`${this.base}~file/${build.files[path]}`, response);
        onProgress(++done / paths.length);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    await this.write("whole", build.id);
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
