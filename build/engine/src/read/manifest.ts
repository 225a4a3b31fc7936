/** Finds a snapshot and reads its descriptor; checks what the engine relies on, and nothing else. */
import type { Cache } from "../keep/cache.ts";
import { ReadError } from "../errors.ts";
import type { Address, Http } from "./http.ts";
import type { Descriptor, Resource } from "../protocol.ts";

const HASH = /^sha256:([0-9a-f]{64})$/;
const ID = /^[A-Za-z0-9][\w.-]*$/;
/** Where the descriptor of a snapshot lies, relative to a base URL. */
const descriptorPath = (id: string) => `snapshots/${encodeURIComponent(id)}/datapackage.json`;

export interface Snapshot {
  id: string;
  descriptor: Descriptor;
  /** The address of each resource, in the descriptor's order. */
  addresses: Address[];
}

/**
 * A snapshot, each resource of its descriptor given its `file` name.
 *
 * @param id the snapshot's id, or null for the newest one.
 * @throws ReadError when there is no such snapshot (the message lists the nearest ones) or its descriptor is unusable.
 */
export async function readSnapshot(http: Http, cache: Cache, id: string | null): Promise<Snapshot> {
  const chosen = id ?? (await listSnapshots(http, cache))[0]!;
  if (!ID.test(chosen)) throw await unknownSnapshot(http, cache, chosen);
  const path = descriptorPath(chosen);
  const url = new URL(path, http.bases[0]).href;
  // An id stands for its content: what is kept is as good as what the server has.
  let descriptor = (await cache.document(url)) as Descriptor | null;
  if (!descriptor) {
    try {
      descriptor = (await http.getJson(path)) as Descriptor;
    } catch (error) {
      if (error instanceof ReadError && error.details["status"] === 404) throw await unknownSnapshot(http, cache, chosen);
      throw error;
    }
    void cache.keepDocument(url, descriptor);
  }
  if (!Array.isArray(descriptor?.resources)) throw new ReadError(`${path} has no list "resources"`, { url: path });
  const addresses = descriptor.resources.map((resource) => addressOf(resource, path));
  descriptor.resources.forEach((resource, i) => (resource.file = `${addresses[i]!.sha256}.parquet`));
  return { id: chosen, descriptor, addresses };
}

function addressOf(resource: Resource, descriptor: string): Address {
  const name = JSON.stringify(resource?.name);
  const [, sha256] = HASH.exec(String(resource?.hash)) ?? [];
  if (!sha256) {
    const got = JSON.stringify(resource?.hash);
    throw new ReadError(`${descriptor}: ${name} has hash ${got}, expected sha256:<64 hex digits>`, { url: descriptor });
  }
  if (!Number.isSafeInteger(resource.bytes) || resource.bytes < 0 || typeof resource.path !== "string") {
    throw new ReadError(`${descriptor}: ${name} must say its path and its size in bytes`, { url: descriptor });
  }
  // Relative to the descriptor; a base URL is put before it when it is read.
  const root = "http://base/";
  const url = new URL(resource.path, root + descriptor).href;
  if (!url.startsWith(root)) {
    throw new ReadError(`${descriptor}: ${name} lies outside the data folder: ${resource.path}`, { url: descriptor });
  }
  return { path: url.slice(root.length), name: resource.name, sha256, size: resource.bytes };
}

/** Ids, newest first. Without a server, those it listed last. */
async function listSnapshots(http: Http, cache: Cache): Promise<string[]> {
  const url = new URL("snapshots.json", http.bases[0]).href;
  let list: unknown;
  try {
    list = await http.getJson("snapshots.json", true);
    void cache.keepDocument(url, list);
  } catch (error) {
    list = await cache.document(url);
    if (!list || !(error instanceof ReadError) || error.details["status"] !== 0) throw error;
  }
  const { snapshots } = (list ?? {}) as { snapshots?: { id?: unknown }[] };
  const ids = Array.isArray(snapshots) ? snapshots.map((snapshot) => snapshot?.id) : [];
  if (ids.length === 0 || !ids.every((id) => typeof id === "string")) {
    throw new ReadError('snapshots.json lists no snapshots; expected {"snapshots": [{"id": …}, …]}', { url });
  }
  return ids as string[];
}

async function unknownSnapshot(http: Http, cache: Cache, id: string): Promise<ReadError> {
  const near = nearest(id, await listSnapshots(http, cache));
  const message = `there is no snapshot ${JSON.stringify(id)}; the nearest are ${near.join(", ")}`;
  return new ReadError(message, { url: descriptorPath(id), status: 404 });
}

/** Up to three ids, those next to the wanted one in date order first. Ids begin with their date. */
export function nearest(id: string, ids: readonly string[]): string[] {
  const sorted = [...ids].sort();
  let at = sorted.findIndex((other) => other >= id);
  if (at < 0) at = sorted.length;
  const from = Math.max(0, Math.min(at - 1, sorted.length - 3));
  return sorted.slice(from, from + 3);
}
