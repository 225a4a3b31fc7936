/** The objects of the attached snapshots, and what brings their bytes in and keeps them. */
import { Cache } from "../keep/cache.ts";
import type { Bindings } from "../database.ts";
import type { ReadError } from "../errors.ts";
import { Footers } from "./footers.ts";
import type { Address, Http } from "./http.ts";
import { likelyParts, type LikelyPart } from "../keep/likely.ts";
import { readSnapshot } from "./manifest.ts";
import { outlineOf } from "./outline.ts";
import type { Descriptor, Resource } from "../protocol.ts";
import type { Scan } from "./read-plan.ts";
import { RemoteObject, type Surroundings } from "./remote-object.ts";

/** The file protocol of the bindings whose handle is an object of our own. */
const BROWSER_FSACCESS = 3;
/** A footer's size where the manifest does not say it. */
const FOOTER_GUESS = 64 * 1024;
/** Memory that bytes may take before those that the cache holds too are let go. */
const MEMORY = 256 * 2 ** 20;

export class Objects implements Surroundings {
  scans: readonly Scan[] = [];
  /** The first failed read since it was last set to null. */
  readError: ReadError | null = null;
  readonly footers: Footers;
  /** The snapshot attached last. */
  private latest: { descriptor: Descriptor; objects: RemoteObject[] } | null = null;
  /** Names under which DuckDB knows objects. */
  private readonly files = new Set<string>();
  private readonly bySha = new Map<string, RemoteObject>();
  private readonly attaching = new Map<string | null, Promise<Descriptor>>();
  private unsaved: { object: RemoteObject; start: number; bytes: Uint8Array }[] = [];

  constructor(
    readonly http: Http,
    readonly cache: Cache,
    private readonly database: Promise<Bindings>,
  ) {
    this.footers = new Footers(database, (sha256) => this.bySha.get(sha256));
  }

  get outlines(): boolean {
    return this.footers.outlines;
  }

  /** @throws ReadError when the snapshot cannot be read. */
  attach(id: string | null): Promise<Descriptor> {
    let attached = this.attaching.get(id);
    if (!attached) {
      attached = this.attachNow(id);
      this.attaching.set(id, attached);
      attached.catch(() => this.attaching.delete(id)); // the next call tries again
    }
    return attached.then((descriptor) => structuredClone(descriptor));
  }

  private async attachNow(id: string | null): Promise<Descriptor> {
    const { descriptor, addresses } = await readSnapshot(this.http, this.cache, id);
    const objects = addresses.map((address, i) => this.object(address, descriptor.resources[i]!));
    const kept = await this.cache.attach(addresses.map(({ sha256 }) => sha256));
    for (const [sha256, pieces] of kept) for (const { start, blob } of pieces) this.bySha.get(sha256)!.ranges.add(start, blob);
    const registered = this.register(objects);
    await this.footers.attach(descriptor.resources, objects, registered);
    this.latest = { descriptor, objects };
    void this.save();
    return descriptor;
  }

  /** What of the snapshot attached last is likely to be needed, most likely first. */
  async likely(list: string): Promise<LikelyPart<RemoteObject>[]> {
    if (!this.latest) return [];
    const { descriptor, objects } = this.latest;
    return likelyParts(this.http, descriptor, objects.filter((object) => !this.footers.hasOpened(object)), list);
  }

  private async register(objects: readonly RemoteObject[]): Promise<void> {
    const bindings = await this.database;
    for (const object of objects) {
      if (this.files.has(object.file)) continue;
      bindings.registerFileHandle(object.file, object, BROWSER_FSACCESS, true);
      this.files.add(object.file);
    }
  }

  /** What tells DuckDB whether what it remembers of a file still holds: its outline gives way to its footer. */
  version(file: string): number | null {
    const object = this.files.has(file) && this.bySha.get(file.slice(0, 64));
    return object ? Number(object.isOutlined) : null;
  }

  /** Whether a file's name is that of an attached snapshot's object. */
  isObject(name: string): boolean {
    return this.files.has(name);
  }

  private object(address: Address, resource: Resource): RemoteObject {
    let object = this.bySha.get(address.sha256);
    if (!object) {
      object = new RemoteObject(address, resource.footerBytes ?? FOOTER_GUESS, outlineOf(resource), this);
      this.bySha.set(address.sha256, object);
    }
    return object;
  }

  /** Resolves when no fetch is under way, so that a query does not ask for the same bytes again. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.bySha.values()].map((object) => object.fetching));
  }

  onOpened(object: RemoteObject): void {
    this.footers.opened.add(object);
  }

  onOutlineRead(): void {
    this.footers.missed = true;
  }

  onError(error: ReadError): void {
    this.readError ??= error;
  }

  onCorrupt(object: RemoteObject): void {
    this.unsaved = this.unsaved.filter((piece) => piece.object !== object);
    void this.cache.forget(object.address.sha256);
  }

  /** Called when bytes have come in. */
  onActivity: () => void = () => undefined;

  onFetched(object: RemoteObject, start: number, bytes: Uint8Array): void {
    this.onActivity();
    this.unsaved.push({ object, start, bytes });
  }

  /**
   * Keeps what was fetched since the last call. Call it when nothing waits for an answer.
   *
   * @returns resolves once that, and all before it, is kept or given up.
   */
  async save(): Promise<void> {
    const pieces = this.unsaved.map(({ object, start, bytes }) => ({ sha256: object.address.sha256, start, bytes }));
    this.unsaved = [];
    await this.cache.save(pieces);
    if (pieces.length) await this.release();
  }

  /** Lets go of the bytes read longest ago, those that the cache holds too; it gives them back when they are read. */
  private async release(): Promise<void> {
    const held = [...this.bySha.values()].sort((a, b) => a.lastRead - b.lastRead);
    let memory = held.reduce((sum, object) => sum + object.ranges.memory, 0);
    for (const object of held) {
      const { ranges, address } = object;
      if (memory <= MEMORY) return;
      memory -= ranges.memory;
      const kept = (await this.cache.attach([address.sha256])).get(address.sha256) ?? [];
      object.release(kept);
    }
  }
}
