/** Which bytes a statement's scans will read, told before it runs; and how they grow where only running tells. */
import { joined, length, SMALL, type Span } from "../keep/ranges.ts";
import { mayRead, overlaps, type Layout } from "../read/layout.ts";
import type { RowGroup } from "../read/parquet.ts";
import { SLACK, WHOLE, WORTH, type Scan } from "../read/read-plan.ts";
import type { RemoteObject } from "../read/remote-object.ts";
import { list, type PlannedScan } from "./scans.ts";

export interface Part {
  object: RemoteObject;
  span: Span;
}

/** Unwanted bytes worth fetching to save a request, of six that go side by side. */
const NEAR = 16 * 1024;
/** What is fetched ahead at first where running tells how much is needed; each further step is twice as large. */
const FIRST_STEP = 256 * 1024;

/** A scan and the layout that it reads. */
export interface Reading {
  scan: PlannedScan;
  layout: Layout;
  /** Whether only running tells which of its row groups are needed. */
  grows: boolean;
  /** Bytes to fetch ahead at the next miss, and the row group behind the last one fetched. */
  step: number;
  next: string | null;
}

export function readingOf(scan: PlannedScan, layout: Layout): Reading {
  return { scan, layout, grows: grows(scan, layout), step: FIRST_STEP, next: null };
}

/** Whether a LIMIT, a join or a filter by values decides, while the statement runs, how much of a scan is needed. */
function grows(scan: PlannedScan, layout: Layout): boolean {
  const [sorted] = layout.order;
  if (decides(scan, layout)) return true;
  const above = [...scan.above].reverse();
  for (let i = 0; i < above.length; i++) {
    const node = above[i]!;
    const name = node.name.trim();
    if (/LIMIT|SAMPLE/.test(name)) return true;
    if (name === "TOP_N" || /AGGREGATE|GROUP_BY|ORDER_BY|WINDOW/.test(name)) return false;
    // DuckDB hands the smallest and the largest value of a join's other side, its second child, on to the scan.
    if (name === "HASH_JOIN" && node.children[0] === (above[i - 1] ?? node.children[0])) {
      // Rows that a query picked by their number: DuckDB's way to find them first and their columns later.
      if (/file_row_number/.test(JSON.stringify(node.extra_info))) return true;
      const isFixed = sorted !== undefined && scan.limits.get(sorted) !== undefined;
      if (!isFixed && list(node.extra_info["Conditions"]).some((text) => new RegExp(`\\b${sorted}\\b`, "i").test(text))) return true;
    }
  }
  return false;
}

/** Whether values that no statistics tell of decide which rows of other columns are read. */
function decides(scan: PlannedScan, layout: Layout): boolean {
  const unknown = [...scan.decided].some((column) => !layout.order.includes(column));
  return unknown && [...scan.columns].some((column) => !scan.filtered.has(column));
}

/** What is fetched of a reading before the statement runs. */
export function partsBefore(reading: Reading): Part[] {
  const { scan, layout } = reading;
  const all = groupsOf(reading).flatMap(({ object, group }) => partsOf(object, group, scan.columns));
  if (!reading.grows || bytesOf(all) <= FIRST_STEP) return all;
  // The filtered columns tell which rows are left.
  const growsAnyway = grows({ ...scan, decided: new Set() }, layout);
  if (growsAnyway || !decides(scan, layout)) return [];
  return groupsOf(reading).flatMap(({ object, group }) => partsOf(object, group, scan.decided));
}

/** Whether a reading is so small that it comes at once, whatever of it is needed. */
export function isSmall({ layout }: Reading): boolean {
  return layout.members.reduce((sum, { object }) => sum + object.address.size, 0) <= FIRST_STEP;
}

function bytesOf(parts: readonly Part[]): number {
  const spans = new Map<RemoteObject, Span[]>();
  for (const { object, span } of parts) spans.set(object, [...(spans.get(object) ?? []), span]);
  return [...spans.values()].reduce((sum, of) => sum + length(joined(of, 0)), 0);
}

/** Whether bytes are of a reading's columns. */
export function isOf({ scan, layout }: Reading, object: RemoteObject, span: Span): boolean {
  if (!layout.members.some((member) => member.object === object)) return false;
  return (object.rowGroups() ?? []).some((group) =>
    group.some((chunk) => chunk.start < span.end && chunk.end > span.start && scan.columns.has(chunk.column)),
  );
}

/** What to fetch where DuckDB wants bytes of a reading that are not here: their row group, and some of what comes next. */
export function partsFrom(reading: Reading, object: RemoteObject, span: Span): Part[] {
  const groups = groupsOf(reading);
  const at = groups.findIndex((one) => one.object === object && one.group.some((chunk) => chunk.start < span.end && chunk.end > span.start));
  if (at < 0) return [{ object, span }];
  const key = ({ object: { file }, number }: Group) => `${file}/${number}`;
  const isNext = reading.next === key(groups[at]!);
  // Where DuckDB jumps, what comes next is not what it wants.
  const ahead = isNext ? (reading.step *= 2) : reading.next === null ? reading.step : 0;
  const parts: Part[] = [];
  let bytes = 0;
  let end = at;
  do {
    const { object: of, group } = groups[end++]!;
    const more = partsOf(of, group, reading.scan.columns);
    parts.push(...more);
    bytes += more.reduce((sum, part) => sum + part.span.end - part.span.start, 0);
  } while (end < groups.length && bytes < ahead);
  reading.next = groups[end] ? key(groups[end]!) : null;
  return parts;
}

interface Group {
  object: RemoteObject;
  number: number;
  group: RowGroup;
}

/** The row groups that a scan may read, in the order in which DuckDB reads them; of objects whose footers are here. */
function groupsOf({ scan, layout }: { scan: Scan; layout: Layout }): Group[] {
  return layout.members.flatMap(({ object, bounds }) => {
    if (!mayRead(scan, bounds)) return [];
    return (object.rowGroups() ?? []).flatMap((group, number) => (mayHold(group, scan) ? [{ object, number, group }] : []));
  });
}

function mayHold(group: RowGroup, { limits }: Scan): boolean {
  return group.every(({ column, min, max }) => {
    const limit = limits.get(column);
    return !limit || min === undefined || max === undefined || overlaps(limit, min, max);
  });
}

/** The spans of columns in a row group, as `planRead` would ask for them. */
function partsOf(object: RemoteObject, group: RowGroup, columns: ReadonlySet<string>): Part[] {
  const { size } = object.address;
  const chunks = group.filter(({ column }) => columns.has(column));
  // More of the object than that would only save requests, of which there are none.
  if (chunks.every((chunk) => object.ranges.has(chunk))) return [];
  if (size <= SMALL) return [{ object, span: object.whole }];
  if (size <= WHOLE) {
    const wanted = object.rowGroups()!.flat().filter(({ column }) => columns.has(column));
    if (wanted.reduce((sum, { start, end }) => sum + end - start, 0) >= size * WORTH) return [{ object, span: object.whole }];
  }
  const last = object.footer.start;
  const near = Math.min(NEAR, chunks.reduce((sum, { start, end }) => sum + end - start, 0) / 10);
  return joined(chunks, near).map(({ start, end }) => ({ object, span: { start, end: Math.min(end + SLACK, last) } }));
}
