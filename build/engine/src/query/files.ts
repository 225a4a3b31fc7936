/** Files that a visitor brings or writes, beside the snapshots' immutable objects. */
import { keepFooters, type Bindings } from "../database.ts";
import { DuckDBError } from "../errors.ts";
import { withoutComments } from "../plan/scans.ts";

/** Statements after which a Parquet file may exist that is no object. */
const BRINGS_FILES = /\b(?:copy|export)\b|https?:/i;
const COPY_TO = /^copy\b[\s\S]*\bto\s+'((?:[^']|'')+)'/i;

export class Files {
  private onlyObjects = true;

  /** @param isObject whether a file's name is that of a snapshot's object. */
  constructor(
    private readonly bindings: Bindings,
    private readonly isObject: (name: string) => boolean,
  ) {}

  /** Prepares for a statement, of which DuckDB has made a plan where `isPlanned`. */
  beforeStatement(sql: string, isPlanned: boolean): void {
    if (BRINGS_FILES.test(sql)) this.brought();
    const target = COPY_TO.exec(withoutComments(sql))?.[1]?.replaceAll("''", "'");
    if (target === undefined) return;
    this.refuseObject(target);
    // Where the file exists, DuckDB writes beside and moves; DuckDB-WASM's move then keeps the old one.
    if (isPlanned && this.exists(target)) this.bindings.dropFile(target);
  }

  register(name: string, bytes: Uint8Array): void {
    this.refuseObject(name);
    this.brought();
    this.bindings.registerFileBuffer(name, bytes);
  }

  read(name: string): Uint8Array {
    if (!this.exists(name)) throw new DuckDBError(`IO Error: There is no file ${JSON.stringify(name)}`);
    return this.bindings.copyFileToBuffer(name);
  }

  drop(name: string): void {
    this.refuseObject(name);
    if (this.exists(name)) this.bindings.dropFile(name);
  }

  private exists(name: string): boolean {
    return this.bindings.globFiles(name).some(({ fileName }) => fileName === name);
  }

  private refuseObject(name: string): void {
    if (!this.isObject(name)) return;
    throw new DuckDBError(`Permission Error: ${name} is part of a snapshot and never changes; choose another name`);
  }

  private brought(): void {
    if (this.onlyObjects) keepFooters(this.bindings, false);
    this.onlyObjects = false;
  }
}
