/** A snapshot's object as DuckDB-WASM sees it: the file handle that BROWSER_FSACCESS expects. */
import { ReadError } from "../errors.ts";
import { hash, type Address, type Fetched, type GetOptions, type Http } from "./http.ts";
import { readLayout, type RowGroup } from "./parquet.ts";
import { OUTLINE_ROWS } from "./outline.ts";
import { planRead, type Scan } from "./read-plan.ts";
import { Ranges, type Span } from "../keep/ranges.ts";

/** What an object needs of the engine around it. */
export interface Surroundings {
  http: Http;
  /** Those of the running query. */
  scans: readonly Scan[];
  /** Whether an object without its footer is shown by its outline. */
  readonly outlines: boolean;
  /** Told that DuckDB opens an object. */
  onOpened(object: RemoteObject): void;
  /** Told that DuckDB wants rows of an object of which it knows the outline only. */
  onOutlineRead(object: RemoteObject): void;
  /** Told that DuckDB wants bytes that are not here; whether it is to be stopped until they are, rather than to wait for them. */
  onMissing(object: RemoteObject, span: Span): boolean;
  /** Told of bytes that came over the network, so that they can be kept. */
  onFetched(object: RemoteObject, start: number, bytes: Uint8Array): void;
  /** Told that what is kept of an object is wrong. */
  onCorrupt(object: RemoteObject): void;
  onError(error: ReadError): void;
}

export class RemoteObject {
  readonly ranges = new Ranges();
  /** When bytes of it were last read, by `performance.now()`. */
  lastRead = 0;
  /** What is being brought in. */
  private readonly underWay = new Set<{ span: Span; done: Promise<void> }>();
  private verified = false;
  private layout: RowGroup[] | null = null;
  private heldFooter: { start: number; bytes: Uint8Array } | null = null;
  /** Undefined until it is needed. */
  private madeOutline: Uint8Array | null | undefined;

  /**
   * @param footerBytes size of the Parquet footer, from the manifest; a guess will do.
   * @param makeOutline gives what stands for the footer where a question needs no rows of the object; null for nothing.
   */
  constructor(
    readonly address: Address,
    private readonly footerBytes: number,
    private readonly makeOutline: () => Uint8Array | null,
    private readonly around: Surroundings,
  ) {}

  /** The name under which DuckDB knows it. */
  get file(): string {
    return `${this.address.sha256}.parquet`;
  }

  get whole(): Span {
    return { start: 0, end: this.address.size };
  }

  get footer(): Span {
    return { start: Math.max(0, this.address.size - this.footerBytes), end: this.address.size };
  }

  get hasFooter(): boolean {
    return this.ranges.has(this.footer);
  }

  /** Whether DuckDB is shown the outline now. */
  get isOutlined(): boolean {
    return this.around.outlines && !this.hasFooter && this.outline !== null;
  }

  /** Made when it is first asked for: most objects' footers are here. */
  private get outline(): Uint8Array | null {
    if (this.madeOutline === undefined) this.madeOutline = this.makeOutline();
    return this.madeOutline;
  }

  /** DuckDB calls it when it opens the file. */
  getSize(): number {
    this.around.onOpened(this);
    return this.address.size;
  }

  /** Fills `view` from offset `at`; returns how many bytes there were. */
  read(view: Uint8Array, { at }: { at: number }): number {
    const end = Math.min(at + view.length, this.address.size);
    if (end <= at) return 0;
    this.lastRead = performance.now();
    try {
      const part = view.subarray(0, end - at);
      // Nowhere else does a footer send DuckDB to; so too where the footer has come since the outline was read.
      if (at === this.address.size - OUTLINE_ROWS && this.outline) this.refuseOutline();
      if (this.isOutlined) return this.readOutline(part, at);
      this.fetchMissing({ start: at, end });
      try {
        this.ranges.copy(part, at);
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        // Another tab evicted what the Blobs stood for.
        this.ranges.dropBlobs();
        this.fetchMissing({ start: at, end });
        this.ranges.copy(part, at);
      }
    } catch (error) {
      if (error instanceof ReadError) this.around.onError(error);
      throw error;
    }
    return end - at;
  }

  /** Reads for DuckDB that opens the file: its length first, then the footer. */
  private readOutline(view: Uint8Array, at: number): number {
    const from = at - (this.address.size - this.outline!.length);
    if (from < 0) this.refuseOutline();
    view.set(this.outline!.subarray(from, from + view.length));
    return view.length;
  }

  private refuseOutline(): never {
    this.around.onOutlineRead(this);
    throw new ReadError(`rows of ${this.address.path} were asked for before its footer`, { url: this.address.path });
  }

  /** Gives it its footer, which stays when other bytes are let go. */
  addFooter(start: number, bytes: Uint8Array): void {
    this.heldFooter = { start, bytes };
    this.ranges.add(start, bytes);
  }

  /** Lets go of the bytes in memory but the footer; `kept` is what the cache holds of them. */
  release(kept: readonly { start: number; blob: Blob }[]): void {
    this.ranges.clear();
    if (this.heldFooter) this.ranges.add(this.heldFooter.start, this.heldFooter.bytes);
    for (const { start, blob } of kept) this.ranges.add(start, blob);
  }

  private fetchMissing(span: Span): void {
    const { http, scans } = this.around;
    let missing = this.ranges.missing(span)[0];
    if (!missing) http.stats.cacheHits++;
    else if (this.around.onMissing(this, missing)) {
      throw new ReadError(`bytes of ${this.address.path} were asked for before they were here`, { url: this.address.path });
    }
    for (; missing; missing = this.ranges.missing(span)[0]) {
      const shape = { size: this.address.size, footerBytes: this.footerBytes, rowGroups: this.rowGroups() };
      const plan = planRead(shape, missing, scans);
      // What is here already is not fetched again: ask for the gap around the first byte that is missing.
      const { start } = missing;
      const gap = this.ranges.missing(plan).find((other) => other.start <= start && other.end > start)!;
      this.add(http.getSync(this.address, gap.start, gap.end));
    }
  }

  /**
   * Brings in what of the span is missing, side by side and without blocking. What is under way already is waited for.
   *
   * @throws ReadError, or the signal's reason.
   */
  async fetch(span: Span, options: GetOptions = {}): Promise<void> {
    for (;;) {
      const others = [...this.underWay].filter((other) => other.span.start < span.end && other.span.end > span.start);
      const coming = new Ranges();
      for (const other of others) coming.claim(other.span);
      const mine = this.ranges.missing(span).flatMap((gap) => coming.missing(gap)).map((gap) => this.get(gap, options));
      await Promise.all([...mine, ...others.map(({ done }) => done.catch(() => undefined))]);
      if (others.length === 0 || this.ranges.has(span)) return;
      options.signal?.throwIfAborted(); // what others had begun was stopped: it is asked for once more
    }
  }

  private get(span: Span, options: GetOptions): Promise<void> {
    const done = this.around.http.get(this.address, span.start, span.end, options).then((fetched) => this.add(fetched));
    const entry = { span, done };
    this.underWay.add(entry);
    return done.finally(() => this.underWay.delete(entry));
  }

  private add({ start, bytes, verified }: Fetched): void {
    const parts = this.ranges.add(start, bytes);
    this.verified ||= verified;
    if (!this.verified && this.ranges.has(this.whole)) this.verify();
    for (const part of parts) {
      this.around.onFetched(this, part.start, bytes.subarray(part.start - start, part.end - start));
    }
  }

  /** An object that became whole piece by piece is checked as well. */
  private verify(): void {
    const bytes = new Uint8Array(this.address.size);
    this.ranges.copy(bytes, 0);
    const got = hash(bytes);
    this.verified = got === this.address.sha256;
    if (this.verified) return;
    this.ranges.clear();
    this.layout = null;
    this.heldFooter = null;
    this.around.onCorrupt(this);
    const { path: url, sha256 } = this.address;
    throw new ReadError(`the pieces of ${url} have sha256 ${got}, expected ${sha256}; run the query again to fetch it anew`, { url });
  }

  /** Row groups in file order, or null while the footer is not here. */
  rowGroups(): RowGroup[] | null {
    if (this.layout) return this.layout;
    const { footer } = this;
    if (!this.hasFooter) return null;
    const bytes = new Uint8Array(footer.end - footer.start);
    try {
      this.ranges.copy(bytes, footer.start);
      this.layout = readLayout(bytes);
    } catch {
      return null; // a guessed footer size was too small, or DuckDB will say what is wrong with the file
    }
    return this.layout;
  }

  // Objects are immutable: DuckDB opens them for reading only, and closing one closes nothing.
  flush(): void {}
  close(): void {}
  truncate(): never {
    throw new ReadError(`${this.address.path} is read-only`, { url: this.address.path });
  }
  write(): never {
    return this.truncate();
  }
}
