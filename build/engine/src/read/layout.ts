/** A table's objects in one order, and what the manifest says of each: enough to leave one out without opening it. */
import { dayOf, boundsOf, type Bounds, type Field } from "./outline.ts";
import type { Resource } from "../protocol.ts";
import type { Limit, Scan } from "./read-plan.ts";
import type { RemoteObject } from "./remote-object.ts";

export interface Member {
  object: RemoteObject;
  bounds: Bounds | null;
  rows: number;
  /** Row groups, and bytes by column in the order of the file; 0 and null where the manifest does not say. */
  rowGroups: number;
  columnBytes: readonly number[] | null;
  resource: Resource;
}

export interface Layout {
  table: string;
  name: string;
  members: readonly Member[];
  fields: readonly Field[];
  /** Names of the columns, lower case. */
  columns: ReadonlySet<string>;
  /** By which its rows are sorted, lower case. */
  order: readonly string[];
  /** The objects that hold the footers of these and of others. */
  bundles: readonly RemoteObject[];
}

/** A snapshot's layouts, in the manifest's order, and the objects that hold their footers. */
export function layoutsOf(resources: readonly Resource[], objects: readonly RemoteObject[]): { layouts: Layout[]; bundles: RemoteObject[] } {
  const bundles = objects.filter((_, i) => resources[i]!.table === "footers");
  const layouts = new Map<string, Layout & { members: Member[] }>();
  resources.forEach((resource, i) => {
    const object = objects[i]!;
    if (bundles.includes(object)) return;
    const { table = resource.name, layout: name = "" } = resource;
    const key = `${table}/${name}`;
    const { schema, rows, rowGroups, columnBytes, order } = resource as {
      schema?: { fields?: Field[] };
      rows?: number;
      rowGroups?: number;
      columnBytes?: number[];
      order?: string[];
    };
    const fields = schema?.fields ?? [];
    let layout = layouts.get(key);
    if (!layout) {
      const columns = new Set(fields.map((field) => field.name.toLowerCase()));
      layout = { table, name, members: [], fields, columns, order: (order ?? []).map((column) => column.toLowerCase()), bundles };
      layouts.set(key, layout);
    }
    const isKnown = columnBytes?.length === fields.length;
    layout.members.push({
      object,
      bounds: boundsOf(resource),
      rows: rows ?? 0,
      rowGroups: rowGroups ?? 0,
      columnBytes: isKnown ? columnBytes : null,
      resource,
    });
  });
  return { layouts: [...layouts.values()], bundles };
}

/** Whether DuckDB may find rows for a scan in an object; only where it surely does not, the answer is no. */
export function mayRead({ limits }: Scan, bounds: Bounds | null): boolean {
  const limit = bounds && limits.get(bounds.column.toLowerCase());
  return !limit || overlaps(limit, bounds.low, bounds.high);
}

/**
 * Whether a limit lets values between two others through, as DuckDB judges by statistics.
 *
 * @param low ISO dates or text, as the manifest has them; a footer's statistics tell dates as numbers of days.
 */
export function overlaps(limit: Limit, low: unknown, high: unknown): boolean {
  const ends = [asKey(low), asKey(high)];
  if (ends.some((end) => end === null)) return true;
  const [from, to] = ends as [Key, Key];
  const within = (value: string, test: (key: Key) => boolean) => {
    const key = asKey(value);
    return key === null || typeof key !== typeof from || test(key);
  };
  if (limit.low !== null && !within(limit.low, (key) => key <= to)) return false;
  if (limit.high !== null && !within(limit.high, (key) => key >= from)) return false;
  return limit.values === null || limit.values.some((value) => within(value, (key) => from <= key && key <= to));
}

type Key = number | string;

/** What DuckDB compares: days, or the first 8 bytes of text. Null where it is neither. */
function asKey(value: unknown): Key | null {
  if (value instanceof Date) return Math.round(value.getTime() / 86_400_000);
  if (value instanceof Uint8Array) return bytesAsText(value);
  if (typeof value !== "string") return null;
  return isIsoDate(value) ? dayOf(value) : bytesAsText(new TextEncoder().encode(value));
}

function bytesAsText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.slice(0, 8));
}

export function isIsoDate(value: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(value);
}
