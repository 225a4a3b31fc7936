/** What of a snapshot is likely to be needed: as `likely.json` beside `snapshots.json` says, else by sizes and dates. */
import { ReadError } from "../errors.ts";
import type { Descriptor, Resource } from "../protocol.ts";
import { SMALL, type Span } from "./ranges.ts";

/** An object of the snapshot. */
export interface Likely {
  readonly address: { readonly sha256: string; readonly size: number };
  readonly file: string;
  readonly whole: Span;
  /** Brings in what of the span is missing, without blocking. */
  fetch(span: Span, options: { priority: RequestPriority; signal: AbortSignal }): Promise<void>;
}

/** Where the list is asked for. */
interface Lists {
  getJson(path: string, revalidate: boolean): Promise<unknown>;
}

export interface LikelyPart<Thing extends Likely> {
  object: Thing;
  span: Span;
}

/**
 * Most likely first. What the small objects hold comes before what the list says.
 *
 * @param list which of the lists in `likely.json`.
 */
export async function likelyParts<Thing extends Likely>(
  http: Lists,
  descriptor: Descriptor,
  objects: readonly Thing[],
  list: string,
): Promise<LikelyPart<Thing>[]> {
  const resources = new Map(descriptor.resources.map((resource) => [resource.file, resource]));
  const isFirst = (object: Likely) => {
    const { table, layout } = resources.get(object.file)!;
    return layout === "core" || table === "footers" || object.address.size < SMALL;
  };
  const first = objects.filter(isFirst);
  const others = objects.filter((object) => !first.includes(object));
  const whole = (object: Thing) => ({ object, span: object.whole });
  return [...first.map(whole), ...((await listed(http, others, list)) ?? inOrder(descriptor, resources, others).map(whole))];
}

/** What the list says of these objects; null where there is none. It is a hint: what is odd in it is left out. */
async function listed<Thing extends Likely>(http: Lists, objects: readonly Thing[], name: string): Promise<LikelyPart<Thing>[] | null> {
  let list: unknown;
  try {
    const lists = (await http.getJson("likely.json", true)) as Record<string, unknown> | null;
    // A list of a name that is not there is an empty one; a site without any is not.
    list = lists && Array.isArray(lists["likely"]) ? (lists[name] ?? []) : null;
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    // Without a network nothing can be brought in.
    if (error.details.status === 0) return [];
  }
  if (!Array.isArray(list)) return null;
  const known = new Map(objects.map((object) => [object.address.sha256, object]));
  return (list as ({ object?: string; ranges?: unknown } | null)[]).flatMap((entry) => {
    const object = known.get(entry?.object ?? "");
    if (!object || !Array.isArray(entry?.ranges)) return [];
    const spans = entry.ranges.filter(Array.isArray).map(([start, end]) => ({ start, end }) as Span);
    return spans.filter((span) => isWithin(span, object)).map((span) => ({ object, span }));
  });
}

function isWithin({ start, end }: Span, { address }: Likely): boolean {
  return [start, end].every(Number.isSafeInteger) && 0 <= start && start < end && end <= address.size;
}

/** By date first; of them the smaller table, of which the same bytes answer more; its newest dates first. */
function inOrder<Thing extends Likely>(
  descriptor: Descriptor,
  resources: ReadonlyMap<string | undefined, Resource>,
  objects: readonly Thing[],
): Thing[] {
  const sizes = new Map<string, number>();
  const place = ({ table, layout }: Resource) => `${table}/${layout}`;
  for (const resource of descriptor.resources) sizes.set(place(resource), (sizes.get(place(resource)) ?? 0) + resource.bytes);
  const rank = (object: Likely): { part: number; size: number; newest: string } => {
    const resource = resources.get(object.file)!;
    const newest = (resource["bounds"] as { date?: [string, string] } | undefined)?.date?.[1] ?? "";
    return { part: resource.layout === "by-date" ? 0 : 1, size: sizes.get(place(resource))!, newest };
  };
  return objects
    .map((object) => ({ object, rank: rank(object) }))
    .sort(({ rank: a }, { rank: b }) => a.part - b.part || a.size - b.size || b.newest.localeCompare(a.newest))
    .map(({ object }) => object);
}
