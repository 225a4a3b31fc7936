/**
 * Footers made of what the manifest says of an object, so that DuckDB can skip one without its own footer being fetched.
 *
 * An outline has the object's columns and a single row group of all its rows, with the bounds of the column that they are
 * sorted by. DuckDB itself decides by them whether a question needs rows of the object; reading one by its outline fails.
 */
import type { Resource } from "../protocol.ts";
import { binary, bool, EMPTY, i32, i64, list, struct, text, type Value } from "./thrift.ts";

interface ColumnType {
  /** Parquet's physical type. */
  physical: number;
  converted?: number;
  logical?: Value;
}

const timestamp = (isUtc: boolean) => struct({ 8: struct({ 1: bool(isUtc), 2: struct({ 2: struct({}) }) }) });
/** What pyarrow writes for an Arrow type. An object with a column of another type has no outline. */
const TYPES: Readonly<Record<string, ColumnType>> = {
  bool: { physical: 0 },
  int8: { physical: 1, converted: 15 },
  int16: { physical: 1, converted: 16 },
  int32: { physical: 1 },
  int64: { physical: 2 },
  float: { physical: 4 },
  double: { physical: 5 },
  string: { physical: 6, converted: 0 },
  "date32[day]": { physical: 1, converted: 6 },
  "timestamp[us]": { physical: 2, logical: timestamp(false) },
  "timestamp[us, tz=UTC]": { physical: 2, logical: timestamp(true) },
};
const DAY = 86_400_000;
/** Where an outline says that rows begin, in bytes from the end: in the magic, so that DuckDB could read no page there. */
export const OUTLINE_ROWS = 4;

/** What an outline is made of; resources that say less have none. */
interface Told {
  rows: number;
  order: string[];
  bounds: Record<string, [string, string]>;
  schema: { fields: Field[] };
}

/** A column, as the manifest describes it. */
export interface Field {
  name: string;
  arrowType: string;
  constraints?: { required?: boolean };
}

/** The column by which an object can be skipped, and its smallest and largest value: ISO dates, or text. */
export interface Bounds {
  column: string;
  low: string;
  high: string;
}

export function boundsOf(resource: Resource): Bounds | null {
  const { order, bounds } = resource as Partial<Told>;
  const column = order?.[0];
  const [low, high] = (column && bounds?.[column]) || [];
  return column && low !== undefined && high !== undefined ? { column, low, high } : null;
}

/**
 * The end of the object as DuckDB is to see it: a footer, its length, and the magic.
 *
 * @returns null where the manifest does not say enough.
 */
export function outlineOf(resource: Resource): Uint8Array | null {
  const { rows, schema, order } = resource as Partial<Told>;
  if (!Number.isSafeInteger(rows) || !rows || !Array.isArray(schema?.fields) || !order) return null;
  const { fields } = schema;
  if (!fields.every(isKnown)) return null;
  const bounds = boundsOf(resource);
  const chunks = fields.map(({ name, arrowType }) =>
    struct({
      2: i64(resource.bytes - OUTLINE_ROWS),
      3: struct({
        1: i32(TYPES[arrowType]!.physical),
        2: list([i32(0)]),
        3: list([text(name)]),
        4: i32(0),
        5: i64(rows),
        6: i64(OUTLINE_ROWS),
        7: i64(OUTLINE_ROWS),
        9: i64(resource.bytes - OUTLINE_ROWS),
        12: bounds?.column === name ? statistics(bounds, arrowType) : undefined,
      }),
    }),
  );
  const outline = footerOf(fields, rows, struct({ 1: list(chunks), 2: i64(fields.length), 3: i64(rows) }));
  return outline.length < resource.bytes ? outline : null;
}

/** Whether it is a column that an outline can have. */
export function isKnown({ arrowType }: Field): boolean {
  return arrowType in TYPES;
}

/**
 * The end of a Parquet file of these columns: a footer, its length, and the magic.
 *
 * @param rows how many the file says that it has.
 * @param group its row group, where it has one.
 */
export function footerOf(fields: readonly Field[], rows: number, group?: Value): Uint8Array<ArrayBuffer> {
  const elements = fields.map(({ name, arrowType, constraints }) => {
    const { physical, converted, logical } = TYPES[arrowType]!;
    return struct({
      1: i32(physical),
      3: i32(constraints?.required ? 0 : 1),
      4: text(name),
      6: converted === undefined ? undefined : i32(converted),
      10: logical,
    });
  });
  const { bytes } = struct({
    1: i32(2),
    2: list([struct({ 4: text("schema"), 5: i32(fields.length) }), ...elements]),
    3: i64(rows),
    4: group ? list([group]) : EMPTY,
  });
  const footer = new Uint8Array(bytes.length + 8);
  footer.set(bytes);
  new DataView(footer.buffer).setUint32(bytes.length, bytes.length, true);
  footer.set(new TextEncoder().encode("PAR1"), bytes.length + 4);
  return footer;
}

function statistics({ low, high }: Bounds, arrowType: string): Value | undefined {
  const encoded = arrowType === "string" ? text : arrowType === "date32[day]" ? (date: string) => binary(plainDate(date)) : null;
  return encoded ? struct({ 3: i64(0), 5: encoded(high), 6: encoded(low), 7: bool(true), 8: bool(true) }) : undefined;
}

/** A date as Parquet's plain encoding writes it. */
export function plainDate(date: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, dayOf(date), true);
  return bytes;
}

/** Days since 1970-01-01 of an ISO date. */
export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00Z`) / DAY;
}
