/**
 * A notebook's connection: runs the SQL of a cell and says what to show. It knows no Jupyter, so that a plain page can use
 * it too, and no dataset: which tables and macros there are is a list of statements that the site gives (`Setup`).
 */
import { tableFromIPC } from "@uwdata/flechette";

import { chartWanted, ChartError, MIME, MOST_ROWS, specOf } from "./chart.ts";
import type { Connection, Descriptor, Engine, Progress } from "./engine.ts";
import { type Note, notesOf, valueAt } from "./notes.ts";
import { resolved, type StandIn } from "./standing.ts";
import { asSource, identifier, KEPT, names, statements, string, tokens, type Statement } from "./statements.ts";
import { count, draw, escape, plain, WIDEST, type Column, type Shown } from "./table.ts";
import { check, explained, isIdle } from "./unsupported.ts";

/**
 * What the site puts into every notebook: the statements of the first variant whose layouts (`table/layout`) the snapshot
 * has, in which `'{table/layout}'` stands for the files of a layout, as a list of strings, `"{path.to.names}"` for a list of
 * names in the snapshot's descriptor, and `{path.to.value}` for a text; what is said of a snapshot once; and the files for
 * which its tables stand.
 */
export interface Setup {
  variants: { needs: string[]; statements: string }[];
  notes: Note[];
  /** Names of files that nobody needs to bring: the tables are here. */
  files: StandIn[];
}

/** The visitor's files, by name. */
export interface Drive {
  /** The bytes of a file and what changes when it does; null where there is none of this name. */
  read(name: string): Promise<{ bytes: Uint8Array; version: string } | null>;
  write(name: string, bytes: Uint8Array): Promise<void>;
}

/** What a cell shows, by MIME type, most telling first. */
export type Bundle = Record<string, unknown>;

export interface RunOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** Under this key the result is kept, until it is run again. */
  key: string;
}

/** A DuckDB error: its text without anything of JavaScript, the line counted from the cell's first. */
export class SqlError extends Error {
  constructor(
    /** `Binder Error`. */
    readonly title: string,
    text: string,
  ) {
    super(text);
  }
}

/** How many rows are shown of a result that has more: half of them its first, half its last. */
const SHOWN = 20;
/** What DuckDB leaves to icu, which is not here; UTC, as now() is. */
const TODAY = ["current_date", "today"].map((name) => `CREATE OR REPLACE TEMP MACRO ${name}() AS make_timestamp(epoch_us(now()))::DATE`);
const COPY_TO = /\bto\s+('(?:[^']|'')*')/gi;

let databases = 0;

export class Session {
  private connection: Promise<Connection> | null = null;
  private opening: Promise<void> | null = null;
  private wanted: string | null = null;
  private attached: Descriptor | null = null;
  /** Whether the connection has a database of its own. */
  private isBegun = false;
  private readonly database = `notebook_${++databases}`;
  /** Of each key, the table that holds its result. */
  private readonly results = new Map<string, string>();
  private readonly given = new Map<string, string>();
  private files: StandIn[] = [];
  private readonly said = new Set<string>();
  private made = 0;

  constructor(
    private readonly engine: () => Promise<Engine>,
    private readonly setup: () => Promise<Setup>,
    /** Null: there is none. A session that is opened ahead gets it before its first cell. */
    public drive: Drive | null,
    /** What fills the statements of a site without snapshots. */
    private readonly without: Descriptor | null = null,
  ) {}

  /** The snapshot whose tables the next cell finds; null: the newest. */
  pin(snapshot: string | null): void {
    if (snapshot === this.wanted) return;
    this.wanted = snapshot;
    this.attached = null;
    this.notes.length = 0; // of the tables that were made ahead, of another snapshot
  }

  /** The id of the snapshot whose tables are there; null before. */
  get snapshot(): string | null {
    return (this.attached?.id as string | undefined) ?? null;
  }

  /** What changed in the catalog so far: a count that grows with every cell that is run. */
  catalogVersion = 0;

  /** What is to be said of the snapshots whose tables were made since this was last emptied. */
  readonly notes: string[] = [];

  /** Opens the engine and makes the tables, where that is yet to be done. */
  open(): Promise<void> {
    this.opening ??= this.makeTables().finally(() => (this.opening = null));
    return this.opening;
  }

  private async makeTables(): Promise<void> {
    const setup = this.setup(); // comes while the engine opens
    setup.catch(() => undefined);
    this.connection ??= this.engine().then((engine) => engine.connect());
    this.connection.catch(() => (this.connection = null));
    // What is pinned while the engine opens is what is wanted.
    let wanted = this.wanted;
    const attach = async () => (await this.engine()).attach((wanted = this.wanted));
    // Asked side by side: each answer waits for the page, which may be busy.
    const attaching = this.attached ? null : (this.without ?? attach());
    const [connection, descriptor] = await Promise.all([this.connection, attaching]);
    if (descriptor === null) return;
    const { variants, notes, files } = await setup;
    const layouts = new Set(descriptor.resources.map(({ table, layout }) => `${table}/${layout}`));
    const variant = variants.find(({ needs }) => needs.every((layout) => layouts.has(layout)));
    if (!variant) throw new Error(`Snapshot ${descriptor.id} has none of the layouts that this site's tables are made of.`);
    const made = filled(variant.statements, descriptor);
    const own = this.isBegun ? [] : [`ATTACH IF NOT EXISTS ':memory:' AS ${this.database}`, `USE ${this.database}`, ...TODAY];
    if (made.trim() || own.length) await connection.query([...own, made].join(";\n"));
    this.isBegun = true;
    if (wanted !== this.wanted) return this.makeTables(); // pinned meanwhile
    this.attached = descriptor;
    this.files = files;
    this.catalogVersion++;
    this.notes.push(...notesOf(notes, descriptor, Date.now()));
  }

  /** Rows of a query of the kernel's own, as text. */
  async rows(sql: string): Promise<(string | null)[][]> {
    return rowsOf(await (await this.connection!).query(sql));
  }

  /**
   * Runs a cell; gives what its last statement shows, null for nothing.
   *
   * @throws SqlError; an error named AbortError where `signal` stopped it.
   */
  async run(cell: string, options: RunOptions): Promise<Bundle | null> {
    await this.open();
    const found = statements(cell);
    const last = found.pop();
    if (!last) return null;
    try {
      for (const statement of found) {
        const ready = await this.ready(statement);
        if (ready) await this.passing(ready, () => this.change(ready, options));
      }
      const ready = await this.ready(last);
      return ready && (await this.passing(ready, () => this.show(ready, options)));
    } finally {
      this.catalogVersion++;
    }
  }

  /** The statement as it is run here; null where there is nothing to do. */
  private async ready(statement: Statement): Promise<Statement | null> {
    const { runs, note, error } = check(statement);
    if (error !== null) throw new SqlError(titleOf(error) ?? "Error", error);
    if (note !== null) this.say(note);
    if (statement.verb === "attach") return this.attaching(statement);
    return runs ? { ...statement, text: await resolved(statement.text, (file) => this.standIn(file)) } : null;
  }

  /** ATTACH of a database file, to read it: what would change in it would not come back into the file. */
  private async attaching(statement: Statement): Promise<Statement> {
    const [file] = names(statement);
    if (!file || file.includes("://") || file.startsWith(":memory:")) return statement;
    if (!(await this.drive?.read(file))) {
      throw new SqlError("IO Error", `IO Error: There is no file ${file} here to attach. Upload it into the file browser; a new one can be made in a Python notebook.`);
    }
    if (/\bread_only\b/i.test(statement.text)) return statement;
    const text = statement.text.trimEnd();
    return { ...statement, text: text.endsWith(")") ? `${text.slice(0, -1)}, READ_ONLY)` : `${text} (READ_ONLY)` };
  }

  /** The table that stands for a file; null where none does, or the visitor has a file of that name. */
  private async standIn(file: string): Promise<string | null> {
    const found = this.files.find(({ pattern }) => new RegExp(`^(?:${pattern})$`, "i").test(file));
    if (!found || (!file.includes("://") && (await this.drive?.read(file)))) return null;
    this.say(`${file.split("/").pop()!}: this site's snapshot ${this.snapshot} stands for it.`);
    return `${this.database}.main.${identifier(found.table)}`;
  }

  private say(note: string): void {
    if (this.said.has(note)) return;
    this.said.add(note);
    this.notes.push(note);
  }

  /** What `run` gives; null where it fails only because it sets what is so already. */
  private async passing<T>(statement: Statement, run: () => Promise<T>): Promise<T | null> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      if (isIdle(statement, error.message)) return null;
      const text = explained(error.message);
      throw text === error.message ? error : new SqlError(titleOf(text) ?? error.title, text);
    }
  }

  /** Runs a statement whose rows nobody sees. */
  private async change(statement: Statement, options: RunOptions): Promise<Uint8Array> {
    const target = copiedTo(statement);
    await this.give(statement, target);
    const bytes = await this.query(statement.text, statement.line, options);
    if (target !== null) await this.take(target);
    return bytes;
  }

  private async show(statement: Statement, options: RunOptions): Promise<Bundle | null> {
    const comments = [...tokens(statement.text)].filter(({ kind }) => kind === "comment").map(({ text }) => text);
    const chart = chartWanted(comments);
    const table = await this.keep(statement, options);
    if (table === null) {
      if (chart) throw new ChartError("A chart is drawn of a query's rows; this statement gives none.");
      return null;
    }
    if ("said" in table) return { "text/plain": table.said, "text/html": `<pre>${escape(table.said)}</pre>` };
    if (chart) return this.chart(table.name, table.columns, chart);
    const shown = await this.ends(table.name, table.columns);
    return { "text/html": draw(shown), "text/plain": plain(shown) };
  }

  /** Puts a statement's rows into a table of their own; `said` where it gives a text instead. */
  private async keep(
    statement: Statement,
    options: RunOptions,
  ): Promise<{ name: string; columns: Column[] } | { said: string } | null> {
    await this.forget(options.key);
    const name = `${KEPT}${++this.made}`;
    const into = `CREATE TEMP TABLE ${identifier(name)} AS `;
    if (!(await this.keepRows(statement, into, options))) {
      const bytes = await this.change(statement, options);
      const said = saidOf(statement, bytes);
      if (said !== undefined) return said === null ? null : { said };
      await (await this.connection!).insertArrow(name, bytes);
    }
    this.results.set(options.key, name);
    const described = await this.rows(`SELECT column_name, column_type FROM (DESCRIBE ${identifier(name)})`);
    return { name, columns: described.map(([column, type]) => ({ name: column!, type: type! })) };
  }

  /** Whether the statement is a query; its rows are then kept. */
  private async keepRows(statement: Statement, into: string, options: RunOptions): Promise<boolean> {
    const source = asSource(statement);
    if (source === null) return false;
    await this.give(statement, null);
    try {
      await this.query(into + source, statement.line - 1, options);
      return true;
    } catch (error) {
      // `WITH … INSERT` begins like a query; and of what is wrong, its own message is the right one.
      if (error instanceof SqlError && error.title === "Parser Error") return false;
      throw error;
    }
  }

  private async ends(name: string, columns: readonly Column[]): Promise<Shown> {
    const table = identifier(name);
    const total = Number((await this.rows(`SELECT count(*)::VARCHAR FROM ${table}`))[0]![0]);
    const texts = columns.slice(0, WIDEST).map((column) => `${identifier(column.name)}::VARCHAR`).join(", ");
    const part = (limit: number, offset: number) => this.rows(`SELECT ${texts} FROM ${table} LIMIT ${limit} OFFSET ${offset}`);
    if (total <= SHOWN) return { columns, first: await part(SHOWN, 0), last: [], total };
    return { columns, first: await part(SHOWN / 2, 0), last: await part(SHOWN / 2, total - SHOWN / 2), total };
  }

  private async chart(name: string, columns: readonly Column[], wanted: NonNullable<ReturnType<typeof chartWanted>>): Promise<Bundle> {
    const texts = columns.map((column) => `${identifier(column.name)}::VARCHAR`).join(", ");
    const rows = await this.rows(`SELECT ${texts} FROM ${identifier(name)} LIMIT ${MOST_ROWS + 1}`);
    if (rows.length > MOST_ROWS) {
      throw new ChartError(`A chart takes up to ${count(MOST_ROWS, "row")}, and this result has more: group or filter the query.`);
    }
    const spec = specOf(wanted, columns, rows);
    return { [MIME]: spec, "text/plain": String((spec as { description?: string }).description ?? "A chart") };
  }

  /** The whole result of a cell as a file's bytes; null where it is no longer there. */
  async download(key: string, format: "csv" | "parquet"): Promise<Uint8Array | null> {
    const name = this.results.get(key);
    if (name === undefined) return null;
    const file = `download-${this.database}.${format}`;
    await (await this.connection!).query(`COPY ${identifier(name)} TO ${string(file)} (FORMAT ${format}${format === "csv" ? ", HEADER" : ""})`);
    const engine = await this.engine();
    try {
      return await engine.readFile(file);
    } finally {
      await engine.dropFile(file);
    }
  }

  /** Whether the cell's rows are there to be downloaded. */
  holds(key: string): boolean {
    return this.results.has(key);
  }

  private async forget(key: string): Promise<void> {
    const name = this.results.get(key);
    if (name === undefined) return;
    this.results.delete(key);
    // An aborted transaction refuses it; the table then stays until the notebook is closed.
    await (await this.connection!).query(`DROP TABLE IF EXISTS ${identifier(name)}`).catch(() => undefined);
  }

  private async query(sql: string, line: number, { signal, onProgress }: RunOptions): Promise<Uint8Array> {
    try {
      return await (await this.connection!).query(sql, null, { signal: signal ?? null, onProgress: onProgress ?? null });
    } catch (error) {
      const { name, message } = error as Error;
      if (name === "AbortError") throw error;
      // Counted from the cell's first line, of which some stand before the statement.
      const text = message.replace(/^LINE (\d+): /m, (_, number: string) => `LINE ${+number + line}: `);
      throw new SqlError(titleOf(message) ?? name, text);
    }
  }

  /** Hands over each file that the statement names, where it is new or changed. */
  private async give(statement: Statement, target: string | null): Promise<void> {
    if (!this.drive) return;
    for (const name of names(statement)) {
      if (name === target || name.length > 300 || !name.includes(".") || /[\n:*?]/.test(name)) continue;
      const file = await this.drive.read(name);
      const known = this.given.get(name);
      if ((file?.version ?? undefined) === known) continue;
      const engine = await this.engine();
      if (known !== undefined) await engine.dropFile(name);
      this.given.delete(name);
      if (!file) continue;
      await engine.registerFile(name, file.bytes);
      this.given.set(name, file.version);
    }
  }

  private async take(name: string): Promise<void> {
    if (!this.drive) return;
    const engine = await this.engine();
    await this.drive.write(name, await engine.readFile(name));
    await engine.dropFile(name);
    this.given.delete(name);
  }

  /** Ends the connection; its tables go with it. */
  async close(): Promise<void> {
    const connection = await this.connection?.catch(() => null);
    if (!connection) return;
    await connection.query(`USE memory; DETACH ${this.database}`).catch(() => undefined);
    await connection.close();
  }
}

const titleOf = (message: string): string | undefined => /^([A-Z][\w ]*? [Ee]rror)\b/.exec(message)?.[1];

/** The text in place of rows, null for none, undefined where the rows are what is meant. */
function saidOf({ verb, text }: Statement, bytes: Uint8Array): string | null | undefined {
  if (bytes.length === 0) return done(verb, text);
  const table = tableFromIPC(bytes);
  const columns = table.schema.fields.map(({ name }) => name);
  if (verb === "explain") return table.toArray().map((row: Record<string, unknown>) => String(row["explain_value"] ?? "")).join("\n");
  if (columns.length === 1 && columns[0] === "Count" && !/\breturning\b/i.test(text)) {
    const changed = Number(table.getChild("Count")?.at(0) ?? 0);
    const what: Record<string, string> = { insert: "inserted", update: "updated", delete: "deleted", merge: "merged", copy: "copied" };
    return verb in what ? `${count(changed, "row")} ${what[verb]}` : done(verb, text);
  }
  const silent = verb !== "call" && verb !== "pragma" && !/\breturning\b/i.test(text);
  return silent && table.numRows === 0 && columns.length <= 1 ? done(verb, text) : undefined;
}

function done(verb: string, text: string): string | null {
  if (verb === "set" || verb === "reset" || verb === "use" || verb === "begin" || verb === "load" || verb === "install") return null;
  const head = [...tokens(text)].filter(({ kind }) => kind === "word" || kind === "quoted").slice(0, 6).map((token) => token.text);
  const made = /^(?:create|drop|alter)$/.test(verb) ? /\b(table|view|macro|function|schema|type|sequence|index)\b(?:\s+if\s+(?:not\s+)?exists)?\s+("(?:[^"]|"")*"|[\w.]+)/i.exec(text) : null;
  const past: Record<string, string> = { create: "Created", drop: "Dropped", alter: "Changed" };
  return made ? `${past[verb]} ${made[1]!.toLowerCase()} ${made[2]}` : `Done: ${head[0]?.toUpperCase() ?? verb}`;
}

/** The file that the statement writes; null where it writes none. */
function copiedTo({ verb, text }: Statement): string | null {
  if (verb !== "copy") return null;
  const found = [...text.matchAll(COPY_TO)].pop();
  return found ? found[1]!.slice(1, -1).replaceAll("''", "'") : null;
}

/** Rows of a result all of whose columns are text. */
function rowsOf(bytes: Uint8Array): (string | null)[][] {
  const table = tableFromIPC(bytes);
  const columns = table.schema.fields.map((_, i) => table.getChildAt(i));
  return Array.from({ length: table.numRows }, (_, row) => columns.map((column) => (column.at(row) as string | null) ?? null));
}

function filled(text: string, descriptor: Descriptor): string {
  return text
    .replace(/'\{([\w-]+)\/([\w-]+)\}'/g, (_, table: string, layout: string) => {
      const files = descriptor.resources.filter((one) => one.table === table && one.layout === layout).map(({ file }) => file!);
      return files.map(string).join(", ");
    })
    .replace(/"\{([\w.]+)\}"/g, (whole, path: string) => {
      const value = valueAt(descriptor, path);
      return Array.isArray(value) ? value.map(String).map(identifier).join(", ") : whole;
    })
    .replace(/\{([\w.]+)\}/g, (whole, path: string) => {
      const value = valueAt(descriptor, path);
      return typeof value === "string" ? value.replaceAll("'", "''") : whole;
    });
}
