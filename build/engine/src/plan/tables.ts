/**
 * A snapshot's tables under names that stand for one layout or another.
 *
 * A view reads `read_parquet('<file>')`, and DuckDB asks which files that is each time it binds the name. So the layout can be
 * another for each statement, and for each place in it where a table is named, in views, macros and subqueries too, and
 * nothing in the catalog changes. The view must list its columns: while a statement is planned, the files' columns have
 * other names, by which each scan of the plan tells its place.
 */
import type { Bindings } from "../database.ts";
import type { Descriptor } from "../protocol.ts";
import type { Layout } from "../read/layout.ts";
import { compareText, extremesOf, headOf, MadeFile, type Extremes } from "../read/made-file.ts";
import { isKnown, type Field } from "../read/outline.ts";
import type { RemoteObject } from "../read/remote-object.ts";
import { marked } from "./scans.ts";

/** The file protocol of the bindings whose handle is an object of our own. */
const BROWSER_FSACCESS = 3;

export interface Table {
  /** The name under which a view reads it. */
  file: string;
  rows: number;
  /** The columns that no two rows have alike, lower case. */
  key: readonly string[];
  fields: readonly Field[];
  /** The first one holds every column and is read where nothing else is chosen. */
  layouts: readonly Layout[];
  /** The columns whose smallest and largest values the manifest says. */
  extremes: readonly Extremes[];
}

/** What a place in a statement reads: a layout, or a file that has the same smallest and largest values and number of rows. */
export type Source = Layout | "extremes";
/** By place. */
export type Choice = readonly { table: Table; source: Source }[];

export class Tables {
  private readonly byFile = new Map<string, Table>();
  private readonly made = new Set<string>();
  /** While a statement is planned, the tables that it names, in order. */
  private planned: Table[] | null = null;
  /** While a statement is bound, what its places read, and how many have been asked for. */
  private serving: { choice: Choice; asked: number; isAsPlanned: boolean } | null = null;

  /** How often DuckDB has asked which files a name stands for, as it does for each that a statement reads. */
  asked = 0;
  private ready: Bindings | null = null;

  /** @param name gives an object a name under which DuckDB finds it. */
  constructor(
    bindings: Promise<Bindings>,
    private readonly name: (bindings: Bindings, file: string, object: RemoteObject) => string,
  ) {
    bindings.then((ready) => (this.ready = ready), () => undefined);
  }

  /** Takes a snapshot's tables in, and tells their names in its descriptor: `tables` is `{table: {file, columns}}`. */
  attach(snapshot: string, layouts: readonly Layout[], descriptor: Descriptor): void {
    const tables = new Map<string, Layout[]>();
    for (const layout of layouts) tables.set(layout.table, [...(tables.get(layout.table) ?? []), layout]);
    const told: Record<string, { file: string; columns: string[] }> = {};
    for (const [name, ofTable] of tables) {
      const [first] = ofTable as [Layout];
      if (first.fields.length === 0 || !first.fields.every(isKnown)) continue;
      const file = `${snapshot}/${name}.parquet`;
      const rows = rowsOf(first);
      // What does not hold the same rows is no layout of this table. Columns that the first has not are not seen in it.
      const same = ofTable.filter((layout) => rowsOf(layout) === rows);
      const key = (first.members[0]!.resource["schema"] as { primaryKey?: string[] }).primaryKey ?? [];
      this.byFile.set(file, {
        file,
        rows,
        key: key.map((column) => column.toLowerCase()),
        fields: first.fields,
        layouts: same,
        extremes: extremes(first),
      });
      told[name] = { file, columns: first.fields.map((field) => field.name) };
    }
    descriptor["tables"] = told;
  }

  /** The files that a name stands for now; null where it is no table. */
  files(name: string): string[] | null {
    this.asked++;
    const table = this.byFile.get(name);
    if (!table) return null;
    if (this.planned) {
      const place = this.planned.push(table) - 1;
      const fields = table.fields.map((field) => ({ ...field, name: marked(field.name, place) }));
      return [this.make(`${table.file}/planned/${place}.parquet`, () => headOf(fields, table.rows))];
    }
    const { serving } = this;
    if (!serving?.choice.length) return this.filesOf(table, table.layouts[0]!);
    // Where a statement is bound once more, its tables are asked for in the same order.
    const chosen = serving.choice[serving.asked++ % serving.choice.length]!;
    serving.isAsPlanned &&= chosen.table === table;
    return this.filesOf(table, chosen.table === table ? chosen.source : table.layouts[0]!);
  }

  private filesOf(table: Table, source: Source): string[] {
    // DuckDB takes a table's files in the order of their names.
    const folder = `${table.file}/${source === "extremes" ? source : `layout-${source.name}`}`;
    const name = (i: number) => `${folder}/${String(i).padStart(4, "0")}.parquet`;
    const head = (files: number) => this.make(name(0), () => headOf(table.fields, Math.ceil(table.rows / files)));
    if (source === "extremes") return [head(2), this.make(name(1), () => extremesOf(table.extremes, table.rows))];
    return [head(source.members.length + 1), ...source.members.map(({ object }, i) => this.name(this.ready!, name(i + 1), object))];
  }

  private make(name: string, content: () => Uint8Array): string {
    if (!this.made.has(name)) {
      this.ready!.registerFileHandle(name, new MadeFile(content()), BROWSER_FSACCESS, true);
      this.made.add(name);
    }
    return name;
  }

  /** Whether it is a file made of a manifest, which never changes. */
  isMade(name: string): boolean {
    return this.made.has(name);
  }

  /** Runs `work`, which plans a statement; tells the tables that it names, in the order of its plan's places. */
  planning<T>(work: () => T): { result: T; tables: Table[] } {
    const tables: Table[] = (this.planned = []);
    try {
      return { result: work(), tables };
    } finally {
      this.planned = null;
    }
  }

  /**
   * Runs `work`, which may bind a statement, with what its places read. It must not wait for anything.
   *
   * @returns also whether it was bound as it was planned: where it named other tables, its places are not known.
   */
  bound<T>(choice: Choice, work: () => T): { result: T; isAsPlanned: boolean } {
    const serving = (this.serving = { choice, asked: 0, isAsPlanned: true });
    try {
      const result = work();
      const isWhole = choice.length === 0 || serving.asked % choice.length === 0;
      return { result, isAsPlanned: serving.isAsPlanned && isWhole };
    } finally {
      this.serving = null;
    }
  }
}

function rowsOf(layout: Layout): number {
  return layout.members.reduce((sum, { rows }) => sum + rows, 0);
}

function extremes({ members, fields }: Layout): Extremes[] {
  return fields.flatMap((field) => {
    if (!field.constraints?.required || !["date32[day]", "string"].includes(field.arrowType)) return [];
    const bounds = members.map(({ resource }) => (resource["bounds"] as Record<string, [string, string]> | undefined)?.[field.name]);
    if (bounds.length === 0 || bounds.some((ends) => ends?.length !== 2)) return [];
    const inOrder = (bounds as [string, string][]).flat().sort(compareText);
    return [{ field, low: inOrder[0]!, high: inOrder.at(-1)! }];
  });
}
