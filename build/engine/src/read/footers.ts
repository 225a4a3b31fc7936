/** Which Parquet footers are here: a statement waits for those that it needs, outlines stand for the others. */
import { tableFromIPC } from "apache-arrow";
import { openConnection, type Bindings } from "../database.ts";
import { mayRead, type Layout } from "./layout.ts";
import type { GetOptions } from "./http.ts";
import { SMALL } from "../keep/ranges.ts";
import type { Scan } from "./read-plan.ts";
import type { RemoteObject } from "./remote-object.ts";

/** Up to so many footers are asked for one by one, side by side; a browser has as many requests under way. */
const FEW = 6;

export class Footers {
  /** Objects that DuckDB has opened since this was emptied. */
  readonly opened = new Set<RemoteObject>();
  private readonly layouts = new Map<RemoteObject, Layout[]>();
  private readonly bundles = new Set<RemoteObject>();
  private readonly spreadOut = new Set<RemoteObject>();
  /** Queries under way that outlines will not do for. */
  private strict = 0;

  constructor(
    private readonly database: Promise<Bindings>,
    private readonly find: (sha256: string) => RemoteObject | undefined,
  ) {}

  /** Whether an object without its footer is shown to DuckDB by its outline. */
  get outlines(): boolean {
    return this.strict === 0;
  }

  /**
   * Takes a snapshot in. Its bundles, where they are small or kept from a visit before, come at once.
   *
   * @param registered resolves when DuckDB knows the objects' files.
   */
  async attach(layouts: readonly Layout[], bundles: readonly RemoteObject[], registered: Promise<void>): Promise<void> {
    bundles.forEach((bundle) => this.bundles.add(bundle));
    for (const layout of layouts) {
      for (const { object } of layout.members) this.layouts.set(object, [...(this.layouts.get(object) ?? []), layout]);
    }
    await this.open(bundles.filter(({ address, ranges, whole }) => address.size <= SMALL || ranges.has(whole)), registered);
  }

  /** Whether it is a bundle whose footers have been given out. */
  hasOpened(object: RemoteObject): boolean {
    return this.spreadOut.has(object);
  }

  /** The layouts that the objects opened since are of. */
  openedLayouts(): Layout[] {
    return [...new Set([...this.opened].flatMap((object) => this.layouts.get(object) ?? []))];
  }

  /** Gives out the footers of bundles that have come meanwhile. */
  async refresh(): Promise<void> {
    await this.open([...this.bundles].filter(({ ranges, whole }) => ranges.has(whole)));
  }

  /** The objects of a layout that a scan may read and that have no footer here yet. */
  lacking(layout: Layout, scan: Scan): RemoteObject[] {
    return layout.members.filter(({ object, bounds }) => !object.hasFooter && mayRead(scan, bounds)).map(({ object }) => object);
  }

  /**
   * Brings in the footers of objects, side by side.
   *
   * @throws ReadError when one did not come.
   */
  async bring(needed: readonly RemoteObject[], options: GetOptions = {}): Promise<void> {
    const missing = [...new Set(needed)].filter((object) => !object.hasFooter);
    if (missing.length === 0) return;
    const layouts = missing.flatMap((object) => this.layouts.get(object) ?? []);
    const bundles = [...new Set(layouts.flatMap((layout) => layout.bundles))].filter((bundle) => !this.spreadOut.has(bundle));
    const size = (sizes: number[]) => sizes.reduce((sum, bytes) => sum + bytes, 0);
    const each = size(missing.map((object) => object.footer.end - object.footer.start));
    const isWorth = missing.length > FEW || each >= size(bundles.map(({ address }) => address.size));
    if (bundles.length && isWorth) await this.open(bundles, undefined, options);
    const left = missing.filter((object) => !object.hasFooter);
    await Promise.all(left.map((object) => object.fetch(object.address.size <= SMALL ? object.whole : object.footer, options)));
  }

  /** From now on until the returned function is called, no outline stands for a footer. */
  strictly(): () => void {
    this.strict++;
    return () => void this.strict--;
  }

  /** Gives objects the footers that bundles hold. */
  private async open(bundles: readonly RemoteObject[], registered?: Promise<void>, options: GetOptions = {}): Promise<void> {
    const closed = bundles.filter((bundle) => !this.spreadOut.has(bundle));
    // Side by side; at the start, while the WebAssembly still compiles.
    await Promise.allSettled(closed.map((bundle) => bundle.fetch(bundle.whole, options)));
    options.signal?.throwIfAborted();
    await registered;
    const here = closed.filter((bundle) => bundle.ranges.has(bundle.whole));
    if (here.length === 0) return;
    const bindings = await this.database;
    const connection = openConnection(bindings);
    const release = this.strictly();
    try {
      const files = here.map(({ file }) => `'${file}'`).join(", ");
      const table = tableFromIPC(bindings.runQuery(connection, `SELECT object, "offset", footer FROM read_parquet([${files}])`));
      for (const row of table) {
        this.find(row["object"] as string)?.addFooter(Number(row["offset"]), (row["footer"] as Uint8Array).slice());
      }
      here.forEach((bundle) => this.spreadOut.add(bundle));
    } catch (error) {
      console.warn(`The snapshot's footers could not be used: ${(error as Error).message}`);
    } finally {
      release();
      bindings.disconnect(connection);
    }
  }
}
