/** The objects of the attached snapshots, and what brings their bytes in and keeps them. */
import { Cache } from "../keep/cache.ts";
import type { Span } from "../keep/ranges.ts";
import type { Bindings } from "../database.ts";
import type { ReadError } from "../errors.ts";
import { Footers } from "./footers.ts";
import type { Address, Http } from "./http.ts";
import { likelyParts, type LikelyPart } from "../keep/likely.ts";
import { readSnapshot } from "./manifest.ts";
import { layoutsOf, type Layout } from "./layout.ts";
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

/** Where DuckDB could not go on: bytes that are not here, or an object of which only the outline is. */
export interface Miss {
  object: RemoteObject;
  /** Null for an outline. */
  span: Span | null;
}

export class Objects implements Surroundings {
  scans: readonly Scan[] = [];
  /** Whether DuckDB is to be stopped where bytes are missing of what these say; it waits for others. */
  mayStop: (object: RemoteObject, span: Span) => boolean = () => false;
  /** Why DuckDB was stopped last. */
  miss: Miss | null = null;
  /** The first failed read since it was last set to null. */
  readError: ReadError | null = null;
  readonly footers: Footers;
  /** The snapshot attached last. */
  private latest: { descriptor: Descriptor; objects: RemoteObject[] } | null = null;
  /** By the names under which DuckDB knows them. */
  private readonly files = new Map<string, RemoteObject>();
  private readonly bySha = new Map<string, RemoteObject>();
  private readonly attaching = new Map<string | null, Promise<Descriptor>>();
  private unsaved: { object: RemoteObject; start: number; bytes: Uint8Array }[] = [];

  constructor(
    readonly http: Http,
    readonly cache: Cache,
    private readonly database: Promise<Bindings>,
    private readonly onAttached: (id: string, layouts: readonly Layout[], descriptor: Descriptor) => void,
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
    const { id: snapshotId, descriptor, addresses } = await readSnapshot(this.http, this.cache, id);
    const objects = addresses.map((address, i) => this.object(address, descriptor.resources[i]!));
    const kept = await this.cache.attach(addresses.map(({ sha256 }) => sha256));
    for (const [sha256, pieces] of kept) for (const { start, blob } of pieces) this.bySha.get(sha256)!.ranges.add(start, blob);
    const registered = this.register(objects);
    const { layouts, bundles } = layoutsOf(descriptor.resources, objects);
    await this.footers.attach(layouts, bundles, registered);
    this.onAttached(snapshotId, layouts, descriptor);
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
    for (const object of objects) this.name(bindings, object.file, object);
  }

  /** Gives an object a name under which DuckDB finds it. It may have several. */
  name(bindings: Bindings, file: string, object: RemoteObject): string {
    if (!this.files.has(file)) {
      bindings.registerFileHandle(file, object, BROWSER_FSACCESS, true);
      this.files.set(file, object);
    }
    return file;
  }

  /** What tells DuckDB whether what it remembers of a file still holds: its outline gives way to its footer. */
  version(file: string): number | null {
    const object = this.files.get(file);
    return object ? Number(object.isOutlined) : null;
  }

  /** The object that DuckDB knows under a name. */
  handle(file: string): RemoteObject | null {
    return this.files.get(file) ?? null;
  }

  /** Whether a file's name is that of an attached snapshot's object. */
  isObject(name: string): boolean {
    return this.files.has(name);
  }

  private object(address: Address, resource: Resource): RemoteObject {
    let object = this.bySha.get(address.sha256);
    if (!object) {
      object = new RemoteObject(address, resource.footerBytes ?? FOOTER_GUESS, () => outlineOf(resource), this);
      this.bySha.set(address.sha256, object);
    }
    return object;
  }

  onOpened(object: RemoteObject): void {
    this.footers.opened.add(object);
  }

  onOutlineRead(object: RemoteObject): void {
    this.miss ??= { object, span: null };
  }

  onMissing(object: RemoteObject, span: Span): boolean {
    if (!this.mayStop(object, span)) return false;
    this.miss ??= { object, span };
    return true;
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
