/** Values of Thrift's compact protocol, as bytes: what a Parquet footer is written in. */

export interface Value {
  type: number;
  bytes: number[];
}

const [I32, I64, BINARY, LIST, STRUCT] = [5, 6, 8, 9, 12];

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  bytes.push(value);
  return bytes;
}

const zigzag = (value: number) => varint(value < 0 ? -value * 2 - 1 : value * 2);

export const i32 = (value: number): Value => ({ type: I32!, bytes: zigzag(value) });
/** @param value an integer, from -2^52 to 2^52. */
export const i64 = (value: number): Value => ({ type: I64!, bytes: zigzag(value) });
/** As a field of a struct; its type says it all. */
export const bool = (value: boolean): Value => ({ type: value ? 1 : 2, bytes: [] });
export const text = (value: string): Value => binary(new TextEncoder().encode(value));

export function binary(value: Uint8Array): Value {
  return { type: BINARY!, bytes: [...varint(value.length), ...value] };
}

/** @param values at least one, all of one type. */
export function list(values: readonly Value[]): Value {
  const { type } = values[0]!;
  const head = values.length < 15 ? [(values.length << 4) | type] : [0xf0 | type, ...varint(values.length)];
  return { type: LIST!, bytes: [...head, ...values.flatMap(({ bytes }) => bytes)] };
}

/** A list of no structs. */
export const EMPTY: Value = { type: LIST!, bytes: [STRUCT!] };

/** @param fields by id; one that is undefined is left out. */
export function struct(fields: Readonly<Record<number, Value | undefined>>): Value {
  const bytes: number[] = [];
  let last = 0;
  for (const [key, value] of Object.entries(fields)) {
    if (!value) continue;
    const id = Number(key); // integer keys come in ascending order
    bytes.push(((id - last) << 4) | value.type, ...value.bytes);
    last = id;
  }
  return { type: STRUCT!, bytes: [...bytes, 0] };
}
