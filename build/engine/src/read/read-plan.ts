/** Which bytes to ask for when DuckDB asks for some: fewer, larger requests, and nothing that no scan wants. */
import type { Chunk, RowGroup } from "./parquet.ts";
import { GAP, joined, length, SMALL, type Span } from "../keep/ranges.ts";

/** One up to this size comes whole where this part of it or more is wanted. */
export const WHOLE = 512 * 1024;
export const WORTH = 1 / 2;

export interface FileShape {
  size: number;
  footerBytes: number;
  /** Null while the footer has not been read. */
  rowGroups: readonly RowGroup[] | null;
}

/** DuckDB reads page headers in pieces of this size, past the end of a short column chunk. */
export const SLACK = 256;
/**
 * From here on it pays to read the columns that are filtered on first, and the others only if a row is left:
 * DuckDB reads them in that order.
 */
const TWO_STEPS = 256 * 1024;

/** What one scan of a query reads: names of columns, lower case. */
export interface Scan {
  columns: ReadonlySet<string>;
  /** Those of them that it filters on. */
  filtered: ReadonlySet<string>;
  /** Between which values its rows lie, by column, as DuckDB's plan writes them; null where there is no such end. */
  limits: ReadonlyMap<string, Limit>;
}

export interface Limit {
  low: string | null;
  high: string | null;
  /** The values that it must be one of, where the plan lists them. */
  values: readonly string[] | null;
}

/**
 * The span to fetch for a read of [start, end).
 *
 * @param scans those of the running query; the narrowest one that has the column read is taken.
 */
export function planRead({ size, footerBytes, rowGroups }: FileShape, { start, end }: Span, scans: readonly Scan[]): Span {
  const whole = { start: 0, end: size };
  if (size <= SMALL) return whole;
  const footer = size - footerBytes;
  const group = rowGroups?.find((chunks) => start < chunks.at(-1)!.end && end > chunks[0]!.start);
  if (!group) {
    if (size <= WHOLE) return whole;
    return start >= footer ? { start: footer, end: size } : { start, end: Math.max(end, Math.min(start + GAP, footer)) };
  }

  const asked = group.filter((chunk) => chunk.start < end && chunk.end > start);
  const scan = scans
    .filter(({ columns }) => asked.every(({ column }) => columns.has(column)))
    .reduce<Scan | null>((best, other) => (best && best.columns.size <= other.columns.size ? best : other), null);
  const among = (names: ReadonlySet<string> | undefined) => (chunk: Chunk) => asked.includes(chunk) || (names?.has(chunk.column) ?? false);
  if (size <= WHOLE && length(rowGroups!.flat().filter(among(scan?.columns))) >= size * WORTH) return whole;
  const wanted = group.filter(among(scan?.columns));
  const twoSteps = scan && length(wanted) > TWO_STEPS && asked.every(({ column }) => scan.filtered.has(column));
  const runs = joined(twoSteps ? group.filter(among(scan.filtered)) : wanted);
  const run = { ...(runs.find((span) => span.start <= start && span.end > start) ?? { start, end }) };
  if (twoSteps) {
    // Wanted neighbours come along while they cost little.
    for (const chunk of [...wanted].reverse()) if (chunk.end === run.start && run.end - chunk.start <= GAP) run.start = chunk.start;
    for (const chunk of wanted) if (chunk.start === run.end && chunk.end - run.start <= GAP) run.end = chunk.end;
  }
  return { start: Math.min(start, run.start), end: Math.min(Math.max(end, run.end) + SLACK, footer) };
}
