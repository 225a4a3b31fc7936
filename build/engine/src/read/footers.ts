/** Which Parquet footers are here: a statement waits for those that it needs, outlines stand for the others. */
import { tableFromIPC } from "apache-arrow";
import { openConnection, type Bindings } from "../database.ts";
import { boundsOf, type Bounds } from "./outline.ts";
import type { Resource } from "../protocol.ts";
import { SMALL } from "../keep/ranges.ts";
import type { Scan } from "./read-plan.ts";
import type { RemoteObject } from "./remote-object.ts";

/** Up to so many footers are asked for one by one, side by side; a browser has as many requests under way. */
const FEW = 6;

/** The objects of one table in one layout of a snapshot, with the bounds by which they can be skipped. */
interface Group {
  members: { object: RemoteObject; bounds: Bounds | null }[];
  columns: ReadonlySet<string>;
  /** The objects that hold the footers of these and of others. */
  bundles: readonly RemoteObject[];
}

export class Footers {
  /** Objects that DuckDB has opened since this was emptied. */
  readonly opened = new Set<RemoteObject>();
  /** Whether DuckDB has tried to read an object by its outline. */
  missed = false;
  private readonly groups = new Map<RemoteObject, Group[]>();
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
  async attach(resources: readonly Resource[], objects: readonly RemoteObject[], registered: Promise<void>): Promise<void> {
    const bundles = objects.filter((_, i) => resources[i]!.table === "footers");
    bundles.forEach((bundle) => this.bundles.add(bundle));
    const groups = new Map<string, Group>();
    resources.forEach((resource, i) => {
      const [object, key] = [objects[i]!, `${resource.table}/${resource.layout}`];
      if (bundles.includes(object)) return;
      let group = groups.get(key);
      if (!group) groups.set(key, (group = { members: [], columns: columnsOf(resource), bundles }));
      group.members.push({ object, bounds: boundsOf(resource) });
      this.groups.set(object, [...(this.groups.get(object) ?? []), group]);
    });
    await this.open(bundles.filter(({ address, ranges, whole }) => address.size <= SMALL || ranges.has(whole)), registered);
  }

  /** Whether it is a bundle whose footers have been given out. */
  hasOpened(object: RemoteObject): boolean {
    return this.spreadOut.has(object);
  }

  /**
   * Brings in the footers that a statement's scans need.
   *
   * @param scans null where they are not known.
   * @returns call it when the statement is done.
   */
  async prepare(scans: readonly Scan[] | null): Promise<() => void> {
    // Some may have been brought in meanwhile.
    await this.open([...this.bundles].filter(({ ranges, whole }) => ranges.has(whole)));
    if (!scans) return this.strictly();
    const groups = new Set([...this.opened].flatMap((object) => this.groups.get(object) ?? []));
    const known = new Set([...groups].flatMap(({ columns }) => [...columns]));
    const needed = new Map<RemoteObject, Group>();
    for (const group of groups) {
      const here = scans.filter(({ columns }) => [...columns].every((name) => !known.has(name) || group.columns.has(name)));
      for (const { object, bounds } of group.members) {
        if (!object.hasFooter && here.some((scan) => mayRead(scan, bounds))) needed.set(object, group);
      }
    }
    if (needed.size === 0) return () => undefined;
    const bundles = [...new Set([...needed.values()].flatMap((group) => group.bundles))];
    const size = (sizes: number[]) => sizes.reduce((sum, bytes) => sum + bytes, 0);
    const each = size([...needed.keys()].map((object) => object.footer.end - object.footer.start));
    if (needed.size > FEW || each >= size(bundles.map(({ address }) => address.size))) await this.open(bundles);
    const missing = [...needed.keys()].filter((object) => !object.hasFooter);
    await Promise.allSettled(missing.map((object) => object.fetch(object.address.size <= SMALL ? object.whole : object.footer)));
    // Where one did not come, DuckDB asks for it itself, and the error names it.
    return missing.every((object) => object.hasFooter) ? () => undefined : this.strictly();
  }

  /** From now on until the returned function is called, no outline stands for a footer. */
  strictly(): () => void {
    this.strict++;
    return () => void this.strict--;
  }

  /** Gives objects the footers that bundles hold. */
  private async open(bundles: readonly RemoteObject[], registered?: Promise<void>): Promise<void> {
    const closed = bundles.filter((bundle) => !this.spreadOut.has(bundle));
    // Side by side; at the start, while the WebAssembly still compiles.
    await Promise.allSettled(closed.map((bundle) => bundle.fetch(bundle.whole)));
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

function columnsOf(resource: Resource): Set<string> {
  const { fields = [] } = (resource["schema"] ?? {}) as { fields?: { name: string }[] };
  return new Set(fields.map(({ name }) => name.toLowerCase()));
}

/** Whether DuckDB may find rows for a scan in an object; only where it surely does not, the answer is no. */
function mayRead({ limits }: Scan, bounds: Bounds | null): boolean {
  const limit = bounds && limits.get(bounds.column.toLowerCase());
  if (!limit) return true;
  const isDate = [bounds.low, bounds.high].every(isIsoDate);
  // Of text, DuckDB compares the first 8 bytes.
  const key = isDate ? (value: string) => value : (value: string) => String.fromCharCode(...new TextEncoder().encode(value).slice(0, 8));
  const { low, high } = limit;
  if (isDate && ![low, high].every((value) => value === null || isIsoDate(value))) return true;
  return (high === null || key(high) >= key(bounds.low)) && (low === null || key(low) <= key(bounds.high));
}

function isIsoDate(value: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(value);
}
