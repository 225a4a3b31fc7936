/**
 * What was fetched, kept in the browser: in IndexedDB, as Blobs, or as buffers where it refuses those.
 *
 * Pieces of objects are immutable and their keys say what they are (sha256 and offset), so tabs share them without
 * locks; a transaction is whole or absent, so a crash leaves nothing half-written; and a worker reads a Blob
 * synchronously, when DuckDB asks, without loading the rest. README.md has the figures that decided.
 */

import type { CacheStatus } from "../protocol.ts";

const NAME = "futures-explorer-engine";
const VERSION = 1;
/**
 * Storage can hang, in some private modes and behind a stuck upgrade or another tab's transaction. Patience is counted in
 * turns of this worker, because a start that keeps it busy for seconds must not count against a browser that has
 * answered meanwhile.
 */
const TURNS = { open: 50, read: 100, write: 600 };
const TURN = 100;
const DEFAULT_BUDGET = 256 * 2 ** 20;

export interface Saved {
  sha256: string;
  start: number;
  blob: Blob;
}

interface PieceRecord {
  sha256: string;
  start: number;
  /** WebKit's private sessions refuse to keep Blobs, and take buffers. */
  blob: Blob | ArrayBuffer;
}

const sizeOf = (kept: PieceRecord | undefined) => (kept?.blob instanceof Blob ? kept.blob.size : (kept?.blob.byteLength ?? 0));

interface DocumentRecord {
  url: string;
  value: unknown;
  saved: number;
}

/** How many manifests are kept. */
const DOCUMENTS = 20;

interface ObjectRecord {
  sha256: string;
  bytes: number;
  /** Milliseconds since the epoch when a snapshot with this object was last attached. */
  used: number;
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the request failed"));
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was aborted"));
  });
}

/** @throws Error when the browser's storage has not answered in that many turns. */
function patiently<T>(answer: Promise<T>, most: number): Promise<T> {
  let turns = 0;
  let patience: ReturnType<typeof setInterval>;
  const givenUp = new Promise<never>((_, reject) => {
    patience = setInterval(() => {
      if (++turns === most) reject(new Error("it does not answer"));
    }, TURN);
  });
  return Promise.race([answer, givenUp]).finally(() => clearInterval(patience));
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      try {
        request.result.createObjectStore("pieces", { keyPath: ["sha256", "start"] });
        request.result.createObjectStore("objects", { keyPath: "sha256" });
        request.result.createObjectStore("documents", { keyPath: "url" });
        request.result.createObjectStore("settings");
      } catch (error) {
        reject(error as Error);
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("it was refused"));
  });
}

export class Cache {
  private db: IDBDatabase | null = null;
  private notice: string | null = null;
  private budget = DEFAULT_BUDGET;
  private readonly pinned = new Set<string>();
  private readonly opened: Promise<void>;
  private saving: Promise<void> = Promise.resolve();
  private takesBlobs = true;

  /** @param onNotice told once, in one line, when the cache cannot do its work. */
  constructor(private readonly onNotice: (line: string) => void) {
    this.opened = this.open();
  }

  private async open(): Promise<void> {
    const opening = openDatabase();
    try {
      const db = await patiently(opening, TURNS.open);
      db.onversionchange = () => {
        db.close();
        this.degrade("another tab has a newer version of this site");
      };
      db.onclose = () => this.degrade("the browser closed it");
      const budget: unknown = await patiently(result(db.transaction("settings").objectStore("settings").get("budget")), TURNS.open);
      if (typeof budget === "number") this.budget = budget;
      this.db = db;
    } catch (error) {
      // What opens after all must not stand in the way of a later version's upgrade.
      opening.then((db) => db.close(), () => undefined);
      this.degrade((error as Error).message);
    }
  }

  private degrade(reason: string): void {
    this.db = null;
    if (this.notice) return;
    this.notice = `Data is kept in memory only, until this page is closed: the browser's storage cannot be used (${reason}).`;
    this.onNotice(this.notice);
  }

  /** Marks the objects as in use and gives what is kept of each; nothing where the browser does not answer. */
  async attach(sha256s: readonly string[]): Promise<Map<string, Saved[]>> {
    const found = new Map<string, Saved[]>();
    await this.opened;
    if (!this.db) return found;
    const wanted = new Set(sha256s);
    wanted.forEach((sha256) => this.pinned.add(sha256));
    try {
      return await patiently(this.find(this.db, wanted), TURNS.read);
    } catch (error) {
      this.degrade((error as Error).message);
      return found;
    }
  }

  private async find(db: IDBDatabase, wanted: ReadonlySet<string>): Promise<Map<string, Saved[]>> {
    const found = new Map<string, Saved[]>();
    const transaction = db.transaction(["pieces", "objects"], "readwrite");
    const objects = transaction.objectStore("objects");
    const known = (await result(objects.getAll())) as ObjectRecord[];
    for (const object of known) if (wanted.has(object.sha256)) objects.put({ ...object, used: Date.now() });
    for (const { sha256 } of known.filter((object) => wanted.has(object.sha256))) {
      const range = IDBKeyRange.bound([sha256], [sha256, []]);
      const kept = (await result(transaction.objectStore("pieces").getAll(range))) as PieceRecord[];
      found.set(sha256, kept.map(({ blob, ...piece }) => ({ ...piece, blob: blob instanceof Blob ? blob : new Blob([blob]) })));
    }
    await completed(transaction);
    return found;
  }

  /** Keeps pieces; resolves once that is done or given up. Calls wait for each other. */
  save(pieces: readonly { sha256: string; start: number; bytes: Uint8Array }[]): Promise<void> {
    return this.inTurn(() => this.write(pieces));
  }

  /** Runs what changes the storage when all before it is done. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    this.saving = this.saving.then(() => patiently(work(), TURNS.write)).catch((error: Error) => this.degrade(error.message));
    return this.saving;
  }

  private async write(pieces: readonly { sha256: string; start: number; bytes: Uint8Array }[]): Promise<void> {
    await this.opened;
    if (!this.db || pieces.length === 0) return;
    const isFull = (error: unknown) => (error as Error).name === "QuotaExceededError";
    try {
      await this.put(this.db, pieces).catch((error: unknown) => {
        if (!this.takesBlobs || isFull(error) || !this.db) throw error;
        this.takesBlobs = false;
        return this.put(this.db, pieces);
      });
      await this.evict();
    } catch (error) {
      this.degrade(isFull(error) ? "it is full" : (error as Error).message);
    }
  }

  private async put(db: IDBDatabase, pieces: readonly { sha256: string; start: number; bytes: Uint8Array }[]): Promise<void> {
    const transaction = db.transaction(["pieces", "objects"], "readwrite");
    const done = completed(transaction);
    done.catch(() => undefined); // a request that fails first is awaited instead
    const store = transaction.objectStore("pieces");
    const objects = transaction.objectStore("objects");
    for (const { sha256, start, bytes } of pieces) {
      const old = (await result(store.get([sha256, start]))) as PieceRecord | undefined;
      if (old && sizeOf(old) >= bytes.length) continue; // another tab kept it
      const copy = bytes as Uint8Array<ArrayBuffer>;
      store.put({ sha256, start, blob: this.takesBlobs ? new Blob([copy]) : copy.slice().buffer } satisfies PieceRecord);
      const object = (await result(objects.get(sha256))) as ObjectRecord | undefined;
      const held = (object?.bytes ?? 0) - sizeOf(old);
      objects.put({ sha256, bytes: held + bytes.length, used: Date.now() } satisfies ObjectRecord);
    }
    await done;
  }

  /** Drops the objects that were not used for longest until the rest is within the budget. */
  private async evict(): Promise<void> {
    if (!this.db) return;
    const transaction = this.db.transaction(["pieces", "objects"], "readwrite");
    const objects = transaction.objectStore("objects");
    const known = (await result(objects.getAll())) as ObjectRecord[];
    let bytes = known.reduce((sum, object) => sum + object.bytes, 0);
    // The open snapshot goes last, and goes too where the budget is smaller than it.
    const rank = ({ sha256, used }: ObjectRecord) => (this.pinned.has(sha256) ? Infinity : used);
    for (const object of known.sort((a, b) => rank(a) - rank(b) || a.used - b.used)) {
      if (bytes <= this.budget) break;
      transaction.objectStore("pieces").delete(IDBKeyRange.bound([object.sha256], [object.sha256, []]));
      objects.delete(object.sha256);
      bytes -= object.bytes;
    }
    await completed(transaction);
  }

  /** A manifest kept under its URL, or null. */
  async document(url: string): Promise<unknown> {
    await this.opened;
    if (!this.db) return null;
    try {
      const request = this.db.transaction("documents").objectStore("documents").get(url);
      return (await patiently(result(request as IDBRequest<DocumentRecord | undefined>), TURNS.read))?.value ?? null;
    } catch {
      return null; // the server is asked
    }
  }

  /** Keeps a manifest; the oldest ones go. */
  async keepDocument(url: string, value: unknown): Promise<void> {
    await this.opened;
    if (!this.db) return;
    try {
      const transaction = this.db.transaction("documents", "readwrite");
      const documents = transaction.objectStore("documents");
      documents.put({ url, value, saved: Date.now() } satisfies DocumentRecord);
      const all = (await result(documents.getAll())) as DocumentRecord[];
      for (const { url: old } of all.sort((a, b) => b.saved - a.saved).slice(DOCUMENTS)) documents.delete(old);
      await completed(transaction);
    } catch {
      // The next visit asks the server.
    }
  }

  /** Drops pieces that turned out to be wrong. */
  forget(sha256: string): Promise<void> {
    // After what is being kept: some of it may be of this object.
    return this.inTurn(() => this.drop(sha256));
  }

  private async drop(sha256: string): Promise<void> {
    await this.opened;
    if (!this.db) return;
    const transaction = this.db.transaction(["pieces", "objects"], "readwrite");
    transaction.objectStore("pieces").delete(IDBKeyRange.bound([sha256], [sha256, []]));
    transaction.objectStore("objects").delete(sha256);
    await completed(transaction);
  }

  async status(): Promise<CacheStatus> {
    await this.opened;
    await this.saving;
    let known: ObjectRecord[] = [];
    try {
      const all = this.db && result(this.db.transaction("objects").objectStore("objects").getAll());
      if (all) known = (await patiently(all, TURNS.read)) as ObjectRecord[];
    } catch (error) {
      this.degrade((error as Error).message);
    }
    const bytes = known.reduce((sum, object) => sum + object.bytes, 0);
    return { persistent: this.db !== null, bytes, budget: this.budget, objects: known.length, notice: this.notice };
  }

  async clear(): Promise<void> {
    await this.opened;
    await this.saving;
    if (!this.db) return;
    const stores = ["pieces", "objects", "documents"];
    const transaction = this.db.transaction(stores, "readwrite");
    for (const store of stores) transaction.objectStore(store).clear();
    await completed(transaction);
  }

  /** @param bytes how much may be kept; what is above it goes at once. */
  async setBudget(bytes: number): Promise<void> {
    if (!Number.isSafeInteger(bytes) || bytes < 0) throw new RangeError(`A budget is a number of bytes, got ${bytes}`);
    await this.opened;
    await this.saving;
    this.budget = bytes;
    if (!this.db) return;
    const transaction = this.db.transaction("settings", "readwrite");
    transaction.objectStore("settings").put(bytes, "budget");
    await completed(transaction);
    await this.evict();
  }
}

