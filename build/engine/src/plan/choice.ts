/** Which layout a statement reads at each of its places: the one whose bytes and requests cost least. */
import { GAP, joined, length, SMALL, type Span } from "../keep/ranges.ts";
import { isIsoDate, mayRead, type Layout, type Member } from "../read/layout.ts";
import { daysBetween } from "../read/made-file.ts";
import type { Limit, Scan } from "../read/read-plan.ts";
import { dependsOnOrder, isExtremesOnly } from "./order.ts";
import type { Plan, PlannedScan } from "./scans.ts";
import type { Choice, Source, Table } from "./tables.ts";

/** Bytes that could have come in the time that one more request takes: six go side by side, 40 ms each at 20 Mbit/s. */
const REQUEST = GAP / 6;
/** Rows of a group where the manifest does not say how many groups there are. */
const GROUP = 16_384;

/**
 * A function of snapshot and statement alone, never of what is here or how fast the line is: sums of doubles depend on the
 * order of the rows, and the same statement on the same snapshot is to give the same digits anywhere, any time.
 *
 * @param tables those at the plan's places.
 */
export function choose(sql: string, plan: Plan, tables: readonly Table[]): Choice {
  const mustKeepOrder = dependsOnOrder(plan, { sql, tables });
  return tables.map((table, place) => {
    const scans = plan.scans.filter((scan) => scan.place === place);
    return { table, source: scans.length ? cheapest(table, scans, mustKeepOrder) : table.layouts[0]! };
  });
}

function cheapest(table: Table, scans: readonly PlannedScan[], mustKeepOrder: boolean): Source {
  const known = new Set(table.extremes.map(({ field }) => field.name.toLowerCase()));
  if (scans.every((scan) => isExtremesOnly(scan, known))) return "extremes";
  const [first, ...others] = table.layouts as [Layout, ...Layout[]];
  if (mustKeepOrder) return first;
  const cost = (layout: Layout) => scans.reduce((sum, scan) => sum + estimate(layout, scan), 0);
  let best = { layout: first, cost: cost(first) };
  for (const layout of others) {
    if (!scans.every(({ columns }) => [...columns].every((column) => layout.columns.has(column)))) continue;
    const other = cost(layout);
    if (other < best.cost) best = { layout, cost: other };
  }
  return best.layout;
}

/** What a scan of a layout costs, in bytes, a request being worth some. From the manifest only. */
export function estimate(layout: Layout, scan: Scan): number {
  let cost = 0;
  for (const member of layout.members) {
    if (!mayRead(scan, member.bounds) || scan.columns.size === 0) continue;
    const { size } = member.object.address;
    if (size <= SMALL) {
      cost += REQUEST + size;
      continue;
    }
    const all = member.rowGroups || Math.ceil(member.rows / GROUP) || 1;
    const groups = groupsRead(member, all, scan);
    const spans = joined(wanted(layout, member, scan, all));
    cost += groups * (spans.length * REQUEST + length(spans));
  }
  return cost;
}

/** The spans of the columns in one row group of average size. */
function wanted({ fields }: Layout, { columnBytes, object }: Member, scan: Scan, groups: number): Span[] {
  const sizes = columnBytes ?? fields.map(() => object.address.size / fields.length);
  let at = 0;
  return fields.flatMap(({ name }, i) => {
    const span = { start: at, end: (at += sizes[i]! / groups) };
    return scan.columns.has(name.toLowerCase()) ? [span] : [];
  });
}

/** How many of an object's row groups a scan reads, from the limits of the column that they are sorted by. */
function groupsRead({ bounds }: Member, groups: number, scan: Scan): number {
  const limit = bounds && scan.limits.get(bounds.column.toLowerCase());
  if (!bounds || !limit) return groups;
  if (limit.low !== null && limit.low === limit.high) return 1;
  if (limit.values) return Math.min(groups, limit.values.length);
  if (![bounds.low, bounds.high].every(isIsoDate)) return groups;
  return Math.min(groups, Math.ceil(part(limit, bounds.low, bounds.high) * groups) + 1);
}

/** The part of the days between two dates that lies within a limit. */
function part(limit: Limit, low: string, high: string): number {
  const from = limit.low !== null && isIsoDate(limit.low) && limit.low > low ? limit.low : low;
  const to = limit.high !== null && isIsoDate(limit.high) && limit.high < high ? limit.high : high;
  return Math.max(0, daysBetween(from, to)) / daysBetween(low, high);
}
