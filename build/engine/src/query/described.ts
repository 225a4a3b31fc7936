/** A query's columns, told with its result: as Arrow, some of DuckDB's types are not to be told apart. */
import { tableFromIPC } from "apache-arrow";

export type Columns = readonly (readonly [name: string, type: string])[];

/** @param describe gives DuckDB's answer to `DESCRIBE`. */
export function columnsOf(describe: () => Uint8Array): Columns | null {
  try {
    const rows = tableFromIPC(describe());
    const [names, types] = [rows.getChild("column_name")!, rows.getChild("column_type")!];
    return Array.from({ length: rows.numRows }, (_, i) => [String(names.get(i)), String(types.get(i))] as const);
  } catch {
    return null; // running it will say what is wrong
  }
}

/** What follows the result: JSON, and its length. */
export function tailOf(columns: Columns | null): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(columns));
  const tail = new Uint8Array(json.length + 4);
  tail.set(json);
  new DataView(tail.buffer).setUint32(json.length, json.length, true);
  return tail;
}

/**
 * Whether a query is the same with its values written in their places: no column is named after one, and DuckDB, which takes no
 * parameter in ORDER BY, has none to refuse.
 */
export function mayBeWritten(written: string, columns: Columns, values: ReadonlyMap<string, string>): boolean {
  if (/\border\b[\s\S]*\bby\b/i.test(written)) return false;
  return columns.every(([name]) => !/CAST\(|'|NULL/.test(name) && ![...values.values()].some((value) => name.includes(value)));
}
