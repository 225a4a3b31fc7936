/** Parquet files made of the manifest alone, which DuckDB reads beside or instead of a table's objects. */
import { dayOf, footerOf, plainDate, type Field } from "./outline.ts";
import { i32, i64, list, struct, text, type Value } from "./thrift.ts";

/** A file handle, as the bindings want one, over bytes in memory. */
export class MadeFile {
  constructor(private readonly bytes: Uint8Array) {}

  getSize(): number {
    return this.bytes.length;
  }

  read(view: Uint8Array, { at }: { at: number }): number {
    const part = this.bytes.subarray(at, at + view.length);
    view.set(part);
    return part.length;
  }

  flush(): void {}
  close(): void {}
  truncate(): never {
    throw new Error("IO Error: this file is read-only");
  }
  write(): never {
    return this.truncate();
  }
}

/**
 * A file without rows: the first of a table's files, from which DuckDB takes the columns. Those behind it may have fewer.
 *
 * @param rows how many DuckDB is to expect of each file.
 */
export function headOf(fields: readonly Field[], rows: number): Uint8Array {
  return withMagic([footerOf(fields, rows)]);
}

/** The smallest and the largest value of a column without nulls: ISO dates, or text. */
export interface Extremes {
  field: Field;
  low: string;
  high: string;
}

/**
 * As many rows as a table has, of which the first holds the smallest values and all others the largest: `min`, `max` and
 * `count(*)` are those of the table.
 */
export function extremesOf(columns: readonly Extremes[], rows: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = MAGIC.length;
  const add = (part: Uint8Array) => {
    parts.push(part);
    at += part.length;
  };
  const chunks = columns.map(({ field, low, high }) => {
    const start = at;
    const values = [low, high].map(field.arrowType === "string" ? plainText : plainDate);
    add(page({ 1: i32(2) }, concat(values), { 7: struct({ 1: i32(2), 2: i32(0) }) }));
    const data = at;
    const runs = [1, ...varint(2), 0, ...(rows > 1 ? [...varint((rows - 1) * 2), 1] : [])]; // bit width 1, then runs of indices
    const levels = i32(3);
    add(page({ 1: i32(0) }, Uint8Array.from(runs), { 5: struct({ 1: i32(rows), 2: i32(8), 3: levels, 4: levels }) }));
    return struct({
      2: i64(start),
      3: struct({
        1: i32(field.arrowType === "string" ? 6 : 1),
        2: list([i32(0), i32(8)]),
        3: list([text(field.name)]),
        4: i32(0),
        5: i64(rows),
        6: i64(at - start),
        7: i64(at - start),
        9: i64(data),
        11: i64(start),
      }),
    });
  });
  const group = struct({ 1: list(chunks), 2: i64(at), 3: i64(rows) });
  return withMagic([...parts, footerOf(columns.map(({ field }) => field), rows, group)]);
}

const MAGIC = new TextEncoder().encode("PAR1");

function withMagic(parts: readonly Uint8Array[]): Uint8Array {
  return concat([MAGIC, ...parts]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A page with its header (parquet.thrift, PageHeader). */
function page(kind: Record<number, Value>, body: Uint8Array, header: Record<number, Value>): Uint8Array {
  const size = i32(body.length);
  return concat([Uint8Array.from(struct({ ...kind, 2: size, 3: size, ...header }).bytes), body]);
}

function plainText(value: string): Uint8Array {
  const bytes = new TextEncoder().encode(value);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length, true);
  return concat([length, bytes]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

/** Orders text as DuckDB does, by its UTF-8 bytes. */
export function compareText(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference) return difference;
  }
  return left.length - right.length;
}

/** The number of days between two ISO dates, both included. */
export function daysBetween(low: string, high: string): number {
  return dayOf(high) - dayOf(low) + 1;
}
